"""TLS between a connection and its socket.

It takes the place of asyncio's TLS, which lets OpenSSL fail after each read to learn that nothing
is left, and allocates 256 KiB for each record. Certificates are verified by the ``SSLContext``.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import ssl
from collections import deque
from collections.abc import Iterable
from typing import Any

# RFC 8446, 5.1: the largest content of a record. OpenSSL returns the content of one at a time.
_RECORD = 16 * 1024


class TlsLayer(asyncio.Protocol):
    """The protocol of a socket, and the transport of the protocol above it.

    Args:
        above: the protocol above; its ``connection_made`` is called after the handshake.
        context: the TLS context.
        host: the name or address that the certificate must be for.
        ready: done after the handshake, or fails with the error that ended it.
        buffer: memory for data on its way to the protocol above, which the connections of one event
            loop share.
    """

    __slots__ = (
        "_above",
        "_buffer",
        "_closed",
        "_error",
        "_incoming",
        "_outgoing",
        "_ready",
        "_tls",
        "_transport",
        "_unsent",
    )

    def __init__(
        self,
        above: asyncio.Protocol,
        context: ssl.SSLContext,
        host: str,
        ready: asyncio.Future[None],
        buffer: memoryview,
    ) -> None:
        self._above = above
        self._buffer = buffer
        self._ready: asyncio.Future[None] | None = ready
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_hostname=host)
        # TLS 1.2 can refuse to send while it renegotiates.
        self._unsent: deque[bytes | memoryview] = deque()
        # What the end of the connection means, unless the server says goodbye before.
        self._error: Exception | None = ssl.SSLEOFError(
            ssl.SSL_ERROR_EOF, "the server closed it without a close_notify of TLS"
        )
        self._closed = False
        self._transport: Any = None

    # ---------------------------------------------------------------- called by the event loop

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin the handshake."""
        self._transport = transport
        self._shake_hands()

    def data_received(self, data: bytes) -> None:
        """Decrypt received data, and pass it on."""
        self._receive(data)

    def _receive(self, data: bytes | memoryview) -> None:
        self._incoming.write(data)
        if self._ready is None:
            self._read()
        else:
            self._shake_hands()

    def eof_received(self) -> None:
        """Pass on the end of the server's data; the transport closes itself."""
        if self._ready is None:
            self._above.eof_received()

    def connection_lost(self, exc: Exception | None) -> None:
        """Pass on the loss of the connection, or fail the handshake."""
        self._closed = True
        ready, self._ready = self._ready, None
        if ready is None:
            self._above.connection_lost(exc or self._error)
        elif not ready.done():
            ready.set_exception(exc or ConnectionResetError(errno.ECONNRESET, "reset"))

    def pause_writing(self) -> None:
        """Pass on that the server does not keep up."""
        self._above.pause_writing()

    def resume_writing(self) -> None:
        """Pass on that it keeps up again."""
        self._above.resume_writing()

    # ---------------------------------------------------------------- called by the protocol above

    def write(self, data: bytes | memoryview) -> None:
        """Encrypt and send data."""
        if not self._closed:
            self._unsent.append(data)
            self._encrypt()

    def writelines(self, pieces: Iterable[bytes]) -> None:
        """Send several pieces, in as few records as possible."""
        self.write(b"".join(pieces))

    def close(self) -> None:
        """Send a close_notify, and close the connection; the server's is not awaited."""
        if self._closed:
            return
        self._closed, self._error = True, None
        if self._ready is None:
            # It raises an error while the server has not answered.
            with contextlib.suppress(ssl.SSLError):
                self._tls.unwrap()
            self._send()
        self._transport.close()

    def abort(self) -> None:
        """Close the connection at once, and drop unsent data."""
        self._closed, self._error = True, None
        self._unsent.clear()
        if self._transport is not None:
            self._transport.abort()

    def is_closing(self) -> bool:
        """Whether the connection is closed or being closed."""
        return self._closed or bool(self._transport.is_closing())

    def pause_reading(self) -> None:
        """Stop reading from the socket."""
        self._transport.pause_reading()

    def resume_reading(self) -> None:
        """Read from the socket again."""
        self._transport.resume_reading()

    def get_write_buffer_size(self) -> int:
        """Return the number of bytes that the system has not taken yet."""
        size: int = self._transport.get_write_buffer_size()
        return size + sum(map(len, self._unsent)) if self._unsent else size

    # ---------------------------------------------------------------- TLS

    def _shake_hands(self) -> None:
        ready = self._ready
        try:
            self._tls.do_handshake()
        except ssl.SSLWantReadError:
            self._send()
            return
        except ssl.SSLError as error:
            # What is sent is the alert that names the reason.
            self._send()
            self._transport.abort()
            if ready is not None and not ready.done():
                ready.set_exception(error)
            return
        self._ready = None
        self._send()
        transport: Any = self
        self._above.connection_made(transport)
        if ready is not None and not ready.done():
            ready.set_result(None)
        if self._incoming.pending:
            self._read()

    def _read(self) -> None:
        """Decrypt what has arrived, and pass it on, in one piece if it fits into the buffer."""
        failure: ssl.SSLError | None = None
        is_over = False
        try:
            is_over = self._decrypt()
        except ssl.SSLError as error:
            failure = error
        if failure is not None:
            self._fail(failure)
        elif is_over:
            self._end()
        elif self._unsent:
            self._encrypt()
        elif self._outgoing.pending:
            # The answer to a change of keys.
            self._send()

    def _decrypt(self) -> bool:
        """Pass on what can be decrypted; return whether the server has sent a close_notify."""
        tls, incoming, buffer, size = self._tls, self._incoming, self._buffer, 0
        # typeshed's signature is that without a buffer.
        read: Any = tls.read
        is_over = False
        try:
            while True:
                got = read(_RECORD, buffer[size:])
                size += got
                # OpenSSL takes one record at a time: it has nothing left, and would raise an error.
                if not got or not (incoming.pending or tls.pending()):
                    is_over = not got
                    break
                if size == len(buffer):
                    self._above.data_received(bytes(buffer))
                    size = 0
        except ssl.SSLWantReadError:
            pass
        finally:
            if size:
                self._above.data_received(bytes(buffer[:size]))
        return is_over

    def _encrypt(self) -> None:
        unsent, write = self._unsent, self._tls.write
        try:
            while unsent:
                data = unsent[0]
                sent = write(data)
                if sent == len(data):
                    unsent.popleft()
                else:
                    unsent[0] = memoryview(data)[sent:]
        except ssl.SSLWantReadError:
            pass
        except ssl.SSLError as error:
            self._fail(error)
            return
        self._send()

    def _send(self) -> None:
        data = self._outgoing.read()
        if data and not self._transport.is_closing():
            self._transport.write(data)

    def _end(self) -> None:
        """Handle the server's close_notify, after which it sends nothing."""
        self._error = None
        if not self._closed:
            self._above.eof_received()
            self.close()

    def _fail(self, error: ssl.SSLError) -> None:
        if not self._closed:
            self._send()
            self.abort()
            self._error = ssl.SSLError(error.errno, reason_of(error))


def reason_of(error: ssl.SSLError) -> str:
    """Return OpenSSL's reason in words, without the line of Python's source that met it."""
    return (error.reason or "TLS failed").replace("_", " ").lower()


class BufferedTlsLayer(TlsLayer, asyncio.BufferedProtocol):
    """A layer that also receives into the buffer.

    The event loop must fill it and call ``buffer_updated`` in one go, as those do that wait until a
    socket is readable.
    """

    __slots__ = ()

    def get_buffer(self, sizehint: int) -> memoryview:  # noqa: ARG002  the event loop passes -1
        """Return the buffer to receive into."""
        return self._buffer

    def buffer_updated(self, nbytes: int) -> None:
        """Decrypt received data, and pass it on."""
        self._receive(self._buffer[:nbytes])
