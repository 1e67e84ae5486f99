"""What came with an answer besides its body, kept beside the returned object."""

from __future__ import annotations

import contextlib
import weakref
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from sdk.transport.headers import Headers


class Told(NamedTuple):
    """The rate limit as an answer's headers tell it; `reset` is in seconds since the epoch."""

    limit: int
    remaining: int
    used: int
    reset: int
    resource: str


def told_limit(headers: Headers) -> Told | None:
    """Read ``x-ratelimit-*``; None when they are missing or are not numbers."""
    if "x-ratelimit-limit" not in headers:
        return None
    try:
        limit = _count(headers["x-ratelimit-limit"])
        remaining = _count(headers["x-ratelimit-remaining"])
        used = headers.get("x-ratelimit-used")
        return Told(
            limit,
            remaining,
            limit - remaining if used is None else _count(used),
            _count(headers["x-ratelimit-reset"]),
            headers.get("x-ratelimit-resource", "core"),
        )
    except (KeyError, ValueError):
        return None


def _count(text: str) -> int:
    # A time in milliseconds or without end would keep all callers out for good.
    text = text.strip()
    if not (text.isascii() and text.isdigit() and len(text) <= 10):
        raise ValueError("no count")
    return int(text)


@dataclass(frozen=True, slots=True)
class RateLimit:
    """The rate limit that an answer reported, in calls, and when its window ends.

    Source: https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api
    """

    limit: int
    remaining: int
    used: int
    reset: datetime
    resource: str

    @classmethod
    def of(cls, told: Told | None) -> RateLimit | None:
        """Give what was told; None for nothing, or for a time that no calendar has."""
        if told is None:
            return None
        try:
            reset = datetime.fromtimestamp(told.reset, UTC)
        except (ValueError, OverflowError, OSError):
            return None
        return cls(told.limit, told.remaining, told.used, reset, told.resource)


@dataclass(frozen=True, slots=True)
class Metadata:
    """Status, headers and identity of one answer.

    Attributes:
        status: the HTTP status code.
        headers: the answer's headers, names in lower case.
        request_id: the API's id of the request, for its support desk.
        url: where the answer came from, after redirects, without its query string.
        attempts: how many requests this call needed.
    """

    status: int
    headers: Headers
    request_id: str | None
    url: str
    attempts: int

    @property
    def rate_limit(self) -> RateLimit | None:
        """The rate limit after this call, or None if the answer did not report it."""
        return RateLimit.of(told_limit(self.headers))


# A table beside the objects rather than an attribute on them: it works for any model, a user's own
# included, and stays out of their fields, repr, comparison and serialization.
_table: dict[int, tuple[weakref.ref[object], Metadata]] = {}


def attach(value: object, metadata: Metadata) -> None:
    """Keep `metadata` as long as `value` lives; a value that takes no weak reference keeps none."""
    key = id(value)

    def forget(reference: weakref.ref[object]) -> None:
        # The id may have been reused by the time this runs.
        entry = _table.get(key)
        if entry is not None and entry[0] is reference:
            del _table[key]

    with contextlib.suppress(TypeError):
        _table[key] = (weakref.ref(value, forget), metadata)


def metadata(answer: object) -> Metadata:
    """Give the status, headers and request id that came with an answer.

    Args:
        answer: the very object that a call returned: a model, or a page of a list. Not a part of
            it, not a copy of it, and not a plain str, bytes, bool, list or dict.

    Raises:
        LookupError: no metadata is known for this object.
    """
    entry = _table.get(id(answer))
    if entry is None or entry[0]() is not answer:
        raise LookupError(
            f"No metadata is kept for this {type(answer).__name__}: pass the object that the call "
            "returned (a model or a page), not a part or a copy of it. For an answer that is plain "
            "text, bytes, a list or a dict, call sdk.request(..., returns=Answer)."
        )
    return entry[1]
