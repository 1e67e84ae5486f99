"""One HTTP/1.1 connection: send a request, read its response, and be ready for the next one."""

from __future__ import annotations

import asyncio
import contextlib
import select
from collections.abc import AsyncIterable
from typing import TYPE_CHECKING, Any, Protocol

from sdk.transport.errors import ConnectionLost, ReadTimeout, WriteTimeout

from .exchange import MAX_ERROR_BYTES
from .parser import ProtocolError, ResponseParser
from .timers import NEVER
from .upload import PIECE, Upload

if TYPE_CHECKING:
    import socket

    from sdk.transport.errors import SdkError

    from .exchange import Exchange
    from .origin import Origin
    from .timers import Deadlines


# From so many bytes to come on, a body is received without the shared buffer; one that is streamed,
# in any case.
_LARGE = 128 * 1024


class Owner(Protocol):
    """The pool of a connection.

    Attributes:
        loop: the event loop.
        deadlines: the timer of the connections' time limits.
    """

    loop: asyncio.AbstractEventLoop
    deadlines: Deadlines

    def release(self, connection: Connection, idle_limit: float | None) -> None:
        """Return a connection whose exchange is complete to the pool."""
        ...

    def discard(self, connection: Connection) -> None:
        """Remove a closed connection."""
        ...


class Connection(asyncio.Protocol):
    """A connection of a pool. It serves one exchange at a time.

    Args:
        pool: the pool that it belongs to.
        origin: the origin that it is connected to.
        sock: the connected socket.

    Attributes:
        deadline: when its current time limit expires, in the event loop's time.
        closed: whether it cannot be used any more.
        transport: the transport; None before the connection is made.
        lost: a future that is done when the event loop has closed it; None until the pool sets it.
        reader: the protocol that receives for it into a shared buffer; None if it is itself that.
    """

    __slots__ = (
        "_direct",
        "_exchange",
        "_holding",
        "_loop",
        "_parser",
        "_poll",
        "_pool",
        "_sent",
        "_socket",
        "_upload",
        "closed",
        "deadline",
        "lost",
        "origin",
        "reader",
        "transport",
    )

    def __init__(self, pool: Owner, origin: Origin, sock: socket.socket) -> None:
        self._loop = pool.loop
        self._pool = pool
        self._socket = sock
        self._parser = ResponseParser()
        self._exchange: Exchange | None = None
        self._upload = Upload()
        self._sent = self._holding = self._direct = False
        self.transport: Any = None
        self._poll: Any = None
        self.origin = origin
        self.deadline = NEVER
        self.closed = False
        self.lost: asyncio.Future[None] | None = None
        self.reader: asyncio.BufferedProtocol | None = None

    # ---------------------------------------------------------------- for the pool

    def is_usable(self) -> bool:
        """Whether the server has neither closed the idle connection nor sent anything on it."""
        # The event loop may not have processed it yet.
        return not self.closed and not self.transport.is_closing() and not self.is_readable()

    def close(self) -> None:
        """Close the connection, and fail the exchange that it serves, if any."""
        if self._exchange is not None:
            self._fail(ConnectionLost("The connection was closed"))
            return
        self._retire()
        if self.transport is not None:
            self.transport.close()

    def abort(self) -> None:
        """Close the connection at once, and drop unsent data."""
        self._exchange = None
        self._retire()
        if self.transport is not None:
            self.transport.abort()

    def expire(self) -> None:
        """Act on the end of a time limit."""
        self.deadline = NEVER
        if self._exchange is None:
            self.close()
        elif self._upload.waiting is not None:
            self._fail(WriteTimeout("Timed out while sending the request"))
        else:
            self._fail(ReadTimeout("Timed out while reading the response"))

    # ---------------------------------------------------------------- an exchange

    async def send(
        self,
        exchange: Exchange,
        head: bytes,
        content: bytes | AsyncIterable[bytes] | None,
        *,
        chunked: bool = False,
    ) -> Exchange:
        """Send a request; return the exchange when the response is there, as far as it demands.

        Args:
            exchange: receives the response.
            head: the request line and the headers.
            content: the body.
            chunked: whether the headers say that the body comes in chunks.

        Raises:
            TransportError: no response arrived.
            Exception: an error of reading the content.
        """
        if self.closed:
            raise ConnectionLost("The connection was closed before it was used", sent=False)
        self._parser.start(exchange.method)
        self._exchange = exchange
        self._sent = False
        exchange.begin(self, self._loop.create_future())
        try:
            if isinstance(content, bytes) and len(content) <= PIECE:
                head, content = head + content, None
            self.transport.write(head)
            # The traceback of a failed call keeps this frame alive; the head may contain a token.
            del head
            if content is None:
                self._sent = True
                if self._upload.paused:
                    await self._upload.drained(self, exchange)
            else:
                upload = self._upload.send(self, exchange, content, chunked=chunked)
                self._sent = await upload
            if not exchange.arrived.done():
                self._limit(exchange.limits.read)
                await exchange.arrived
        except BaseException:
            self.give_up(exchange)
            raise
        if exchange.error is not None:
            raise exchange.error
        return exchange

    def give_up(self, exchange: Exchange) -> None:
        """Abort an exchange whose caller is gone, unless it is complete."""
        if self._exchange is exchange:
            self.abort()

    def expect_data(self, exchange: Exchange) -> None:
        """Start the time limit of a reader that waits for more of a streamed body."""
        if self._exchange is exchange:
            self._limit(exchange.limits.read)

    def expect_nothing(self, exchange: Exchange) -> None:
        """Stop the time limit of a reader, which is processing the received data."""
        if self._exchange is exchange:
            self.deadline = NEVER

    def resume(self, exchange: Exchange) -> None:
        """Resume reading, after the reader of a streamed body has caught up."""
        if self._exchange is exchange:
            self._read_on()

    def is_wanted(self, exchange: Exchange) -> bool:
        """Whether the rest of a request is to be sent."""
        # RFC 9112, 9.5: after an error status the rest of the request need not be sent.
        return self._exchange is exchange and self._parser.status < 300

    def limit(self, exchange: Exchange, seconds: float | None) -> None:
        """Set the time limit of an exchange, if it is still the current one."""
        if self._exchange is exchange:
            self._limit(seconds)

    def _limit(self, seconds: float | None) -> None:
        if seconds is None:
            self.deadline = NEVER
        else:
            self.deadline = deadline = self._loop.time() + seconds
            if deadline < self._pool.deadlines.when:
                self._pool.deadlines.expect(deadline)

    # ---------------------------------------------------------------- called by the event loop

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Store the transport."""
        self.transport = transport
        # Windows has no poll().
        if hasattr(select, "poll"):
            self._poll = select.poll()
            self._poll.register(self._socket, select.POLLIN)

    def data_received(self, data: bytes) -> None:
        """Handle received data."""
        exchange, parser = self._exchange, self._parser
        if exchange is None:
            # Data without a request must not become the response to the next request.
            self.abort()
            return
        if exchange.streamed and parser.count(len(data)):
            self._pass_on(exchange, data)
            return
        try:
            parser.feed(data)
        except ProtocolError as error:
            self._fail(_broken(error))
            return
        if parser.has_head:
            self._progress(exchange)
        elif self._upload.waiting is None:
            self._limit(exchange.limits.read)

    def eof_received(self) -> None:
        """Handle the end of the server's data; the transport closes itself."""
        if self._exchange is None:
            self._retire()

    def connection_lost(self, exc: Exception | None) -> None:
        """Handle the loss of the connection, and fail the current exchange."""
        if self._exchange is not None and exc is not None and not self.origin.secure:
            self._read_rest()
        if self._exchange is not None:
            self._end(exc)
        self._retire()
        if self.lost is not None and not self.lost.done():
            self.lost.set_result(None)

    def pause_writing(self) -> None:
        """Pause sending: the server does not keep up."""
        self._upload.paused = True

    def resume_writing(self) -> None:
        """Resume sending."""
        self._upload.paused = False
        self._upload.wake()

    # ---------------------------------------------------------------- the response

    def _progress(self, exchange: Exchange) -> None:
        parser = self._parser
        if not exchange.status_code:
            exchange.status_code, exchange.head = parser.status, parser.head
            exchange.compressed = parser.compressed
            if parser.status >= 300:
                self._upload.wake()
            if not parser.complete and (exchange.streamed or parser.left >= _LARGE):
                self._receive_directly()
        if parser.complete:
            self._finish(exchange)
        elif exchange.streamed:
            self._pass_on(exchange, parser.take())
            exchange.notify()
        elif parser.size > MAX_ERROR_BYTES and exchange.is_enough(parser.size):
            exchange.content = parser.take()[:MAX_ERROR_BYTES]
            self.abort()
            self._upload.wake()
            exchange.finish()
        else:
            too_large = exchange.check_size(parser.size)
            if too_large is not None:
                self._fail(too_large)
            elif self._upload.waiting is None:
                self._limit(exchange.limits.read)

    def _receive_directly(self) -> None:
        """Receive the rest of a body in pieces of its own, which need not be copied."""
        if self.reader is not None:
            self._direct = True
            self.transport.set_protocol(self)

    def _pass_on(self, exchange: Exchange, data: bytes) -> None:
        """Pass a piece of a streamed body to the reader."""
        if exchange.add(data) and not self._holding:
            self._holding = True
            self.transport.pause_reading()
        if self._upload.waiting is None:
            self.deadline = NEVER

    def _finish(self, exchange: Exchange) -> None:
        parser, upload, transport = self._parser, self._upload, self.transport
        if exchange.streamed:
            exchange.add(parser.take())
        else:
            too_large = exchange.check_size(parser.size)
            if too_large is not None:
                self._fail(too_large)
                return
            exchange.content = parser.take()
        self._exchange = None
        if self._direct and self.reader is not None:
            self._direct = False
            transport.set_protocol(self.reader)
        if upload.waiting is not None:
            upload.wake()
        if self._holding:
            self._read_on()
        if not self._sent or transport.get_write_buffer_size():
            self.abort()
        elif parser.keep_alive and not transport.is_closing():
            self._pool.release(self, parser.idle_limit)
        else:
            self.close()
        exchange.finish()

    def _end(self, exc: Exception | None) -> None:
        exchange = self._exchange
        if exchange is None:
            return
        if exc is None:
            try:
                self._parser.feed_eof()
            except ProtocolError as error:
                self._fail(_broken(error))
            else:
                self._progress(exchange)
            return
        doing = "reading" if self._sent else "sending"
        reason = getattr(exc, "strerror", None) or type(exc).__name__
        self._fail(ConnectionLost(f"The connection broke while {doing}: {reason}"))

    def _read_rest(self) -> None:
        # The event loop reports a failed write without reading the data that arrived before it.
        with contextlib.suppress(OSError):
            while self._exchange is not None:
                data = self._socket.recv(PIECE)
                if not data:
                    break
                self.data_received(data)

    def _fail(self, error: SdkError) -> None:
        exchange = self._exchange
        self.abort()
        self._upload.wake()
        if exchange is not None:
            exchange.fail(error)

    def _read_on(self) -> None:
        if self._holding:
            self._holding = False
            self.transport.resume_reading()

    def _retire(self) -> None:
        self.deadline = NEVER
        if not self.closed:
            self.closed = True
            # It refers to this object.
            self.reader = None
            self._pool.discard(self)

    def is_readable(self) -> bool:
        """Whether data, or the end of the connection, waits to be read."""
        if self._poll is not None:
            # The file descriptor of a closed socket may belong to another one by now.
            return self._socket.fileno() < 0 or bool(self._poll.poll(0))
        return self._socket.fileno() < 0 or bool(select.select([self._socket], [], [], 0)[0])


def _broken(error: ProtocolError) -> ConnectionLost:
    return ConnectionLost(f"The server violated the HTTP protocol: {error}")
