"""What a type is made of, read once per type."""

from __future__ import annotations

import re
import types
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import AwareDatetime, BaseModel


@dataclass(frozen=True, slots=True)
class Leaf:
    """A single value: ``str``, ``int``, ``float``, ``bool``, a time, a date, or anything."""

    kind: type


@dataclass(frozen=True, slots=True)
class Choice:
    """One of some fixed values."""

    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Many:
    """A list, by the type of its items."""

    item: Any


@dataclass(frozen=True, slots=True)
class Table:
    """A mapping, by the type of its values."""

    value: Any


@dataclass(frozen=True, slots=True)
class OneOf:
    """A union; `nullable` when None is one of its members."""

    members: tuple[Any, ...]
    nullable: bool


@dataclass(frozen=True, slots=True)
class Field:
    """A field of an object: the name it has in JSON, its type, and whether it may be left out."""

    key: str
    type: Any
    required: bool


@dataclass(frozen=True, slots=True)
class Object:
    """A model: its name in words, and its fields by our names."""

    name: str
    fields: dict[str, Field]

    @property
    def weight(self) -> int:
        """How many fields it must have."""
        return sum(field.required for field in self.fields.values())

    def field_of(self, name: str) -> str | None:
        """Give our name of a field that is called by ours or by the API's; None without one."""
        if name in self.fields:
            return name
        return next((ours for ours, field in self.fields.items() if field.key == name), None)


Shape = Leaf | Choice | Many | Table | OneOf | Object

_TIMES = (datetime, AwareDatetime)


@cache
def shape_of(type_: Any) -> Shape:
    """Say what `type_` is made of; ``Leaf(object)`` for what may be anything."""
    origin, arguments = get_origin(type_), get_args(type_)
    if origin is Annotated:
        return shape_of(arguments[0])
    if origin in (Union, types.UnionType):
        members = tuple(member for member in arguments if member is not types.NoneType)
        return OneOf(members, len(members) < len(arguments))
    if origin is Literal:
        return Choice(arguments)
    if origin in (list, set, tuple, Sequence):
        return Many(arguments[0])
    if origin in (dict, Mapping):
        return Table(arguments[1])
    if type_ in (None, types.NoneType):
        return Choice((None,))
    return _class(type_)


def _class(type_: Any) -> Shape:
    if type_ in _TIMES:
        return Leaf(datetime)
    if type_ in (str, int, float, bool, date):
        return Leaf(type_)
    if isinstance(type_, type):
        if issubclass(type_, BaseModel):
            return _object(type_)
        if issubclass(type_, list):
            return Many(Any)
        if issubclass(type_, dict):
            return Table(Any)
    return Leaf(object)


def _object(model: type[BaseModel]) -> Object:
    if not model.__pydantic_fields_complete__:
        model.model_rebuild()
    return Object(
        name=re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", model.__name__).lower(),
        fields={
            name: Field(info.alias or name, info.annotation, info.is_required())
            for name, info in model.model_fields.items()
        },
    )
