"""The engine as a transport of httpx, so that an ``httpx.AsyncClient`` uses its connections."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, Self

import httpx

from sdk.transport import errors

from .engine.client import Engine
from .engine.exchange import Exchange, Limits
from .interception import pool_is_patched, transport_is_patched
from .tls import tls_context


class EngineTransport(httpx.AsyncHTTPTransport):
    """A transport of httpx on the engine.

    It is a subclass of httpx's own transport, to which it delegates if a tool has patched that. The
    tool then receives the call, and behind it are still the engine's connections, unless httpcore
    itself is patched: then plain ``respx.mock`` and similar tools intercept the call.
    """

    def __init__(self, engine: Engine) -> None:
        # Without super().__init__(), which would create another pool and TLS context.
        self._engine = engine
        self._patched: httpx.AsyncHTTPTransport | None = None
        # The pool that httpx's own method uses, if a tool has wrapped that method.
        self._pool: Any = _Pool(engine)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close every connection."""
        await self._engine.aclose()
        if self._patched is not None:
            await self._patched.aclose()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; raise httpx's own exceptions."""
        if pool_is_patched():
            if self._patched is None:
                self._patched = httpx.AsyncHTTPTransport(verify=tls_context(http2=False))
            return await self._patched.handle_async_request(request)
        if transport_is_patched():
            return await super().handle_async_request(request)
        exchange = await _send(
            self._engine, request.method, _address(request.url), request.headers.raw, request
        )
        return httpx.Response(
            status_code=exchange.status_code,
            headers=exchange.headers.raw,
            stream=_Body(exchange),
            extensions={"http_version": b"HTTP/1.1"},
        )


class _Pool:
    """The engine with the interface of httpcore's connection pool."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def handle_async_request(self, request: Any) -> Any:
        """Send one of httpcore's requests; raise httpx's exceptions, which httpx passes on."""
        import httpcore

        exchange = await _send(
            self._engine,
            request.method.decode("ascii"),
            bytes(request.url).decode("ascii"),
            request.headers,
            request,
        )
        return httpcore.Response(
            status=exchange.status_code,
            headers=exchange.headers.raw,
            content=_Body(exchange),
            extensions={"http_version": b"HTTP/1.1"},
        )


class _Body(httpx.AsyncByteStream):
    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for piece in self._exchange:
                yield piece
        except errors.SdkError as error:
            raise _as_httpx(error) from error

    async def aclose(self) -> None:
        """Return the connection to the pool."""
        await self._exchange.aclose()


async def _send(
    engine: Engine, method: str, url: str, headers: list[tuple[bytes, bytes]], request: Any
) -> Exchange:
    timeout = request.extensions.get("timeout", {})
    limits = Limits(*(timeout.get(phase) for phase in ("connect", "read", "write", "pool")))
    exchange = Exchange(method, limits, most_bytes=None)
    fields = _joined(headers)
    has_body = "content-length" in fields or "transfer-encoding" in fields
    try:
        await engine.send(exchange, url, fields, request.stream if has_body else None)
    except errors.SdkError as error:
        raise _as_httpx(error) from error
    finally:
        del fields, headers
    return exchange


def _address(url: httpx.URL) -> str:
    # Not str(url): the server must receive the path as httpx encoded it.
    return f"{url.scheme}://{url.netloc.decode('ascii')}{url.raw_path.decode('ascii')}"


def _joined(headers: list[tuple[bytes, bytes]]) -> dict[str, str]:
    joined: dict[str, str] = {}
    for raw_name, raw_value in headers:
        name, value = raw_name.decode("ascii").lower(), raw_value.decode("latin-1")
        if name in joined:
            # RFC 9110, 5.3, and RFC 6265, 5.4.
            value = f"{joined[name]}{'; ' if name == 'cookie' else ', '}{value}"
        joined[name] = value
    return joined


_HTTPX: tuple[tuple[type[errors.SdkError], type[httpx.TransportError]], ...] = (
    (errors.ConnectTimeout, httpx.ConnectTimeout),
    (errors.ReadTimeout, httpx.ReadTimeout),
    (errors.WriteTimeout, httpx.WriteTimeout),
    (errors.PoolTimeout, httpx.PoolTimeout),
    (errors.ConnectFailed, httpx.ConnectError),
    (errors.InvalidInput, httpx.LocalProtocolError),
)


def _as_httpx(error: errors.SdkError) -> httpx.TransportError:
    text = str(error)
    if isinstance(error, errors.InvalidInput) and text.startswith("The URL"):
        return httpx.UnsupportedProtocol(text)
    for ours, theirs in _HTTPX:
        if isinstance(error, ours):
            return theirs(text)
    what, _, why = text.partition(": ")
    if why and "protocol" in what:
        return httpx.RemoteProtocolError(why)
    return httpx.ReadError(text)
