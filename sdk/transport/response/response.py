"""One complete HTTP response, and what is kept of it: the metadata of a returned object."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from dataclasses import dataclass
from datetime import tzinfo
from enum import Enum
from re import Pattern
from types import FunctionType
from typing import Any, ClassVar
from urllib.parse import urlsplit, urlunsplit

from sdk.transport.headers import Headers
from sdk.transport.value_classes import value_class

from .charset import codec_of, in_utf8
from .rate_limit import RateLimit, limit_state


class Response:
    """Status, headers and body of a response, body decompressed and read to its end.

    ``sdk.request(..., returns=Response)`` gives it for any 2xx status.

    Attributes:
        status: the HTTP status code.
        headers: names in lower case.
        body: the body, in bytes.
        url: the URL of the response, after redirects.
        attempts: the number of requests of the call.
        api_headers: headers of the API's own response, if that redirected to another host, which
            sent this one; else None.
        deadline: when the time of the call is up, on the client's monotonic clock; None for no
            limit.
        find_request_id: finds the API's id of the request among headers.
        from_cache: whether the body was stored before.
        revalidated: whether the API confirmed a stored body with a 304.
    """

    from_cache: ClassVar[bool] = False
    revalidated: ClassVar[bool] = False

    __slots__ = (
        "__weakref__",
        "api_headers",
        "attempts",
        "body",
        "deadline",
        "find_request_id",
        "headers",
        "status",
        "url",
    )

    def __init__(
        self, status: int, headers: Headers, body: bytes, url: str, attempts: int = 1
    ) -> None:
        self.status = status
        self.headers = headers
        self.body = body
        self.url = url
        self.attempts = attempts
        self.api_headers: Headers | None = None
        self.deadline: float | None = None
        self.find_request_id: Callable[[Headers], str | None] = _nowhere

    @property
    def request_id(self) -> str | None:
        """The API's id of the request, for its support; None if there is none."""
        return self.find_request_id(self.headers)

    @property
    def content_type(self) -> str:
        """The media type in lower case, without parameters; ``""`` if there is none."""
        return self.headers.content_type

    @property
    def text(self) -> str:
        """The body as text, in the charset it declares, else UTF-8; bad bytes become U+FFFD."""
        return self.body.decode(codec_of(self.headers), "replace")

    def json(self) -> Any:
        """The body parsed as JSON; raises ValueError when it is not JSON."""
        import json

        try:
            return json.loads(in_utf8(self.headers, self.body))
        except RecursionError:
            raise ValueError("the JSON is nested too deeply") from None

    @property
    def public_url(self) -> str:
        """The URL without its query and user information, which may hold secrets."""
        return _public(self.url)

    def __repr__(self) -> str:
        return f"<Response {self.status} from {self.public_url}, {len(self.body)} bytes>"


def _public(url: str) -> str:
    """Return a URL without its query and user information, which may hold secrets."""
    url = url.partition("?")[0]
    if "@" not in url:
        return url
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def _nowhere(_: Headers) -> None:
    return None


class StoredResponse(Response):
    """A stored response that was used without asking the API.

    Attributes:
        read: decodes the body, from what is remembered of it: called as ``Decoder.decode`` with the
            decoder before the body. None if nothing is.
    """

    __slots__ = ("read",)

    from_cache: ClassVar[bool] = True

    def __init__(
        self, status: int, headers: Headers, body: bytes, url: str, attempts: int = 1
    ) -> None:
        super().__init__(status, headers, body, url, attempts)
        self.read: Callable[..., Any] | None = None


class RevalidatedResponse(StoredResponse):
    """A stored response that the API has confirmed with a 304."""

    __slots__ = ()

    revalidated: ClassVar[bool] = True


@value_class
@dataclass(frozen=True, slots=True, repr=False, eq=False)
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
        return cls(
            response.status,
            response.headers,
            response.request_id,
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
        kept.source = Metadata(status, headers, request_id, _public(url), attempts, *stored)
    return kept.source
