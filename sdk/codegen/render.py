"""Writes types as Python annotations, in the three forms of the output."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from sdk.codegen import spelling
from sdk.codegen.registry import Registry
from sdk.codegen.types import (
    Choice,
    Component,
    Either,
    ListOf,
    MapOf,
    Object,
    Scalar,
    TupleOf,
    Type,
)

_ALL_TEXT = {"datetime", "date", "time", "timedelta", "uuid", "decimal"}


@dataclass(frozen=True)
class Renderer:
    """How one kind of file spells types; `name` says how it refers to a named one."""

    registry: Registry
    scalars: dict[str, str]
    list_of: str = "list[{}]"
    map_of: str = "dict[str, {}]"
    name: Callable[[str], str] = str
    own: dict[str, str] = field(default_factory=dict[str, str])
    """The user's own classes that were spelled: name to module."""

    def __call__(self, type_: Type) -> str:
        """Spell a type."""
        match type_:
            case Scalar(kind):
                return self._scalar(kind)
            case Choice(values):
                given = tuple(value for value in values if value is not None)
                null = [] if len(given) == len(values) else ["None"]
                return " | ".join([literal(given), *null] if given else null)
            case ListOf(item):
                return self.list_of.format(self(item))
            case TupleOf(items):
                return f"tuple[{', '.join(self(item) for item in items)}]"
            case MapOf(value):
                return self.map_of.format(self(value))
            case Either(options):
                return _union([self(option) for option in options])
            case Component() | Object():
                return self.name(self.registry.name_of(type_))

    def with_scalars(self, changed: Mapping[str, str]) -> Renderer:
        """Return the same, with other spellings of some plain values."""
        return replace(self, scalars={**self.scalars, **changed})

    def _scalar(self, kind: str) -> str:
        if ":" in kind:
            module, _, name = kind.partition(":")
            self.own[name] = module
            return name
        return self.scalars[kind]


def _union(spelled: list[str]) -> str:
    """Spell a union; each plain member once ("int | float" beside "int", for one)."""
    members: dict[str, None] = {}
    for each in spelled:
        simple = "[" not in each
        members |= dict.fromkeys(each.split(" | ")) if simple else {each: None}
    if "None" in members:
        del members["None"]
        members["None"] = None
    return " | ".join(members)


_PLAIN = {
    "str": "str", "int": "int", "float": "float", "bool": "bool", "bytes": "bytes", "any": "Any",
    "none": "None", "uuid": "UUID", "decimal": "Decimal", "time": "dt.time", "date": "dt.date",
    "datetime": "dt.datetime", "timedelta": "dt.timedelta",
}  # fmt: skip


def literal(values: tuple[object, ...]) -> str:
    """Spell a choice of values."""
    return f"Literal[{', '.join(spelling.value(value) for value in values)}]"


def for_models(registry: Registry, times: str) -> Renderer:
    """Return the renderer for model modules, whose annotations are evaluated."""
    # JSON has one kind of number: a float would turn 5 into 5.0, and round large numbers.
    scalars = {**_PLAIN, "float": "int | float", "datetime": times, "bytes": "str"}
    return Renderer(registry, scalars)


def for_answers(registry: Registry, builtin_list: str = "list") -> Renderer:
    """Return the renderer for return types: models are reached through the lazy module `m`."""
    scalars = {**_PLAIN, "float": "int | float"}
    return Renderer(registry, scalars, builtin_list + "[{}]", name="m.{}".format)


def for_arguments(registry: Registry, prefix: str = "", binary: str = "str") -> Renderer:
    """Return the renderer for arguments: any sequence or mapping, and times also as strings.

    `binary` is how a file is given: not at all inside of JSON.
    """
    scalars = {
        kind: f"{spelled} | str" if kind in _ALL_TEXT else spelled
        for kind, spelled in _PLAIN.items()
    }
    scalars["bytes"] = binary
    return Renderer(registry, scalars, "Sequence[{}]", "Mapping[str, {}]", (prefix + "{}").format)
