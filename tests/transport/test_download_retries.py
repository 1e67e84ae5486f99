"""Retries of downloads, and the rate limits of their responses."""

import contextlib

import httpx
import pytest

from sdk import Resource
from sdk.transport.errors import (
    ConnectionLost,
    SdkError,
    ServerError,
)
from tests.transport.downloads import ARCHIVE, STORAGE, Token, download, found, streamed
from tests.transport.support import FakeClock, Upstream


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


@pytest.mark.parametrize(
    "failure",
    [
        httpx.ConnectError("refused"),
        httpx.Response(503),
        lambda request: streamed(httpx.ReadError("gone")),
        lambda request: streamed(content_length="5"),
    ],
)
async def test_a_failure_before_the_first_byte_is_retried(failure):
    file, upstream = download(failure, httpx.Response(200, content=b"zip"))
    assert await file == b"zip"
    assert len(upstream.requests) == 2


async def test_a_failure_after_the_first_byte_is_not_retried(tmp_path):
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


async def test_a_failure_of_the_storage_host_is_retried_from_the_start():
    file, upstream = download(
        found(), httpx.Response(503), found(), httpx.Response(200, content=b"zip"), auth=Token()
    )
    assert await file == b"zip"
    assert [request.url.host for request in upstream.requests] == [
        "api.example.com",
        "storage.example.net",
    ] * 2


async def test_retries_can_be_disabled():
    upstream = Upstream(httpx.Response(503))
    with pytest.raises(ServerError):
        await Resource(upstream.api())._download(ARCHIVE, {"retry": None}, name="a")
    assert len(upstream.requests) == 1
