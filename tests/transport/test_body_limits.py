"""Compressed, endless and too large bodies, on every HTTP client."""

import gzip
import itertools
import tracemalloc
import zlib
from contextlib import contextmanager
from time import process_time

import pytest

from sdk import (
    ConnectionLost,
    ResponseTooLarge,
    ServerError,
    Unauthorized,
)
from sdk.transport.http.body import Gunzip
from tests.faults import (
    FaultServer,
    head,
    ok,
)
from tests.transport.loop_steps import loop_steps
from tests.transport.raw_responses import FAST, JSON, USER, User, call, json_response, response

MIB = 1024 * 1024


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


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (JSON, "gzip"),
        (gzip.compress(JSON)[:-9], "gzip"),
        (gzip.compress(JSON)[:-8] + bytes(8), "gzip"),
        (b"x", "br"),
        (b"x", "gzip, gzip"),
    ],
    # A compressed body holds the time, and the two test processes must collect the same names.
    ids=["not compressed", "cut", "checksum", "another encoding", "two encodings"],
)
async def test_an_error_whose_body_cannot_be_decompressed_has_its_status(lane, body, encoding):
    script = json_response(body, status="401 No", content_encoding=encoding)
    async with FaultServer(script) as server:
        api = await lane.api(server.url, retry=FAST)
        with pytest.raises(Unauthorized):
            await api.request("GET", "/x")
    assert len(server.requests) == 1


async def test_many_members_in_one_packet_take_linear_time_and_let_other_tasks_run():
    gunzip, members = Gunzip(), gzip.compress(b"", mtime=0) * 40_000
    began = process_time()

    data = list(gunzip.feed(members))

    gunzip.finish()
    assert data == [b""] * 399
    # What follows a member was copied for each of them.
    assert process_time() - began < 0.5


@pytest.mark.parametrize("encoding", ["br", "deflate", "zstd", "gzip, gzip", "utf-8, br"])
async def test_a_compression_that_was_not_requested_is_refused(lane, encoding):
    with pytest.raises(ConnectionLost, match="which was not requested"):
        await call(lane, json_response(JSON, content_encoding=encoding))


NO_COMPRESSIONS = ["", "identity", "none", "utf-8", "aws-chunked", "identity, binary", "x"]
GZIP = ["gzip", "x-gzip", "GZIP", "gzip, identity", "aws-chunked,gzip", "gzip,"]


@pytest.mark.parametrize("encoding", NO_COMPRESSIONS + GZIP)
async def test_an_encoding_that_is_no_compression_is_left_out(lane, encoding):
    body = gzip.compress(JSON) if encoding in GZIP else JSON
    user = await call(lane, json_response(body, content_encoding=encoding))
    assert user.name == "Zoë"


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
    with memory(at_most=2 * MIB), pytest.raises(ResponseTooLarge):
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


async def test_an_error_body_above_the_limit_is_too_large(lane):
    script = json_response(b'{"message": "' + b"x" * MIB + b'"}', status="500 No")
    with pytest.raises(ResponseTooLarge):
        await call(lane, script, max_response_bytes=1000)


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
    sent = gzip.compress(bytes(30_000_000))
    headers = {"content-length": str(len(sent)), "content-encoding": "gzip"}
    async with FaultServer([head(headers=headers) + sent]) as server:
        api = await lane.api(server.url)
        async with loop_steps() as steps:
            await api.request("GET", "/x")
        # One turn of the loop for each step, not one for the whole body.
        assert sum(step > 0.0005 for step in steps) > 10
