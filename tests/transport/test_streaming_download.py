"""Files that the API gives: to disk, in pieces, or whole."""

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
import httpx2
import pytest

from sdk import ApiClient, InvalidInput, Operation, Resource, Retry
from sdk.transport.auth import NoAuth
from sdk.transport.errors import (
    ClientClosed,
    ConnectionLost,
    DeadlineExceeded,
    DecodeError,
    NotFound,
    Redirected,
    ResponseTooLarge,
    SdkError,
    ServerError,
)
from sdk.transport.files import AtomicFile, in_thread
from tests.faults import CLOSE, HANG, RESET, FaultServer, head
from tests.transport.support import BASE_URL, FakeClock, Upstream

STORAGE = "https://storage.example.net/blob?signature=s3cret"
ARCHIVE = Operation(
    "GET", "/archives/{name}", id="archives/get", query=("ref",), multi_segment=(), returns=bytes
)
DATA = bytes(range(256)) * 1000
FAST = Retry(attempts=3, first_wait=0.001)


class Token:
    async def headers(self):
        return {"authorization": "Bearer t0ken", "x-own-credential": "t0ken"}


class Pieces(httpx.AsyncByteStream):
    """A body in pieces; an exception among them is raised, a number is that many turns."""

    def __init__(self, *pieces):
        self.pieces = pieces
        self.given = 0
        self.closed = False

    async def __aiter__(self):
        for piece in self.pieces:
            if isinstance(piece, Exception):
                raise piece
            self.given += 1
            yield piece

    async def aclose(self):
        self.closed = True


def streamed(*pieces, status=200, **headers):
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(status, stream=Pieces(*pieces), headers=names)


def found(location=STORAGE):
    return httpx.Response(302, headers={"location": location})


def download(*replies, **options):
    upstream = Upstream(*replies)
    resource = Resource(upstream.api(**{"retry": FAST, **options}))
    return resource._download(ARCHIVE, name="a.zip"), upstream


# ------------------------------------------------------------------ three ways to take it


async def test_awaiting_gives_it_whole():
    file, _ = download(httpx.Response(200, content=DATA))
    assert await file == DATA


async def test_saving_gives_its_size(tmp_path):
    file, _ = download(streamed(DATA[:1000], DATA[1000:]))
    assert await file.save(tmp_path / "a.zip") == len(DATA)
    assert (tmp_path / "a.zip").read_bytes() == DATA


async def test_piece_by_piece_with_what_is_known_of_it():
    reply = streamed(b"abc", b"de", content_length="5", content_type="Application/ZIP; x=y")
    body = reply.stream
    file, _ = download(reply)

    async with file as stream:
        assert (stream.size, stream.received) == (5, 0)
        assert stream.content_type == "application/zip"
        assert stream.metadata.status == 200
        pieces = [(piece, stream.received) async for piece in stream]

    assert pieces == [(b"abc", 3), (b"de", 5)]
    assert body.closed


async def test_the_beginning_by_hand_and_the_rest_to_disk(tmp_path):
    file, _ = download(streamed(b"magic", b"rest", b"rest"))
    async with file as stream:
        assert await anext(stream) == b"magic"
        assert await stream.save(tmp_path / "rest") == 8
    assert (tmp_path / "rest").read_bytes() == b"restrest"


async def test_read_gives_the_rest_in_one_piece():
    file, _ = download(streamed(b"a", b"b", b"c"))
    async with file as stream:
        assert await anext(stream) == b"a"
        assert await stream.read() == b"bc"
        assert await stream.read() == b""


async def test_each_use_fetches_it_anew():
    file, upstream = download(httpx.Response(200, content=b"1"), httpx.Response(200, content=b"2"))
    assert [await file, await file] == [b"1", b"2"]
    assert len(upstream.requests) == 2


async def test_nothing_is_sent_until_it_is_used():
    file, upstream = download()
    assert "GET /archives/{name}" in repr(file)
    assert upstream.requests == []


async def test_an_empty_file_is_a_file(tmp_path):
    file, _ = download(httpx.Response(200, content=b""))
    assert await file.save(tmp_path / "empty") == 0
    assert (tmp_path / "empty").read_bytes() == b""


async def test_a_file_open_twice_is_refused():
    file, _ = download(streamed(b"a"))
    async with file:
        with pytest.raises(InvalidInput, match="open already"):
            await file


async def test_a_closed_stream_cannot_be_read():
    file, _ = download(streamed(b"a", b"b"))
    async with file as stream:
        pass
    with pytest.raises(InvalidInput, match="inside its `async with` block"):
        await anext(stream)


@pytest.mark.parametrize("client_class", [httpx.AsyncClient, httpx2.AsyncClient])
async def test_over_a_socket_with_either_client(tmp_path, client_class):
    answer = [head(headers={"content-length": str(len(DATA))}), DATA]
    async with FaultServer(answer) as server, client_class() as client:
        files = Resource(ApiClient(base_url=server.url, http_client=client))
        await files._download(ARCHIVE, name="a").save(tmp_path / "a")
        assert server.connections == 1
        await files._download(ARCHIVE, name="a").save(tmp_path / "b")
        assert server.connections == 1
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes() == DATA


# ------------------------------------------------------------------ the request


async def test_a_redirect_to_storage_is_followed_without_anything_of_the_caller():
    file, upstream = download(
        found(), httpx.Response(200, content=b"zip"), auth=Token(), headers={"x-tenant": "t"}
    )

    assert await file == b"zip"

    first, second = upstream.requests
    assert first.headers["authorization"] == "Bearer t0ken"
    assert str(second.url) == STORAGE
    assert set(second.headers) == {
        "accept",
        "accept-encoding",
        "connection",
        "host",
        "user-agent",
    }
    assert "t0ken" not in str(second.headers.raw)


async def test_a_redirect_on_the_same_origin_keeps_the_token():
    file, upstream = download(
        found("/legacy.zip/a"), httpx.Response(200, content=b"zip"), auth=Token()
    )
    assert await file == b"zip"
    assert upstream.last.headers["authorization"] == "Bearer t0ken"


async def test_a_redirect_back_home_stays_without_the_token():
    file, upstream = download(
        found(), found(f"{BASE_URL}/back"), httpx.Response(200, content=b"zip"), auth=Token()
    )
    assert await file == b"zip"
    assert "authorization" not in upstream.last.headers


async def test_it_asks_for_no_compression_so_that_the_size_is_known():
    file, upstream = download(httpx.Response(200, content=b"zip"))
    await file
    assert upstream.last.headers["accept-encoding"] == "identity"


async def test_options_of_the_call():
    upstream = Upstream(httpx.Response(502), streamed(b"part", status=206, content_length="4"))
    file = Resource(upstream.api())._download(
        ARCHIVE,
        {
            "headers": {"Range": "bytes=0-3"},
            "extra_query": {"x": 1},
            "retry": Retry(attempts=2, first_wait=0.001),
            "timeout": 7,
        },
        name="a b",
        ref="main",
    )
    assert await file == b"part"
    assert str(upstream.last.url) == f"{BASE_URL}/archives/a%20b?ref=main&x=1"
    assert upstream.last.headers["range"] == "bytes=0-3"
    assert len(upstream.requests) == 2


# ------------------------------------------------------------------ what is no file


async def test_an_error_status_is_its_error_and_leaves_no_file(tmp_path):
    file, _ = download(httpx.Response(404, json={"message": "Not Found"}))
    with pytest.raises(NotFound, match=r"GET /archives/\{name\} answered 404: Not Found"):
        await file.save(tmp_path / "a")
    assert list(tmp_path.iterdir()) == []


async def test_an_error_of_the_storage_host_is_an_error(tmp_path):
    file, _ = download(found(), httpx.Response(403, content=b"<xml>expired</xml>"))
    with pytest.raises(SdkError) as caught:
        await file.save(tmp_path / "a")
    assert "s3cret" not in repr(caught.value) + str(caught.value)


@pytest.mark.parametrize("status", [202, 204])
async def test_a_success_without_a_file_is_no_empty_file(tmp_path, status):
    file, _ = download(httpx.Response(status))
    with pytest.raises(DecodeError, match=f"answered {status} and no file") as caught:
        await file.save(tmp_path / "a")
    assert caught.value.status == status
    assert ("Ask again later" in str(caught.value)) == (status == 202)
    assert list(tmp_path.iterdir()) == []


async def test_a_redirect_that_must_not_be_followed_is_an_error():
    file, _ = download(found("http://storage.example.net/"))
    with pytest.raises(Redirected):
        await file


# ------------------------------------------------------------------ rate limits


def limits(remaining):
    return {
        "x-ratelimit-limit": "60",
        "x-ratelimit-remaining": str(remaining),
        "x-ratelimit-reset": "1700003600",
        "x-ratelimit-used": str(60 - remaining),
        "x-ratelimit-resource": "core",
    }


@pytest.mark.parametrize(
    "storage",
    [
        httpx.Response(200, content=b"zip"),
        httpx.Response(200, content=b"zip", headers=limits(1)),
        httpx.Response(429, headers={"retry-after": "50"}),
    ],
)
async def test_limits_are_learnt_from_the_api_and_not_from_the_storage_host(storage):
    redirect = httpx.Response(302, headers={"location": STORAGE, **limits(41)})
    upstream = Upstream(redirect, storage, redirect, httpx.Response(200, content=b"zip"))
    clock = FakeClock()
    api = upstream.api(clock=clock.clock, retry=None)
    with contextlib.suppress(SdkError):
        await Resource(api)._download(ARCHIVE, name="a")
    assert api.rate_limits["core"].remaining == 41
    assert await Resource(api)._download(ARCHIVE, name="a") == b"zip"
    assert clock.slept == []


# ------------------------------------------------------------------ retries


@pytest.mark.parametrize(
    "failure",
    [
        httpx.ConnectError("refused"),
        httpx.Response(503),
        lambda request: streamed(httpx.ReadError("gone")),
        lambda request: streamed(content_length="5"),
    ],
)
async def test_what_fails_before_the_first_byte_is_tried_again(failure):
    file, upstream = download(failure, httpx.Response(200, content=b"zip"))
    assert await file == b"zip"
    assert len(upstream.requests) == 2


async def test_what_breaks_after_the_first_byte_is_not_tried_again(tmp_path):
    reply = streamed(b"abc", httpx.ReadError("gone"), content_length="9")
    body = reply.stream
    file, upstream = download(reply)

    with pytest.raises(ConnectionLost, match="after 3 bytes") as caught:
        await file.save(tmp_path / "a")

    assert caught.value.method == "GET"
    assert caught.value.route == "/archives/{name}"
    assert len(upstream.requests) == 1
    assert body.closed
    assert list(tmp_path.iterdir()) == []


async def test_the_storage_hosts_failure_is_tried_again_from_the_start():
    file, upstream = download(
        found(), httpx.Response(503), found(), httpx.Response(200, content=b"zip"), auth=Token()
    )
    assert await file == b"zip"
    assert [request.url.host for request in upstream.requests] == [
        "api.example.com",
        "storage.example.net",
    ] * 2


async def test_no_retry_when_told_so():
    upstream = Upstream(httpx.Response(503))
    with pytest.raises(ServerError):
        await Resource(upstream.api())._download(ARCHIVE, {"retry": None}, name="a")
    assert len(upstream.requests) == 1


# ------------------------------------------------------------------ bodies that are not whole


@pytest.mark.parametrize(
    "reply",
    [
        lambda: streamed(b"abc", b"de", content_length="9"),
        lambda: httpx.Response(200, content=b"abcde", headers={"content-length": "9"}),
    ],
)
async def test_a_short_body_is_no_file(tmp_path, reply):
    file, _ = download(reply())
    with pytest.raises(ConnectionLost, match="ended after 5 of 9 bytes"):
        await file.save(tmp_path / "a")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("end", [CLOSE, RESET])
async def test_a_short_body_over_a_socket_is_no_file(tmp_path, end):
    script = [head(headers={"content-length": "1000"}), b"x" * 10, end]
    async with FaultServer(script) as server, ApiClient(base_url=server.url, retry=None) as api:
        with pytest.raises(ConnectionLost):
            await Resource(api)._download(ARCHIVE, name="a").save(tmp_path / "a")
    assert list(tmp_path.iterdir()) == []


async def test_a_body_that_is_cut_between_chunks_is_no_file(tmp_path):
    script = [head(headers={"transfer-encoding": "chunked"}), b"3\r\nabc\r\n", CLOSE]
    async with FaultServer(script) as server, ApiClient(base_url=server.url, retry=None) as api:
        with pytest.raises(ConnectionLost):
            await Resource(api)._download(ARCHIVE, name="a").save(tmp_path / "a")
    assert list(tmp_path.iterdir()) == []


async def test_a_compressed_body_is_given_as_what_it_holds(tmp_path):
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


async def test_what_is_no_failure_of_the_network_comes_out_as_it_is():
    file, _ = download(streamed(b"a", LookupError("in the mock")))
    with pytest.raises(LookupError, match="in the mock"):
        await file


async def test_a_compressed_body_that_is_cut_is_no_file():
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


async def test_a_size_that_is_known_to_be_too_large_is_not_fetched():
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


async def test_the_limit_of_the_call_ends_with_the_first_byte():
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


async def test_the_limit_of_the_call_holds_until_the_first_byte():
    script = [head(headers={"content-length": "2"}), HANG]
    async with FaultServer(script) as server, ApiClient(base_url=server.url) as api:
        with pytest.raises(DeadlineExceeded):
            await Resource(api)._download(ARCHIVE, {"timeout": 0.1}, name="a")


# ------------------------------------------------------------------ progress


async def test_progress_is_told_after_each_piece(tmp_path):
    seen = []
    file, _ = download(
        streamed(b"abc", b"de", content_length="5"),
        streamed(b"abc", b"de"),
    )
    for _ in range(2):
        await file.save(tmp_path / "a", progress=lambda *numbers: seen.append(numbers))
    assert seen == [(3, 5), (5, 5), (3, None), (5, None)]


async def test_an_error_in_progress_ends_the_download(tmp_path):
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


async def test_leaving_early_closes_the_answer():
    reply = streamed(b"a", b"b", b"c")
    body = reply.stream
    file, _ = download(reply)
    async with file as stream:
        async for _ in stream:
            break
    assert body.closed
    assert body.given == 1


async def test_cancelling_leaves_no_file_and_no_slot_taken(tmp_path):
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


async def test_a_client_that_is_closed_under_it_says_so():
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


async def test_what_was_there_stays_until_the_new_one_is_whole(tmp_path):
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


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
async def test_a_link_stays_a_link(tmp_path):
    (tmp_path / "real").write_text("old")
    (tmp_path / "link").symlink_to("real")
    file, _ = download(streamed(b"new"))
    await file.save(tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text() == "new"


async def test_a_place_where_no_file_can_be_costs_no_request(tmp_path):
    file, upstream = download(streamed(b"new"))
    with pytest.raises(FileNotFoundError):
        await file.save(tmp_path / "missing" / "a")
    with pytest.raises(IsADirectoryError):
        await file.save(tmp_path)
    with pytest.raises(InvalidInput, match="no ordinary file"):
        await file.save(os.devnull)
    assert upstream.requests == []


async def test_a_file_that_was_not_opened_is_not_written(tmp_path):
    file = AtomicFile(tmp_path / "a")
    with pytest.raises(ValueError, match="not open"):
        file.write(b"x")
    file.commit()
    file.discard()
    assert list(tmp_path.iterdir()) == []


async def test_cancelling_waits_until_a_thread_has_let_go_of_the_file():
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


async def test_two_at_once_for_one_place_leave_one_whole_file(tmp_path):
    one, _ = download(streamed(b"1" * 1000, b"1" * 1000))
    two, _ = download(streamed(b"2" * 1000, b"2" * 1000))
    await asyncio.gather(one.save(tmp_path / "a"), two.save(tmp_path / "a"))
    assert (tmp_path / "a").read_bytes() in (b"1" * 2000, b"2" * 2000)
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


async def test_without_credentials_too():
    file, upstream = download(httpx.Response(200, content=b"zip"), auth=NoAuth())
    assert await file == b"zip"
    assert "authorization" not in upstream.last.headers


async def test_what_an_injected_client_always_sends_stays_at_home_too():
    upstream = Upstream(found(), httpx.Response(200, content=b"zip"))
    client = upstream.http_client(headers={"authorization": "Basic eHg=", "x-api-key": "k3y"})
    api = ApiClient(base_url=BASE_URL, http_client=client)
    assert await Resource(api)._download(ARCHIVE, name="a") == b"zip"
    assert "authorization" not in upstream.last.headers
    assert "x-api-key" not in upstream.last.headers


async def test_a_file_without_a_method_of_its_own(tmp_path):
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
