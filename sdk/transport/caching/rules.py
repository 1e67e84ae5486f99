"""Which requests and responses are cached, and how a 304 updates a stored response. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from sdk.transport.headers import Headers
from sdk.transport.request.request import StreamRequest

if TYPE_CHECKING:
    from sdk.transport.dialect import Dialect
    from sdk.transport.request.request import Request

# The caller does it by hand, or wants a part only.
_OWN_CONDITIONS = frozenset(
    {"if-none-match", "if-modified-since", "if-match", "if-unmodified-since", "if-range", "range"}
)

# About one exchange or one connection, and not about what was received (RFC 9110, 7.6.1).
_NOT_STORED = frozenset(
    {
        "age",
        "connection",
        "date",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authentication-info",
        "retry-after",
        "set-cookie",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "www-authenticate",
    }
)
_NOT_STORED_PREFIXES = ("ratelimit", "x-ratelimit-")

# A 304 describes no body: these would be about its own (RFC 9111, 3.2).
_OF_THE_BODY = frozenset(
    {"content-encoding", "content-length", "content-range", "content-type", "transfer-encoding"}
)


def is_cacheable(request: Request, dialect: Dialect) -> bool:
    """Return whether a response to this request may be stored and used again."""
    operation = request.operation
    return (
        operation.method == "GET"
        and request.content is None
        and not isinstance(request, StreamRequest)
        # Such a call costs nothing, and what it tells changes with every other call.
        and operation.path not in dialect.uncounted
        and _OWN_CONDITIONS.isdisjoint(request.headers)
    )


def is_storable(headers: Headers, unkeyed: Collection[str]) -> bool:
    """Return whether a 200 with these headers may be stored.

    Args:
        headers: the headers of the response.
        unkeyed: names of request headers that are not part of the key and not credentials.
    """
    if not headers.get("etag"):
        return False
    if "no-store" in headers.get("cache-control", "").lower():
        return False
    vary = {name.strip().lower() for name in headers.get("vary", "").split(",")}
    return "*" not in vary and vary.isdisjoint(unkeyed)


def stored_headers(headers: Headers, dialect: Dialect) -> dict[str, str]:
    """Return the headers of a response that are stored."""
    unstored = {*_NOT_STORED, *dialect.request_id_headers, *dialect.uncached_headers}
    return {
        name: value
        for name, value in headers.items()
        if name not in unstored and not name.startswith(_NOT_STORED_PREFIXES)
    }


def updated_headers(stored: Mapping[str, str], fresh: Headers) -> Headers:
    """Return stored headers with those of a 304 in their place (RFC 9111, 3.2)."""
    return fresh.over(stored, _OF_THE_BODY)


def same_tag(one: str, other: str) -> bool:
    """Return whether two entity tags are the same by weak comparison (RFC 9110, 8.8.3.2)."""
    return one.removeprefix("W/") == other.removeprefix("W/")
