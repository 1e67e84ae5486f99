"""Read a field of a decoded body by its path."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast


def member(body: object, path: str) -> Any:
    """Return the value at a path of a body; None if the body has no such field."""
    found = _field(body, path)
    if found is None and "." in path:
        found = body
        for step in path.split("."):
            found = _field(found, step)
    return found


def _field(holder: Any, name: str) -> Any:
    if holder is None:
        return None
    if isinstance(holder, Mapping):
        return cast("Mapping[str, Any]", holder).get(name)
    fields: Mapping[str, Any] = getattr(cast("object", type(holder)), "model_fields", {})
    for python, details in fields.items():
        if details.alias == name:
            return getattr(holder, python, None)
    value = getattr(holder, name, None)
    # A method is not a member of the response.
    return None if callable(value) else value
