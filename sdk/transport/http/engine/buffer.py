"""Receive into a buffer that the connections of one event loop share.

asyncio allocates 256 KiB for each read, and the C library may return them to the system after each:
three system calls and two page faults, which take as long as the read itself.
"""

from __future__ import annotations

import asyncio
import mmap

_SIZE = 256 * 1024

# How much is read at once for a connection. What goes through the buffer is copied.
_PART = 64 * 1024


def new_buffer() -> mmap.mmap:
    """Return a buffer for one event loop; pages that are not used take no memory."""
    return mmap.mmap(-1, _SIZE)


class BufferedReader(asyncio.BufferedProtocol):
    """The protocol of a socket, in front of a connection that takes received data as bytes.

    The event loop must fill the buffer and call ``buffer_updated`` in one go, as those do that wait
    until a socket is readable.

    Args:
        above: the connection.
        buffer: the buffer.
    """

    __slots__ = ("_above", "_buffer", "_part")

    def __init__(self, above: asyncio.Protocol, buffer: mmap.mmap) -> None:
        self._above = above
        self._buffer = buffer
        self._part = memoryview(buffer)[:_PART]

    def get_buffer(self, sizehint: int) -> memoryview:  # noqa: ARG002  the event loop passes -1
        """Return the memory to receive into."""
        return self._part

    def buffer_updated(self, nbytes: int) -> None:
        """Pass on received data."""
        self._above.data_received(self._buffer[:nbytes])

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Pass on the transport."""
        self._above.connection_made(transport)

    def eof_received(self) -> bool | None:
        """Pass on the end of the server's data."""
        return self._above.eof_received()

    def connection_lost(self, exc: Exception | None) -> None:
        """Pass on the loss of the connection."""
        self._above.connection_lost(exc)

    def pause_writing(self) -> None:
        """Pass on that the server does not keep up."""
        self._above.pause_writing()

    def resume_writing(self) -> None:
        """Pass on that it keeps up again."""
        self._above.resume_writing()
