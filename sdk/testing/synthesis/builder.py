"""Whole values: the given fields, and generated values for the rest."""

from __future__ import annotations

import dataclasses
import difflib
import json
import re
import zlib
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, cast

from pydantic import BaseModel

from sdk.models._base import Model

from .api_version import required_type, sends
from .examples import example_of
from .scalars import scalar
from .to_json import to_json
from .type_shapes import (
    EnumOf,
    Field,
    JsonText,
    ListOf,
    MappingOf,
    Object,
    Scalar,
    TupleOf,
    UnionOf,
    Unknown,
    shape_of,
)

# Nullable fields that programs rely on; all other nullable fields are null.
_RARELY_NULL = frozenset(
    {
        "actor",
        "author",
        "body",
        "commit",
        "committer",
        "creator",
        "description",
        "head_commit",
        "name",
        "owner",
        "repository",
        "sender",
        "title",
        "uploader",
        "user",
    }
)

_IDENTIFYING = re.compile(r"(.*_)?(id|uuid)|number|key")

_Within = tuple[Any, ...]


class CannotGenerate(TypeError):
    """No value can be generated: the caller has to pass one."""


def build(type_: Any, given: Any = ..., *, seed: int = 1, name: str = "", owner: str = "") -> Any:
    """Generate a JSON value of `type_` around the given one.

    Args:
        type_: a model, or any type that a model's field can have.
        given: fields of an object, by our names or the API's, also nested. By default nothing.
        seed: the same seed gives the same value; it is also its id and number.
        name: the name of the value's field.
        owner: the name of the object that has the field.

    Raises:
        TypeError: `given` has a field that the type does not have (the error suggests the nearest
            one), or a required value cannot be generated (the error names its field).
    """
    return _build(type_, given, seed, name, owner, ())


def _build(type_: Any, given: Any, seed: int, name: str, owner: str, within: _Within) -> Any:
    shape = shape_of(type_)
    if given is not ...:
        return _complete(shape, given, seed, within)
    match shape:
        case Scalar(kind, constraints):
            return scalar(kind, constraints, name, owner, seed)
        case Object():
            return _object(shape, {}, seed, within)
        case UnionOf(members, nullable):
            if nullable and name and name not in _RARELY_NULL:
                return None
            return _smallest(members, lambda one: _build(one, ..., seed, name, owner, within))
        case EnumOf(values):
            return values[0]
        case JsonText(inner):
            return json.dumps(to_json(_build(inner, ..., seed, name, owner, within)))
        case Unknown(unknown):
            raise CannotGenerate(f"cannot generate a value of {_named(unknown)}")
        case ListOf() | TupleOf() | MappingOf():
            return _several(shape, seed, name, owner, within)


def _several(
    shape: ListOf | TupleOf | MappingOf, seed: int, name: str, owner: str, within: _Within
) -> list[Any] | dict[Any, Any]:
    match shape:
        case ListOf(_, constraints):
            return _items(shape, constraints.min_length or 0, seed, owner, within)
        case TupleOf(items):
            return [
                _build(item, ..., seed + position, name, owner, within)
                for position, item in enumerate(items)
            ]
        case MappingOf(value, key, constraints):
            return {
                _build(key, ..., seed + n, "key", "", within): _build(
                    value, ..., seed + n, name, owner, within
                )
                for n in range(constraints.min_length or 0)
            }


def _items(shape: ListOf, count: int, seed: int, owner: str, within: _Within) -> list[Any]:
    inner = shape_of(shape.item)
    if shape.distinct and isinstance(inner, EnumOf):
        return list(inner.values[:count])
    # As ids, the numbers are different.
    return [_build(shape.item, ..., seed + number, "id", owner, within) for number in range(count)]


def _complete(shape: Any, given: Any, seed: int, within: _Within) -> Any:
    if isinstance(given, Mapping):
        known = cast("Mapping[str, Any]", given)
        match shape:
            case Object():
                return _object(shape, known, seed, within)
            case UnionOf(members):
                member = member_for(members, known)
                made = _complete(shape_of(member), known, seed, within)
                return with_distinguishing_fields(member, members, made)
            case MappingOf(value):
                return {
                    key: _build(value, item, seed, "", "", within) for key, item in known.items()
                }
            case TupleOf(items, names) if names:
                return [
                    _build(item, known.get(name, ...), seed, name, "", within)
                    for name, item in zip(names, items, strict=True)
                ]
            case JsonText(inner):
                return json.dumps(to_json(_build(inner, known, seed, "", "", within)))
            case _:
                return known
    if _is_list(given):
        return _complete_list(shape, given, seed, within)
    return given


def _complete_list(shape: Any, items: Sequence[Any], seed: int, within: _Within) -> Any:
    match shape:
        case UnionOf(members):
            lists = [
                member for member in members if isinstance(shape_of(member), (ListOf, TupleOf))
            ]
            return _complete(shape_of(lists[0]), items, seed, within) if lists else items
        case ListOf(item):
            return [
                _build(item, one, seed + position, "", "", within)
                for position, one in enumerate(items)
            ]
        case TupleOf(types) if len(types) == len(items):
            return [
                _build(type_, one, seed, "", "", within)
                for type_, one in zip(types, items, strict=True)
            ]
        case JsonText(inner):
            return json.dumps(to_json(_build(inner, items, seed, "", "", within)))
        case _:
            return items


def _object(shape: Object, given: Mapping[str, Any], seed: int, within: _Within) -> dict[str, Any]:
    known: dict[str, Any] = {}
    for name, value in given.items():
        ours = shape.field_of(name)
        if ours is None:
            raise TypeError(_no_such_field(shape, name))
        known[ours] = value
    inside = (*within, shape.type)
    made: dict[str, Any] = {}
    for name, field in shape.fields.items():
        sent = sends(shape.type, field.key)
        if sent is False:
            continue
        if name in known:
            value = _build(field.type, known[name], _inner(seed, name), "", "", inside)
            field.put(made, value)
        elif sent:
            whole = dataclasses.replace(field, type=required_type(field.type))
            field.put(made, _made_up(shape, name, whole, seed, inside))
        elif field.required:
            field.put(made, _made_up(shape, name, field, seed, inside))
    return made


def _made_up(shape: Object, name: str, field: Field, seed: int, inside: _Within) -> Any:
    # Of several objects, only the first has the id of the example.
    if seed == 1 or not _IDENTIFYING.fullmatch(name):
        example = example_of(shape.type, field.key, field.type)
        if example is not ...:
            return example
    inner = shape_of(field.type)
    if isinstance(inner, Object) and inner.type in inside:
        # The type contains itself.
        raise CannotGenerate(cannot_text(shape.type, name, field.type))
    try:
        if isinstance(inner, (Object, UnionOf)):
            seed = _inner(seed, name)
        return _build(field.type, ..., seed, name, shape.name, inside)
    except CannotGenerate as error:
        raise CannotGenerate(cannot_text(shape.type, name, field.type)) from error.__cause__


def cannot_text(owner: type, name: str, type_: Any) -> str:
    """Return the error that tells the caller to pass a field."""
    return f"cannot generate `{owner.__name__}.{name}` ({_named(type_)}): pass {name}=..."


def _named(type_: Any) -> str:
    return type_.__name__ if isinstance(type_, type) else str(type_).replace("typing.", "")


def _inner(seed: int, name: str) -> int:
    """Return another seed for nested values, so that an object and its parts have different ids."""
    return 1000 + zlib.crc32(f"{seed}.{name}".encode()) % 9000


def _smallest(members: tuple[Any, ...], make: Callable[[Any], Any]) -> Any:
    # The smallest member: a body with only its fields is not valid for a larger one.
    objects = all(isinstance(shape_of(member), Object) for member in members)
    failure: CannotGenerate | None = None
    for member in sorted(members, key=_weight) if objects else members:
        try:
            return make(member)
        except CannotGenerate as error:
            failure = failure or error
    raise failure or CannotGenerate("cannot generate a value of an empty union")


# ------------------------------------------------------------ members of a union


def best_member(members: tuple[Any, ...], known: Mapping[str, Any]) -> Any:
    """Return the smallest of the union members that match most of the `known` fields."""
    # No other type has fields.
    holders = [member for member in members if isinstance(shape_of(member), (Object, MappingOf))]
    if len(holders) == 1:
        return holders[0]
    return min(members, key=lambda member: (*_misfit_rank(member, known), _weight(member)))


def member_for(members: tuple[Any, ...], known: Mapping[str, Any]) -> Any:
    """Return the member of a union that has all of the `known` fields.

    Raises:
        TypeError: no member has them; the error lists all members.
    """
    found = best_member(members, known)
    objects = [shape for member in members if isinstance(shape := shape_of(member), Object)]
    shape = shape_of(found)
    if not isinstance(shape, Object) or len(objects) == 1:
        return found
    if all(_fits_field(shape, name, known[name]) for name in known):
        return found
    names = ", ".join(one.name for one in objects)
    unknown = [name for name in known if not any(one.field_of(name) for one in objects)]
    if unknown:
        near = difflib.get_close_matches(
            unknown[0], {name for one in objects for name in one.fields}, n=1
        )
        hint = f": did you mean {near[0]!r}?" if near else "."
        raise TypeError(f"None of {names} has a field {unknown[0]!r}{hint}")
    stated = ", ".join(f"{name}={value!r}" for name, value in known.items())
    raise TypeError(f"None of {names} has {stated}.")


def _misfit_rank(member: Any, known: Mapping[str, Any]) -> tuple[int, bool, int, bool]:
    """Return how badly a member fits, as a tuple that compares."""
    shape = shape_of(member)
    if not isinstance(shape, Object):
        return (0 if isinstance(shape, MappingOf) else len(known) + 1), True, 0, True
    wrong = [name for name in known if not _fits_field(shape, name, known[name])]
    ours = [shape.field_of(name) for name in known]
    optional = [name for name in ours if name is not None and not shape.fields[name].required]
    named_after = any(_is_named_after(shape, value) for value in known.values())
    return len(wrong), not named_after, len(optional), shape.type.__name__ not in _FOR_THE_REST


# Where the description allows any text, the names of the models tell the members apart:
# "cross-referenced" is a TimelineCrossReferencedEvent, and "closed" is none of the others.
_FOR_THE_REST = frozenset({"StateChangeIssueEvent"})


def _is_named_after(shape: Object, value: Any) -> bool:
    if not isinstance(value, str):
        return False
    stem = re.sub(r"[^a-z]", "", value.lower()).removesuffix("ed")
    name = shape.type.__name__.lower()
    return bool(stem) and bool(re.fullmatch(f"(timeline)?{stem}(ed)?(issue)?(event)?", name))


def _fits_field(shape: Object, name: str, value: Any) -> bool:
    ours = shape.field_of(name)
    return ours is not None and _fits(shape_of(shape.fields[ours].type), value)


def _fits(shape: Any, value: Any) -> bool:
    """Return whether a value matches a shape closely enough to choose a union member."""
    match shape:
        case UnionOf(members, nullable):
            return (value is None and nullable) or any(
                _fits(shape_of(member), value) for member in members
            )
        case EnumOf(values):
            return to_json(value) in values
        case Object():
            if isinstance(value, Mapping):
                known = cast("Mapping[str, Any]", value)
                return all(_fits_field(shape, name, known[name]) for name in known)
            return isinstance(value, (BaseModel, str, int)) or dataclasses.is_dataclass(value)
        case Scalar(kind):
            return kind is object or not (isinstance(value, Mapping) or _is_list(value))
        case ListOf() | TupleOf():
            return _is_list(value) or (isinstance(value, Mapping) and isinstance(shape, TupleOf))
        case MappingOf():
            return isinstance(value, Mapping)
        case _:
            return True


def with_distinguishing_fields(member: Any, members: tuple[Any, ...], made: Any) -> Any:
    """Add fields that GitHub sends as null, where only they distinguish a member from another."""
    shape = shape_of(member)
    if len(members) == 1 or not isinstance(shape, Object) or not issubclass(shape.type, Model):
        return made
    nullable = {
        field.key
        for field in shape.fields.values()
        if isinstance(inner := shape_of(field.type), UnionOf) and inner.nullable
    }
    for other in members:
        another = shape_of(other)
        if other is not member and isinstance(another, Object):
            keys = {field.key for field in another.fields.values()}
            if made.keys() <= keys:
                made = {**dict.fromkeys(sorted(nullable - keys)), **made}
    return made


def _is_list(value: Any) -> bool:
    # A named tuple is a complete value.
    return (
        isinstance(value, (Sequence, AbstractSet))
        and not isinstance(value, (str, bytes, bytearray))
        and not hasattr(cast("object", value), "_fields")
    )


def _weight(member: Any) -> int:
    shape = shape_of(member)
    return shape.weight if isinstance(shape, Object) else 0


def _no_such_field(shape: Object, name: str) -> str:
    near = difflib.get_close_matches(name, shape.fields, n=1)
    hint = f": did you mean {near[0]!r}?" if near else f"; it has {', '.join(shape.fields)}."
    return f"{shape.name} has no field {name!r}{hint}"
