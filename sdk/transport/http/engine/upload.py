"""The sending side of a connection: back-pressure, and bodies that are sent in pieces."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable, Iterator
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from .exchange import Exchange

PIECE = 256 * 1024
"""A body in memory is written in pieces of this size, so that the write timeout applies."""


class Line(Protocol):
    """The connection that is written to.

    Attributes:
        transport: its transport.
    """

    transport: Any

    def is_readable(self) -> bool:
        """Whether data, or the end of the connection, waits to be read."""
        ...

    def is_wanted(self, exchange: Exchange) -> bool:
        """Whether the rest of a request is to be sent."""
        ...

    def limit(self, exchange: Exchange, seconds: float | None) -> None:
        """Set the time limit of an exchange, if it is still the current one."""
        ...


class Upload:
    """The state of the sending side.

    Attributes:
        paused: whether the server does not keep up.
        waiting: done when the sender may go on; None if it does not wait.
    """

    __slots__ = ("paused", "waiting")

    def __init__(self) -> None:
        self.paused = False
        self.waiting: asyncio.Future[None] | None = None

    async def send(
        self,
        line: Line,
        exchange: Exchange,
        content: bytes | AsyncIterable[bytes],
        *,
        chunked: bool,
    ) -> bool:
        """Send a body in pieces; return False if the response made the rest superfluous.

        Raises:
            Exception: an error of reading the content.
        """
        transport = line.transport
        if isinstance(content, bytes):
            for part in _parts(content):
                if not await self._may_write(line, exchange):
                    return False
                transport.write(part)
            return True
        async for piece in content:
            if not await self._may_write(line, exchange):
                return False
            if not chunked:
                transport.write(piece)
            elif piece:
                transport.writelines((b"%x\r\n" % len(piece), piece, b"\r\n"))
        if chunked:
            if not await self._may_write(line, exchange):
                return False
            transport.write(b"0\r\n\r\n")
        return True

    async def drained(self, line: Line, exchange: Exchange) -> None:
        """Wait until the server keeps up, or needs no more."""
        while self.paused and line.is_wanted(exchange):
            self.waiting = asyncio.get_running_loop().create_future()
            line.limit(exchange, exchange.limits.write)
            try:
                await self.waiting
            finally:
                self.waiting = None
                line.limit(exchange, None)

    def wake(self) -> None:
        """Wake the sender, if it waits."""
        if self.waiting is not None and not self.waiting.done():
            self.waiting.set_result(None)

    async def _may_write(self, line: Line, exchange: Exchange) -> bool:
        """Wait until more can be sent; return False if the response or an error has arrived."""
        if line.is_readable():
            # Writing to a connection that the server has closed would lose its last response. The
            # event loop reads from its sockets only after this task has yielded.
            await asyncio.sleep(0)
            await asyncio.sleep(0)
        await self.drained(line, exchange)
        return line.is_wanted(exchange)


def _parts(content: bytes) -> Iterator[memoryview]:
    view = memoryview(content)
    return (view[start : start + PIECE] for start in range(0, len(view), PIECE))
