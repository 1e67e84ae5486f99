"""Values of enums in their declared type, and the parts of a schema of several types."""

from __future__ import annotations

import re
from typing import Any

from sdk.codegen.document import Schema


def of_kind(schema: Schema, kind: str) -> Schema:
    """Return the part of a schema of several types that applies to one of them."""
    objects = {"properties", "required", "additionalProperties"}
    lists = {"items", "prefixItems"}
    left_out = (objects if kind != "object" else set[str]()) | (
        lists if kind != "array" else set[str]()
    )
    result = {name: value for name, value in schema.items() if name not in left_out}
    if kind != "string":
        result.pop("format", None) if kind in {"array", "object", "boolean"} else None
    values = [value for value in schema.get("enum", ()) if _kind_of(value) == kind]
    if "enum" in schema:
        result["enum"] = values
        if not values:
            result.pop("enum")
    return {**result, "type": kind}


def _kind_of(value: object) -> str:
    if isinstance(value, bool):
        return "boolean"
    return "integer" if isinstance(value, int) else "string"


def as_declared(value: Any, kind: object) -> Any:
    """Return a value of an enum in its declared type: tools quote numbers, YAML unquotes texts."""
    if kind == "string" and isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if kind == "integer" and isinstance(value, str) and re.fullmatch(r"-?\d{1,18}", value):
        return int(value)
    if kind == "boolean" and value in {"true", "false"}:
        return value == "true"
    return value


def is_time(raw: dict[str, Any]) -> bool:
    """Return whether a schema is that of a date or a time."""
    return raw.get("format") in {"date", "date-time"}
