"""Copies of decoded values, which take a quarter of the time of decoding.

Only what is known to be safe is copied: models without private attributes and code of their own,
lists, dictionaries, and immutable values, which all copies share. Whatever a caller may change, it
has for itself.
"""

from __future__ import annotations

import datetime as dt
import decimal
import uuid
from collections.abc import Callable, Hashable, Iterator, Mapping
from enum import Enum
from functools import lru_cache
from types import BuiltinMethodType, NoneType
from typing import Any, TypeAlias, cast

from pydantic import BaseModel

_IMMUTABLE: frozenset[type] = frozenset(
    {
        *(NoneType, bool, int, float, complex, str, bytes, decimal.Decimal, uuid.UUID),
        *(dt.date, dt.datetime, dt.time, dt.timedelta),
    }
)

# Functions that return the same for the same JSON, by the first part of their module.
_OWN_MODULES = frozenset({"sdk", "pydantic", "pydantic_core"})
_FACTORIES: tuple[object, ...] = (list, dict, set)
# Parts of a schema that do not decide what is made of JSON.
_UNRELATED = frozenset({"serialization", "metadata", "config", "python_schema"})

_Make: TypeAlias = Callable[[Any], Any]
_Part: TypeAlias = tuple[Any, _Make, Any]

# The descriptors behind the attributes of every model: no method of a class is called.
_members = BaseModel.__dict__
_set_values = _members["__dict__"].__set__
_set_names = _members["__pydantic_fields_set__"].__set__
_set_extra = _members["__pydantic_extra__"].__set__
_set_private = _members["__pydantic_private__"].__set__
_new = object.__new__


class UncopyableError(Exception):
    """A value of a type that is not known to be safe to copy."""


class Template:
    """Makes copies of a value. It keeps the value, which nobody else must refer to.

    Args:
        value: a value that was just decoded.

    Raises:
        UncopyableError: it holds something that is not known to be safe to copy.
    """

    __slots__ = ("_make", "_source")

    def __init__(self, value: object) -> None:
        self._make: _Make
        self._source: Any
        self._make, self._source = _plan(value) or (_same, value)

    def copy(self) -> Any:
        """Return a copy."""
        return self._make(self._source)


def runs_no_code(schema: Mapping[str, Any]) -> bool:
    """Return whether JSON is validated against a core schema without code of the type's author.

    Only then is a copy like the value that would be decoded again.
    """
    return all(_runs_no_code(node) for node in _nodes(schema))


def _runs_no_code(node: Mapping[str, Any]) -> bool:
    kind: str = node["type"]
    if kind.startswith("function-"):
        return _is_ours(node["function"]["function"])
    if kind == "default":
        factory = node.get("default_factory")
        return factory is None or factory in _FACTORIES
    if kind == "tagged-union":
        return isinstance(node["discriminator"], str | list) or _is_ours(node["discriminator"])
    return kind not in ("dataclass", "call", "custom-error", "generator")


def _is_ours(function: object) -> bool:
    if isinstance(function, BuiltinMethodType):
        return any(function.__self__ is each for each in _IMMUTABLE)
    module: object = getattr(function, "__module__", None)
    return isinstance(module, str) and module.partition(".")[0] in _OWN_MODULES


def _nodes(tree: object) -> Iterator[Mapping[str, Any]]:
    if isinstance(tree, dict):
        node = cast("dict[str, Any]", tree)
        if isinstance(node.get("type"), str):
            yield node
        for key, value in node.items():
            if key not in _UNRELATED:
                yield from _nodes(value)
    elif isinstance(tree, list | tuple):
        for item in cast("list[Any]", tree):
            yield from _nodes(item)


def _plan(value: Any) -> tuple[_Make, Any] | None:
    """Return what makes copies of a value, and from what; None for one that all copies share."""
    kind: type[Any] = value.__class__
    if kind in _IMMUTABLE:
        return None
    if kind is list:
        planned = [_plan(item) for item in value]
        if all(planned):
            return _list_of_copies, planned
        parts = [(index, *part) for index, part in enumerate(planned) if part is not None]
        return _list, (value, parts)
    if kind is dict:
        return _dict, (value, _parts(value))
    if _is_plain_model(cast("Hashable", kind)):
        return _plan_of_model(value)
    if issubclass(kind, Enum):
        return None
    raise UncopyableError(kind)


def _plan_of_model(model: Any) -> tuple[_Make, Any]:
    values, extra = model.__dict__, model.__pydantic_extra__
    # The copy of a copy of a set takes a third less time: the tables have the same size then.
    names = model.__pydantic_fields_set__.copy()
    parts = _parts(values)
    kind: type[Any] = model.__class__
    if not parts and extra == {}:
        return _bare_model, (kind, values.copy, names.copy)
    copied = (_same, None) if extra is None else (_dict, (extra, _parts(extra)))
    return _model, (kind, values.copy, names.copy, parts, *copied)


def _parts(values: dict[Any, Any]) -> list[_Part]:
    """Return what has to be copied of the values of a dictionary."""
    found: list[_Part] = []
    for key, value in values.items():
        part = _plan(value)
        if part is not None:
            found.append((key, *part))
    return found


@lru_cache(maxsize=1024)
def _is_plain_model(kind: Any) -> bool:
    return (
        issubclass(kind, BaseModel)
        and kind.__new__ is object.__new__
        and kind.__init__ is BaseModel.__init__
        and not kind.__private_attributes__
        and not kind.__pydantic_post_init__
        and all(not vars(base).get("__slots__") for base in kind.__mro__[: -len(BaseModel.__mro__)])
    )


def _same(value: Any) -> Any:
    return value


def _list_of_copies(planned: list[tuple[_Make, Any]]) -> list[Any]:
    return [make(source) for make, source in planned]


def _list(source: tuple[list[Any], list[_Part]]) -> list[Any]:
    values, parts = source
    values = values.copy()
    for index, make, part in parts:
        values[index] = make(part)
    return values


def _dict(source: tuple[dict[Any, Any], list[_Part]]) -> dict[Any, Any]:
    values, parts = source
    values = values.copy()
    for key, make, part in parts:
        values[key] = make(part)
    return values


def _bare_model(source: tuple[type[Any], Callable[[], Any], Callable[[], Any]]) -> Any:
    """Return a copy of a model with nothing in it that has to be copied: most are like that."""
    kind, values, names = source
    made = _new(kind)
    _set_values(made, values())
    _set_names(made, names())
    _set_extra(made, {})
    _set_private(made, None)
    return made


def _model(
    source: tuple[type[Any], Callable[[], Any], Callable[[], Any], list[_Part], _Make, Any],
) -> Any:
    kind, copy_values, copy_names, parts, make_extra, extra = source
    values = copy_values()
    for key, make, part in parts:
        values[key] = make(part)
    made = _new(kind)
    _set_values(made, values)
    _set_names(made, copy_names())
    _set_extra(made, make_extra(extra))
    _set_private(made, None)
    return made
