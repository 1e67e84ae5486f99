"""The connection pool of a client, with a first-in-first-out queue of callers."""

from __future__ import annotations

import asyncio
import os
import ssl
from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING

from sdk.transport.errors import ConnectFailed, ConnectTimeout, PoolTimeout

from .buffer import BufferedReader, new_buffer
from .connect import connect
from .connection import Connection
from .timers import NEVER, Deadlines

if TYPE_CHECKING:
    import mmap
    import socket

    from sdk.transport.options import Timeout

    from .exchange import Limits
    from .origin import Origin

KEEPALIVE_EXPIRY = 60.0
"""How long an idle connection is kept, in seconds, unless the server announced less."""

# How long closing waits for the event loop to close the connections, in seconds.
_CLOSING = 1.0


class _Waiting:
    """A caller in the queue.

    Attributes:
        granted: a connection, or None for the permission to make one.
    """

    __slots__ = ("deadline", "granted", "origin")

    def __init__(self, origin: Origin, granted: asyncio.Future[Connection | None]) -> None:
        self.origin = origin
        self.granted = granted
        self.deadline = NEVER

    def expire(self) -> None:
        self.deadline = NEVER
        if not self.granted.done():
            text = "Timed out waiting for a free connection"
            self.granted.set_exception(PoolTimeout(text, sent=False))


class ConnectionPool:
    """A pool with a maximum number of connections to any origins; every operation is O(1).

    Args:
        max_connections: the maximum number of connections.
        tls: returns the TLS context; called for the first https origin.

    Attributes:
        loop: the event loop that it belongs to.
        deadlines: the time limits of its connections and waiting callers.
    """

    def __init__(self, max_connections: int, tls: Callable[[], ssl.SSLContext]) -> None:
        self.loop = asyncio.get_running_loop()
        self.deadlines = Deadlines(self.loop)
        self._tls = tls
        self._buffer: mmap.mmap | None = None
        # Other event loops may fill a buffer while they run something else.
        self._buffered = isinstance(self.loop, asyncio.SelectorEventLoop)
        self._room = max_connections
        self._connections: set[Connection] = set()
        # By origin, in the order in which they became idle.
        self._idle: dict[Origin, OrderedDict[Connection, None]] = {}
        self._queue: OrderedDict[_Waiting, None] = OrderedDict()
        self._closed = False

    def take_idle(self, origin: Origin) -> Connection | None:
        """Return the most recently used idle connection that still works.

        None also while others stand in line.
        """
        if self._queue:
            return None
        while idle := self._idle.get(origin):
            connection, _ = idle.popitem()
            if connection.is_usable():
                connection.deadline = NEVER
                return connection
            connection.close()
        return None

    async def acquire(self, origin: Origin, limits: Limits | Timeout) -> Connection:
        """Return an idle or a new connection; the caller must start an exchange on it at once.

        Raises:
            PoolTimeout, ConnectTimeout, ConnectFailed: there is none; nothing was sent.
        """
        connection = self.take_idle(origin)
        if connection is not None:
            return connection
        if not self._queue and (self._room > 0 or self._evict()):
            self._room -= 1
            return await self._connect(origin, limits.connect)
        connection = await self._wait(origin, limits.pool)
        if connection is None:
            return await self._connect(origin, limits.connect)
        if connection.is_usable():
            return connection
        # It was closed between being granted and being used; its place has been released.
        connection.close()
        return await self.acquire(origin, limits)

    def release(self, connection: Connection, idle_limit: float | None) -> None:
        """Pass a connection whose exchange is complete to the next caller, or keep it as idle."""
        if self._closed:
            connection.close()
            return
        waiting = self._next() if self._queue else None
        if waiting is not None:
            if waiting.origin == connection.origin:
                waiting.granted.set_result(connection)
            else:
                self._queue[waiting] = None
                self._queue.move_to_end(waiting, last=False)
                connection.close()
            return
        keep = KEEPALIVE_EXPIRY
        if idle_limit is not None:
            # It must not be closing when the next request is sent.
            keep = min(keep, idle_limit - 1 if idle_limit > 1 else idle_limit / 2)
        connection.deadline = deadline = self.loop.time() + keep
        if deadline < self.deadlines.when:
            self.deadlines.expect(deadline)
        idle = self._idle.get(connection.origin)
        if idle is None:
            idle = self._idle[connection.origin] = OrderedDict()
        idle[connection] = None

    def discard(self, connection: Connection) -> None:
        """Remove a closed connection, and release its place; a second call does nothing."""
        if connection not in self._connections:
            return
        self._connections.discard(connection)
        self.deadlines.discard(connection)
        idle = self._idle.get(connection.origin)
        if idle is not None:
            idle.pop(connection, None)
            if not idle:
                del self._idle[connection.origin]
        self._free_place()

    async def aclose(self) -> None:
        """Close all connections, and wait until the event loop has closed their sockets."""
        self._closed = True
        for waiting in self._queue:
            waiting.expire()
        closing = list(self._connections)
        for connection in closing:
            connection.lost = self.loop.create_future()
            connection.close()
        self.deadlines.close()
        # Some were closed just now, and the event loop has not closed their sockets yet.
        await asyncio.sleep(0)
        if closing:
            await asyncio.wait(
                [connection.lost for connection in closing if connection.lost], timeout=_CLOSING
            )

    async def _wait(self, origin: Origin, limit: float | None) -> Connection | None:
        waiting = _Waiting(origin, self.loop.create_future())
        if limit is not None:
            waiting.deadline = self.loop.time() + limit
            self.deadlines.add(waiting)
        self._queue[waiting] = None
        try:
            return await waiting.granted
        except asyncio.CancelledError:
            granted = waiting.granted
            if granted.done() and not granted.cancelled() and granted.exception() is None:
                self._give_back(granted.result())
            raise
        finally:
            self._queue.pop(waiting, None)
            self.deadlines.discard(waiting)

    def _give_back(self, connection: Connection | None) -> None:
        if connection is None:
            self._free_place()
        elif not connection.closed:
            self.release(connection, None)

    def _next(self) -> _Waiting | None:
        while self._queue:
            waiting, _ = self._queue.popitem(last=False)
            if not waiting.granted.done():
                return waiting
        return None

    def _free_place(self) -> None:
        waiting = self._next()
        if waiting is None:
            self._room += 1
        else:
            waiting.granted.set_result(None)

    def _evict(self) -> bool:
        """Make room by closing an idle connection to another origin."""
        for idle in self._idle.values():
            if idle:
                # Closing it removes it from the pool and releases its place.
                next(iter(idle)).close()
                return True
        return False

    async def _connect(self, origin: Origin, limit: float | None) -> Connection:
        """Make a connection; its place is counted already."""
        try:
            connection = await self._open_within(origin, limit)
        except BaseException:
            self._free_place()
            raise
        self._connections.add(connection)
        self.deadlines.add(connection)
        if self._closed:
            connection.close()
        return connection

    async def _open_within(self, origin: Origin, limit: float | None) -> Connection:
        try:
            async with asyncio.timeout(limit):
                return await self._open(origin)
        except TimeoutError:
            raise ConnectTimeout("Timed out while connecting", sent=False) from None
        except OSError as error:
            raise _failed(error) from error
        except ValueError:
            raise ConnectFailed("The host's name is not valid", sent=False) from None

    async def _open(self, origin: Origin) -> Connection:
        context = self._tls() if origin.secure else None
        if self._buffer is None:
            self._buffer = new_buffer()
        sock = await connect(origin.host, origin.port)
        made = Connection(self, origin, sock)
        if context is not None:
            await self._open_tls(made, context, sock, self._buffer)
            return made
        if self._buffered:
            made.reader = BufferedReader(made, self._buffer)
        # From here on the transport closes the socket in all cases.
        await self.loop.create_connection(lambda: made.reader or made, sock=sock)
        return made

    async def _open_tls(
        self, made: Connection, context: ssl.SSLContext, sock: socket.socket, buffer: mmap.mmap
    ) -> None:
        # For the first https origin, like the TLS context.
        from .tls_layer import BufferedTlsLayer, TlsLayer

        ready: asyncio.Future[None] = self.loop.create_future()
        layer_class = BufferedTlsLayer if self._buffered else TlsLayer
        try:
            layer = layer_class(made, context, made.origin.host, ready, memoryview(buffer))
        except BaseException:
            sock.close()
            raise
        try:
            await self.loop.create_connection(lambda: layer, sock=sock)
            await ready
        except BaseException:
            ready.cancel()
            layer.abort()
            raise


def _failed(error: OSError) -> ConnectFailed:
    reason = error.strerror
    if error.errno is not None and error.errno > 0:
        # asyncio's text contains the address.
        reason = os.strerror(error.errno)
    if isinstance(error, ssl.SSLCertVerificationError):
        reason = f"certificate verify failed: {error.verify_message}"
    elif isinstance(error, ssl.SSLError):
        from .tls_layer import reason_of

        reason = reason_of(error)
    permanent = isinstance(error, ssl.SSLCertVerificationError)
    text = f"No connection: {reason or type(error).__name__}"
    return ConnectFailed(text, sent=False, permanent=permanent)
