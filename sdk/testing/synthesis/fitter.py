"""Generate a value of a type around facts of another type; facts that fit are kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, cast

from .builder import best_member, build
from .type_shapes import EnumOf, ListOf, MappingOf, Object, Scalar, Shape, UnionOf, shape_of

# The fields that identify an object in a short form, such as `"labels": ["bug"]`.
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
    """The marker of a value that does not fit, as None may be a value."""


_UNFIT = _Unfit()


def fit(type_: Any, facts: Any, *, seed: int = 1) -> Any:
    """Generate a value of `type_` that keeps as many of the `facts` as it has fields for.

    Where an object is expected, a text or a number is used as its login, name, number or id.
    """
    kept = _fitted(shape_of(type_), facts)
    return build(type_, seed=seed) if kept is _UNFIT else build(type_, kept, seed=seed)


def _fitted(shape: Shape, value: Any) -> Any:
    match shape:
        case Scalar(kind):
            expected = _LEAVES.get(kind)
            if expected is None:
                return value
            # bool is a subclass of int in Python only.
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
            # No API description has a type like this.
            return value


def _keep_list(item: Any, value: Any) -> Any:
    if not isinstance(value, list):
        return _UNFIT
    kept = [_fitted(shape_of(item), one) for one in cast("list[Any]", value)]
    return [one for one in kept if one is not _UNFIT]


def _keep_object(shape: Object, value: Any) -> Any:
    if _is_map(value):
        return _keep_fields({field.key: field.type for field in shape.fields.values()}, value)
    if isinstance(value, (str, int)) and not isinstance(value, bool):
        for name in _REFERENCES:
            field = shape.fields.get(name)
            if field is not None and _fitted(shape_of(field.type), value) is not _UNFIT:
                return {name: value}
    return _UNFIT


def _keep_one_of(shape: UnionOf, value: Any) -> Any:
    if value is None:
        return None if shape.nullable else _UNFIT
    if _is_map(value):
        return _fitted(shape_of(best_member(shape.members, value)), value)
    for member in shape.members:
        kept = _fitted(shape_of(member), value)
        if kept is not _UNFIT:
            return kept
    return _UNFIT


def _keep_fields(types: Mapping[str, Any], value: Mapping[str, Any]) -> dict[str, Any]:
    kept = {
        name: _fitted(shape_of(types[name]), one) for name, one in value.items() if name in types
    }
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
