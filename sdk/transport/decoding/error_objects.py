"""Recognise an error that was sent with a success status, instead of the declared type."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, cast

from pydantic import BaseModel

from .core_schema import Definitions, Schema, branches, unwrap
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


# Keys of the errors of common servers and gateways, without case and separators.
_OF_GATEWAYS = frozenset(key.replace("_", "") for key in _USUAL) | {
    "correlationid",
    "errorcode",
    "errormessage",
    "exceptionmessage",
    "exceptiontype",
    "fault",
    "instance",
    "msg",
    "path",
    "reason",
    "requestid",
    "stacktrace",
    "statuscode",
    "timestamp",
    "traceid",
}
_TELLING_OF_GATEWAYS = _TELLING | {"errorcode", "errormessage", "fault", "msg", "reason", "title"}


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


def is_error(value: object) -> bool:
    """Return whether a value that fits its type has only the keys of an error."""
    found: set[str] | None = getattr(value, "__pydantic_fields_set__", None)
    # One declared field proves it, and nearly every response has one.
    if found and not found.isdisjoint(cast("BaseModel", value).__pydantic_fields__):
        return False
    if isinstance(value, BaseModel):
        found = value.model_fields_set
        extra = (value.model_extra or {}).keys()
        return found <= _USUAL and extra <= _USUAL and bool((found | extra) & _TELLING)
    if isinstance(value, dict):
        keys = cast("dict[str, Any]", value).keys()
        return {"message", "documentation_url"} <= keys <= _USUAL
    return False


def lacks_all(value: object, required: frozenset[str] | None) -> bool:
    """Return whether a value lacks required keys of its type, and has no other key of it either.

    Args:
        value: the decoded value.
        required: the required keys of the declared type, if it is one with named keys.
    """
    if isinstance(value, BaseModel):
        declared = value.__class__.model_fields
        sent = value.model_fields_set
        found = {declared[name].alias or name for name in sent & declared.keys()}
        unknown = (value.model_extra or {}).keys()
        # An object with unknown keys of its own is a response that has changed, not an error.
        if not unknown <= _USUAL and (found or not _are_of_errors(unknown)):
            return False
        lacking = any(field.is_required() for name, field in declared.items() if name not in sent)
        return lacking and found <= _USUAL
    if isinstance(value, dict):
        keys = cast("dict[str, Any]", value).keys()
        if required is None:
            return keys <= _USUAL and bool(keys & _TELLING)
        if required.isdisjoint(keys) and _are_of_errors(keys):
            return True
        return not required <= keys and keys <= _USUAL
    return False


def _are_of_errors(keys: Collection[str]) -> bool:
    """Return whether keys that no type declares are those of an error object."""
    plain = {key.lower().replace("_", "").replace("-", "") for key in keys}
    return plain <= _OF_GATEWAYS and not plain.isdisjoint(_TELLING_OF_GATEWAYS)
