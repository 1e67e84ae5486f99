"""Connections that break, stay silent or are busy, on every HTTP client."""

import asyncio
import socket

import pytest

from sdk import (
    ConnectFailed,
    ConnectionLost,
    ConnectTimeout,
    PoolTimeout,
    ReadTimeout,
    Timeout,
)
from tests.faults import (
    CLOSE,
    GARBAGE,
    HANG,
    NO_RESPONSE,
    RESET,
    FaultServer,
    cut_chunked,
    head,
    ok,
    short_body,
    slow_drip,
)
from tests.transport.lanes import SHORT
from tests.transport.raw_responses import FAST, JSON, USER, User, call, json_response

LONG_READ = Timeout(pool=0.05, total=20)


# ------------------------------------------------------------------ the connection breaks


@pytest.mark.parametrize(
    "script",
    [
        pytest.param(NO_RESPONSE, id="closed without a word"),
        pytest.param([RESET], id="reset without a word"),
        pytest.param([b"HTTP/1.1 200 OK\r\ncontent-", CLOSE], id="half a head"),
        pytest.param(GARBAGE, id="not HTTP"),
        pytest.param([b"HTTP/1.1 abc OK\r\n\r\n", CLOSE], id="no status"),
        pytest.param([b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", CLOSE], id="HTTP/2 unasked"),
        pytest.param(short_body(), id="short body"),
        pytest.param([head(headers={"content-length": "9"}), b"x", RESET], id="reset in the body"),
        pytest.param(cut_chunked(), id="cut chunked body"),
        pytest.param(
            [head(headers={"transfer-encoding": "chunked"}), b"zz\r\nxx\r\n", CLOSE],
            id="chunk of no size",
        ),
        pytest.param(
            [b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab", CLOSE],
            id="two lengths",
        ),
        pytest.param([b"HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n", CLOSE], id="no length"),
        pytest.param(
            [b"HTTP/1.1 200 OK\r\nx: " + b"a" * 500_000 + b"\r\n\r\n", CLOSE], id="endless header"
        ),
        pytest.param(
            [b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 50_000 + b"\r\n", CLOSE], id="endless headers"
        ),
    ],
)
async def test_a_connection_that_breaks_is_lost_and_the_request_may_have_arrived(lane, script):
    with pytest.raises(ConnectionLost, match=r"^GET /users/zoe failed: The ") as caught:
        await call(lane, script)
    assert caught.value.sent
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("script", [NO_RESPONSE, [RESET], short_body(), GARBAGE])
@pytest.mark.parametrize(("method", "times"), [("GET", 3), ("PUT", 3), ("POST", 1), ("PATCH", 1)])
async def test_only_idempotent_methods_are_retried(lane, script, method, times):
    async with FaultServer(script) as server:
        api = await lane.api(server.url, retry=FAST)
        with pytest.raises(ConnectionLost) as caught:
            await api.request(method, "/x", json={"a": 1})
    assert caught.value.attempts == times
    # aiohttp itself retries an idempotent request without a response.
    no_response = script in (NO_RESPONSE, [RESET])
    again = 2 if lane.name == "aiohttp" and times > 1 and no_response else 1
    assert len(server.requests) == times * again


async def test_a_call_succeeds_after_one_broken_response(lane):
    async with FaultServer(NO_RESPONSE, short_body(), json_response()) as server:
        api = await lane.api(server.url, retry=FAST)
        assert await api.request("GET", "/x", returns=User) == User(**USER)


async def test_the_connection_is_not_used_again_after_it_broke(lane):
    async with FaultServer([head(headers={"content-length": "9"}), b"x", CLOSE], [ok()]) as server:
        api = await lane.api(server.url, max_connections=1)
        with pytest.raises(ConnectionLost):
            await api.request("GET", "/x")
        assert (await api.request("GET", "/x")).status == 200
        assert server.connections == 2


async def test_a_refused_connection_is_a_connect_error_and_nothing_was_sent(lane):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        api = await lane.api(f"http://127.0.0.1:{taken.getsockname()[1]}", retry=FAST)
        with pytest.raises(ConnectFailed, match=r"\(3 attempts\).*Check base_url") as caught:
            await api.request("POST", "/x", json={})
    assert not caught.value.sent


async def test_an_unknown_host_is_a_connect_error(lane):
    api = await lane.api("http://no-such-host.invalid")
    with pytest.raises(ConnectFailed, match="No connection") as caught:
        await api.request("GET", "/x")
    assert not caught.value.sent


async def test_silence_is_a_read_timeout(lane):
    with pytest.raises(ReadTimeout, match="Timed out while reading the response") as caught:
        await call(lane, [HANG], timeout=SHORT)
    assert caught.value.sent


async def test_silence_in_the_body_is_a_read_timeout(lane):
    with pytest.raises(ReadTimeout):
        await call(lane, [head(headers={"content-length": "9"}), b"x", HANG], timeout=SHORT)


async def test_a_busy_pool_is_a_pool_timeout_and_nothing_was_sent(lane):
    async with FaultServer([HANG]) as server:
        api = await lane.api(server.url, max_connections=1, timeout=LONG_READ)
        busy = asyncio.ensure_future(api.request("GET", "/busy"))
        await server.arrived.wait()
        # aiohttp does not distinguish a busy pool from a slow connection.
        expected = ConnectTimeout if lane.name == "aiohttp" else PoolTimeout
        with pytest.raises(expected) as caught:
            await api.request("POST", "/x", json={})
        assert not caught.value.sent
        busy.cancel()
        await asyncio.wait([busy])


async def test_a_slow_response_is_read(lane):
    assert await call(lane, slow_drip(USER)) == User(**USER)


async def test_early_hints_are_ignored(lane):
    hints = b"HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n" * 3
    assert await call(lane, [hints + json_response()[0]]) == User(**USER)


async def test_a_body_that_ends_with_the_connection_is_complete(lane):
    assert await call(lane, [b"HTTP/1.1 200 OK\r\n\r\n" + JSON, CLOSE]) == User(**USER)


# ------------------------------------------------------------------ what not every client does


async def test_junk_after_a_response_is_not_read_as_the_next_one(lane):
    async with FaultServer([ok({"a": 1}) + b"JUNK"], [ok({"b": 2})]) as server:
        api = await lane.api(server.url, max_connections=1, retry=FAST)
        # aiohttp refuses a response with junk after it, the others refuse the junk.
        first = await api.request("GET", "/x")
        assert first.json() == ({"b": 2} if lane.name == "aiohttp" else {"a": 1})
        assert (await api.request("GET", "/x")).json() == {"b": 2}
