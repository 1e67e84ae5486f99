"""The body of a download: cut, compressed, large, left early, and what becomes of the file."""

import asyncio
import contextlib
import gzip
import os
import stat
import sys
import threading
import tracemalloc
import warnings

import httpx
import pytest

from sdk import ApiClient, InvalidInput, Resource
from sdk.transport.auth import NoAuth
from sdk.transport.errors import (
    ClientClosed,
    ConnectionLost,
    DeadlineExceeded,
    ResponseTooLarge,
)
from sdk.transport.files import AtomicFile, in_thread
from tests.faults import CLOSE, HANG, RESET, FaultServer, head
from tests.transport.downloads import ARCHIVE, DATA, Token, download, found, streamed
from tests.transport.support import BASE_URL, Upstream

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


# ------------------------------------------------------------------ the file


async def test_the_old_file_stays_until_the_new_one_is_complete(tmp_path):
    place = tmp_path / "a"
    place.write_text("old")
    file, _ = download(streamed(b"abc", httpx.ReadError("gone")), streamed(b"new"), retry=None)

    with pytest.raises(ConnectionLost):
        await file.save(place)
    assert place.read_text() == "old"

    await file.save(str(place))
    assert place.read_text() == "new"
    assert list(tmp_path.iterdir()) == [place]


async def test_a_new_file_has_the_usual_permissions(tmp_path):
    file, _ = download(streamed(b"new"))
    await file.save(tmp_path / "a")
    (tmp_path / "b").write_text("by hand")
    modes = {stat.S_IMODE((tmp_path / name).stat().st_mode) for name in "ab"}
    assert len(modes) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such permissions there")
async def test_a_replaced_file_keeps_its_mode(tmp_path):
    place = tmp_path / "secret.zip"
    place.write_text("old")
    place.chmod(0o600)
    file, _ = download(streamed(b"new"))
    await file.save(place)
    assert place.read_text() == "new"
    assert stat.S_IMODE(place.stat().st_mode) == 0o600


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
async def test_a_link_stays_a_link(tmp_path):
    (tmp_path / "real").write_text("old")
    (tmp_path / "link").symlink_to("real")
    file, _ = download(streamed(b"new"))
    await file.save(tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text() == "new"


async def test_an_invalid_destination_is_refused_before_a_request(tmp_path):
    file, upstream = download(streamed(b"new"))
    with pytest.raises(FileNotFoundError):
        await file.save(tmp_path / "missing" / "a")
    with pytest.raises(IsADirectoryError):
        await file.save(tmp_path)
    with pytest.raises(InvalidInput, match="not a regular file"):
        await file.save(os.devnull)
    assert upstream.requests == []


async def test_a_file_that_was_not_opened_is_not_written(tmp_path):
    file = AtomicFile(tmp_path / "a")
    with pytest.raises(ValueError, match="not open"):
        file.write(b"x")
    file.commit()
    file.discard()
    assert list(tmp_path.iterdir()) == []


async def test_cancelling_waits_for_the_thread_that_uses_the_file():
    begun, go, done = threading.Event(), threading.Event(), []

    def work():
        begun.set()
        go.wait()
        done.append(True)

    task = asyncio.create_task(in_thread(work))
    await asyncio.to_thread(begun.wait)
    for _ in range(3):
        task.cancel()
        await asyncio.sleep(0)
    assert not task.done()
    go.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert done


async def test_two_downloads_to_one_path_leave_one_complete_file(tmp_path):
    one, _ = download(streamed(b"1" * 1000, b"1" * 1000))
    two, _ = download(streamed(b"2" * 1000, b"2" * 1000))
    await asyncio.gather(one.save(tmp_path / "a"), two.save(tmp_path / "a"))
    assert (tmp_path / "a").read_bytes() in (b"1" * 2000, b"2" * 2000)
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


async def test_a_download_without_credentials():
    file, upstream = download(httpx.Response(200, content=b"zip"), auth=NoAuth())
    assert await file == b"zip"
    assert "authorization" not in upstream.last.headers


async def test_default_headers_of_an_injected_client_are_sent_to_the_api_only():
    upstream = Upstream(found(), httpx.Response(200, content=b"zip"))
    client = upstream.http_client(headers={"authorization": "Basic eHg=", "x-api-key": "k3y"})
    api = ApiClient(base_url=BASE_URL, http_client=client)
    assert await Resource(api)._download(ARCHIVE, name="a") == b"zip"
    assert "authorization" not in upstream.last.headers
    assert "x-api-key" not in upstream.last.headers


async def test_a_file_can_be_downloaded_by_path(tmp_path):
    upstream = Upstream(found(), httpx.Response(200, content=b"zip"))
    file = upstream.api(auth=Token()).download(
        "/archives/{name}",
        path_params={"name": "a/b"},
        params={"ref": "main"},
        options={"headers": {"accept": "application/zip"}, "extra_query": {"x": 1}},
    )
    assert await file.save(tmp_path / "a") == 3
    first = upstream.requests[0]
    assert str(first.url) == f"{BASE_URL}/archives/a%2Fb?x=1&ref=main"
    assert first.headers["accept"] == "application/zip"
