"""The engine over real sockets: what the transport's own tests do not look at."""

import asyncio
import gc
import socket
import ssl
import warnings

import pytest
import uvloop

from sdk.transport.errors import (
    ConnectFailed,
    ConnectionLost,
    InvalidInput,
    PoolTimeout,
    ReadTimeout,
    WriteTimeout,
)
from sdk.transport.http.engine import connect as connecting
from tests.faults import CLOSE, HANG, RESET, FaultServer, head, ok
from tests.transport.engine.calling import LIMITS, call, engine, pieces, status_and_body
from tests.transport.secure import SecureServer
from tests.transport.servers import HandlerServer

# ------------------------------------------------------------------ what is sent


async def test_a_body_of_unknown_length_goes_in_chunks():
    async with FaultServer([ok({})]) as server, engine() as made:
        await call(made, server.url, "POST", pieces(b"ab", b"", b"c" * 300_000))
        (request,) = server.requests
        assert request.headers["transfer-encoding"] == "chunked"
        assert request.body == b"ab" + b"c" * 300_000


@pytest.mark.parametrize(("method", "length"), [("POST", "0"), ("GET", None), ("DELETE", None)])
async def test_a_request_without_a_body_says_so_where_a_server_would_wait(method, length):
    async with FaultServer([ok({})]) as server, engine() as made:
        await call(made, server.url, method)
        assert server.requests[0].headers.get("content-length") == length


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("", "/"),
        ("?a=b", "/?a=b"),
        ("/a#fragment", "/a"),
        ("/größe?ü=ß", "/gr%C3%B6%C3%9Fe?%C3%BC=%C3%9F"),
        ("/a b", "/a%20b"),
        ("/a%20b", "/a%20b"),
    ],
)
async def test_the_target_is_encoded_for_the_request_line(path, target):
    async with FaultServer([ok({})]) as server, engine() as made:
        await call(made, server.url + path)
        assert server.requests[0].path == target


@pytest.mark.parametrize("value", ["a\r\nx: b", "a\nb", "a\0b", "a\rb", "€"])
async def test_a_header_that_would_split_the_request_is_refused(value):
    async with FaultServer([ok({})]) as server, engine() as made:
        with pytest.raises(InvalidInput, match="A header of the request") as caught:
            await call(made, server.url, x=value)
        assert value not in str(caught.value)
        # Nothing is left behind that would keep a place in the pool.
        for _ in range(20):
            await call(made, server.url)
        assert server.connections == 1


@pytest.mark.parametrize(
    "url", ["/x", "ftp://a/", "http://", "http://a:b/", "http://[::1", "http://a b/", "x"]
)
async def test_a_url_that_cannot_be_called_is_refused(url):
    async with engine() as made:
        with pytest.raises(InvalidInput, match=r"The URL|The host"):
            await call(made, url)


# ------------------------------------------------------------------ early responses

REFUSED = head("413 Payload Too Large", {"content-length": "2", "connection": "close"}) + b"no"


async def refuse_early(reader, writer):
    await reader.readuntil(b"\r\n\r\n")
    writer.write(REFUSED)
    await writer.drain()
    # What the client goes on sending is not read, so that closing resets the connection.


@pytest.mark.parametrize("secure", [False, True])
@pytest.mark.parametrize("streamed", [False, True])
async def test_a_response_before_the_end_of_the_upload_is_read(trusted, secure, streamed):
    class Early(SecureServer):
        async def _connected(self, reader, writer):
            await refuse_early(reader, writer)
            writer.close()

    server_of = Early(trusted) if secure else HandlerServer(refuse_early)
    context = ssl.create_default_context(cafile=trusted.path)
    async with server_of as server, engine(tls=lambda: context) as made:
        for _ in range(10):
            body = bytes(5_000_000)
            content = pieces(*[body[:250_000]] * 20) if streamed else body
            exchange = await call(made, server.url, "PUT", content)
            assert status_and_body(exchange) == (413, b"no")


async def test_after_an_early_error_the_rest_is_not_sent_and_the_connection_is_closed():
    async def answer_and_listen(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(head("422 Unprocessable", {"content-length": "2"}) + b"no")
        received.append(len(await reader.read()))

    received = []
    given = []

    async def slow_pieces():
        for number in range(100):
            given.append(number)
            yield b"x" * 1000
            await asyncio.sleep(0.001)

    async with HandlerServer(answer_and_listen) as server, engine() as made:
        exchange = await call(made, server.url, "POST", slow_pieces())
        assert status_and_body(exchange) == (422, b"no")
        assert len(given) < 100
        await asyncio.sleep(0.01)
        assert len(received) == 1


async def test_an_early_success_does_not_end_the_upload():
    async def echo(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(head(headers={"content-length": "6"}))
        writer.write(await reader.readexactly(6))
        await reader.read()

    async def piecewise():
        for _ in range(3):
            yield b"ab"
            await asyncio.sleep(0.005)

    async with HandlerServer(echo) as server, engine() as made:
        exchange = await call(made, server.url, "PUT", piecewise(), content_length="6")
        assert status_and_body(exchange) == (200, b"ababab")


async def test_a_server_that_does_not_read_is_a_write_timeout():
    async def deaf(reader, writer):
        await asyncio.Event().wait()

    async with HandlerServer(deaf) as server, engine() as made:
        limits = LIMITS._replace(write=0.05)
        with pytest.raises(WriteTimeout):
            await call(made, server.url, "PUT", bytes(20_000_000), limits=limits)


async def test_an_exception_of_the_caller_s_iterator_is_raised_and_frees_the_slot():
    async def broken():
        yield b"x"
        raise ZeroDivisionError

    async with FaultServer([ok({})]) as server, engine(1) as made:
        for _ in range(3):
            with pytest.raises(ZeroDivisionError):
                await call(made, server.url, "PUT", broken())
        assert (await call(made, server.url)).status_code == 200


# ------------------------------------------------------------------ what follows a response


@pytest.mark.parametrize(
    "surplus", [ok({"stolen": True}), b"\r\n", b"x"], ids=["response", "line", "byte"]
)
@pytest.mark.parametrize("late", [False, True])
async def test_surplus_bytes_are_never_read_as_another_response(surplus, late):
    more = asyncio.Event()
    first = [ok({"n": 1}), more, surplus, HANG] if late else [ok({"n": 1}) + surplus, HANG]
    async with FaultServer(first, [ok({"n": 2})]) as server, engine(1) as made:
        assert (await call(made, server.url)).content == b'{"n": 1}'
        more.set()
        await asyncio.sleep(0.01)
        assert (await call(made, server.url)).content == b'{"n": 2}'
        assert server.connections == 2


async def test_surplus_that_is_not_yet_read_ends_the_connection():
    async with FaultServer([ok({"n": 1})], [ok({"n": 2})]) as server, engine(1) as made:
        await call(made, server.url)
        (connection,) = made.pool._connections
        ours, theirs = socket.socketpair()
        with ours, theirs:
            theirs.send(b"HTTP/1.1 200 OK\r\n\r\n")
            connection._poll.unregister(connection._socket)
            connection._poll.register(ours, 1)
            assert (await call(made, server.url)).content == b'{"n": 2}'
        assert server.connections == 2


async def test_the_server_s_limit_for_idle_connections_is_kept():
    said = ok({}, headers={"keep-alive": "timeout=1"})
    async with FaultServer([said]) as server, engine() as made:
        await call(made, server.url)
        (connection,) = made.pool._connections
        assert 0.3 < connection.deadline - made.pool.loop.time() <= 0.5
        connection.expire()
        assert not made.pool._connections
        await call(made, server.url)
        assert server.connections == 2


async def test_a_response_that_was_read_in_part_ends_its_connection():
    whole = head(headers={"content-length": "2000000"}) + bytes(2_000_000)
    async with FaultServer([whole], [ok({})]) as server, engine(1) as made:
        exchange = await call(made, server.url, most=None)
        assert await anext(exchange)
        await exchange.aclose()
        with pytest.raises(StopAsyncIteration):
            await anext(exchange)
        assert (await call(made, server.url)).status_code == 200


async def test_a_slow_reader_pauses_the_server_and_memory_stays_bounded():
    sent = 0

    async def flood(reader, writer):
        nonlocal sent
        await reader.readuntil(b"\r\n\r\n")
        writer.write(head(headers={"content-length": str(50_000_000)}))
        while sent < 50_000_000:
            writer.write(bytes(100_000))
            sent += 100_000
            await writer.drain()

    async with HandlerServer(flood) as server, engine() as made:
        exchange = await call(made, server.url, most=None, limits=LIMITS._replace(read=0.05))
        await asyncio.sleep(0.2)
        # The buffers of both ends hold the rest.
        assert sent < 15_000_000
        # The limit is for waiting, and the reader was not waiting.
        size = 0
        async for piece in exchange:
            size += len(piece)
        assert size == 50_000_000


async def test_bytes_after_a_streamed_body_are_not_part_of_it_and_end_the_connection():
    taken = asyncio.Event()

    async def respond(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(head(headers={"content-length": "9"}))
        for piece in (b"abc", b"def", b"ghi" + b"HTTP/1.1 200"):
            writer.write(piece)
            await taken.wait()
            taken.clear()
        writer.close()

    async with HandlerServer(respond) as server, engine() as made:
        exchange = await call(made, server.url, most=None)
        body = b""
        async for piece in exchange:
            body += piece
            if len(body) % 3 == 0:
                taken.set()
        assert body == b"abcdefghi"
        assert not made.pool._connections


@pytest.mark.parametrize("end", [CLOSE, RESET])
async def test_a_streamed_body_that_breaks_off_raises_after_what_had_come(end):
    script = [head(headers={"content-length": "9"}) + b"abc", end]
    async with FaultServer(script) as server, engine() as made:
        exchange = await call(made, server.url, most=None)
        with pytest.raises(ConnectionLost):
            async for _ in exchange:
                pass


async def test_silence_is_noticed_within_a_tenth_of_a_second():
    async with FaultServer([HANG]) as server, engine() as made:
        loop = asyncio.get_running_loop()
        begun = loop.time()
        with pytest.raises(ReadTimeout):
            await call(made, server.url, limits=LIMITS._replace(read=0.1))
        assert 0.09 < loop.time() - begun < 0.3


# ------------------------------------------------------------------ the pool


async def test_callers_are_served_in_the_order_in_which_they_came():
    async with FaultServer([ok({})]) as server, engine(1) as made:
        await asyncio.gather(*(call(made, f"{server.url}/{n}") for n in range(50)))
        assert [request.path for request in server.requests] == [f"/{n}" for n in range(50)]
        assert server.connections == 1


async def test_an_idle_connection_makes_room_for_another_origin():
    async with FaultServer([ok({})]) as one, FaultServer([ok({})]) as other, engine(1) as made:
        for server in (one, other, one):
            assert (await call(made, server.url)).status_code == 200
        waiting = [call(made, each.url) for each in (one, other) * 10]
        assert all(each.status_code == 200 for each in await asyncio.gather(*waiting))
        assert len(made.pool._connections) == 1


async def test_a_thousand_cancelled_callers_leave_nothing_in_the_queue():
    async with FaultServer([HANG], [ok({})]) as server, engine(1) as made:
        busy = asyncio.ensure_future(call(made, server.url))
        await server.arrived.wait()
        with pytest.raises(PoolTimeout):
            await call(made, server.url, limits=LIMITS._replace(pool=0.02))
        tasks = [asyncio.ensure_future(call(made, server.url)) for _ in range(1000)]
        await asyncio.sleep(0)
        assert len(made.pool._queue) == 1000
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
        assert not made.pool._queue
        busy.cancel()
        await asyncio.wait([busy])
        assert (await call(made, server.url)).status_code == 200


async def test_a_caller_cancelled_at_its_turn_frees_it():
    async with FaultServer([ok({})]) as server, engine(1) as made:
        for _ in range(20):
            holder = asyncio.ensure_future(call(made, server.url))
            await asyncio.sleep(0)
            next_one = asyncio.ensure_future(call(made, server.url))
            last = asyncio.ensure_future(call(made, server.url))
            holder.add_done_callback(lambda _, task=next_one: task.cancel())
            await asyncio.wait([holder, next_one, last])
            assert last.result().status_code == 200


# ------------------------------------------------------------------ making connections


async def test_the_next_address_is_tried_while_the_first_is_silent(monkeypatch):
    async with FaultServer([ok({})]) as server, engine() as made:
        port = int(server.url.rpartition(":")[2])
        tried = []
        real = connecting._connect

        async def first_hangs(address):
            tried.append(address[1][0])
            if address[1][0] == "192.0.2.1":
                await asyncio.Event().wait()
            return await real(address)

        found = [(socket.AF_INET, (host, port)) for host in ("192.0.2.1", "127.0.0.1")]
        monkeypatch.setattr(connecting, "_connect", first_hangs)
        monkeypatch.setattr(connecting, "_ATTEMPT_DELAY", 0.01)
        monkeypatch.setattr(connecting, "_resolve", lambda *_: asyncio.sleep(0, found))
        assert (await call(made, f"http://api.example:{port}/")).status_code == 200
        assert tried == ["192.0.2.1", "127.0.0.1"]


async def test_when_no_address_answers_the_failure_is_the_last_one_s(monkeypatch):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        found = [(socket.AF_INET, ("127.0.0.1", port))] * 3
        monkeypatch.setattr(connecting, "_resolve", lambda *_: asyncio.sleep(0, found))
        async with engine() as made:
            with pytest.raises(ConnectFailed, match="Connection refused") as caught:
                await call(made, f"http://api.example:{port}/")
            assert not caught.value.sent


def test_addresses_take_turns_between_families():
    six, four = socket.AF_INET6, socket.AF_INET
    addresses = [(six, ("a",)), (six, ("b",)), (four, ("c",)), (four, ("d",)), (four, ("e",))]
    order = [address[0] for _, address in connecting._interleave(addresses)]
    assert order == ["a", "c", "b", "d", "e"]


@pytest.mark.parametrize("run", [asyncio.run, uvloop.run], ids=["asyncio", "uvloop"])
def test_calls_cancelled_anywhere_leave_no_socket_open(run, trusted):
    context = ssl.create_default_context(cafile=trusted.path)

    async def main():
        servers = (FaultServer([ok({})]), SecureServer(trusted, [ok({})]))
        for server in servers:
            async with server, engine(4, lambda: context) as made:
                for turns in range(40):
                    task = asyncio.ensure_future(call(made, server.url))
                    for _ in range(turns % 20):
                        await asyncio.sleep(0)
                    task.cancel()
                    await asyncio.wait([task])
                    if turns % 5 == 0:
                        for connection in list(made.pool._connections):
                            connection.close()
                results = await asyncio.gather(*(call(made, server.url) for _ in range(8)))
                assert all(each.status_code == 200 for each in results)
            assert not made.pool._connections

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        run(main())
        gc.collect()
