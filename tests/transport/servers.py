"""A server that runs a test's function for each connection."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Self

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class HandlerServer:
    """Runs a function for each connection, and ends what still runs when it closes.

    Attributes:
        port: on 127.0.0.1.
        connected: set when a connection is accepted.
    """

    def __init__(self, serve: Serve) -> None:
        self._serve = serve
        self._open: set[asyncio.Task[None]] = set()
        self.connected = asyncio.Event()
        self.port = 0

    @property
    def url(self) -> str:
        """The base URL, without a slash at its end."""
        return f"http://127.0.0.1:{self.port}"

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
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
        self.connected.set()
        gone = (OSError, EOFError, asyncio.BrokenBarrierError, asyncio.CancelledError)
        try:
            with contextlib.suppress(*gone):
                await self._serve(reader, writer)
        finally:
            self._open.discard(task)
            writer.close()
