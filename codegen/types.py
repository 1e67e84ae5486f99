"""The types that schemas are read into, independent of OpenAPI and of Python.

All of them are frozen, so that two equal object types are the same dictionary key. This removes
duplicates among the 2,399 inline objects of the description.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias


@dataclass(frozen=True)
class Scalar:
    """A plain value: "str", "int", "float", "bool", "datetime", "date", "any", "none", "bytes"."""

    kind: str


@dataclass(frozen=True)
class Choice:
    """One of several literal values; None is one of them if the enum contains null."""

    values: tuple[str | int | float | bool | None, ...]


@dataclass(frozen=True)
class ListOf:
    """A list."""

    item: Type


@dataclass(frozen=True)
class MapOf:
    """An object with arbitrary keys, whose values have one type."""

    value: Type


@dataclass(frozen=True)
class Either:
    """One of several types; made by `either`."""

    options: tuple[Type, ...]


@dataclass(frozen=True)
class Component:
    """A reference to a named schema."""

    key: str


@dataclass(frozen=True)
class Field:
    """One property of an object; `wire` is its name in JSON."""

    wire: str
    type: Type
    required: bool
    removed: str = field(default="", compare=False)
    """The API version that does not have it any more."""


@dataclass(frozen=True)
class Object:
    """An unnamed object type; `base` is a component that it extends."""

    fields: tuple[Field, ...]
    base: Component | None = None


Type: TypeAlias = Scalar | Choice | ListOf | MapOf | Either | Component | Object

ANY = Scalar("any")
NONE = Scalar("none")


def either(*options: Type) -> Type:
    """Return a flat union without duplicates, with null last."""
    flat: list[Type] = []
    for option in options:
        flat += option.options if isinstance(option, Either) else (option,)
    if ANY in flat:
        return ANY
    choices = [option for option in flat if isinstance(option, Choice)]
    if len(choices) > 1:
        merged = Choice(tuple(dict.fromkeys(value for each in choices for value in each.values)))
        flat = [merged if option == choices[0] else option for option in flat]
        flat = [option for option in flat if option is merged or option not in choices]
    unique = list(dict.fromkeys(option for option in flat if option != NONE))
    if not unique:
        return NONE
    if NONE in flat and not any(allows_null(option) for option in unique):
        unique.append(NONE)
    return unique[0] if len(unique) == 1 else Either(tuple(unique))


def allows_null(type_: Type) -> bool:
    """Return whether null is one of its values."""
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
    """Return the type without null."""
    match type_:
        case Either(options):
            return either(*(option for option in options if option != NONE))
        case Choice(values) if None in values and len(values) > 1:
            return Choice(tuple(value for value in values if value is not None))
        case _:
            return type_


def children(type_: Type) -> Iterator[Type]:
    """Return the types directly inside `type_`."""
    match type_:
        case ListOf(item):
            yield item
        case MapOf(value):
            yield value
        case Either(options):
            yield from options
        case Object(fields, base):
            if base is not None:
                yield base
            for field in fields:
                yield field.type
        case _:
            return


def walk(type_: Type) -> Iterator[Type]:
    """Return `type_` and all types inside it, without following references."""
    yield type_
    for child in children(type_):
        yield from walk(child)
