"""The types into which schemas are read, independent of OpenAPI and of Python.

All of it is frozen, so two object types that look the same *are* the same dictionary key; that is
how unnamed objects that are described many times become one class.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias


@dataclass(frozen=True)
class Scalar:
    """A plain value.

    Its kind is "str", "int", "float", "bool", "datetime", "date", "time", "timedelta", "uuid",
    "decimal", "bytes" (a file), "any", "none", or "module:Class" of the user's own.
    """

    kind: str


@dataclass(frozen=True)
class Choice:
    """One of some literal values, null among them if the description's enum holds it."""

    values: tuple[str | int | float | bool | None, ...]
    _kinds: tuple[type, ...] = field(init=False, repr=False)
    """The types of the values: True equals 1 in Python, but not in JSON."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "_kinds", tuple(map(type, self.values)))


@dataclass(frozen=True)
class ListOf:
    """A list."""

    item: Type


@dataclass(frozen=True)
class TupleOf:
    """A list of a fixed length, each place with its own type."""

    items: tuple[Type, ...]


@dataclass(frozen=True)
class MapOf:
    """An object whose keys are data, all values of one type."""

    value: Type


@dataclass(frozen=True)
class Either:
    """One of several types; made by `either`."""

    options: tuple[Type, ...]


@dataclass(frozen=True)
class Component:
    """A schema that the description names."""

    key: str


@dataclass(frozen=True)
class Field:
    """One property of an object; `wire` is its name in JSON."""

    wire: str
    type: Type
    required: bool
    schema: dict[str, Any] = field(default_factory=dict[str, Any], compare=False)
    """Further keywords of its schema."""


@dataclass(frozen=True)
class Object:
    """An object type without a name of its own; `base` is a component that it extends."""

    fields: tuple[Field, ...]
    base: Component | None = None
    extra: Type | None = None
    """The type of values under other keys, where that is declared."""


Type: TypeAlias = Scalar | Choice | ListOf | TupleOf | MapOf | Either | Component | Object

ANY = Scalar("any")
NONE = Scalar("none")


def either(*options: Type) -> Type:
    """Return a union of types: flat, without repetitions, with null last."""
    flat: list[Type] = []
    for option in options:
        flat += option.options if isinstance(option, Either) else (option,)
    if ANY in flat:
        return ANY
    choices = [option for option in flat if isinstance(option, Choice)]
    if len(choices) > 1:
        merged = Choice(tuple({(type(v), v): v for each in choices for v in each.values}.values()))
        flat = [merged if option == choices[0] else option for option in flat]
        flat = [option for option in flat if option is merged or option not in choices]
    unique = list(dict.fromkeys(option for option in flat if option != NONE))
    if not unique:
        return NONE
    if NONE in flat and not any(allows_null(option) for option in unique):
        unique.append(NONE)
    return unique[0] if len(unique) == 1 else Either(tuple(unique))


def allows_null(type_: Type) -> bool:
    """Return whether null is a value of a type."""
    match type_:
        case Scalar("any" | "none"):
            return True
        case Choice(values):
            return None in values
        case Either(options):
            return any(allows_null(option) for option in options)
        case _:
            return False


def without_null(type_: Type) -> Type:
    """Return a type without null."""
    match type_:
        case Either(options):
            return either(*(option for option in options if option != NONE))
        case Choice(values) if None in values and len(values) > 1:
            return Choice(tuple(value for value in values if value is not None))
        case _:
            return type_


def children(type_: Type) -> Iterator[Type]:
    """Yield the types of which `type_` is made, one level down."""
    match type_:
        case ListOf(item):
            yield item
        case TupleOf(items):
            yield from items
        case MapOf(value):
            yield value
        case Either(options):
            yield from options
        case Object(fields, base, extra):
            if base is not None:
                yield base
            for each in fields:
                yield each.type
            if extra is not None:
                yield extra
        case _:
            return


def walk(type_: Type) -> Iterator[Type]:
    """Yield a type and everything inside it, without following components."""
    yield type_
    for child in children(type_):
        yield from walk(child)
