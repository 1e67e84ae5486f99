"""Whole values: what the caller stated, and the rest made up around it, ready for JSON."""

from __future__ import annotations

import difflib
import zlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, cast

from pydantic import BaseModel

from .leaves import day, integer, moment, text
from .shapes import Choice, Leaf, Many, Object, OneOf, Shape, Table, shape_of

# Of fields that may be null, those that a program leans on; the others are null.
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


def build(type_: Any, given: Any = ..., *, seed: int = 1, name: str = "", owner: str = "") -> Any:
    """Make up a value of `type_`, in the form that JSON has for it.

    Args:
        type_: a model, or any type that a model's field can have.
        given: what is already known of it: the fields of an object, by our names or the API's, and
            again for the objects in them. By default nothing is.
        seed: the same seed makes the same value; it is also its id and number.
        name: what the field is called that the value is for.
        owner: what the object is called that the field is in.

    Raises:
        TypeError: `given` has a field that the type has not; the text names the nearest one.
    """
    shape = shape_of(type_)
    if given is not ...:
        return _complete(shape, given, seed)
    match shape:
        case Object():
            return _object(shape, {}, seed)
        case OneOf(members, nullable):
            if nullable and name and name not in _RARELY_NULL:
                return None
            return build(_smallest(members), seed=seed, name=name, owner=owner)
        case Choice(values):
            return values[0]
        case Many():
            return []
        case Table():
            return {}
        case Leaf(kind):
            return _leaf(kind, name, owner, seed)


def _leaf(kind: type, name: str, owner: str, seed: int) -> Any:
    if kind is str:
        return text(name, owner, seed)
    if kind is bool:
        return False
    if kind is int:
        return integer(name, seed)
    if kind is float:
        return float(integer(name, seed))
    if kind is datetime:
        return moment(seed)
    if kind is date:
        return day(seed)
    return None


def _complete(shape: Shape, given: Any, seed: int) -> Any:
    if isinstance(given, BaseModel):
        return given.model_dump(mode="json", by_alias=True, exclude_unset=True)
    if isinstance(given, Mapping):
        known = cast("Mapping[str, Any]", given)
        match shape:
            case Object():
                return _object(shape, known, seed)
            case OneOf(members):
                return _complete(shape_of(best(members, known)), known, seed)
            case Table(value):
                return {key: build(value, item, seed=seed) for key, item in known.items()}
            case _:
                return known
    if isinstance(given, Sequence) and not isinstance(given, (str, bytes)):
        items = cast("Sequence[Any]", given)
        if isinstance(shape, OneOf):
            lists = [member for member in shape.members if isinstance(shape_of(member), Many)]
            shape = shape_of(lists[0]) if lists else shape
        if isinstance(shape, Many):
            return [
                build(shape.item, item, seed=seed + position) for position, item in enumerate(items)
            ]
    return cast("object", given)


def _object(shape: Object, given: Mapping[str, Any], seed: int) -> dict[str, Any]:
    known: dict[str, Any] = {}
    for name, value in given.items():
        ours = shape.field_of(name)
        if ours is None:
            raise TypeError(_no_such_field(shape, name))
        known[ours] = value
    made: dict[str, Any] = {}
    for name, field in shape.fields.items():
        if name in known:
            value = known[name]
            made[field.key] = build(field.type, value, seed=_inner(seed, name))
        elif field.required:
            inner = (
                _inner(seed, name) if isinstance(shape_of(field.type), (Object, OneOf)) else seed
            )
            made[field.key] = build(field.type, seed=inner, name=name, owner=shape.name)
    return made


def _inner(seed: int, name: str) -> int:
    """Give another seed for what is inside, so that an object and its parts have other ids."""
    return 1000 + zlib.crc32(f"{seed}.{name}".encode()) % 9000


def _smallest(members: tuple[Any, ...]) -> Any:
    # A body that has only what the smallest needs cannot be taken for a larger one.
    objects = [member for member in members if isinstance(shape_of(member), Object)]
    return min(objects, key=_weight) if len(objects) == len(members) else members[0]


def best(members: tuple[Any, ...], known: Mapping[str, Any]) -> Any:
    """Give the member of a union that has the most of the `known` fields, the smallest of them."""

    def missing(member: Any) -> int:
        shape = shape_of(member)
        if isinstance(shape, Object):
            return sum(shape.field_of(name) is None for name in known)
        return 0 if isinstance(shape, Table) else len(known) + 1

    return min(members, key=lambda member: (missing(member), _weight(member)))


def _weight(member: Any) -> int:
    shape = shape_of(member)
    return shape.weight if isinstance(shape, Object) else 0


def _no_such_field(shape: Object, name: str) -> str:
    near = difflib.get_close_matches(name, shape.fields, n=1)
    hint = f": did you mean {near[0]!r}?" if near else f"; it has {', '.join(shape.fields)}."
    return f"{shape.name} has no field {name!r}{hint}"
