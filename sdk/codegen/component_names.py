"""Names for schemas that are referred to, by where they are."""

from __future__ import annotations

import re

from sdk.codegen.references import Pointer

_WORDLESS = {"schema", "items", "content", "properties", "allOf", "anyOf", "oneOf", "schemas"}


def component_name(pointer: Pointer) -> str:
    """Return the name of the schema at a place, as words."""
    steps = pointer.steps
    if steps[:2] == ("components", "schemas") and len(steps) == 3:
        return steps[2]
    if steps[:1] == ("definitions",) and len(steps) == 2:
        return steps[1]
    telling = [step for step in steps if step not in _WORDLESS and not step.isdecimal()]
    if steps[:1] == ("paths",) and steps[1:]:
        return _name_by_path(steps[1], telling[2:])
    if not telling:
        name = pointer.file.rpartition("/")[2].partition(".")[0]
        return name or "Root"
    return " ".join(telling[-2:]) if steps[-2:-1] == ("properties",) else telling[-1]


def _name_by_path(path: str, steps: list[str]) -> str:
    """Return a name for a schema in an operation: "invoices get response customer"."""
    nouns = re.sub(r"\{[^{}]*\}|/", " ", path)
    said = {"requestBody": "request", "responses": "response", "parameters": "parameter"}
    # Of media types there is usually one.
    return " ".join([nouns, *(said.get(step, step) for step in steps if "/" not in step)])
