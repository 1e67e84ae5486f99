"""The engine over TLS: records, the ends of a connection, and what breaks them."""

import asyncio
import gc
import os
import ssl

import pytest
import trustme

from sdk.transport.errors import ConnectFailed, ConnectionLost
from sdk.transport.http.engine.buffer import new_buffer
from sdk.transport.http.engine.tls_layer import TlsLayer
from tests.faults import head
from tests.transport.engine.calling import call, engine, status_and_body
from tests.transport.secure import SecureServer
from tests.transport.servers import HandlerServer

UNTIL_CLOSE = head(headers={"connection": "close"}) + b"all of it"


@pytest.fixture
def context(authority):
    return ssl.create_default_context(cafile=authority.path)


class Handler(SecureServer):
    """Runs a function for each connection over TLS."""

    def __init__(self, authority, serve):
        super().__init__(authority)
        self._serve_one = serve

    async def _connected(self, reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        await self._serve_one(reader, writer)
        writer.close()


async def test_a_body_without_a_length_is_complete_after_a_close_notify(authority, context):
    async def serve(reader, writer):
        writer.write(UNTIL_CLOSE)

    async with Handler(authority, serve) as server, engine(tls=lambda: context) as made:
        exchange = await call(made, server.url)
        assert status_and_body(exchange) == (200, b"all of it")


async def test_a_body_without_a_length_may_be_cut_off_if_there_was_no_close_notify(
    authority, context
):
    async def serve(reader, writer):
        writer.write(UNTIL_CLOSE)
        # Without a close_notify; the few bytes before have left already.
        writer.transport.abort()

    async with Handler(authority, serve) as server, engine(tls=lambda: context) as made:
        with pytest.raises(ConnectionLost, match="without a close_notify of TLS"):
            await call(made, server.url)


async def test_a_body_with_a_length_needs_no_close_notify(authority, context):
    async def serve(reader, writer):
        writer.write(head(headers={"content-length": "2"}) + b"ok")
        writer.transport.abort()

    async with Handler(authority, serve) as server, engine(tls=lambda: context) as made:
        assert status_and_body(await call(made, server.url)) == (200, b"ok")


@pytest.mark.parametrize("size", [1, 16_384, 16_385, 3_000_000])
async def test_bodies_of_many_records_arrive_whole_in_both_directions(authority, context, size):
    async def echo(reader, writer):
        body = await reader.readexactly(size)
        writer.write(head(headers={"content-length": str(size)}) + body)
        await writer.drain()

    body = os.urandom(size)
    async with Handler(authority, echo) as server, engine(tls=lambda: context) as made:
        exchange = await call(made, server.url, "PUT", body)
        assert exchange.content == body


async def test_bodies_that_arrive_at_once_do_not_mix(authority, context):
    async def echo(reader, writer):
        body = await reader.readexactly(1_000_000)
        writer.write(head(headers={"content-length": "1000000"}))
        for start in range(0, len(body), 50_000):
            writer.write(body[start : start + 50_000])
            await asyncio.sleep(0)
        await writer.drain()

    bodies = [os.urandom(1_000_000) for _ in range(4)]
    async with Handler(authority, echo) as server, engine(tls=lambda: context) as made:
        exchanges = await asyncio.gather(*(call(made, server.url, "PUT", body) for body in bodies))
        assert [exchange.content for exchange in exchanges] == bodies


async def test_data_that_is_not_tls_breaks_the_connection(authority, context):
    async def serve(reader, writer):
        writer.write(head(headers={"content-length": "5"}) + b"ab")
        os.write(writer.get_extra_info("socket").fileno(), b"\x17\x03\x03\x00\x20" + bytes(32))
        await reader.read()

    async with Handler(authority, serve) as server, engine(tls=lambda: context) as made:
        with pytest.raises(
            ConnectionLost, match=r"while reading: decryption failed or bad record mac$"
        ):
            await call(made, server.url)
        assert not made.pool._connections


@pytest.mark.parametrize(
    ("answer", "reason"), [(b"", "reset"), (b"HTTP/1.1 400 Bad Request\r\n\r\n", "wrong version")]
)
async def test_a_server_without_tls_is_a_failed_connection(context, answer, reason):
    async def serve(reader, writer):
        await reader.read(1)
        writer.write(answer)
        await writer.drain()

    async with HandlerServer(serve) as server, engine(tls=lambda: context) as made:
        with pytest.raises(ConnectFailed, match=reason) as caught:
            await call(made, f"https://localhost:{server.port}")
        assert not caught.value.sent
        assert made.pool._room == 10


async def test_a_certificate_for_another_host_is_refused(authority, context):
    async with Handler(authority, None) as server, engine(tls=lambda: context) as made:
        with pytest.raises(ConnectFailed, match="certificate verify failed") as caught:
            await call(made, server.url.replace("localhost", "127.0.0.1"))
        assert caught.value.permanent


async def test_every_new_connection_verifies_the_certificate(authority, context):
    async def serve(reader, writer):
        writer.write(UNTIL_CLOSE)

    async with Handler(authority, serve) as server, engine(tls=lambda: context) as made:
        assert (await call(made, server.url)).content == b"all of it"
        trustme.CA().issue_cert("localhost").configure_cert(server._context)
        with pytest.raises(ConnectFailed, match="certificate verify failed"):
            await call(made, server.url)
        authority.issue_cert("localhost").configure_cert(server._context)
        assert (await call(made, server.url)).content == b"all of it"


async def test_a_name_that_no_certificate_can_be_for_leaves_no_socket_open(
    authority, context, monkeypatch
):
    async def resolve(host, port):
        return [(2, ("127.0.0.1", port))]

    monkeypatch.setattr("sdk.transport.http.engine.connect._resolve", resolve)
    async with Handler(authority, None) as server, engine(tls=lambda: context) as made:
        with pytest.raises(ConnectFailed, match="name is not valid"):
            await call(made, server.url.replace("localhost", ".localhost"))


async def test_a_handshake_that_is_cancelled_anywhere_leaves_no_error_behind(context):
    async def serve(reader, writer):
        await reader.read(1)
        writer.transport.abort()

    left = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, described: left.append(described["message"]))
    async with HandlerServer(serve) as server, engine(tls=lambda: context) as made:
        for turns in range(30):
            task = asyncio.ensure_future(call(made, f"https://127.0.0.1:{server.port}"))
            for _ in range(turns % 10):
                await asyncio.sleep(0)
            task.cancel()
            await asyncio.wait([task])
        await asyncio.sleep(0.01)
        assert made.pool._room == 10
    gc.collect()
    assert left == []


class Refusing:
    """A TLS object that cannot write at first, as during a renegotiation of TLS 1.2."""

    def __init__(self):
        self.written = []
        self.refusals = 1

    def wrap_bio(self, incoming, outgoing, server_hostname):
        self._incoming = incoming
        return self

    def do_handshake(self):
        """Succeed."""

    def read(self, size, buffer):
        data = self._incoming.read(size)
        buffer[: len(data)] = data
        return len(data)

    def pending(self):
        return 0

    def write(self, data):
        if self.refusals:
            self.refusals -= 1
            raise ssl.SSLWantReadError
        self.written.append(bytes(data[:3]))
        return min(3, len(data))


class Wire(asyncio.Transport):
    """A transport that drops what is written to it."""

    def write(self, data):
        """Drop it."""

    def is_closing(self):
        return False

    def get_write_buffer_size(self):
        return 0


async def test_data_that_tls_cannot_take_yet_is_sent_when_the_server_has_answered():
    tls, above = Refusing(), asyncio.Protocol()
    ready = asyncio.get_running_loop().create_future()
    layer = TlsLayer(above, tls, "localhost", ready, memoryview(new_buffer()))
    layer.connection_made(Wire())
    layer.writelines([b"abc", b"de"])
    assert (tls.written, layer.get_write_buffer_size()) == ([], 5)
    layer.data_received(b"an answer")
    assert (tls.written, layer.get_write_buffer_size()) == ([b"abc", b"de"], 0)
