"""URLs in headers: raw UTF-8 is encoded once, and invalid ones are not blamed on the caller."""

import asyncio
import os
import ssl
import time

import httpx
import pytest

from sdk import (
    ConnectFailed,
    DeadlineExceeded,
    DecodeError,
    InvalidInput,
    Operation,
    Resource,
)
from sdk.transport.calls.retry_policy import retryable_failure
from tests.transport.support import Api, Upstream

LIST = Operation("GET", "/items", returns=list[int])
PUT_FILE = Operation("POST", "/file", body="data", media="application/octet-stream")


class Items(Resource):
    def list(self):
        return self._paginate(LIST)

    def put(self, data, options):
        return self._upload(PUT_FILE, options, data=data)


async def test_raw_utf_8_in_a_location_is_encoded_once():
    raw = [(b"location", "/größe/%C3%A9?name=é".encode())]
    upstream = Upstream(httpx.Response(302, headers=raw), httpx.Response(200, json={}))
    await upstream.api(auth=None).request("GET", "/x")
    assert upstream.requests[1].url.raw_path == b"/gr%C3%B6%C3%9Fe/%C3%A9?name=%C3%A9"


async def test_raw_utf_8_in_a_link_is_followed_and_encoded_once():
    raw = [(b"link", '<https://api.example.com/items?q=ü&page=2>; rel="next"'.encode())]
    upstream = Upstream(httpx.Response(200, json=[1], headers=raw), httpx.Response(200, json=[2]))
    assert await Items(upstream.api(auth=None)).list().collect() == [1, 2]
    assert upstream.requests[1].url.raw_path == b"/items?q=%C3%BC&page=2"


@pytest.mark.parametrize(
    "location", ["javascript:alert(1)", "http://[v1.x]/", "http://a:b:c/", "//", "http:///x", "::"]
)
async def test_an_invalid_location_is_not_blamed_on_the_caller(location):
    upstream = Upstream(httpx.Response(302, headers={"location": location}))
    with pytest.raises(Exception, match="GET /x") as caught:
        await upstream.api(auth=None, retry=None).request("GET", "/x")
    assert not isinstance(caught.value, InvalidInput)


async def test_pages_without_items_and_without_end_are_an_error():
    numbers = iter(range(2, 100_000))

    def page(_):
        link = f'<https://api.example.com/items?page={next(numbers)}>; rel="next"'
        return httpx.Response(200, json=[], headers={"link": link})

    upstream = Upstream(page)
    with pytest.raises(DecodeError, match="100 pages in a row without items"):
        await Items(upstream.api(auth=None)).list().collect()
    assert len(upstream.requests) == 100


async def test_a_few_pages_without_items_are_skipped():
    link = '<https://api.example.com/items?page={}>; rel="next"'
    replies = [
        httpx.Response(200, json=[], headers={"link": link.format(number)})
        for number in range(2, 32)
    ]
    upstream = Upstream(*replies, httpx.Response(200, json=[7]))
    assert await Items(upstream.api(auth=None)).list().collect() == [7]


@pytest.mark.parametrize("value", ["..;", "..;x", ".;a=b", "%2e%2e;"])
async def test_a_dot_segment_with_a_parameter_is_encoded(value):
    upstream = Upstream()
    api = upstream.api(auth=None)
    await api.request("GET", "/files/{name}", path_params={"name": value})
    assert b";" not in upstream.requests[0].url.raw_path


async def test_a_certificate_error_is_not_retried():
    refused = httpx.ConnectError("TLS")
    refused.__cause__ = ssl.SSLCertVerificationError("certificate verify failed")
    upstream = Upstream(refused)
    with pytest.raises(ConnectFailed) as caught:
        await upstream.api(auth=None).request("GET", "/x")
    assert len(upstream.requests) == 1
    assert caught.value.permanent
    assert not retryable_failure("GET", caught.value)


@pytest.mark.parametrize("how", ["option", "timeout", "cancel"])
async def test_an_upload_from_a_silent_pipe_obeys_its_caller(how):
    async def consume(request):
        await request.aread()
        return httpx.Response(200)

    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as pipe:
        async with httpx.AsyncClient(transport=httpx.MockTransport(consume)) as http:
            items = Items(Api(http_client=http))
            begun = time.monotonic()
            try:
                if how == "option":
                    with pytest.raises(DeadlineExceeded):
                        await items.put(pipe, {"timeout": 0.05})
                elif how == "timeout":
                    with pytest.raises(TimeoutError):
                        async with asyncio.timeout(0.05):
                            await items.put(pipe, None)
                else:
                    task = asyncio.ensure_future(items.put(pipe, None))
                    await asyncio.sleep(0.05)
                    task.cancel()
                    with pytest.raises(asyncio.CancelledError):
                        await task
                assert time.monotonic() - begun < 2
            finally:
                # The thread that reads ends with it.
                os.close(writing)
                await asyncio.sleep(0.05)
