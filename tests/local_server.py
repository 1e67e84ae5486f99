"""A server on 127.0.0.1 whose connections end with it, for the servers that tests script."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from typing import Self


class LocalServer:
    """Serves each accepted connection with ``_serve``; an async context manager.

    Attributes:
        connections: how many were accepted.
        connected: set when a connection is accepted.
        port: the port on 127.0.0.1.
    """

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self._context = context
        self._open: set[asyncio.Task[None]] = set()
        self.connections = 0
        self.connected = asyncio.Event()
        self.port = 0

    @property
    def url(self) -> str:
        """The base URL, without a slash at its end."""
        # Certificates are issued for this name.
        return (
            f"https://localhost:{self.port}" if self._context else f"http://127.0.0.1:{self.port}"
        )

    async def __aenter__(self) -> Self:
        # Since Python 3.12 a server is closed when its connections are, and a client that keeps
        # them does not answer the close_notify of TLS.
        tls = {"ssl": self._context, "ssl_shutdown_timeout": 0.01} if self._context else {}
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0, **tls)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        self._server.close()
        for task in self._open:
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)
        await self._server.wait_closed()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        self.connections += 1
        self.connected.set()
        gone = (OSError, EOFError, asyncio.BrokenBarrierError, asyncio.CancelledError)
        try:
            with contextlib.suppress(*gone):
                await self._serve(reader, writer)
        finally:
            self._open.discard(task)
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        raise NotImplementedError
