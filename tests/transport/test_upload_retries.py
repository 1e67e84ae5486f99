"""Retries and redirects of uploads, and sources that fail."""

import os

import httpx
import pytest

from sdk import ApiClient, InvalidInput
from sdk.transport.errors import (
    ConnectFailed,
    ConnectionLost,
    Redirected,
    ServerError,
)
from tests.faults import FaultServer, ok
from tests.transport.support import BASE_URL
from tests.transport.uploads import DATA, FAST, Files, Pipe, files, pieces


async def test_a_retry_sends_the_whole_body_again(upload_path, upload_file):
    upload_file.seek(500)
    for data, sent in ((upload_path, DATA), (upload_file, DATA[500:]), (DATA, DATA)):
        resource, upstream = files(httpx.Response(503), httpx.Response(200, json={"size": 1}))
        assert await resource.put(data) == {"size": 1}
        assert [request.content == sent for request in upstream.requests] == [True, True]


async def test_a_retry_after_half_the_body_starts_from_its_beginning(upload_path):
    bodies = []

    class Breaking(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request):
            body = b""
            async for piece in request.stream:
                body += piece
                if not bodies:
                    bodies.append(body)
                    raise httpx.WriteError("gone")
            bodies.append(body)
            return httpx.Response(200, json={"size": 1})

    client = httpx.AsyncClient(transport=Breaking())
    resource = Files(ApiClient(base_url=BASE_URL, http_client=client, retry=FAST))
    await resource.put(upload_path)
    assert [len(body) for body in bodies] == [256 * 1024, len(DATA)]


@pytest.mark.parametrize(
    "failure", [httpx.Response(503), httpx.ConnectError("refused"), httpx.ReadError("gone")]
)
@pytest.mark.parametrize("source", [lambda: pieces(b"ab"), lambda: Pipe(b"ab")])
async def test_a_body_that_can_be_read_once_is_not_retried(failure, source):
    resource, upstream = files(failure, httpx.Response(200, json={"size": 1}))
    with pytest.raises((ServerError, ConnectFailed, ConnectionLost)):
        await resource.put(source(), options={"retry": FAST})
    assert len(upstream.requests) == 1


async def test_a_post_that_may_have_arrived_is_not_repeated(upload_path):
    resource, upstream = files(httpx.Response(502), httpx.Response(201))
    with pytest.raises(ServerError):
        await resource.post(upload_path)
    assert len(upstream.requests) == 1


async def test_a_post_that_was_not_sent_is_repeated(upload_path):
    resource, upstream = files(httpx.ConnectError("refused"), httpx.Response(204))
    await resource.post(upload_path)
    assert upstream.last.content == DATA


async def test_a_redirect_sends_the_whole_body_again(upload_file):
    resource, upstream = files(
        httpx.Response(307, headers={"location": "/other"}), httpx.Response(200, json={})
    )
    await resource.put(upload_file)
    assert [request.content == DATA for request in upstream.requests] == [True, True]
    assert upstream.last.url.path == "/other"


async def test_a_redirect_of_a_body_that_can_be_read_once_is_an_error():
    resource, upstream = files(httpx.Response(307, headers={"location": "/other"}))
    with pytest.raises(Redirected):
        await resource.put(pieces(b"ab"))
    assert len(upstream.requests) == 1


async def test_a_body_is_not_redirected_to_another_host():
    resource, upstream = files(
        httpx.Response(307, headers={"location": "https://evil.example.com/"})
    )
    with pytest.raises(Redirected):
        await resource.put(DATA)
    assert len(upstream.requests) == 1


@pytest.mark.parametrize(
    "error", [LookupError("mine"), OSError(5, "disk"), httpx.ReadError("their own call")]
)
async def test_an_error_of_the_iterator_is_raised_unchanged(error):
    async with (
        FaultServer([ok({})]) as server,
        ApiClient(base_url=server.url, retry=FAST, max_connections=1) as api,
    ):
        for _ in range(2):
            with pytest.raises(type(error)) as caught:
                await Files(api).put(pieces(b"ab", error))
            assert caught.value is error
        assert await Files(api).put(b"x") == {}


async def test_an_error_of_the_progress_callback_is_raised_unchanged():
    def complain(done, total):
        raise LookupError("mine")

    resource, upstream = files()
    with pytest.raises(LookupError, match="mine"):
        await resource.put(DATA, progress=complain)
    assert upstream.requests == []


async def test_a_file_that_shrank_is_an_error(upload_path):
    resource, upstream = files()

    def shrink(done, total):
        os.truncate(upload_path, 1000)

    with pytest.raises(InvalidInput, match="became shorter"):
        await resource.put(upload_path, progress=shrink)
    assert upstream.requests == []


async def test_a_file_that_grew_is_sent_with_its_first_length(upload_path):
    resource, upstream = files()

    def grow(done, total):
        with upload_path.open("ab") as file:
            file.write(b"more")

    await resource.put(upload_path, progress=grow)
    assert upstream.last.content == DATA
