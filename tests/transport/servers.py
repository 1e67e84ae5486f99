"""A server that runs a test's function for each connection."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from tests.local_server import LocalServer

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class HandlerServer(LocalServer):
    """Runs a function for each connection, and cancels what still runs when it closes."""

    def __init__(self, serve: Serve) -> None:
        super().__init__()
        self._function = serve

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._function(reader, writer)
