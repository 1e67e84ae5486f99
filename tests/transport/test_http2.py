"""HTTP/2: streams and connections that break, over TLS."""

import asyncio
import struct
import subprocess
import sys

import httpx
import httpx2
import pytest

from sdk import ConnectionLost, ReadTimeout, ResponseTooLarge, Retry
from tests.transport.lanes import SHORT, TIMEOUT
from tests.transport.secure import Http2Server, begin, end, whole
from tests.transport.support import Api

FAST = Retry(initial_delay=0, max_delay=0)


@pytest.fixture(params=["default", "httpx", "httpx2"])
async def connect(request, trusted):
    """Give a function that opens an API client on one of the HTTP clients that speak HTTP/2."""
    opened = []

    async def open_api(server, **options):
        options = {"retry": None, "timeout": TIMEOUT, **options}
        if request.param == "default":
            options["http2"] = True
        else:
            library = {"httpx": httpx, "httpx2": httpx2}[request.param]
            options["http_client"] = library.AsyncClient(http2=True)
            opened.append(options["http_client"])
        opened.append(Api(base_url=server.url, **options))
        return await opened[-1].open()

    yield open_api
    for client in reversed(opened):
        await client.aclose()


def raw(writer, connection, kind, flags, stream, payload):
    """Send a frame that no library would send (RFC 9113, 4.1)."""
    writer.write(connection.data_to_send())
    length = struct.pack(">I", len(payload))[1:]
    writer.write(length + bytes([kind, flags]) + struct.pack(">I", stream) + payload)


def closed_in_the_body(connection, stream, writer):
    begin(connection, stream, length=100)
    connection.send_data(stream, b"x" * 10)
    end(connection, writer)


def closed_at_once(connection, stream, writer):
    end(connection, writer)


def reset_in_the_body(connection, stream, writer):
    begin(connection, stream, length=100)
    connection.reset_stream(stream, 2)


def gone_away(connection, stream, writer):
    begin(connection, stream, length=100)
    connection.close_connection(error_code=2)
    end(connection, writer)


def ended_too_early(connection, stream, writer):
    begin(connection, stream, length=100)
    raw(writer, connection, 0, 1, stream, b"x" * 10)


def ended_too_late(connection, stream, writer):
    begin(connection, stream, length=3)
    raw(writer, connection, 0, 1, stream, b"x" * 10)


def headers_that_unpack_to_nothing(connection, stream, writer):
    raw(writer, connection, 1, 5, stream, b"\xff\xff\xff\xff")


def data_before_headers(connection, stream, writer):
    raw(writer, connection, 0, 1, stream, b"x")


def another_protocol(connection, stream, writer):
    writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    end(connection, writer)


def silence(connection, stream, writer):
    pass


def refused(connection, stream, writer):
    connection.reset_stream(stream, 7)


async def test_calls_share_one_connection(connect, trusted):
    async with Http2Server(trusted, whole()) as server:
        api = await connect(server)
        await api.request("GET", "/x")
        responses = await asyncio.gather(*(api.request("GET", "/x") for _ in range(20)))
        assert [response.json() for response in responses] == [{}] * 20
        assert server.connections == 1


@pytest.mark.parametrize(
    "broken",
    [
        closed_in_the_body,
        closed_at_once,
        reset_in_the_body,
        gone_away,
        ended_too_early,
        ended_too_late,
        headers_that_unpack_to_nothing,
        data_before_headers,
        another_protocol,
    ],
)
async def test_a_stream_that_breaks_is_a_lost_connection(connect, trusted, broken):
    async with Http2Server(trusted, broken) as server:
        api = await connect(server)
        with pytest.raises(ConnectionLost, match=r"^GET /x failed: The ") as caught:
            await api.request("GET", "/x")
    assert caught.value.sent


@pytest.mark.parametrize("broken", [closed_in_the_body, ended_too_early, reset_in_the_body])
async def test_a_call_succeeds_after_one_broken_response(connect, trusted, broken):
    async with Http2Server(trusted, broken, whole()) as server:
        api = await connect(server, retry=FAST)
        assert (await api.request("GET", "/x")).json() == {}


async def test_a_stream_that_the_server_refused_was_not_sent(connect, trusted):
    async with Http2Server(trusted, refused, whole()) as server:
        api = await connect(server, retry=FAST)
        assert (await api.request("POST", "/x", json={})).json() == {}


async def test_silence_is_a_read_timeout(connect, trusted):
    async with Http2Server(trusted, silence) as server:
        with pytest.raises(ReadTimeout):
            await (await connect(server, timeout=SHORT)).request("GET", "/x")


async def test_a_body_that_is_too_large_does_not_end_the_connection(connect, trusted):
    async with Http2Server(trusted, whole(b"x" * 10_000), whole()) as server:
        api = await connect(server, max_response_bytes=1000)
        with pytest.raises(ResponseTooLarge):
            await api.request("GET", "/x")
        assert (await api.request("GET", "/x")).json() == {}


async def test_a_cancelled_call_does_not_end_the_connection(connect, trusted):
    async with Http2Server(trusted, silence, silence, whole()) as server:
        api = await connect(server)
        hanging = [asyncio.ensure_future(api.request("GET", "/x")) for _ in range(2)]
        while len(server.requests) < 2:  # noqa: ASYNC110  the server counts, and tells nobody
            await asyncio.sleep(0.001)
        for task in hanging:
            task.cancel()
        await asyncio.gather(*hanging, return_exceptions=True)
        responses = await asyncio.gather(*(api.request("GET", "/x") for _ in range(10)))
        assert len(responses) == 10


def test_without_the_h2_package_the_error_names_what_to_install():
    code = (
        "import asyncio, sys; sys.modules['h2'] = None\n"
        "from sdk import InvalidInput, Sdk\n"
        "try: asyncio.run(Sdk(http2=True).open())\n"
        "except InvalidInput as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "http2=True needs the h2 package: install github-sdk[http2]."


# ------------------------------------------------------------------ given up


def half_of_a_large_body(connection, stream, writer):
    begin(connection, stream, length=1_000_000)
    connection.send_data(stream, bytes(connection.max_outbound_frame_size))


async def test_downloads_that_are_abandoned_do_not_end_the_connection_for_others(trusted):
    options = {"http2": True, "retry": None, "timeout": TIMEOUT}
    async with (
        Http2Server(trusted, *[half_of_a_large_body] * 40, whole()) as server,
        Api(base_url=server.url, **options) as api,
    ):
        for _ in range(40):
            async with api.download("/file") as stream:
                await anext(stream)
        for _ in range(5):
            assert (await api.request("POST", "/x", json={})).status == 200
        # As after an abandoned HTTP/1.1 response.
        assert server.connections == 41


async def test_a_cancelled_call_does_not_affect_others_on_its_connection(trusted):
    answers, all_here = asyncio.Event(), asyncio.Event()
    pending = []

    def when_told(connection, stream, writer):
        async def later():
            await answers.wait()
            whole()(connection, stream, writer)
            writer.write(connection.data_to_send())

        pending.append(asyncio.ensure_future(later()))
        if len(pending) == 6:
            all_here.set()

    options = {"http2": True, "retry": None, "timeout": TIMEOUT}
    async with (
        Http2Server(trusted, whole(), when_told) as server,
        Api(base_url=server.url, **options) as api,
    ):
        await api.request("GET", "/x")
        calls = [asyncio.ensure_future(api.request("POST", "/x", json={})) for _ in range(6)]
        await all_here.wait()
        assert server.connections == 1
        calls[0].cancel()
        await asyncio.wait(calls[:1])
        answers.set()
        assert [each.status for each in await asyncio.gather(*calls[1:])] == [200] * 5
        assert (await api.request("POST", "/x", json={})).status == 200
        assert server.connections == 2
    await asyncio.gather(*pending)
