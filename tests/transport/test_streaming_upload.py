"""Bodies that are sent in pieces: from memory, from a file, from an async iterator."""

import asyncio
import io
import os
import time
import tracemalloc
import warnings
from pathlib import Path

import httpx
import httpx2
import pytest

from sdk import ApiClient, InvalidInput
from sdk.transport.errors import (
    DeadlineExceeded,
)
from sdk.transport.request.upload import content_of
from tests.faults import HANG, FaultServer, ok
from tests.transport.support import BASE_URL, Api
from tests.transport.uploads import DATA, Files, Pipe, files, pieces

# ------------------------------------------------------------------ what can be sent


@pytest.mark.parametrize(
    ("data", "sent"),
    [
        (DATA, DATA),
        (bytearray(b"abc"), b"abc"),
        (memoryview(b"abcdef")[1:3], b"bc"),
        ("größer", "größer".encode()),
        (b"", b""),
        (io.BytesIO(DATA), DATA),
        (io.BytesIO(b""), b""),
    ],
)
async def test_a_body_in_memory_is_sent_with_its_length(data, sent):
    resource, upstream = files()
    await resource.put(data)
    request = upstream.last
    assert request.content == sent
    assert request.headers["content-length"] == str(len(sent))
    assert "transfer-encoding" not in request.headers
    assert request.headers["content-type"] == "application/octet-stream"


async def test_a_path_is_read_from_disk(upload_path):
    resource, upstream = files()
    await resource.put(upload_path)
    assert upstream.last.content == DATA
    assert upstream.last.headers["content-length"] == str(len(DATA))


async def test_an_open_file_is_sent_from_its_position_and_stays_open(upload_file):
    resource, upstream = files()
    upload_file.seek(1000)
    await resource.put(upload_file)
    assert upstream.last.content == DATA[1000:]
    assert upstream.last.headers["content-length"] == str(len(DATA) - 1000)
    assert not upload_file.closed


@pytest.mark.parametrize(
    "source", [lambda: pieces(b"ab", b"", bytearray(b"cd")), lambda: Pipe(b"abcd")]
)
async def test_a_body_without_a_length_is_sent_in_chunks(source):
    resource, upstream = files()
    await resource.put(source())
    assert upstream.last.content == b"abcd"
    assert upstream.last.headers["transfer-encoding"] == "chunked"
    assert "content-length" not in upstream.last.headers


async def test_a_content_length_of_the_caller_is_sent():
    resource, upstream = files()
    await resource.put(pieces(b"ab", b"cd"), options={"headers": {"Content-Length": "4"}})
    assert upstream.last.headers["content-length"] == "4"
    assert "transfer-encoding" not in upstream.last.headers


def test_the_repr_of_a_body_shows_only_its_size():
    assert repr(content_of("secret")) == "<Content, 6 bytes>"
    assert repr(content_of(Pipe(b"secret"))) == "<Content, unknown bytes>"


async def test_the_media_type_can_be_set():
    resource, upstream = files()
    await resource.put(b"PK", content_type="application/zip")
    assert upstream.last.headers["content-type"] == "application/zip"


@pytest.mark.parametrize("client_class", [httpx.AsyncClient, httpx2.AsyncClient])
async def test_over_a_socket_with_either_client(upload_path, upload_file, client_class):
    async with FaultServer([ok({"size": 1})]) as server, client_class() as client:
        resource = Files(ApiClient(base_url=server.url, http_client=client))
        for data in (upload_path, upload_file, DATA, pieces(DATA[:1000], DATA[1000:])):
            assert await resource.put(data) == {"size": 1}
    assert [request.body == DATA for request in server.requests] == [True] * 4
    assert server.connections == 1


# ------------------------------------------------------------------ what cannot be sent


@pytest.mark.parametrize("data", [7, None, [b"a"], iter([b"a"]), object()])
async def test_other_types_are_refused(data):
    resource, upstream = files()
    with pytest.raises(InvalidInput, match=r"pathlib\.Path"):
        await resource.put(data, progress=print)
    with pytest.raises(InvalidInput, match=r"pathlib\.Path"):
        await resource.put(data)
    assert upstream.requests == []


async def test_a_text_file_is_refused(upload_path):
    resource, _ = files()
    with (
        upload_path.open(encoding="latin-1") as file,
        pytest.raises(InvalidInput, match='mode "rb"'),
    ):
        await resource.put(file)


async def test_an_async_file_is_refused_with_the_fix():
    class Upload:
        async def read(self, size=-1):
            return b""

    resource, _ = files()
    with pytest.raises(InvalidInput, match=r"upload\.file"):
        await resource.put(Upload())


async def test_a_path_that_is_not_a_file_is_refused(tmp_path):
    resource, upstream = files()
    with pytest.raises(FileNotFoundError):
        await resource.put(tmp_path / "missing")
    for place in (tmp_path, Path(os.devnull)):
        with pytest.raises(InvalidInput, match="not a regular file"):
            await resource.put(place)
    assert upstream.requests == []


@pytest.mark.parametrize("piece", ["text", None, 7])
async def test_pieces_that_are_not_bytes_are_refused(piece):
    resource, _ = files()
    with pytest.raises(InvalidInput, match=rf"must come as bytes, not {type(piece).__name__}"):
        await resource.put(pieces(b"a", piece, b"b"))


async def test_memory_with_gaps_is_sent_without_them():
    resource, upstream = files()
    await resource.put(memoryview(b"a-b-c-")[::2])
    assert upstream.last.content == b"abc"


async def test_extra_body_is_refused_for_a_file():
    resource, _ = files()
    with pytest.raises(InvalidInput, match="extra_body"):
        await resource.put(b"x", options={"extra_body": {"a": 1}})


# ------------------------------------------------------------------ progress


async def test_progress_is_reported_during_the_upload(upload_path):
    seen = []
    resource, _ = files()
    await resource.put(upload_path, progress=lambda *numbers: seen.append(numbers))
    piece = 256 * 1024
    assert seen == [(n * piece, len(DATA)) for n in (1, 2, 3)] + [(len(DATA), len(DATA))]


async def test_progress_without_a_length(upload_path):
    seen = []
    resource, _ = files()
    await resource.put(pieces(b"ab", b"c"), progress=lambda *numbers: seen.append(numbers))
    assert seen == [(2, None), (3, None)]


async def test_progress_restarts_with_a_retry():
    seen = []
    resource, _ = files(httpx.Response(503), httpx.Response(200, json={}))
    await resource.put(b"abc", progress=lambda *numbers: seen.append(numbers))
    assert seen == [(3, 3), (3, 3)]


# ------------------------------------------------------------------ size and time


async def test_a_large_file_takes_little_memory(tmp_path):
    path = tmp_path / "large"
    with path.open("wb") as file:
        file.truncate(40 * 1024 * 1024)

    class Counting(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request):
            size = 0
            async for piece in request.stream:
                size += len(piece)
            return httpx.Response(200, json={"size": size})

    resource = Files(
        ApiClient(base_url=BASE_URL, http_client=httpx.AsyncClient(transport=Counting()))
    )
    tracemalloc.start()
    try:
        assert await resource.put(path) == {"size": 40 * 1024 * 1024}
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 4 * 1024 * 1024


async def test_the_client_s_total_timeout_does_not_apply_to_an_upload():
    async def slow():
        yield b"a"
        await asyncio.sleep(0.15)
        yield b"b"

    async with (
        FaultServer([ok({})]) as server,
        ApiClient(base_url=server.url, timeout=0.1) as api,
    ):
        assert await Files(api).put(slow()) == {}


async def test_a_timeout_of_the_call_applies_to_an_upload():
    async with FaultServer([HANG]) as server, ApiClient(base_url=server.url) as api:
        with pytest.raises(DeadlineExceeded):
            await Files(api).put(DATA, options={"timeout": 0.1})


def test_a_cancelled_upload_closes_the_file(upload_path):
    async def program():
        async with FaultServer([HANG]) as server, ApiClient(base_url=server.url) as api:
            begun = asyncio.Event()
            task = asyncio.create_task(Files(api).put(upload_path, progress=lambda *_: begun.set()))
            await begun.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        asyncio.run(program(), debug=True)


@pytest.mark.parametrize("how", ["option", "timeout", "cancel"])
async def test_an_upload_from_a_silent_pipe_obeys_its_caller(how):
    async def consume(request):
        await request.aread()
        return httpx.Response(200)

    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as pipe:
        async with httpx.AsyncClient(transport=httpx.MockTransport(consume)) as http:
            upload = Files(Api(http_client=http)).post
            begun = time.monotonic()
            try:
                if how == "option":
                    with pytest.raises(DeadlineExceeded):
                        await upload(pipe, options={"timeout": 0.05})
                elif how == "timeout":
                    with pytest.raises(TimeoutError):
                        async with asyncio.timeout(0.05):
                            await upload(pipe)
                else:
                    task = asyncio.ensure_future(upload(pipe))
                    await asyncio.sleep(0.05)
                    task.cancel()
                    with pytest.raises(asyncio.CancelledError):
                        await task
                assert time.monotonic() - begun < 2
            finally:
                # Ends the thread that reads.
                os.close(writing)
                await asyncio.sleep(0.05)
