"""The TLS layer on records that arrive in pieces, changed or cut off; in memory."""

import asyncio
import contextlib
import ssl

import pytest

from sdk.transport.http.engine.buffer import new_buffer
from sdk.transport.http.engine.tls_layer import TlsLayer


class Above(asyncio.Protocol):
    """Keeps what it receives, and how the connection ended."""

    def __init__(self):
        self.received = b""
        self.pieces = 0
        self.lost = []

    def data_received(self, data):
        self.received += data
        self.pieces += 1

    def connection_lost(self, exc):
        self.lost.append(exc)


class Server(asyncio.Transport):
    """A TLS server in memory, and the transport to it."""

    def __init__(self, authority, version):
        super().__init__()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.maximum_version = version
        authority.issue_cert("localhost").configure_cert(context)
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_side=True)
        self.closed = False

    def write(self, data):
        self._incoming.write(data)

    def is_closing(self):
        return self.closed

    def close(self):
        self.closed = True

    abort = close

    def shake_hands(self):
        """Return what it has to say in the handshake."""
        with contextlib.suppress(ssl.SSLWantReadError):
            self._tls.do_handshake()
        return self._outgoing.read()

    def read(self):
        return self._tls.read(100)

    def encrypt(self, data):
        self._tls.write(data)
        return self._outgoing.read()


@pytest.fixture(params=[ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3], ids=["1.2", "1.3"])
def connect(request, authority):
    """Return a function that makes a connection; the handshake arrives byte by byte."""
    context = ssl.create_default_context(cafile=authority.path)

    def connect():
        above, server = Above(), Server(authority, request.param)
        ready = asyncio.get_running_loop().create_future()
        layer = TlsLayer(above, context, "localhost", ready, memoryview(new_buffer()))
        layer.connection_made(server)
        while flight := server.shake_hands():
            feed(layer, flight)
        assert ready.done()
        return above, server, layer

    return connect


def feed(layer, data):
    for position in range(len(data)):
        layer.data_received(data[position : position + 1])


async def test_records_in_pieces_of_one_byte_arrive_whole(connect):
    above, server, layer = connect()
    layer.write(b"a request")
    assert server.read() == b"a request"
    feed(layer, server.encrypt(b"a response") + server.encrypt(b" in two records"))
    assert above.received == b"a response in two records"
    assert not above.lost


async def test_a_record_that_is_cut_off_anywhere_is_not_passed_on(connect):
    above, server, layer = connect()
    first, second = server.encrypt(b"whole"), server.encrypt(b"cut off")
    layer.data_received(first)
    for position in range(len(second) - 1):
        layer.data_received(second[position : position + 1])
        assert above.received == b"whole"
    layer.connection_lost(None)
    (error,) = above.lost
    assert "without a close_notify" in str(error)


async def test_a_record_that_was_changed_anywhere_ends_the_connection(connect):
    # Behind the type, the version and the length of the record.
    for position in range(5, 40, 3):
        above, server, layer = connect()
        record = bytearray(server.encrypt(b"a body of thirty-two characters."))
        record[position] ^= 1
        layer.data_received(bytes(record))
        assert server.closed
        layer.connection_lost(None)
        (error,) = above.lost
        assert (above.received, error.strerror) == (b"", "decryption failed or bad record mac")


async def test_many_records_of_one_byte_are_passed_on_together(connect):
    above, server, layer = connect()
    layer.data_received(b"".join(server.encrypt(b"%d" % (number % 10)) for number in range(500)))
    assert (above.received, above.pieces) == (b"0123456789" * 50, 1)
