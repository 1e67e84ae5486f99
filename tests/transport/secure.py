"""Servers that speak TLS: the scripted one over HTTP/1.1, and one that breaks HTTP/2."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import Awaitable, Callable
from typing import Any, Self

import h2.config
import h2.connection
import h2.events
import trustme

from tests.faults import FaultServer, Script


class SecureServer(FaultServer):
    """The scripted server, over TLS."""

    def __init__(self, authority: trustme.CA, *scripts: Script) -> None:
        super().__init__(*scripts)
        self._authority = authority

    async def __aenter__(self) -> Self:
        self._server = await _listen(self._connected, _context(self._authority))
        self.url = f"https://localhost:{self._server.sockets[0].getsockname()[1]}"
        return self


Connected = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

Break = Callable[[h2.connection.H2Connection, int, asyncio.StreamWriter], None]
"""Answers one stream; takes the connection, the stream's number and the socket."""


class Http2Server:
    """Answers each HTTP/2 request with the next breakage, the last one serves all that follow.

    Attributes:
        url: the base URL, without a slash at its end.
        connections: how many were accepted.
        requests: the headers of each request, in order.
        arrived: set when the first request arrives.
        cancelled: how many streams the client gave up.
    """

    def __init__(self, authority: trustme.CA, *breaks: Break) -> None:
        self._authority = authority
        self._breaks = breaks
        self._open: set[asyncio.Task[None]] = set()
        self.connections = 0
        self.requests: list[dict[str, str]] = []
        self.arrived = asyncio.Event()
        self.cancelled = 0
        self.url = ""

    async def __aenter__(self) -> Self:
        context = _context(self._authority)
        context.set_alpn_protocols(["h2"])
        self._server = await _listen(self._connected, context)
        self.url = f"https://localhost:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        self._server.close()
        for task in self._open:
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)
        await self._server.wait_closed()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        try:
            await self._serve(reader, writer)
        except (ConnectionError, ssl.SSLError, asyncio.CancelledError):
            pass
        finally:
            self._open.discard(task)
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        config = h2.config.H2Configuration(client_side=False, header_encoding="utf-8")
        connection = h2.connection.H2Connection(config)
        connection.initiate_connection()
        writer.write(connection.data_to_send())
        while data := await reader.read(65536):
            for event in connection.receive_data(data):
                self._response(event, connection, writer)
            if writer.is_closing():
                return
            writer.write(connection.data_to_send())
            await writer.drain()

    def _response(
        self, event: Any, connection: h2.connection.H2Connection, writer: asyncio.StreamWriter
    ) -> None:
        if isinstance(event, h2.events.RequestReceived):
            self.requests.append(dict(event.headers))
            self.arrived.set()
            position = min(len(self.requests), len(self._breaks)) - 1
            self._breaks[position](connection, event.stream_id, writer)
        elif isinstance(event, h2.events.StreamReset):
            self.cancelled += 1


def whole(body: bytes = b"{}") -> Break:
    """Answer as one should."""

    def response(connection, stream, writer):
        begin(connection, stream, length=len(body))
        connection.send_data(stream, body, end_stream=True)

    return response


def begin(connection: h2.connection.H2Connection, stream: int, *, length: int) -> None:
    """Send the head of a response."""
    connection.send_headers(
        stream,
        [
            (":status", "200"),
            ("content-type", "application/json"),
            ("content-length", str(length)),
        ],
    )


def end(connection: h2.connection.H2Connection, writer: asyncio.StreamWriter) -> None:
    """Send what was said so far, and close the connection."""
    writer.write(connection.data_to_send())
    with contextlib.suppress(ConnectionError):
        writer.close()


async def _listen(connected: Connected, context: ssl.SSLContext) -> asyncio.Server:
    # Since Python 3.12 a server is closed when its connections are, and a client that keeps them
    # does not answer the farewell of TLS.
    return await asyncio.start_server(
        connected, "127.0.0.1", 0, ssl=context, ssl_shutdown_timeout=0.01
    )


def _context(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost").configure_cert(context)
    return context
