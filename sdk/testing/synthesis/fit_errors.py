"""Validate a whole value, and tell errors of given values from those of generated ones."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from .builder import cannot_text
from .to_json import to_json
from .type_shapes import Object, shape_of


def fit_error(type_: Any, given: Mapping[str, Any], made: Any) -> str | None:
    """Return the first validation error of `made`, a value of `type_`; None if it is valid.

    The value is validated in its JSON form.
    """
    try:
        _adapter(type_).validate_json(json.dumps(to_json(made)))
    except ValidationError as error:
        wrong = generated_field_error(type_, given, error)
        if wrong is not None:
            return wrong
        # Of the errors of union members, the one with the deepest path.
        errors = error.errors(include_url=False, include_context=False)
        furthest = max(errors, key=lambda each: len(each["loc"]))
        where = ".".join(map(str, furthest["loc"])) or "the whole"
        return f"{where}: {furthest['msg']}, not {furthest['input']!r}."
    return None


def generated_field_error(
    type_: Any, given: Mapping[str, Any], error: ValidationError
) -> str | None:
    """Return the generated field of a value that a validator refuses, if any."""
    shape = shape_of(type_)
    if not isinstance(shape, Object):
        return None
    stated = {shape.field_of(name) for name in given}
    for each in error.errors(include_url=False, include_context=False, include_input=False):
        for name, field in shape.fields.items():
            if each["loc"][:1] in ((field.key,), (name,)) and name not in stated:
                return f"{cannot_text(shape.type, name, field.type)} ({each['msg']})"
    return None


@cache
def _adapter(type_: Any) -> TypeAdapter[Any]:
    return TypeAdapter(type_)
