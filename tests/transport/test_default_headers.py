"""Default headers that an API refuses, and values that it no longer accepts, of any API."""

from typing import ClassVar

import httpx
import pytest

from sdk import ApiClient, BadRequest, Operation
from sdk.transport import Dialect
from sdk.transport.headers import DefaultHeader
from tests.transport.support import Upstream


class Versioned(Dialect):
    headers: ClassVar = {"x-version": DefaultHeader("9")}

    def preferred_headers(self, sent, response):
        preferred = response.headers.get("x-use")
        return {"x-version": DefaultHeader(preferred)} if preferred else {}

    def accepts(self, removed_in, sent):
        return sent["x-version"] < removed_in


class Shop(ApiClient):
    base_url = "https://shop.example"
    dialect = Versioned()


def refusal(use="8"):
    return httpx.Response(400, headers={"x-use": use}, json={"message": "version"})


async def test_the_preferred_header_is_sent_from_then_on():
    upstream = Upstream(refusal(), httpx.Response(200, json={}))
    async with Shop(http_client=upstream.http_client()) as shop:
        await shop.request("POST", "/x", json={})
        await shop.with_options(timeout=5).request("GET", "/x")
    assert [request.headers["x-version"] for request in upstream.requests] == ["9", "8", "8"]


async def test_a_second_refusal_in_a_call_is_an_error():
    upstream = Upstream(refusal(), refusal("7"), httpx.Response(200, json={}))
    async with Shop(http_client=upstream.http_client()) as shop:
        with pytest.raises(BadRequest):
            await shop.request("GET", "/x")
    assert len(upstream.requests) == 2


@pytest.mark.parametrize(("version", "warnings"), [("7", 0), ("8", 1)])
async def test_a_removed_value_is_warned_of_once_and_sent(version, warnings, caplog):
    paint = Operation("POST", "/paint", body=("color", "size"), removed={"color": "8"})
    upstream = Upstream(httpx.Response(200, json={}))
    http_client = upstream.http_client()
    async with Shop(http_client=http_client, headers={"x-version": version}) as shop:
        for _ in range(2):
            await shop.caller.call(paint, None, {"color": "red"})
        await shop.caller.call(paint, None, {"size": 1})
    found = [record for record in caplog.records if "'color' is not accepted" in record.message]
    assert len(found) == warnings
    assert b"red" in upstream.requests[0].content
