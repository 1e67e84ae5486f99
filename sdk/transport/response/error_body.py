"""Read the message and the errors in an error's JSON object."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, cast

# How many of the values that were refused are named in a message.
_NAMED = 5


def message_of(body: Mapping[str, Any]) -> str:
    """Return the message in an error's JSON object; "" if it has none in any usual place."""
    for key in ("message", "detail", "title", "error_description", "error", "msg"):
        value: Any = body.get(key)
        if isinstance(value, str) and value:
            return value
        if isinstance(value, Mapping):
            if inner := message_of(cast("Mapping[str, Any]", value)):
                return inner
        elif isinstance(value, list) and (found := _refused(cast("list[Any]", value))):
            return found
    return _first_of(body.get("errors"))


def _first_of(errors: object) -> str:
    """Return the message of the first error, as GraphQL servers and JSON:API send them."""
    for each in cast("list[Any]", errors)[:1] if isinstance(errors, list) else ():
        if isinstance(each, str):
            return each
        if isinstance(each, Mapping):
            return message_of(cast("Mapping[str, Any]", each))
    return ""


def errors_of(body: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return the list of single errors in an error's JSON object."""
    found = body.get("errors")
    detail = body.get("detail")
    if not found and isinstance(detail, list):
        found = cast("list[Any]", detail)
    if not found:
        return ()
    return tuple(cast("list[Any]", found)) if isinstance(found, list) else (found,)


def _refused(details: Iterable[Any]) -> str:
    """Return FastAPI's validation errors as text: "body.count: Input should be >= 1"."""
    messages: list[str] = []
    for each in details:
        if not isinstance(each, Mapping):
            continue
        known = cast("Mapping[str, Any]", each)
        where, why = known.get("loc"), known.get("msg")
        if isinstance(where, list) and isinstance(why, str):
            messages.append(f"{'.'.join(map(str, cast('list[Any]', where)))}: {why}")
    more = f"; and {len(messages) - _NAMED} more" if len(messages) > _NAMED else ""
    return "; ".join(messages[:_NAMED]) + more
