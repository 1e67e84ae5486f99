"""The body of a download: truncated, compressed, large, or not read to its end."""

import asyncio
import contextlib
import gzip
import tracemalloc
import warnings

import httpx
import pytest

from sdk import ApiClient, Resource
from sdk.transport.errors import (
    ClientClosed,
    ConnectionLost,
    DeadlineExceeded,
    ResponseTooLarge,
)
from tests.faults import CLOSE, HANG, RESET, FaultServer, head
from tests.transport.downloads import ARCHIVE, DATA, download, streamed

# ------------------------------------------------------------------ bodies that are not whole


@pytest.mark.parametrize(
    "reply",
    [
        lambda: streamed(b"abc", b"de", content_length="9"),
        lambda: httpx.Response(200, content=b"abcde", headers={"content-length": "9"}),
    ],
)
async def test_a_short_body_is_an_error(tmp_path, reply):
    file, _ = download(reply())
    with pytest.raises(ConnectionLost, match="ended after 5 of 9 bytes"):
        await file.save(tmp_path / "a")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("end", [CLOSE, RESET])
async def test_a_short_body_over_a_socket_is_an_error(tmp_path, end):
    script = [head(headers={"content-length": "1000"}), b"x" * 10, end]
    async with FaultServer(script) as server, ApiClient(base_url=server.url, retry=None) as api:
        with pytest.raises(ConnectionLost):
            await Resource(api)._download(ARCHIVE, name="a").save(tmp_path / "a")
    assert list(tmp_path.iterdir()) == []


async def test_a_body_that_is_cut_between_chunks_is_an_error(tmp_path):
    script = [head(headers={"transfer-encoding": "chunked"}), b"3\r\nabc\r\n", CLOSE]
    async with FaultServer(script) as server, ApiClient(base_url=server.url, retry=None) as api:
        with pytest.raises(ConnectionLost):
            await Resource(api)._download(ARCHIVE, name="a").save(tmp_path / "a")
    assert list(tmp_path.iterdir()) == []


async def test_a_compressed_body_is_decompressed(tmp_path):
    body = gzip.compress(DATA)
    reply = streamed(body[:50], body[50:], content_encoding="gzip", content_length=str(len(body)))
    file, _ = download(reply)
    seen = []
    size = await file.save(tmp_path / "a", progress=lambda done, total: seen.append((done, total)))
    assert size == len(DATA)
    assert (tmp_path / "a").read_bytes() == DATA
    assert seen[-1] == (len(DATA), None)


async def test_a_mocked_body_that_was_decompressed_already_is_not_decompressed_again():
    headers = {"content-encoding": "gzip"}
    file, _ = download(httpx.Response(200, content=gzip.compress(DATA), headers=headers))
    assert await file == DATA


async def test_an_exception_that_is_not_a_network_failure_is_raised_unchanged():
    file, _ = download(streamed(b"a", LookupError("in the mock")))
    with pytest.raises(LookupError, match="in the mock"):
        await file


async def test_a_compressed_body_that_is_cut_is_an_error():
    file, _ = download(streamed(gzip.compress(DATA)[:-9], content_encoding="gzip"))
    with pytest.raises(ConnectionLost, match="too early"):
        await file


async def test_an_unknown_compression_is_an_error():
    file, _ = download(streamed(b"x", content_encoding="br"))
    with pytest.raises(ConnectionLost, match="'br'"):
        await file


# ------------------------------------------------------------------ size and time


async def test_in_memory_there_is_a_limit_and_on_disk_there_is_none(tmp_path):
    file, _ = download(lambda request: streamed(b"x" * 60, b"x" * 60), max_response_bytes=100)
    with pytest.raises(ResponseTooLarge, match=r"larger than the 100 bytes .* save\(\) it"):
        await file
    assert await file.save(tmp_path / "a") == 120


async def test_a_content_length_above_the_limit_is_not_fetched():
    reply = streamed(b"x" * 60, b"x" * 60, content_length="120")
    body = reply.stream
    file, _ = download(reply, max_response_bytes=100)
    with pytest.raises(ResponseTooLarge):
        await file
    assert body.given == 1
    assert body.closed


async def test_a_large_file_takes_little_memory(tmp_path):
    piece = bytes(64 * 1024)
    file, _ = download(streamed(*[piece] * 640))
    tracemalloc.start()
    try:
        assert await file.save(tmp_path / "large") == 40 * 1024 * 1024
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 6 * 1024 * 1024


async def test_the_total_timeout_of_a_download_ends_with_its_first_byte():
    go = asyncio.Event()
    script = [head(headers={"content-length": "2"}), b"a", go, b"b"]
    async with (
        FaultServer(script) as server,
        ApiClient(base_url=server.url) as api,
        Resource(api)._download(ARCHIVE, {"timeout": 0.1}, name="a") as stream,
    ):
        assert await anext(stream) == b"a"
        await asyncio.sleep(0.15)
        go.set()
        assert await anext(stream) == b"b"


async def test_the_total_timeout_of_a_download_applies_until_its_first_byte():
    script = [head(headers={"content-length": "2"}), HANG]
    async with FaultServer(script) as server, ApiClient(base_url=server.url) as api:
        with pytest.raises(DeadlineExceeded):
            await Resource(api)._download(ARCHIVE, {"timeout": 0.1}, name="a")


# ------------------------------------------------------------------ progress


async def test_progress_is_reported_after_each_piece(tmp_path):
    seen = []
    file, _ = download(
        streamed(b"abc", b"de", content_length="5"),
        streamed(b"abc", b"de"),
    )
    for _ in range(2):
        await file.save(tmp_path / "a", progress=lambda *numbers: seen.append(numbers))
    assert seen == [(3, 5), (5, 5), (3, None), (5, None)]


async def test_an_error_of_the_progress_callback_ends_the_download(tmp_path):
    def complain(done, total):
        raise LookupError("mine")

    reply = streamed(b"abc", b"de")
    body = reply.stream
    file, _ = download(reply)
    with pytest.raises(LookupError, match="mine"):
        await file.save(tmp_path / "a", progress=complain)
    assert body.closed
    assert list(tmp_path.iterdir()) == []


# ------------------------------------------------------------------ leaving early


async def test_an_early_exit_closes_the_response():
    reply = streamed(b"a", b"b", b"c")
    body = reply.stream
    file, _ = download(reply)
    async with file as stream:
        async for _ in stream:
            break
    assert body.closed
    assert body.given == 1


async def test_cancelling_leaves_no_file_and_frees_the_connection(tmp_path):
    script = [head(headers={"content-length": "1000"}), b"x" * 10, HANG]
    good = [head(headers={"content-length": "3"}), b"zip"]
    async with (
        FaultServer(script, script, good) as server,
        ApiClient(base_url=server.url, max_connections=1) as api,
    ):
        for _ in range(2):
            seen = asyncio.Event()
            file = Resource(api)._download(ARCHIVE, name="a")
            task = asyncio.create_task(
                file.save(tmp_path / "a", progress=lambda *_, seen=seen: seen.set())
            )
            await seen.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert list(tmp_path.iterdir()) == []
        assert await Resource(api)._download(ARCHIVE, name="a") == b"zip"


def test_a_program_that_ends_in_the_middle_leaves_no_warning(tmp_path):
    async def program():
        script = [head(headers={"content-length": "1000"}), b"x" * 10, HANG]
        async with FaultServer(script) as server, ApiClient(base_url=server.url) as api:
            async with Resource(api)._download(ARCHIVE, name="a") as stream:
                async for _ in stream:
                    break
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(0.05):
                    await Resource(api)._download(ARCHIVE, name="a").save(tmp_path / "a")

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        asyncio.run(program(), debug=True)
    assert list(tmp_path.iterdir()) == []


async def test_closing_the_client_ends_a_download():
    script = [head(headers={"content-length": "100"}), b"x" * 10, HANG]
    async with FaultServer(script) as server:
        api = await ApiClient(base_url=server.url).open()
        async with Resource(api)._download(ARCHIVE, name="a") as stream:
            await anext(stream)
            rest = asyncio.create_task(stream.read())
            await asyncio.sleep(0.02)
            await api.aclose()
            with pytest.raises(ClientClosed, match="while the call was under way"):
                await rest
