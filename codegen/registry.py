"""Collects every object type and alias that is in use and gives each one name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from codegen import names
from codegen.schemas import Place, Reader
from codegen.types import Component, Object, Type, children, walk, without_null

# An unnamed object with as many fields as this that equals a named one is that one. Smaller ones
# may agree by chance: {"id": int, "name": str} says nothing about what it describes.
SAME_BY_STRUCTURE = 5


@dataclass(frozen=True)
class Definition:
    """One class (its type is an Object) or alias (anything else) of the output."""

    name: str
    type: Type
    places: tuple[Place, ...] = ()
    component: str | None = None

    @property
    def is_class(self) -> bool:
        return isinstance(self.type, Object)


class Registry:
    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self.definitions: dict[str, Definition] = {}
        self._names: dict[Component | Object, str] = {}

    def name_of(self, type_: Component | Object) -> str:
        return self._names[type_]

    def uses(self, name: str) -> Iterator[str]:
        """The names of the definitions that the definition `name` is made of."""
        for child in children(self.definitions[name].type):
            yield from self.named(child)

    def named(self, type_: Type) -> Iterator[str]:
        """The outermost named types inside `type_`, itself included."""
        if isinstance(type_, Component | Object):
            yield self._names[type_]
        else:
            for child in children(type_):
                yield from self.named(child)

    def collect(self, roots: Iterable[Type]) -> None:
        """Name everything that can be reached from `roots`."""
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
                    # The definition itself bears the component's name; only its parts need one.
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
            (sorted(self._inline_places(object_), key=_closeness), object_)
            for object_ in objects
            if object_ not in self._names
        ]
        waiting.sort(key=lambda entry: _closeness(entry[0][0]))
        for found, object_ in waiting:
            name = self._free_name(found)
            self.definitions[name] = Definition(name, object_, tuple(found))
            self._names[object_] = name

    def _inline_places(self, object_: Object) -> list[Place]:
        """Where the object stands without a name: not where it is a component's definition."""
        places = self._reader.places[object_]
        return [place for place in places if place.path or place.root not in self.definitions]

    def _free_name(self, places: list[Place]) -> str:
        for candidate in _candidates(places):
            name = names.class_name(candidate)
            if name and name not in self.definitions:
                return name
        number = 2
        base = names.class_name(next(iter(_candidates(places))))
        while f"{base}{number}" in self.definitions:
            number += 1
        return f"{base}{number}"


def _closeness(place: Place) -> tuple[int, int, str, tuple[str, ...]]:
    return (len(place.path), len(place.root), place.root, place.path)


def _candidates(places: list[Place]) -> Iterator[str]:
    """Names for an object met at `places`, best first."""
    first = places[0]
    if not first.path:
        yield f"{first.root}Response"
        yield first.root
        return
    roots = sorted({place.root for place in places})
    steps = Counter(place.path[-1] for place in places if place.path)
    step = min(steps, key=lambda name: (-steps[name], name))
    if len(roots) > 1:
        titles = {place.title for place in places}
        if suffix := names.common_suffix(roots):
            yield f"{suffix}_{step}"
        if prefix := names.common_prefix(roots):
            yield f"{prefix}_{step}"
        if len(titles) == 1 and (title := titles.pop()):
            yield title
        yield step
    for place in places:
        yield _joined(place.root, place.path[-1])
    for place in places:
        for depth in range(2, len(place.path) + 1):
            yield _joined(place.root, *place.path[-depth:])


def _joined(*parts: str) -> str:
    """The parts in a row; a word that ends one and begins the next is said once."""
    result: list[str] = []
    for part in parts:
        spelled = names.words(part)
        while result and spelled and result[-1] == spelled[0]:
            spelled = spelled[1:]
        result += spelled
    return "_".join(result)


def _telling(object_: Object) -> bool:
    """Whether two objects of this structure must be the same thing."""
    return len(object_.fields) >= SAME_BY_STRUCTURE or not object_.fields
