"""What came with a response besides its body, kept beside the returned object."""

from __future__ import annotations

import contextlib
import weakref
from dataclasses import dataclass
from datetime import tzinfo
from enum import Enum
from re import Pattern
from types import FunctionType

from sdk.transport.headers import Headers

from .rate_limit import RateLimit, limit_state


@dataclass(frozen=True, slots=True)
class Metadata:
    """Status, headers and identity of one response.

    Attributes:
        status: the HTTP status code.
        headers: the response's headers, names in lower case.
        request_id: the API's id of the request, for its support desk.
        url: where the response came from, after redirects, without its query string.
        attempts: how many requests this call needed.
    """

    status: int
    headers: Headers
    request_id: str | None
    url: str
    attempts: int

    @property
    def rate_limit(self) -> RateLimit | None:
        """The rate limit after this call, or None if the response did not report it."""
        return RateLimit.of(limit_state(self.headers))


# There is one of each of these, whichever call returns it.
_SHARED = (Enum, type, FunctionType, tzinfo, Pattern)

# A table beside the objects rather than an attribute on them: it works for any model, a user's own
# included, and stays out of their fields, repr, comparison and serialization.
_table: dict[int, tuple[weakref.ref[object], Metadata]] = {}


def attach(value: object, metadata: Metadata) -> None:
    """Keep `metadata` as long as `value` lives.

    A value that takes no weak reference keeps none, nor does one that other calls return too.
    """
    if isinstance(value, _SHARED):
        return
    key = id(value)

    def forget(reference: weakref.ref[object]) -> None:
        # The id may have been reused by the time this runs.
        entry = _table.get(key)
        if entry is not None and entry[0] is reference:
            del _table[key]

    with contextlib.suppress(TypeError):
        _table[key] = (weakref.ref(value, forget), metadata)


def metadata(returned: object, /) -> Metadata:
    """Return the status, headers and request id that came with a response.

    Args:
        returned: the object that a call returned: a model, or a page of a list. Not a part of it,
            not a copy of it, and not a plain str, bytes, bool, list or dict.

    Raises:
        LookupError: no metadata is known for this object.
    """
    entry = _table.get(id(returned))
    if entry is None or entry[0]() is not returned:
        raise LookupError(
            f"No metadata is kept for this {type(returned).__name__}: pass the object that the "
            "call returned (a model or a page), not a part or a copy of it. For plain text, "
            "bytes, a list or a dict, call sdk.request(..., returns=Response)."
        )
    return entry[1]
