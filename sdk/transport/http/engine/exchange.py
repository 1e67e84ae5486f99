"""One request and its response, as the connection sees it and as the caller reads it."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, NamedTuple, Protocol

from sdk.transport.errors import ResponseTooLarge

if TYPE_CHECKING:
    from sdk.transport.errors import SdkError
    from sdk.transport.options import Timeout

MAX_ERROR_BYTES = 1 << 20
"""How much of the body of an error is read."""

# How much of a streamed body waits for its reader before the connection stops reading.
BUFFER = 512 * 1024
# A body that cannot be compressed becomes a little larger when it is.
_GZIP_SLACK = 1 << 16


class Limits(NamedTuple):
    """Time limits of an exchange in seconds; None for none.

    Attributes:
        connect: to make a connection, TLS included.
        read: from one piece of the response to the next.
        write: from one piece of the request to the next.
        pool: to get a connection when all are busy.
    """

    connect: float | None
    read: float | None
    write: float | None
    pool: float | None


def limits(timeout: Timeout, left: float | None) -> Limits:
    """Return the limits of one attempt, each cut to the time `left` for the whole call."""
    connect, read, write, pool = timeout.connect, timeout.read, timeout.write, timeout.pool
    if left is not None:
        connect = left if connect is None or connect > left else connect
        read = left if read is None or read > left else read
        write = left if write is None or write > left else write
        pool = left if pool is None or pool > left else pool
    return Limits(connect, read, write, pool)


class Carrier(Protocol):
    """The connection that an exchange is on, as the exchange needs it."""

    def expect_data(self, exchange: Exchange) -> None:
        """Begin the time limit of a reader who waits for more of the body."""
        ...

    def expect_nothing(self, exchange: Exchange) -> None:
        """End that time limit."""
        ...

    def resume(self, exchange: Exchange) -> None:
        """Read on, after the reader has caught up."""
        ...

    def give_up(self, exchange: Exchange) -> None:
        """End the exchange, unless it is over already."""
        ...


class RawHeaders(NamedTuple):
    """Headers as they arrived."""

    raw: list[tuple[bytes, bytes]]


class Exchange(AsyncIterator[bytes]):
    """A request that was sent, and its response.

    It has the part of an ``httpx.Response`` that the transport uses. Without `most_bytes` it is
    there as soon as its head is, and is an async iterator over the pieces of the body; otherwise it
    is there when the body is complete.

    Args:
        method: of the request.
        limits: its time limits.
        most_bytes: the largest body to accept before decompression; None to stream it.

    Attributes:
        status_code: the status code.
        head: the status line and the headers as they arrived.
        content: the whole body, still compressed if it came so; empty when it is streamed.
        streamed: whether the body is read piece by piece.
        complete: whether nothing more will arrive.
        error: what ended it early.
    """

    __slots__ = (
        "_buffered",
        "_connection",
        "_more",
        "_paused",
        "_pieces",
        "arrived",
        "complete",
        "content",
        "error",
        "head",
        "limits",
        "method",
        "most_bytes",
        "status_code",
        "streamed",
    )

    # A mocked response of httpx is read, and decompressed, when it arrives.
    is_stream_consumed = False

    def __init__(self, method: str, limits: Limits, *, most_bytes: int | None) -> None:
        self.method = method
        self.limits = limits
        self.most_bytes = most_bytes
        self.streamed = most_bytes is None
        self.status_code = 0
        self.head = self.content = b""
        self.complete = False
        self.error: SdkError | None = None

    def begin(self, connection: Carrier, arrived: asyncio.Future[None]) -> None:
        """Expect a response on this connection; `arrived` is done when it, or an error, is here."""
        self._connection = connection
        self.arrived = arrived
        self._paused = False
        self._more: asyncio.Future[None] | None = None
        if self.streamed:
            self._pieces: deque[bytes] = deque()
            self._buffered = 0

    @property
    def headers(self) -> RawHeaders:
        """Names and values of the headers, in order."""
        return RawHeaders(header_lines(self.head))

    def aiter_raw(self) -> Exchange:
        """Iterate over the pieces of the body as they arrived."""
        return self

    # ---------------------------------------------------------------- called by the connection

    def add(self, piece: bytes) -> bool:
        """Take a piece of a streamed body; says whether there are too many."""
        if piece:
            self._pieces.append(piece)
            self._buffered += len(piece)
            self._wake()
            self._paused = self._buffered > BUFFER
        return self._paused

    def finish(self) -> None:
        """Note that the response is complete."""
        self.complete = True
        self._wake()
        self.notify()

    def fail(self, error: SdkError) -> None:
        """Note that no more will arrive, and why."""
        self.error = error
        self._wake()
        self.notify()

    def notify(self) -> None:
        """Let the caller go on who waits for the response."""
        if not self.arrived.done():
            self.arrived.set_result(None)

    def is_enough(self, size: int) -> bool:
        """Whether so much has come of the body of an error that the rest is of no use."""
        most = self.most_bytes
        return (
            self.status_code >= 400
            and most is not None
            and size > MAX_ERROR_BYTES
            and most > MAX_ERROR_BYTES
        )

    def check_size(self, size: int) -> SdkError | None:
        """Return the error of a body that is larger than allowed."""
        most = self.most_bytes
        if most is None or size <= most:
            return None
        if b"\r\ncontent-encoding:" in self.head.lower() and size <= most * 1.01 + _GZIP_SLACK:
            return None
        return ResponseTooLarge(f"The response's body is larger than {most:,} bytes.")

    def _wake(self) -> None:
        if self._more is not None and not self._more.done():
            self._more.set_result(None)

    # ---------------------------------------------------------------- called by the reader

    async def __anext__(self) -> bytes:
        while not self._pieces:
            if self.error is not None:
                raise self.error
            if self.complete:
                raise StopAsyncIteration
            self._more = asyncio.get_running_loop().create_future()
            self._connection.expect_data(self)
            try:
                await self._more
            finally:
                self._more = None
                self._connection.expect_nothing(self)
        piece = self._pieces.popleft()
        self._buffered -= len(piece)
        if self._paused and self._buffered <= BUFFER // 2:
            self._paused = False
            self._connection.resume(self)
        return piece

    async def aclose(self) -> None:
        """End the exchange; the connection is closed if there is more to come."""
        if not self.complete and self.error is None:
            self.complete = True
            self._connection.give_up(self)
        if self.streamed:
            self._pieces.clear()


def header_lines(head: bytes) -> list[tuple[bytes, bytes]]:
    """Split the head of a response, which the parser has checked, into names and values."""
    pairs: list[tuple[bytes, bytes]] = []
    for line in head.split(b"\r\n")[1:-2]:
        name, _, value = line.partition(b":")
        pairs.append((name, value.strip(b" \t")))
    return pairs
