"""Recognise an error that was sent with a success status, instead of the declared type."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import Any, cast

from pydantic import BaseModel

from .core_schema import Definitions, Schema, branches, unwrap
from .drift import Undecodable
from .union_fit import fields

# Keys that error objects have, whatever was declared: finding only these proves nothing.
_USUAL = frozenset(
    {
        "code",
        "detail",
        "documentation_url",
        "error",
        "error_description",
        "error_uri",
        "errors",
        "message",
        "status",
        "success",
        "title",
        "type",
    }
)
_TELLING = frozenset({"error", "errors", "message", "detail"})


def fits_errors(schema: Schema, definitions: Definitions) -> bool:
    """Return whether `schema` accepts an object without any key that it declares."""
    for branch in branches(schema, definitions):
        bare = unwrap(branch, definitions)
        declared = fields(bare)
        if bare["type"] == "dict":
            return True
        if declared is not None and not any(field.required for field in declared):
            return True
    return False


def refuse_error(value: object) -> None:
    """Raise Undecodable if a value that fits its type has only the keys of an error."""
    found: set[str] | None = getattr(value, "__pydantic_fields_set__", None)
    # A value with a declared field is no error, and nearly every response has one.
    if found and not found.isdisjoint(cast("BaseModel", value).__pydantic_fields__):
        return
    if isinstance(value, BaseModel):
        found = value.model_fields_set
        extra = (value.model_extra or {}).keys()
        is_error = found <= _USUAL and extra <= _USUAL and bool((found | extra) & _TELLING)
    elif isinstance(value, dict):
        keys = cast("dict[str, Any]", value).keys()
        is_error = {"message", "documentation_url"} <= keys <= _USUAL
    else:
        return
    if is_error:
        raise Undecodable("wrong_shape", "it is an error, with a success status")


def lacks_all(value: object, required: frozenset[str] | None) -> bool:
    """Return whether a value has none of the required keys of its type, or is an error.

    Args:
        value: the decoded value.
        required: the required keys of the declared type, if it is one with named keys.
    """
    if isinstance(value, BaseModel):
        declared = value.__class__.model_fields
        found = {declared[name].alias or name for name in value.model_fields_set & declared.keys()}
        needed = {field.alias or name for name, field in declared.items() if field.is_required()}
        return _lacks_all(needed, found, (value.model_extra or {}).keys())
    if isinstance(value, dict):
        keys = cast("dict[str, Any]", value).keys()
        if required is None:
            return keys <= _USUAL and bool(keys & _TELLING)
        return _lacks_all(required, keys & required, keys - required)
    return False


def _lacks_all(
    needed: AbstractSet[str], found: AbstractSet[str], unknown: AbstractSet[str]
) -> bool:
    if needed.isdisjoint(found):
        # The one required key may be missing as any other, if others show what the object is.
        ordinary = len(needed) <= 1 and not found <= _USUAL and unknown.isdisjoint(_TELLING)
        return bool(needed) and not ordinary
    telling = not _TELLING.isdisjoint(found | unknown)
    return telling and not needed <= found and found <= _USUAL and unknown <= _USUAL
