"""Sends requests over a pool of connections: the HTTP/1.1 client of the SDK's own calls."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterable, Callable, Mapping

from .exchange import Exchange
from .origin import split_url, write_head
from .pool import ConnectionPool

# RFC 9110, 8.6: with these, a server takes a missing length for a body that is still to come.
_EXPECT_BODY = frozenset({"POST", "PUT", "PATCH"})


class Engine:
    """An HTTP/1.1 client; it belongs to the event loop that it was made on.

    Args:
        max_connections: how many connections there may be at once.
        tls: returns the TLS context; asked when the first https host is met.
    """

    def __init__(self, max_connections: int, tls: Callable[[], ssl.SSLContext]) -> None:
        self.pool = ConnectionPool(max_connections, tls)

    async def send(
        self,
        exchange: Exchange,
        url: str,
        headers: Mapping[str, str],
        content: bytes | AsyncIterable[bytes] | None,
    ) -> None:
        """Send a request; the response is in the exchange then.

        Args:
            exchange: takes the response.
            url: where to, absolute.
            headers: names in lower case. What frames the body is added.
            content: the body.

        Raises:
            TransportError: no response arrived.
            InvalidInput: the request is not legal HTTP.
            Exception: whatever reading the content raised.
        """
        origin, target = split_url(url)
        framing = _framing(exchange.method, headers, content)
        head = write_head(exchange.method, target, origin.authority, headers, framing)
        chunked = "content-length" not in headers
        # Frames outlive a failed call in its traceback, and these may hold a token.
        del headers, url, target
        try:
            connection = await self.pool.acquire(origin, exchange.limits)
            await connection.send(exchange, head, content, chunked=chunked)
        finally:
            del head

    async def aclose(self) -> None:
        """Close every connection."""
        await self.pool.aclose()


def _framing(
    method: str, headers: Mapping[str, str], content: bytes | AsyncIterable[bytes] | None
) -> str:
    if "content-length" in headers or "transfer-encoding" in headers:
        return ""
    if content is None:
        return "content-length: 0\r\n" if method in _EXPECT_BODY else ""
    if isinstance(content, bytes):
        return f"content-length: {len(content)}\r\n"
    return "transfer-encoding: chunked\r\n"
