"""One description for all fields that are declared alike, and for classes that add nothing.

pydantic keeps about a kilobyte for each field of a model (``FieldInfo``). Of the hundreds of fields
of an API's models, most are declared like others: ``str``, ``str | None = None``. Each class has
another kilobyte, which equals that of its base unless it has validators.
"""

from __future__ import annotations

from collections.abc import Hashable
from datetime import datetime
from operator import attrgetter
from types import NoneType
from typing import Any, Final

from pydantic import AwareDatetime, BaseModel
from pydantic.fields import FieldInfo

# A shared description keeps its type alive: of other types, that may be a model made at run time.
_SCALARS: Final[frozenset[Any]] = frozenset(
    {str, int, float, bool, NoneType, datetime, AwareDatetime}
)
_MOST_SHARED = 1000

# Attributes that pydantic reads and never changes.
_INHERITED: Final = (
    "__abstractmethods__",
    "__class_vars__",
    "__pydantic_decorators__",
    "__pydantic_generic_metadata__",
)

_hashable = attrgetter(
    *(
        name
        for name in FieldInfo.__slots__
        if name not in {"metadata", "_attributes_set", "_qualifiers"}
    )
)
_shared: dict[Hashable, FieldInfo] = {}


def share_fields(fields: dict[str, FieldInfo]) -> None:
    """Replace the descriptions of a model's fields by those of fields that are declared alike."""
    for name, field in fields.items():
        if _is_scalar(field.annotation):
            fields[name] = _one_for_all(field)


def share_with_base(cls: type[BaseModel]) -> None:
    """Replace attributes of a class by those of its base, where they are equal."""
    base, own = cls.__base__, vars(cls)
    for name in _INHERITED:
        inherited = getattr(base, name, None)
        if name in own and own[name] == inherited:
            setattr(cls, name, inherited)


def _is_scalar(annotation: Any) -> bool:
    arguments = getattr(annotation, "__args__", None)
    if not arguments:
        return annotation.__class__ is type and annotation in _SCALARS
    return all(map(_is_scalar, arguments))


def _one_for_all(field: FieldInfo) -> FieldInfo:
    # 1 equals True, and a union equals one in another order.
    key = (
        _hashable(field),
        field.default.__class__,
        repr(field.annotation),
        *map(id, field.metadata),
    )
    try:
        if len(_shared) >= _MOST_SHARED:
            return _shared.get(key, field)
        return _shared.setdefault(key, field)
    except TypeError:
        # A part of it cannot be hashed, such as a mutable default.
        return field
