"""The structure of a type, read once per type."""

from __future__ import annotations

import collections.abc
import dataclasses
import enum
import itertools
import re
import types
import typing
from collections import OrderedDict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Annotated, Any, Literal, NewType, TypeVar, Union, get_args, get_origin

import typing_extensions
from pydantic import AliasChoices, AwareDatetime, BaseModel, Json, RootModel, Secret
from pydantic.fields import FieldInfo

from .constraints import UNCONSTRAINED, Constraints, constraints_of
from .scalars import makes


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value: ``str``, ``int``, a time, a ``UUID``; ``object`` for anything."""

    kind: type
    constraints: Constraints = UNCONSTRAINED


@dataclass(frozen=True, slots=True)
class EnumOf:
    """One of some fixed values."""

    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list, by the type of its items; `distinct` if its items must be unique."""

    item: Any
    constraints: Constraints = UNCONSTRAINED
    distinct: bool = False


@dataclass(frozen=True, slots=True)
class TupleOf:
    """A tuple, by the types of its items, and their names if it is a named tuple."""

    items: tuple[Any, ...]
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MappingOf:
    """A mapping, by the type of its values and of its keys."""

    value: Any
    key: Any = str
    constraints: Constraints = UNCONSTRAINED


@dataclass(frozen=True, slots=True)
class JsonText:
    """A text that contains JSON of type `inner`."""

    inner: Any


@dataclass(frozen=True, slots=True)
class UnionOf:
    """A union; `nullable` if None is one of its members."""

    members: tuple[Any, ...]
    nullable: bool


@dataclass(frozen=True, slots=True)
class Field:
    """A field of an object: its JSON name, its type, and whether it is required.

    `path` is the path from that name to a nested value (``AliasPath``).
    """

    key: str
    type: Any
    required: bool
    path: tuple[str | int, ...] = ()

    def put(self, made: dict[str, Any], value: Any) -> None:
        """Set the field in a JSON object."""
        place: Any = made
        steps: list[str | int] = [self.key, *self.path]
        for step, following in itertools.pairwise(steps):
            if isinstance(step, int):
                place.extend([None] * (step + 1 - len(place)))
                place[step] = place[step] or ({} if isinstance(following, str) else [])
                place = place[step]
            else:
                place = place.setdefault(step, {} if isinstance(following, str) else [])
        last = steps[-1]
        if isinstance(last, int):
            place.extend([None] * (last + 1 - len(place)))
        place[last] = value


@dataclass(frozen=True, slots=True)
class Object:
    """A model, dataclass or TypedDict: its name in words, its class, its fields by our names."""

    name: str
    fields: dict[str, Field]
    type: Any = field(default=None, compare=False)

    @property
    def weight(self) -> int:
        """The number of required fields."""
        return sum(field.required for field in self.fields.values())

    def field_of(self, name: str) -> str | None:
        """Return our name of a field, given ours or the API's; None if there is no such field."""
        if name in self.fields:
            return name
        return next((ours for ours, field in self.fields.items() if field.key == name), None)


@dataclass(frozen=True, slots=True)
class Unknown:
    """A type of which no value can be generated."""

    type: Any


Shape = Scalar | EnumOf | ListOf | TupleOf | MappingOf | JsonText | UnionOf | Object | Unknown

_TIMES = (datetime, AwareDatetime)
_LISTS = (
    *(list, tuple, deque, collections.abc.Sequence, collections.abc.MutableSequence),
    *(collections.abc.Iterable, collections.abc.Collection, collections.abc.Generator),
)
_SETS = (set, frozenset, collections.abc.Set, collections.abc.MutableSet)
_TABLES = (dict, collections.abc.Mapping, collections.abc.MutableMapping, OrderedDict)
_WRAPPERS = (
    *(typing.Required, typing.NotRequired, typing.Final, Secret),
    *(typing_extensions.Required, typing_extensions.NotRequired, typing_extensions.ReadOnly),
)


def shape_of(type_: Any) -> Shape:
    """Return the structure of `type_`; ``Scalar(object)`` if any value is allowed."""
    try:
        return _known(type_)
    except TypeError:
        # The metadata of Annotated need not be hashable.
        return _read(type_)


def _read(type_: Any, metadata: tuple[Any, ...] = ()) -> Shape:
    origin: Any = get_origin(type_)
    arguments = get_args(type_)
    if origin is Annotated:
        return _read(arguments[0], (*arguments[1:], *metadata))
    json: Any = Json
    if any(one is json or isinstance(one, json) for one in metadata):
        return JsonText(type_)
    if type_ is json:
        return JsonText(Any)
    inner = _unwrapped(type_, origin, arguments)
    if inner is not None:
        return _read(inner, metadata)
    if origin in (Union, types.UnionType):
        members = tuple(member for member in arguments if member is not types.NoneType)
        if metadata:
            annotated: Any = Annotated
            members = tuple(annotated[(member, *metadata)] for member in members)
        return UnionOf(members, len(members) < len(arguments))
    if origin is Literal:
        return EnumOf(tuple(_value(one) for one in arguments))
    if type_ in (None, types.NoneType):
        return EnumOf((None,))
    constraints = constraints_of(metadata)
    return _collection(type_, origin, arguments, constraints) or _class(
        origin or type_, constraints
    )


_known = cache(_read)


def _unwrapped(type_: Any, origin: Any, arguments: tuple[Any, ...]) -> Any:
    """Return the type behind an alias or a NewType; None for any other type."""
    if isinstance(type_, typing_extensions.TypeAliasType):
        return type_.__value__
    if isinstance(origin, typing_extensions.TypeAliasType):
        return origin.__value__[arguments]
    if isinstance(type_, NewType):
        return type_.__supertype__
    if isinstance(type_, TypeVar):
        return type_.__bound__ or Any
    return arguments[0] if origin in _WRAPPERS else None


def _collection(
    type_: Any, origin: Any, arguments: tuple[Any, ...], constraints: Constraints
) -> Any:
    kind: Any = origin or type_
    item = arguments[0] if arguments else Any
    if origin is tuple and arguments[1:] != (...,):
        return TupleOf(arguments)
    if kind in _LISTS:
        return ListOf(item, constraints)
    if kind in _SETS:
        return ListOf(item, constraints, distinct=True)
    if kind in _TABLES:
        key, value = arguments or (str, Any)
        return MappingOf(value, key, constraints)
    return None


def _class(kind: Any, constraints: Constraints) -> Shape:
    if kind in _TIMES:
        return Scalar(datetime, constraints)
    if kind in (Any, object):
        return Scalar(object)
    return _of_class(kind, constraints) if isinstance(kind, type) else Unknown(kind)


def _of_class(kind: type[Any], constraints: Constraints) -> Shape:
    if issubclass(kind, enum.Enum):
        return EnumOf(tuple(map(_value, kind))) if len(kind) else Unknown(kind)
    if issubclass(kind, BaseModel):
        if not kind.__pydantic_fields_complete__:
            kind.model_rebuild()
        if issubclass(kind, RootModel):
            return shape_of(_annotation(kind.model_fields["root"]))
        return _model(kind, kind.model_fields)
    if dataclasses.is_dataclass(kind):
        fields: Mapping[str, FieldInfo] | None = getattr(kind, "__pydantic_fields__", None)
        return _dataclass(kind) if fields is None else _model(kind, fields)
    if typing_extensions.is_typeddict(kind):
        return _typed_dict(kind)
    if issubclass(kind, tuple):
        return _named_tuple(kind)
    if issubclass(kind, list):
        return ListOf(Any, constraints)
    if issubclass(kind, dict):
        return MappingOf(Any, constraints=constraints)
    return Scalar(kind, constraints) if makes(kind) else Unknown(kind)


def _model(kind: type, fields: Mapping[str, FieldInfo]) -> Object:
    return _object(
        kind,
        {
            name: Field(key, _annotation(info), info.is_required(), path)
            for name, info in fields.items()
            if info.init is not False
            for key, path in [_place(name, info)]
        },
    )


def _dataclass(kind: Any) -> Object:
    hints = typing.get_type_hints(kind, include_extras=True)
    nothing = dataclasses.MISSING
    return _object(
        kind,
        {
            each.name: Field(
                each.name,
                hints[each.name],
                required=each.default is nothing and each.default_factory is nothing,
            )
            for each in dataclasses.fields(kind)
            if each.init
        },
    )


def _typed_dict(kind: Any) -> Object:
    hints = typing_extensions.get_type_hints(kind, include_extras=True)
    return _object(
        kind,
        {name: Field(name, hint, name in kind.__required_keys__) for name, hint in hints.items()},
    )


def _named_tuple(kind: Any) -> TupleOf | ListOf:
    names: tuple[str, ...] | None = getattr(kind, "_fields", None)
    if names is None:
        return ListOf(Any)
    hints = typing.get_type_hints(kind, include_extras=True)
    return TupleOf(tuple(hints.get(name, Any) for name in names), names)


def _object(kind: Any, fields: dict[str, Field]) -> Object:
    return Object(re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", kind.__name__).lower(), fields, kind)


def _place(name: str, info: FieldInfo) -> tuple[str, tuple[str | int, ...]]:
    alias = info.validation_alias or info.alias or name
    if isinstance(alias, AliasChoices):
        alias = alias.choices[0]
    if isinstance(alias, str):
        return alias, ()
    first, *path = alias.path
    return str(first), tuple(path)


def _annotation(info: FieldInfo) -> Any:
    # pydantic keeps the metadata of a field apart from that of its type.
    annotated: Any = Annotated
    known = [one for one in info.metadata if one is not None]
    return annotated[(info.annotation, *known)] if known else info.annotation


def _value(member: Any) -> Any:
    # In JSON, an enum member is its value.
    return member.value if isinstance(member, enum.Enum) else member
