"""One request and its response, as written by the connection and read by the caller."""

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
"""How much of the body of an error is read, in bytes."""

# The bytes of a streamed body that are buffered before the connection pauses reading.
BUFFER = 512 * 1024
# The same while the reader waits for them. That makes downloads faster: until the reader has taken
# them, the system collects data, which is then read at once.
_TO_WAITING = 64 * 1024
# Compression makes an incompressible body slightly larger.
_GZIP_SLACK = 1 << 16


class Limits(NamedTuple):
    """Time limits of an exchange in seconds; None for none.

    Attributes:
        connect: for making a connection, TLS included.
        read: between two pieces of the response.
        write: between two pieces of the request.
        pool: for waiting for a free connection.
    """

    connect: float | None
    read: float | None
    write: float | None
    pool: float | None


def limits(timeout: Timeout, left: float | None) -> Limits | Timeout:
    """Return the limits of one attempt, each cut to the time `left` for the whole call."""
    if left is None:
        return timeout
    connect, read, write, pool = timeout.connect, timeout.read, timeout.write, timeout.pool
    if (
        (connect is not None and connect <= left)
        and (read is not None and read <= left)
        and (write is not None and write <= left)
        and (pool is not None and pool <= left)
    ):
        # Nothing to cut, as in the first attempt of most calls.
        return timeout
    return Limits(_cut(connect, left), _cut(read, left), _cut(write, left), _cut(pool, left))


def _cut(seconds: float | None, left: float) -> float:
    return left if seconds is None or seconds > left else seconds


class Carrier(Protocol):
    """The connection of an exchange."""

    def expect_data(self, exchange: Exchange) -> None:
        """Start the time limit of a reader that waits for more of the body."""
        ...

    def expect_nothing(self, exchange: Exchange) -> None:
        """Stop that time limit."""
        ...

    def resume(self, exchange: Exchange) -> None:
        """Resume reading, after the reader has caught up."""
        ...

    def give_up(self, exchange: Exchange) -> None:
        """Abort the exchange, unless it is complete."""
        ...


class RawHeaders(NamedTuple):
    """The received headers."""

    raw: list[tuple[bytes, bytes]]


class Exchange(AsyncIterator[bytes]):
    """A sent request and its response.

    It has the part of the interface of ``httpx.Response`` that the transport uses. Without
    `most_bytes` it is available with its head, and is an async iterator over the pieces of the
    body; otherwise it is available when the body is complete.

    Args:
        method: the HTTP method.
        limits: the time limits.
        most_bytes: the largest body to accept, in bytes before decompression; None to stream it.

    Attributes:
        status_code: the status code.
        head: the status line and the headers, as received.
        compressed: whether they name a content encoding.
        content: the whole body, still compressed if it was sent so; empty if it is streamed.
        streamed: whether the body is read piece by piece.
        complete: whether no more data will arrive.
        error: the error that ended it, if any.
    """

    __slots__ = (
        "_buffered",
        "_connection",
        "_more",
        "_paused",
        "_pieces",
        "arrived",
        "complete",
        "compressed",
        "content",
        "error",
        "head",
        "limits",
        "method",
        "most_bytes",
        "status_code",
        "streamed",
    )

    # Unlike a mocked response of httpx, the body is not decompressed.
    is_stream_consumed = False

    def __init__(self, method: str, limits: Limits | Timeout, *, most_bytes: int | None) -> None:
        self.method = method
        self.limits = limits
        self.most_bytes = most_bytes
        self.streamed = most_bytes is None
        self.status_code = 0
        self.head = self.content = b""
        self.complete = self.compressed = False
        self.error: SdkError | None = None

    def begin(self, connection: Carrier, arrived: asyncio.Future[None]) -> None:
        """Expect a response on this connection; `arrived` is done after it or an error arrives."""
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
        """Iterate over the received pieces of the body."""
        return self

    # ---------------------------------------------------------------- called by the connection

    def add(self, piece: bytes) -> bool:
        """Add a piece of a streamed body; return whether the buffer is full."""
        if piece:
            self._pieces.append(piece)
            self._buffered += len(piece)
            self._paused = self._buffered > (BUFFER if self._more is None else _TO_WAITING)
            self._wake()
        return self._paused

    def finish(self) -> None:
        """Mark the response as complete."""
        self.complete = True
        if self._more is not None:
            self._wake()
        if not self.arrived.done():
            self.arrived.set_result(None)

    def fail(self, error: SdkError) -> None:
        """Fail with an error: no more data will arrive."""
        self.error = error
        self._wake()
        self.notify()

    def notify(self) -> None:
        """Wake the caller that waits for the response."""
        if not self.arrived.done():
            self.arrived.set_result(None)

    def is_enough(self, size: int) -> bool:
        """Return whether enough of the body of an error has arrived."""
        most = self.most_bytes
        return (
            self.status_code >= 400
            and most is not None
            and size > MAX_ERROR_BYTES
            and most > MAX_ERROR_BYTES
        )

    def check_size(self, size: int) -> SdkError | None:
        """Return the error if the body is larger than allowed."""
        most = self.most_bytes
        if most is None or size <= most:
            return None
        if self.compressed and size <= most * 1.01 + _GZIP_SLACK:
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
            self._more = self.arrived.get_loop().create_future()
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
        """End the exchange; close the connection if the body is incomplete."""
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
