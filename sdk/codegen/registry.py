"""Collect and name the object types and aliases that are in use."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from sdk.codegen import names
from sdk.codegen.places import Place, Side
from sdk.codegen.types import (
    Component,
    ListOf,
    Object,
    Type,
    children,
    walk,
    without_null,
)

# An unnamed object with as many fields as this that equals a named one is that one. Smaller ones
# may agree by chance: {"id": int, "name": str} says nothing about what it describes.
SAME_BY_STRUCTURE = 5

# An object of no more fields than this can be named by listing them.
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


class Types(Protocol):
    """The interface of a reader of schemas."""

    places: dict[Object, list[Place]]

    def definition(self, key: str) -> Type:
        """Return the type of the component schema `key`."""
        ...


class Registry:
    """The named types of one side: of responses, or of requests."""

    def __init__(
        self,
        reader: Types,
        chosen: Mapping[str, str] | None = None,
        kept: Mapping[str, str] | None = None,
        side: Side = "answered",
    ) -> None:
        """Start with no names.

        Args:
            reader: reads the schemas.
            chosen: the names that components are to have, by their keys.
            kept: the names that the last run gave, as ``index`` gave them.
            side: whether these are answered or sent.
        """
        self._reader = reader
        self._side = side
        self._chosen = chosen or {}
        self._kept = {place: name.rpartition(".")[2] for place, name in (kept or {}).items()}
        self.definitions: dict[str, Definition] = {}
        self._names: dict[Component | Object, str] = {}
        self._uses: dict[str, tuple[str, ...]] = {}

    def class_name(self, name: str) -> str:
        """Return a name as that of a class."""
        return names.class_name(name)

    def name_of(self, type_: Component | Object) -> str:
        """Return the name of a type that was collected."""
        return self._names[type_]

    def base_of(self, name: str) -> str:
        """Return the name of the definition that a definition extends; "" for none."""
        type_ = self.definitions[name].type
        return self._names[type_.base] if isinstance(type_, Object) and type_.base else ""

    def uses(self, name: str) -> tuple[str, ...]:
        """Return the names of the definitions that a definition uses, each once."""
        if name not in self._uses:
            found = (self.named(child) for child in children(self.definitions[name].type))
            self._uses[name] = tuple(dict.fromkeys(used for each in found for used in each))
        return self._uses[name]

    def named(self, type_: Type) -> Iterator[str]:
        """Yield the outermost named types inside `type_`, itself included."""
        if isinstance(type_, Component | Object):
            yield self._names[type_]
        else:
            for child in children(type_):
                yield from self.named(child)

    def index(self, home: Mapping[str, str]) -> dict[str, str]:
        """Return the name of each definition by its place, with its module if `home` has one."""
        found: dict[str, str] = {}
        for name, definition in self.definitions.items():
            spelled = f"{home[name]}.{name}" if home else name
            if definition.component is not None:
                found[f"#{definition.component}"] = spelled
            else:
                found[definition.places[0].spelled] = spelled
        return dict(sorted(found.items()))

    def collect(self, roots: Iterable[Type]) -> None:
        """Name everything that can be reached from `roots`."""
        self._uses.clear()
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
        # Those whose names are settled come first: no other may take them.
        settled = self._chosen.keys() | {key[1:] for key in self._kept if key.startswith("#")}

        def rank(key: str) -> tuple[bool, bool, bool, str]:
            exact = self.class_name(key) == key
            return key not in self._chosen, key not in settled, not exact, key

        for key in sorted(keys, key=rank):
            definition = without_null(self._reader.definition(key))
            name = self._component_name(key)
            self.definitions[name] = Definition(name, definition, component=key)
            self._names[Component(key)] = name
            if isinstance(definition, Object) and _telling(definition):
                claimed.setdefault(definition, []).append(name)
        for object_, owners in claimed.items():
            self._names[object_] = min(owners, key=lambda name: (len(name), name))

    def _component_name(self, key: str) -> str:
        candidates = [self._chosen[key]] if key in self._chosen else []
        if (known := self._kept.get(f"#{key}")) is not None:
            candidates.append(known)
        candidates += [self.class_name(each) for each in _short_keys(key, self._side)]
        for name in candidates:
            if name not in self.definitions:
                return name
        return names.free(candidates[-1], self.definitions).replace("_", "")

    def _name_objects(self, objects: dict[Object, None]) -> None:
        waiting = [
            (sorted(self._inline_places(object_), key=self._closeness), object_)
            for object_ in objects
            if object_ not in self._names
        ]
        # Items before lists of them, which are named after their items.
        waiting.sort(key=lambda entry: (not entry[0][0].path, self._closeness(entry[0][0])))
        for found, object_ in waiting:
            for place in found:
                known = self._kept.get(place.spelled)
                if known is not None and known not in self.definitions:
                    self.definitions[known] = Definition(known, object_, (place, *found))
                    self._names[object_] = known
                    break
        for found, object_ in waiting:
            if object_ in self._names:
                continue
            name = self._free_name(object_, found)
            self.definitions[name] = Definition(name, object_, tuple(found))
            self._names[object_] = name

    def _closeness(self, place: Place) -> tuple[int, bool, int, str, tuple[str, ...]]:
        """Sorts places: shallow before deep, models before operations, short names first."""
        operation = place.root not in self.definitions
        return (len(place.path), operation, len(place.root), place.root, place.path)

    def _inline_places(self, object_: Object) -> list[Place]:
        """Return the places of an unnamed object, without that of a component's definition."""
        places = self._reader.places[object_]
        inline = [place for place in places if place.path or place.root not in self.definitions]
        return inline or places

    def _free_name(self, object_: Object, places: list[Place]) -> str:
        candidates = [self.class_name(name) for name in self._candidates(object_, places)]
        free = (name for name in candidates if name not in self.definitions)
        if (name := next(free, None)) is not None:
            return name
        number = 2
        while f"{candidates[0]}{number}" in self.definitions:
            number += 1
        return f"{candidates[0]}{number}"

    def _candidates(self, object_: Object, places: list[Place]) -> Iterator[str]:
        """Yield names for an object at `places`, the best first."""
        steps = Counter(place.path[-1] if place.path else "" for place in places)
        if "" in steps and (item := self._wrapped_item(object_)):
            yield f"{item}List"
        if len(steps) > 1 and 0 < len(object_.fields) <= SAID_BY_FIELDS:
            # Small and found behind different names: name it after its fields.
            held = "_and_".join(field.wire for field in object_.fields)
            yield held
            yield f"{min(steps, key=lambda name: (-steps[name], name))}_{held}"
            return
        if "" in steps and len(steps) == 1:
            yield from _answer_names(object_, places)
            return
        named = [place for place in places if place.path]
        if not named:
            yield f"{places[0].root}Value"
            return
        step = min(steps.keys() - {""}, key=lambda name: (-steps[name], name))
        yield from self._shared_names(step, named)
        for place in named:
            yield _joined(place.root, place.path[-1])
        for place in named:
            for depth in range(2, len(place.path) + 1):
                yield _joined(place.root, *place.path[-depth:])
        yield f"{named[0].root}_{step}"

    def _shared_names(self, step: str, places: list[Place]) -> Iterator[str]:
        """Yield names for an object that several models or operations have."""
        roots = sorted({place.root for place in places})
        if len(roots) == 1:
            return
        # The common suffix of operation names does not describe their responses.
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
        """Return the name of the items, if an object only wraps a list, with a count or so."""
        items = [field.type.item for field in object_.fields if isinstance(field.type, ListOf)]
        if len(items) != 1 or len(object_.fields) > SAID_BY_FIELDS + 1:
            return None
        item = items[0]
        return self._names.get(item) if isinstance(item, Component | Object) else None


def _short_keys(key: str, side: str) -> Iterator[str]:
    """Return names for a component, best first, without FastAPI's additions to class names.

    A model that is read and written is called "Item-Input" and "Item-Output", and one whose name
    is not unique by the module it is in, "app__models__Item".
    """
    suffix = "-Input" if side == "sent" else "-Output"
    short = key.removesuffix(suffix)
    last = short.rpartition("__")[2]
    if last.strip("_") and last != short and not short.startswith("_"):
        yield last
    yield short
    yield key


def _answer_names(object_: Object, places: list[Place]) -> Iterator[str]:
    """Return names for the response type of one or several operations."""
    roots = sorted({place.root for place in places}, key=lambda root: (len(root), root))
    if len(roots) > 1 and 0 < len(object_.fields) <= SAID_BY_FIELDS:
        yield "_and_".join(field.wire for field in object_.fields)
    if len(roots) > 1 and len(names.words(prefix := names.common_prefix(roots))) > 1:
        yield f"{prefix}Response"
    yield f"{roots[0]}Response"


def _joined(*parts: str) -> str:
    """Join parts; a word at the end of one and the start of the next is written once."""
    result: list[str] = []
    for part in parts:
        spelled = names.words(part)
        while result and spelled and result[-1] == spelled[0]:
            spelled = spelled[1:]
        result += spelled
    return "_".join(result)


def _telling(object_: Object) -> bool:
    """Return whether objects of this structure are one type, wherever they occur."""
    return len(object_.fields) >= SAME_BY_STRUCTURE or not object_.fields
