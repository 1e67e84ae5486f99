"""Servers that speak TLS: the scripted one over HTTP/1.1, and one that breaks HTTP/2."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import Callable
from typing import Any

import h2.config
import h2.connection
import h2.events
import trustme

from tests.faults import FaultServer, Script
from tests.local_server import LocalServer


class SecureServer(FaultServer):
    """The scripted server, over TLS."""

    def __init__(self, authority: trustme.CA, *scripts: Script) -> None:
        super().__init__(*scripts, context=_context(authority))


Break = Callable[[h2.connection.H2Connection, int, asyncio.StreamWriter], None]
"""Responds on one stream; takes the connection, the stream's number and the socket."""


class Http2Server(LocalServer):
    """Responds to each HTTP/2 request with the next function, and to all later ones with the last.

    Attributes:
        requests: the headers of each request, in order.
        arrived: set when the first request arrives.
        cancelled: how many streams the client reset.
    """

    def __init__(self, authority: trustme.CA, *breaks: Break) -> None:
        context = _context(authority)
        context.set_alpn_protocols(["h2"])
        super().__init__(context)
        self._breaks = breaks
        self.requests: list[dict[str, str]] = []
        self.arrived = asyncio.Event()
        self.cancelled = 0

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
    """Return a function that sends a complete, valid response."""

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
    """Send the pending data, and close the connection."""
    writer.write(connection.data_to_send())
    with contextlib.suppress(ConnectionError):
        writer.close()


def _context(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost").configure_cert(context)
    return context
