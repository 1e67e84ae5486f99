"""Downloads in memory, in pieces or to disk: the request, redirects and errors."""

import asyncio

import httpx
import httpx2
import pytest

from sdk import ApiClient, InvalidInput, Resource, Retry
from sdk.transport.auth import NoAuth
from sdk.transport.errors import (
    DecodeError,
    NotFound,
    Redirected,
    SdkError,
)
from tests.faults import FaultServer, head
from tests.transport.downloads import ARCHIVE, DATA, STORAGE, Token, download, found, streamed
from tests.transport.support import BASE_URL, Api, Upstream

# ------------------------------------------------------------------ read, iterated or saved


async def test_awaiting_returns_the_whole_file():
    file, _ = download(httpx.Response(200, content=DATA))
    assert await file == DATA


async def test_saving_returns_the_size(tmp_path):
    file, _ = download(streamed(DATA[:1000], DATA[1000:]))
    assert await file.save(tmp_path / "a.zip") == len(DATA)
    assert (tmp_path / "a.zip").read_bytes() == DATA


async def test_a_stream_has_a_size_a_type_and_metadata():
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


async def test_the_rest_of_a_stream_can_be_saved(tmp_path):
    file, _ = download(streamed(b"magic", b"rest", b"rest"))
    async with file as stream:
        assert await anext(stream) == b"magic"
        assert await stream.save(tmp_path / "rest") == 8
    assert (tmp_path / "rest").read_bytes() == b"restrest"


async def test_read_returns_the_rest_in_one_piece():
    file, _ = download(streamed(b"a", b"b", b"c"))
    async with file as stream:
        assert await anext(stream) == b"a"
        assert await stream.read() == b"bc"
        assert await stream.read() == b""


async def test_each_use_sends_a_new_request():
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
            await file.__aenter__()


async def test_uses_at_the_same_time_fetch_a_file_each(tmp_path):
    response = [head(headers={"content-length": str(len(DATA))}), DATA]
    async with FaultServer(response) as server, Api(base_url=server.url) as api:
        file = api.download("/file")
        first, second, whole = await asyncio.gather(
            file.save(tmp_path / "a"), file.save(tmp_path / "b"), file.read()
        )
        async with file as stream:
            assert await file == DATA
            assert await stream.read() == DATA
    assert first == second == len(DATA)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes() == whole == DATA


async def test_a_closed_stream_cannot_be_read():
    file, _ = download(streamed(b"a", b"b"))
    async with file as stream:
        pass
    with pytest.raises(InvalidInput, match="inside its `async with` block"):
        await anext(stream)


@pytest.mark.parametrize("client_class", [httpx.AsyncClient, httpx2.AsyncClient])
async def test_over_a_socket_with_either_client(tmp_path, client_class):
    response = [head(headers={"content-length": str(len(DATA))}), DATA]
    async with FaultServer(response) as server, client_class() as client:
        files = Resource(ApiClient(base_url=server.url, http_client=client))
        await files._download(ARCHIVE, name="a").save(tmp_path / "a")
        assert server.connections == 1
        await files._download(ARCHIVE, name="a").save(tmp_path / "b")
        assert server.connections == 1
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes() == DATA


# ------------------------------------------------------------------ the request


async def test_a_redirect_to_storage_sends_no_header_of_the_caller():
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


async def test_a_redirect_back_to_the_api_is_followed_without_the_token():
    file, upstream = download(
        found(), found(f"{BASE_URL}/back"), httpx.Response(200, content=b"zip"), auth=Token()
    )
    assert await file == b"zip"
    assert "authorization" not in upstream.last.headers


async def test_no_compression_is_requested_so_that_the_size_is_known():
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
            "retry": Retry(attempts=2, initial_delay=0.001),
            "timeout": 7,
        },
        name="a b",
        ref="main",
    )
    assert await file == b"part"
    assert str(upstream.last.url) == f"{BASE_URL}/archives/a%20b?ref=main&x=1"
    assert upstream.last.headers["range"] == "bytes=0-3"
    assert len(upstream.requests) == 2


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


# ------------------------------------------------------------------ responses without a file


async def test_an_error_status_is_its_error_and_leaves_no_file(tmp_path):
    file, _ = download(httpx.Response(404, json={"message": "Not Found"}))
    with pytest.raises(NotFound, match=r"GET /archives/\{name\} \(a.zip\) answered 404: Not Found"):
        await file.save(tmp_path / "a")
    assert list(tmp_path.iterdir()) == []


async def test_an_error_of_the_storage_host_is_an_error(tmp_path):
    file, _ = download(found(), httpx.Response(403, content=b"<xml>expired</xml>"))
    with pytest.raises(SdkError) as caught:
        await file.save(tmp_path / "a")
    assert "s3cret" not in repr(caught.value) + str(caught.value)


@pytest.mark.parametrize("status", [202, 204])
async def test_a_success_without_a_file_is_an_error(tmp_path, status):
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
