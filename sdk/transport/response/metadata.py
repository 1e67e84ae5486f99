"""The metadata of a response, attached to the returned object."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from dataclasses import dataclass
from datetime import tzinfo
from enum import Enum
from re import Pattern
from types import FunctionType
from typing import Any

from sdk.transport.headers import Headers

from .rate_limit import RateLimit, limit_state
from .response import Response, public


@dataclass(frozen=True, slots=True)
class Metadata:
    """Status, headers and identity of one response.

    Attributes:
        status: the HTTP status code.
        headers: the response's headers, names in lower case.
        request_id: the API's id of the request, for its support desk.
        url: where the response came from, after redirects, without its query string.
        attempts: how many requests this call needed; 0 for a stored response that was used without
            asking the API.
        from_cache: whether the body was stored before.
        revalidated: whether the API confirmed a stored body with a 304, which costs nothing.
    """

    status: int
    headers: Headers
    request_id: str | None
    url: str
    attempts: int
    from_cache: bool = False
    revalidated: bool = False

    @classmethod
    def of(cls, response: Response) -> Metadata:
        """Return the metadata of a response."""
        headers = response.headers
        request_id = response.find_request_id(headers)
        return cls(
            response.status,
            headers,
            request_id,
            response.public_url,
            response.attempts,
            response.from_cache,
            response.revalidated,
        )

    @property
    def rate_limit(self) -> RateLimit | None:
        """The rate limit after this call, or None if the response did not report it."""
        return RateLimit.of(limit_state(self.headers))


# There is one of each of these, whichever call returns it.
_SHARED = (Enum, type, FunctionType, tzinfo, Pattern)


class _Kept(weakref.ref[Any]):
    """A reference to a returned object, with what its metadata are made of when they are wanted.

    Few callers want them, and making them for every call would cost it 2 us. The response itself
    is not kept: its body may be large.
    """

    __slots__ = ("key", "source")

    key: int
    source: Metadata | tuple[int, Headers, str, int, Callable[[Headers], str | None], bool, bool]


# A table beside the objects rather than an attribute on them: it works for any model, a user's own
# included, and stays out of their fields, repr, comparison and serialization.
_table: dict[int, _Kept] = {}


def attach(value: object, source: Response | Metadata) -> None:
    """Keep the metadata of a response as long as `value` lives.

    A value that takes no weak reference keeps none, nor does one that other calls return too.
    """
    if isinstance(value, _SHARED):
        return
    try:
        kept = _Kept(value, _forget)
    except TypeError:
        return
    kept.key = id(value)
    kept.source = (
        (
            source.status,
            source.headers,
            source.url,
            source.attempts,
            source.find_request_id,
            source.from_cache,
            source.revalidated,
        )
        if isinstance(source, Response)
        else source
    )
    _table[kept.key] = kept


def _forget(kept: _Kept) -> None:
    # The id may have been reused by the time this runs.
    if _table.get(kept.key) is kept:
        del _table[kept.key]


def metadata(returned: object, /) -> Metadata:
    """Return the status, headers and request id that came with a response.

    Args:
        returned: the object that a call returned: a model, or a page of a list. Not a part of it,
            not a copy of it, and not a plain str, bytes, bool, list or dict.

    Raises:
        LookupError: no metadata is known for this object.
    """
    kept = _table.get(id(returned))
    if kept is None or kept() is not returned:
        raise LookupError(
            f"No metadata is kept for this {type(returned).__name__}: pass the object that the "
            "call returned (a model or a page), not a part or a copy of it. For plain text, "
            "bytes, a list or a dict, call sdk.request(..., returns=Response)."
        )
    if isinstance(kept.source, tuple):
        status, headers, url, attempts, find_request_id, *stored = kept.source
        request_id = find_request_id(headers)
        kept.source = Metadata(status, headers, request_id, public(url), attempts, *stored)
    return kept.source
