"""Read decoded objects by the keys of the response."""

from __future__ import annotations

from typing import Any, cast


def value_of(holder: Any, key: str) -> Any:
    """Return the value of a decoded object for a response key."""
    if isinstance(holder, dict):
        return cast("dict[str, Any]", holder).get(key)
    fields: dict[str, Any] = getattr(cast("type[Any]", type(holder)), "model_fields", {})
    for name, details in fields.items():
        if key in (name, details.alias, details.validation_alias):
            return getattr(holder, name)
    return getattr(holder, key, None)


def cost_of(data: object) -> int | None:
    """Return the points in ``rateLimit { cost }`` of the data; None if they are not in it."""
    cost = value_of(value_of(data, "rateLimit"), "cost")
    return cost if type(cost) is int else None
