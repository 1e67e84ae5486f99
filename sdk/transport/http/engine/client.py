"""The HTTP/1.1 client of the SDK's own calls, on a pool of connections."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterable, Awaitable, Callable, Mapping

from .exchange import Exchange
from .origin import Origin, split_url, write_head
from .pool import ConnectionPool

# RFC 9110, 8.6: for these methods a missing length means that a body is still to come.
_EXPECT_BODY = frozenset({"POST", "PUT", "PATCH"})

_NONE: Mapping[str, str] = {}


class Engine:
    """An HTTP/1.1 client; it belongs to the event loop on which it was created.

    Args:
        max_connections: the maximum number of connections.
        tls: returns the TLS context; called for the first https host.
    """

    def __init__(self, max_connections: int, tls: Callable[[], ssl.SSLContext]) -> None:
        self.pool = ConnectionPool(max_connections, tls)

    def send(
        self,
        exchange: Exchange,
        url: str,
        headers: Mapping[str, str],
        content: bytes | AsyncIterable[bytes] | None,
        added: Mapping[str, str] = _NONE,
    ) -> Awaitable[Exchange]:
        """Send a request; awaiting it returns the exchange, with the response in it.

        Args:
            exchange: receives the response.
            url: the absolute URL.
            headers: the headers, names in lower case. Those that frame the body are added.
            content: the body.
            added: further headers; they take the place of those of the same name.

        Raises:
            TransportError: no response arrived.
            InvalidInput: the request is not valid HTTP.
            Exception: an error of reading the content.
        """
        if added and not headers.keys().isdisjoint(added):
            headers, added = {**headers, **added}, _NONE
        origin, target = split_url(url)
        if "content-length" in headers or "transfer-encoding" in headers:
            # Imported here, because few requests have one.
            from .framing import checked_body

            framing, content = "", checked_body(headers, content)
        else:
            framing = _framing(exchange.method, content)
        head = write_head(exchange.method, target, origin.authority, headers, added, framing)
        chunked = "content-length" not in headers
        # Not awaited here, and no coroutine of its own: that saves each call a microsecond.
        connection = self.pool.take_idle(origin)
        if connection is None:
            return self._send_when_free(exchange, origin, head, content, chunked=chunked)
        return connection.send(exchange, head, content, chunked=chunked)

    async def _send_when_free(
        self,
        exchange: Exchange,
        origin: Origin,
        head: bytes,
        content: bytes | AsyncIterable[bytes] | None,
        *,
        chunked: bool,
    ) -> Exchange:
        try:
            connection = await self.pool.acquire(origin, exchange.limits)
            return await connection.send(exchange, head, content, chunked=chunked)
        finally:
            # The traceback of a failed call keeps this frame alive; the head may contain a token.
            del head

    async def aclose(self) -> None:
        """Close every connection."""
        await self.pool.aclose()


def _framing(method: str, content: bytes | AsyncIterable[bytes] | None) -> str:
    if content is None:
        return "content-length: 0\r\n" if method in _EXPECT_BODY else ""
    if isinstance(content, bytes):
        return f"content-length: {len(content)}\r\n"
    return "transfer-encoding: chunked\r\n"
