"""Examples of a description that a client was generated from, for fakes of its models."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import Any

from pydantic import TypeAdapter

_NONE: Mapping[str, Mapping[str, Any]] = {}


def example_of(model: type, key: str, type_: Any) -> Any:
    """Return the example of a model's field, by its name in JSON; Ellipsis if there is none.

    An example that is not valid for the field's type is ignored.
    """
    package, models, _ = model.__module__.partition(".models")
    value = _examples(package).get(model.__name__, {}).get(key, ...) if models else ...
    if value is ...:
        return ...
    try:
        TypeAdapter(type_).validate_python(value)
    except Exception:  # noqa: BLE001  whatever a type of the caller's own raises
        return ...
    return value


@cache
def _examples(package: str) -> Mapping[str, Mapping[str, Any]]:
    name = f"{package}._examples"
    try:
        found: Mapping[str, Mapping[str, Any]] = import_module(name).EXAMPLES
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
        return _NONE
    return found
