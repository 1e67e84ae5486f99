"""Writes the description's examples, which fakes of the models are made of."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sdk.codegen import printer, spelling
from sdk.codegen.document import Schema
from sdk.codegen.registry import Registry
from sdk.codegen.schemas import Reader
from sdk.codegen.source_files import HEADER
from sdk.codegen.types import Field, Object, Scalar, without_null
from sdk.codegen.values import items, mapping

FILE = "_examples.py"
# Longer examples are left out: they would make the module large.
_LONGEST = 300


def examples(registry: Registry, reader: Reader) -> str:
    """Return the text of the module; "" if the description has no examples."""
    found: dict[str, dict[str, Any]] = {}
    for name, definition in sorted(registry.definitions.items()):
        if isinstance(definition.type, Object):
            key = definition.component
            whole = mapping(_stated(reader.schema(key))) if key is not None else {}
            values = {each.wire: _of_field(each, whole) for each in definition.type.fields}
            kept = {wire: value for wire, value in values.items() if _is_short(value)}
            if kept:
                found[name] = kept
    if not found:
        return ""
    lines = [
        printer.statement(f"{spelling.string(name)}: {spelling.value(values)}", 1, trailing=",")
        for name, values in found.items()
    ]
    table = "\n".join(["{", *lines, "}"])
    return (
        f'{HEADER}"""Examples by model and field: what fakes are made of."""\n\n'
        f"from typing import Any\n\nEXAMPLES: dict[str, dict[str, Any]] = {table}\n"
    )


def _of_field(field: Field, whole: Mapping[str, Any]) -> object:
    """Return the example of a field: its own, its object's, the default, or the minimum."""
    for value in (_stated(field.schema), whole.get(field.wire), field.schema.get("default")):
        if value is not None:
            return value
    least = field.schema.get("minimum")
    number = without_null(field.type) in (Scalar("int"), Scalar("float"))
    return least if number and isinstance(least, int | float) and least > 0 else None


def _stated(schema: Schema) -> object:
    value = schema.get("example")
    return value if value is not None else next(iter(items(schema.get("examples"))), None)


def _is_short(value: object) -> bool:
    if value is None or value == "":
        return False
    try:
        return len(json.dumps(value, allow_nan=False)) <= _LONGEST
    except (TypeError, ValueError):
        return False
