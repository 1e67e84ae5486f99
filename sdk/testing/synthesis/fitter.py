"""Makes a value of a type around facts that may be of another: what fits is kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, cast

from .builder import best_member, build
from .type_shapes import EnumOf, ListOf, MappingOf, Object, Scalar, Shape, UnionOf, shape_of

# By what a program names a thing when it does not send the whole of it: `"labels": ["bug"]`.
_REFERENCES = ("login", "name", "number", "id", "email", "url", "key", "slug", "path")

_LEAVES: dict[type, tuple[type, ...]] = {
    str: (str,),
    int: (int,),
    float: (int, float),
    bool: (bool,),
    datetime: (str,),
    date: (str,),
}


class _Unfit:
    """Says that a value does not fit, where None is a value too."""


_UNFIT = _Unfit()


def fit(type_: Any, facts: Any, *, seed: int = 1) -> Any:
    """Make up a value of `type_` that keeps as much of `facts` as it has a place for.

    A text or a number where an object is expected is taken for the login, name, number or id of
    one.
    """
    kept = _keep(shape_of(type_), facts)
    return build(type_, seed=seed) if kept is _UNFIT else build(type_, kept, seed=seed)


def _keep(shape: Shape, value: Any) -> Any:
    match shape:
        case Scalar(kind):
            expected = _LEAVES.get(kind)
            if expected is None:
                return value
            # A bool is an int to Python, and to nobody else.
            fits = isinstance(value, expected) and (kind is bool or not isinstance(value, bool))
            return value if fits and _is_moment(kind, value) else _UNFIT
        case EnumOf(values):
            return value if value in values else _UNFIT
        case ListOf(item):
            return _keep_list(item, value)
        case MappingOf(inner):
            return _keep_fields(dict.fromkeys(value, inner), value) if _is_map(value) else _UNFIT
        case UnionOf():
            return _keep_one_of(shape, value)
        case Object():
            return _keep_object(shape, value)
        case _:
            # What no description of an API holds.
            return value


def _keep_list(item: Any, value: Any) -> Any:
    if not isinstance(value, list):
        return _UNFIT
    kept = [_keep(shape_of(item), one) for one in cast("list[Any]", value)]
    return [one for one in kept if one is not _UNFIT]


def _keep_object(shape: Object, value: Any) -> Any:
    if _is_map(value):
        return _keep_fields({field.key: field.type for field in shape.fields.values()}, value)
    if isinstance(value, (str, int)) and not isinstance(value, bool):
        for name in _REFERENCES:
            field = shape.fields.get(name)
            if field is not None and _keep(shape_of(field.type), value) is not _UNFIT:
                return {name: value}
    return _UNFIT


def _keep_one_of(shape: UnionOf, value: Any) -> Any:
    if value is None:
        return None if shape.nullable else _UNFIT
    if _is_map(value):
        return _keep(shape_of(best_member(shape.members, value)), value)
    for member in shape.members:
        kept = _keep(shape_of(member), value)
        if kept is not _UNFIT:
            return kept
    return _UNFIT


def _keep_fields(types: Mapping[str, Any], value: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: _keep(shape_of(types[name]), one) for name, one in value.items() if name in types}
    return {name: one for name, one in kept.items() if one is not _UNFIT}


def _is_moment(kind: type, value: Any) -> bool:
    if not issubclass(kind, date):
        return True
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return False
    return kind is not datetime or moment.tzinfo is not None


def _is_map(value: Any) -> bool:
    return isinstance(value, dict)
