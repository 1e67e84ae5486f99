"""Responses that are truncated, inconsistent or invalid, on every HTTP client."""

import asyncio
import gzip
import itertools
import json
import socket
import tracemalloc
import zlib
from contextlib import contextmanager

import pytest
from pydantic import BaseModel

from sdk import (
    ConnectFailed,
    ConnectionLost,
    ConnectTimeout,
    DecodeError,
    NotFound,
    NotModified,
    Operation,
    PoolTimeout,
    ReadTimeout,
    ResponseTooLarge,
    Retry,
    ServerError,
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
from tests.transport.loop_steps import loop_steps

MIB = 1024 * 1024
FAST = Retry(initial_delay=0, max_delay=0)
LONG_READ = Timeout(pool=0.05, total=20)
USER = {"name": "Zoë"}
JSON = json.dumps(USER).encode()


class User(BaseModel):
    name: str


def response(body=b"", *, status="200 OK", **headers):
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"{name}: {value}" for name, value in names.items()]
    lines = [f"HTTP/1.1 {status}", *lines, f"content-length: {len(body)}", "", ""]
    return ["\r\n".join(lines).encode() + body]


def json_response(body=JSON, **headers):
    return response(body, **{"content_type": "application/json", **headers})


async def call(lane, script, *, returns=User, method="GET", **options):
    async with FaultServer(script) as server:
        api = await lane.api(server.url, **options)
        return await api.request(method, "/users/zoe", returns=returns)


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


# ------------------------------------------------------------------ compression


@pytest.mark.parametrize(
    ("body", "why"),
    [
        pytest.param(JSON, "incorrect header check", id="not compressed at all"),
        pytest.param(gzip.compress(JSON)[:-9], "ends too early", id="cut"),
        pytest.param(gzip.compress(JSON)[:-8] + bytes(8), "incorrect data check", id="checksum"),
        pytest.param(zlib.compress(JSON), "incorrect header check", id="zlib"),
    ],
)
async def test_an_invalid_gzip_body_is_a_lost_connection(lane, body, why):
    with pytest.raises(ConnectionLost, match=why):
        await call(lane, json_response(body, content_encoding="gzip"))


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(gzip.compress(JSON), id="plain"),
        pytest.param(gzip.compress(JSON[:5]) + gzip.compress(JSON[5:]), id="two members"),
        pytest.param(gzip.compress(JSON) + bytes(100), id="padded"),
    ],
)
async def test_a_gzip_body_is_read(lane, body):
    assert await call(lane, json_response(body, content_encoding="GZip")) == User(**USER)


@pytest.mark.parametrize("encoding", ["br", "deflate", "zstd", "gzip, gzip", "x"])
async def test_a_compression_that_was_not_requested_is_refused(lane, encoding):
    with pytest.raises(ConnectionLost, match="which was not requested"):
        await call(lane, json_response(JSON, content_encoding=encoding))


# ------------------------------------------------------------------ no end of it


@contextmanager
def memory(at_most):
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < at_most
    finally:
        tracemalloc.stop()


def bomb():
    """Return 200 MB of zeros in 200 KB."""
    packer = zlib.compressobj(9, wbits=31)
    zeros = bytes(MIB)
    return b"".join([packer.compress(zeros) for _ in range(200)]) + packer.flush()


BOMB = bomb()
PACKED = gzip.compress(JSON)
ENDLESS = head(headers={"transfer-encoding": "chunked"})


def endless(chunk):
    framed = f"{len(chunk):x}\r\n".encode() + chunk + b"\r\n"
    return itertools.chain([ENDLESS], itertools.repeat(framed))


async def test_a_gzip_bomb_stops_at_the_limit_in_little_memory(lane):
    script = json_response(BOMB, content_encoding="gzip")
    with memory(at_most=16 * MIB), pytest.raises(ResponseTooLarge):
        await call(lane, script, max_response_bytes=4 * MIB)


async def test_an_endless_body_stops_at_the_limit_in_little_memory(lane):
    with memory(at_most=16 * MIB), pytest.raises(ResponseTooLarge):
        await call(lane, endless(b"x" * 60_000), max_response_bytes=4 * MIB)


@pytest.mark.parametrize(
    "chunk",
    [
        pytest.param(bytes(60_000), id="padding behind the end"),
        pytest.param(gzip.compress(b"") * 1000, id="empty members"),
    ],
)
async def test_an_endless_gzip_body_without_output_stops_too(lane, chunk):
    script = itertools.chain(
        [head(headers={"transfer-encoding": "chunked", "content-encoding": "gzip"})],
        [b"%x\r\n%b\r\n" % (len(PACKED), PACKED)],
        itertools.repeat(b"%x\r\n%b\r\n" % (len(chunk), chunk)),
    )
    with memory(at_most=MIB), pytest.raises(ResponseTooLarge):
        await call(lane, script, max_response_bytes=1000)


async def test_a_body_that_is_too_large_is_not_retried(lane):
    async with FaultServer(json_response(b"x" * 101)) as server:
        api = await lane.api(server.url, max_response_bytes=100, retry=FAST)
        with pytest.raises(ResponseTooLarge, match=r"Raise max_response_bytes"):
            await api.request("GET", "/x")
        assert len(server.requests) == 1


async def test_the_connection_slot_is_freed_after_a_body_that_is_too_large(lane):
    async with FaultServer(response(b"x" * MIB), json_response()) as server:
        api = await lane.api(server.url, max_response_bytes=100, max_connections=1)
        with pytest.raises(ResponseTooLarge):
            await api.request("GET", "/x")
        assert await api.request("GET", "/x", returns=User) == User(**USER)


# ------------------------------------------------------------------ bodies that make no sense

HTML = b"<!doctype html><title>Sign in</title>"


@pytest.mark.parametrize(
    ("script", "why"),
    [
        pytest.param(
            response(HTML, content_type="text/html"),
            r"text/html.*not JSON.*Check base_url: is this the API\?",
            id="login page",
        ),
        pytest.param(json_response(HTML), "the body is not JSON", id="login page that says JSON"),
        pytest.param(json_response(JSON[:-3]), "the JSON ends too early", id="truncated"),
        pytest.param(json_response(JSON + b" x"), "the body is not JSON", id="junk behind it"),
        pytest.param(json_response(b""), "the body is empty", id="empty"),
        pytest.param(
            [b"HTTP/1.1 204 No Content\r\n\r\n"], "no content type.*the body is empty", id="204"
        ),
        pytest.param(json_response(b"[]"), "expected User, got an array", id="another shape"),
        pytest.param(json_response(b"null"), "expected User, got null", id="null"),
        pytest.param(
            json_response(b'{"a":' * 10_000 + b"1" + b"}" * 10_000), "nested deeper", id="deep"
        ),
        pytest.param(json_response(b"[" * 10_000), "nested deeper", id="deep and open"),
        pytest.param(
            json_response(b'{"n":' + b"9" * 5000 + b"}"), "4,300 digits", id="long number"
        ),
        pytest.param(json_response(JSON.decode().encode("utf-16")), "not JSON", id="UTF-16"),
    ],
)
async def test_a_body_that_is_not_what_was_declared_is_a_decode_error(lane, script, why):
    with pytest.raises(DecodeError, match=rf"^GET /users/zoe answered 20\d with .*{why}") as caught:
        await call(lane, script)
    assert caught.value.status in (200, 204)
    assert caught.value.attempts == 1


@pytest.mark.parametrize(
    ("script", "name"),
    [
        pytest.param(json_response(b"\xef\xbb\xbf" + JSON), "Zoë", id="byte order mark"),
        pytest.param(
            json_response('{"name":"Zoë"}'.encode("latin-1"), content_type="application/json"),
            "Zo\ufffd",
            id="Latin-1 that says nothing",
        ),
        pytest.param(
            json_response(JSON, content_type="application/json; charset=ebcdic"),
            "Zoë",
            id="UTF-8 that says something else",
        ),
        pytest.param(response(JSON), "Zoë", id="no content type"),
        pytest.param(json_response(b'{"name":"a","name":"Zoe"}'), "Zoe", id="a key twice"),
        pytest.param(json_response(b'{"name":"\\ud800"}'), "\ufffd", id="half a character"),
    ],
)
async def test_a_body_that_can_be_read_is_read(lane, script, name):
    assert (await call(lane, script)).name == name


@pytest.mark.parametrize("number", [b"NaN", b"Infinity", b"-Infinity"])
async def test_an_invalid_number_does_not_lose_the_rest(lane, number):
    user = await call(lane, json_response(b'{"name":"Zoe","score":' + number + b"}"))
    assert user.name == "Zoe"


async def test_204_for_an_operation_without_a_body_returns_none(lane):
    async with FaultServer([b"HTTP/1.1 204 No Content\r\n\r\n"]) as server:
        api = await lane.api(server.url)
        delete = Operation("DELETE", "/x", returns=None)
        assert await api.caller.call(delete, None, {}) is None


# ------------------------------------------------------------------ errors that make no sense


@pytest.mark.parametrize(
    ("script", "error", "message"),
    [
        pytest.param(
            response(HTML, status="502 Bad Gateway", content_type="text/html"),
            ServerError,
            "Bad Gateway",
            id="502 in HTML",
        ),
        pytest.param(
            response(status="503 Service Unavailable"), ServerError, "Service Unavailable", id="503"
        ),
        pytest.param(
            json_response(b'["no"]', status="500 No"),
            ServerError,
            "Internal Server Error",
            id="500",
        ),
        pytest.param(
            json_response(b'{"message": {"a": 1}}', status="404 No"),
            NotFound,
            "Not Found",
            id="404",
        ),
        pytest.param(
            json_response(b"[" * 10_000, status="404 No"), NotFound, "Not Found", id="404, deep"
        ),
        pytest.param(response(status="299 Odd"), DecodeError, None, id="299"),
        pytest.param(response(status="304 Not Modified"), NotModified, "Not Modified", id="304"),
        pytest.param(response(status="600 Odd"), ServerError, "no reason given", id="600"),
    ],
)
async def test_an_error_in_any_shape_is_the_error_of_its_status(lane, script, error, message):
    with pytest.raises(error) as caught:
        await call(lane, script)
    assert type(caught.value) is error
    assert message is None or caught.value.message == message


async def test_an_error_body_above_the_limit_is_too_large(lane):
    script = json_response(b'{"message": "' + b"x" * MIB + b'"}', status="500 No")
    with pytest.raises(ResponseTooLarge):
        await call(lane, script, max_response_bytes=1000)


# ------------------------------------------------------------------ what not every client does


async def test_junk_after_a_response_is_not_read_as_the_next_one(lane):
    async with FaultServer([ok({"a": 1}) + b"JUNK"], [ok({"b": 2})]) as server:
        api = await lane.api(server.url, max_connections=1, retry=FAST)
        # aiohttp refuses a response with junk after it, the others refuse the junk.
        first = await api.request("GET", "/x")
        assert first.json() == ({"b": 2} if lane.name == "aiohttp" else {"a": 1})
        assert (await api.request("GET", "/x")).json() == {"b": 2}


# ------------------------------------------------------------------ bodies of errors


@pytest.mark.parametrize("packed", [False, True])
async def test_only_the_beginning_of_an_error_body_is_read(lane, packed):
    body = bytes(4_000_000) if packed else b"x" * 4_000_000
    sent = gzip.compress(body) if packed else body
    headers = {"content-length": str(len(sent)), "content-type": "text/plain"}
    if packed:
        headers["content-encoding"] = "gzip"
    async with FaultServer([head("500 Oops", headers) + sent], [ok({})]) as server:
        api = await lane.api(server.url, max_connections=1)
        with pytest.raises(ServerError) as caught:
            await api.request("GET", "/x")
        assert caught.value.status == 500
        assert (await api.request("GET", "/x")).status == 200
        # The rest of the uncompressed body was not read.
        assert packed or server.connections == 2


async def test_inflating_a_large_body_lets_others_run(lane):
    sent = gzip.compress(bytes(60_000_000))
    headers = {"content-length": str(len(sent)), "content-encoding": "gzip"}
    async with FaultServer([head(headers=headers) + sent]) as server:
        api = await lane.api(server.url)
        async with loop_steps() as steps:
            await api.request("GET", "/x")
        # One turn of the loop for each step, not one for the whole body.
        assert sum(step > 0.0005 for step in steps) > 20
