"""A transport of httpx on the connection pool of httpcore2, for proxies and HTTP/2.

httpx's own pool (httpcore 1) loses a connection slot whenever a call is cancelled at the wrong
moment, until none is left. httpcore2's does not, and is faster with many callers.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Self

import httpcore2
import httpx

from sdk.transport.errors import InvalidInput

from .interception import pool_is_patched, transport_is_patched
from .network import WRITTEN_TO, Backend

if TYPE_CHECKING:
    import ssl

KEEPALIVE_EXPIRY = 60.0
"""How long an idle connection is kept, in seconds."""

# httpcore2 opens an HTTP/2 connection for several requests at once. If the first of them is
# cancelled while it opens the connection, the others find it closed, and are sent on another one.
_MOST_OPENINGS = 3


class Httpcore2Transport(httpx.AsyncHTTPTransport):
    """A transport of httpx on httpcore2's connection pool.

    It is a subclass of httpx's own transport, to which it delegates if a test tool has patched
    that, or httpcore 1: plain ``respx.mock`` and similar tools then intercept the call, or pass it
    through.
    """

    def __init__(
        self,
        context: ssl.SSLContext,
        *,
        max_connections: int,
        http2: bool = False,
        proxy: httpx.Proxy | None = None,
    ) -> None:
        # Without super().__init__(), which would create another pool and TLS context.
        limits: dict[str, Any] = {
            "ssl_context": context,
            "max_connections": max_connections,
            "max_keepalive_connections": max_connections,
            "keepalive_expiry": KEEPALIVE_EXPIRY,
            "http1": True,
            "http2": http2,
            "network_backend": Backend(),
        }
        self._httpcore2_pool = _pool(limits, proxy)
        self._patched: httpx.AsyncHTTPTransport | None = None
        self._context = context

    async def __aenter__(self) -> Self:
        await self._httpcore2_pool.__aenter__()
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close every connection."""
        await self._httpcore2_pool.aclose()
        if self._patched is not None:
            await self._patched.aclose()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; raise httpx's own exceptions for any failure."""
        if transport_is_patched() or pool_is_patched():
            if self._patched is None:
                self._patched = httpx.AsyncHTTPTransport(verify=self._context)
            return await self._patched.handle_async_request(request)
        for _ in range(_MOST_OPENINGS):
            written_to = _Written(self._watch)
            try:
                return await self._send(request, written_to)
            except Exception as error:
                if not (_is_of_h2(error) and not written_to):
                    raise
        # Nothing of the request was sent.
        raise httpx.ConnectError("The connection was closed while it was opened")

    async def _send(self, request: httpx.Request, written_to: _Written) -> httpx.Response:
        url = request.url
        token = WRITTEN_TO.set(written_to)
        try:
            response: Any = await self._httpcore2_pool.handle_async_request(
                httpcore2.Request(
                    method=request.method,
                    url=httpcore2.URL(
                        scheme=url.raw_scheme,
                        host=url.raw_host,
                        port=url.port,
                        target=url.raw_path,
                    ),
                    headers=request.headers.raw,
                    content=request.stream,
                    extensions=request.extensions,
                )
            )
        except BaseException as error:
            self._retire(written_to)
            mapped = _as_httpx(error) if isinstance(error, Exception) else None
            if mapped is None:
                raise
            raise mapped from error
        finally:
            WRITTEN_TO.reset(token)
        return httpx.Response(
            status_code=response.status,
            headers=response.headers,
            stream=_Stream(response.stream, lambda: self._retire(written_to)),
            extensions=response.extensions,
        )

    def _retire(self, written_to: _Written) -> None:
        """Remove the connection of an abandoned HTTP/2 stream from the pool.

        httpcore2 neither resets such a stream nor returns its share of the flow-control window: a
        few of them would block the connection. The other streams on it continue, and new requests
        get another connection, as after a cancelled HTTP/1.1 call.
        """
        for connection in self._connections_of(written_to):
            # httpcore2 sets this itself when all stream ids are used.
            connection._used_all_stream_ids = True

    def _watch(self, written_to: _Written) -> None:
        from .http2_upload import watch

        for connection in self._connections_of(written_to):
            watch(connection)

    def _connections_of(self, written_to: _Written) -> list[Any]:
        inner = [getattr(each, "_connection", None) for each in self._httpcore2_pool.connections]
        return [each for each in inner if getattr(each, "_network_stream", None) in written_to]


class _Written(list[Any]):
    """The shared connections that a request was written to; `first` is called after the first."""

    def __init__(self, first: Callable[[_Written], None]) -> None:
        super().__init__()
        self._first = first

    def append(self, stream: Any) -> None:
        super().append(stream)
        if len(self) == 1:
            self._first(self)


class _Stream(httpx.AsyncByteStream):
    def __init__(self, stream: Any, abandon: Callable[[], None]) -> None:
        self._stream = stream
        self._abandon = abandon
        self._whole = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for part in self._stream:
                yield part
            self._whole = True
        except Exception as error:
            mapped = _as_httpx(error)
            if mapped is None:
                raise
            raise mapped from error

    async def aclose(self) -> None:
        """Return the connection to the pool."""
        if not self._whole:
            self._abandon()
        await self._stream.aclose()


def _pool(limits: dict[str, Any], proxy: httpx.Proxy | None) -> httpcore2.AsyncConnectionPool:
    if proxy is None:
        return httpcore2.AsyncConnectionPool(**limits)
    url = httpcore2.URL(
        scheme=proxy.url.raw_scheme,
        host=proxy.url.raw_host,
        port=proxy.url.port,
        target=proxy.url.raw_path,
    )
    if proxy.url.scheme in ("socks5", "socks5h"):
        if find_spec("socksio") is None:
            raise InvalidInput(
                "The environment names a SOCKS proxy, which needs the socksio package: install it, "
                "or unset ALL_PROXY."
            )
        return httpcore2.AsyncSOCKSProxy(proxy_url=url, proxy_auth=proxy.raw_auth, **limits)
    return httpcore2.AsyncHTTPProxy(
        proxy_url=url,
        proxy_auth=proxy.raw_auth,
        proxy_headers=proxy.headers.raw,
        proxy_ssl_context=proxy.ssl_context,
        **limits,
    )


def _is_of_h2(error: BaseException) -> bool:
    """Return whether h2 refused to send something on a connection that is closed."""
    causes: list[BaseException | None] = [error, error.__cause__, error.__context__]
    causes += [each.__context__ for each in causes if each is not None]
    return any(type(each).__module__.startswith("h2.") for each in causes)


def _as_httpx(error: Exception) -> Exception | None:
    """Return httpx's exception of the same name; those of h2 and TLS pass httpcore2 as they are."""
    for cls in type(error).__mro__:
        if cls.__module__.startswith("httpcore2"):
            same: type[Exception] | None = getattr(httpx, cls.__name__, None)
            if same is not None:
                return same(str(error))
    if isinstance(error, (OSError, EOFError)) or type(error).__module__.startswith(
        ("h2.", "anyio")
    ):
        return httpx.RemoteProtocolError(f"{type(error).__name__}: {error}")
    return None
