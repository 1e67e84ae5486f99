"""Reads the schemas of plain values."""

from __future__ import annotations

from collections.abc import Mapping

from sdk.codegen.document import Schema
from sdk.codegen.notes import Notes
from sdk.codegen.places import Place
from sdk.codegen.types import Scalar

_SCALARS = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "none"}
_TEXT_FORMATS = {
    "date-time": "datetime", "date": "date", "time": "time", "duration": "timedelta",
    "uuid": "uuid", "binary": "bytes", "decimal": "decimal",
}  # fmt: skip

# Formats of numbers that a float cannot hold exactly.
_EXACT = {"decimal", "decimal128", "bigdecimal", "currency", "money"}

# The prefix of the pattern that pydantic writes for any Decimal.
_DECIMAL_PATTERN = "^(?!^[-+.]*$)[+-]?0*"


def scalar(
    schema: Schema, kind: str, place: Place, formats: Mapping[str, str], notes: Notes
) -> Scalar:
    """Return the type of a plain value. `formats` has classes of the user's own, by format."""
    declared = schema.get("format")
    if isinstance(declared, str) and declared in formats:
        return Scalar(formats[declared])
    if kind == "string":
        pattern = schema.get("pattern")
        if isinstance(pattern, str) and pattern.startswith(_DECIMAL_PATTERN):
            return Scalar("decimal")
        return Scalar(_TEXT_FORMATS.get(str(declared), "str"))
    if kind == "number" and str(declared).lower() in _EXACT:
        notes.add(
            "decimal numbers are read as floats of 15 digits",
            ".".join([place.root, *place.path]),
        )
    return Scalar(_SCALARS[kind])
