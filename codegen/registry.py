"""Collects every object type and alias that is in use and names it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from codegen import names
from codegen.schemas import Place, Reader
from codegen.types import Component, ListOf, Object, Type, children, walk, without_null

# An unnamed object with at least this many fields that equals a named one is taken for that one.
# Smaller ones may be equal by chance, such as {"id": int, "name": str}.
SAME_BY_STRUCTURE = 5

# An object with at most this many fields can be named after them.
SAID_BY_FIELDS = 2


@dataclass(frozen=True)
class Definition:
    """One class (its type is an Object) or alias (anything else) of the output."""

    name: str
    type: Type
    places: tuple[Place, ...] = ()
    component: str | None = None

    @property
    def is_class(self) -> bool:
        """Whether it is written as a class."""
        return isinstance(self.type, Object)


class Registry:
    """The named types of one direction: of responses, or of arguments."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self.definitions: dict[str, Definition] = {}
        self._names: dict[Component | Object, str] = {}

    def name_of(self, type_: Component | Object) -> str:
        """Return the name of a collected type."""
        return self._names[type_]

    def uses(self, name: str) -> Iterator[str]:
        """Return the names of the definitions that the definition `name` uses."""
        for child in children(self.definitions[name].type):
            yield from self.named(child)

    def named(self, type_: Type) -> Iterator[str]:
        """Return the outermost named types inside `type_`, itself included."""
        if isinstance(type_, Component | Object):
            yield self._names[type_]
        else:
            for child in children(type_):
                yield from self.named(child)

    def collect(self, roots: Iterable[Type]) -> None:
        """Name every type that can be reached from `roots`."""
        components, objects = self._reachable(roots)
        self._name_components(components)
        self._name_objects(objects)

    def _reachable(self, roots: Iterable[Type]) -> tuple[set[str], dict[Object, None]]:
        components: set[str] = set()
        objects: dict[Object, None] = {}
        todo = list(roots)
        while todo:
            for type_ in walk(todo.pop()):
                if isinstance(type_, Object):
                    objects[type_] = None
                elif isinstance(type_, Component) and type_.key not in components:
                    components.add(type_.key)
                    # The definition has the component's name; only its parts need one.
                    todo += children(without_null(self._reader.definition(type_.key)))
        return components, objects

    def _name_components(self, keys: set[str]) -> None:
        claimed: dict[Object, list[str]] = {}
        for key in sorted(keys):
            definition = without_null(self._reader.definition(key))
            name = names.class_name(key.removeprefix("nullable-"))
            if name in self.definitions:
                name = names.class_name(key)
            self.definitions[name] = Definition(name, definition, component=key)
            self._names[Component(key)] = name
            if isinstance(definition, Object) and _telling(definition):
                claimed.setdefault(definition, []).append(name)
        for object_, owners in claimed.items():
            self._names[object_] = min(owners, key=lambda name: (len(name), name))

    def _name_objects(self, objects: dict[Object, None]) -> None:
        waiting = [
            (sorted(self._inline_places(object_), key=self._closeness), object_)
            for object_ in objects
            if object_ not in self._names
        ]
        # Items come before the lists that are named after them.
        waiting.sort(key=lambda entry: (not entry[0][0].path, self._closeness(entry[0][0])))
        for found, object_ in waiting:
            name = self._free_name(object_, found)
            self.definitions[name] = Definition(name, object_, tuple(found))
            self._names[object_] = name

    def _closeness(self, place: Place) -> tuple[int, bool, int, str, tuple[str, ...]]:
        """Sorts places: shallow before deep, models before operations, short names first."""
        operation = place.root not in self.definitions
        return (len(place.path), operation, len(place.root), place.root, place.path)

    def _inline_places(self, object_: Object) -> list[Place]:
        """Return where the object is not the definition of a component."""
        places = self._reader.places[object_]
        return [place for place in places if place.path or place.root not in self.definitions]

    def _free_name(self, object_: Object, places: list[Place]) -> str:
        candidates = [names.class_name(name) for name in self._candidates(object_, places)]
        free = (name for name in candidates if name not in self.definitions)
        if (name := next(free, None)) is not None:
            return name
        number = 2
        while f"{candidates[0]}{number}" in self.definitions:
            number += 1
        return f"{candidates[0]}{number}"

    def _candidates(self, object_: Object, places: list[Place]) -> Iterator[str]:
        """Return names for an object found at `places`, best first."""
        steps = Counter(place.path[-1] if place.path else "" for place in places)
        if "" in steps and (item := self._wrapped_item(object_)):
            yield f"{item}List"
        if len(steps) > 1 and 0 < len(object_.fields) <= SAID_BY_FIELDS:
            # A small object behind different names is named after its fields.
            held = "_and_".join(field.wire for field in object_.fields)
            yield held
            yield f"{min(steps, key=lambda name: (-steps[name], name))}_{held}"
            return
        if "" in steps and len(steps) == 1:
            yield from _response_names(object_, places)
            return
        named = [place for place in places if place.path]
        step = min(steps.keys() - {""}, key=lambda name: (-steps[name], name))
        yield from self._shared_names(step, named)
        for place in named:
            yield _joined(place.root, place.path[-1])
        for place in named:
            for depth in range(2, len(place.path) + 1):
                yield _joined(place.root, *place.path[-depth:])
        yield f"{named[0].root}_{step}"

    def _shared_names(self, step: str, places: list[Place]) -> Iterator[str]:
        """Return names for an object that several models or operations use."""
        roots = sorted({place.root for place in places})
        if len(roots) == 1:
            return
        # The ends of operation names say nothing about their responses.
        models = all(root in self.definitions for root in roots)
        if models and (suffix := names.common_suffix(roots)):
            yield _joined(suffix, step)
        if prefix := names.common_prefix(roots):
            yield _joined(prefix, step)
        titles = {place.title for place in places}
        if len(titles) == 1 and len(names.words(title := titles.pop() or "")) > 1:
            yield title
        if len(names.words(step)) > 1:
            yield step

    def _wrapped_item(self, object_: Object) -> str | None:
        """Return the name of the items, if an object wraps a list with a count."""
        items = [field.type.item for field in object_.fields if isinstance(field.type, ListOf)]
        if len(items) != 1 or len(object_.fields) > SAID_BY_FIELDS + 1:
            return None
        item = items[0]
        return self._names.get(item) if isinstance(item, Component | Object) else None


def _response_names(object_: Object, places: list[Place]) -> Iterator[str]:
    """Return names for the response of one or several operations."""
    roots = sorted({place.root for place in places}, key=lambda root: (len(root), root))
    if len(roots) > 1 and 0 < len(object_.fields) <= SAID_BY_FIELDS:
        yield "_and_".join(field.wire for field in object_.fields)
    if len(roots) > 1 and len(names.words(prefix := names.common_prefix(roots))) > 1:
        yield f"{prefix}Response"
    yield f"{roots[0]}Response"


def _joined(*parts: str) -> str:
    """Join the parts; a word that ends one and begins the next occurs once."""
    result: list[str] = []
    for part in parts:
        spelled = names.words(part)
        while result and spelled and result[-1] == spelled[0]:
            spelled = spelled[1:]
        result += spelled
    return "_".join(result)


def _telling(object_: Object) -> bool:
    """Return whether two objects of this structure must be the same type."""
    return len(object_.fields) >= SAME_BY_STRUCTURE or not object_.fields
