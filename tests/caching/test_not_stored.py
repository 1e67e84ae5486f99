"""What is never stored, and never asked for with a condition of the cache's own."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest

from sdk.auth import TokenAuth
from sdk.stores import MemoryCache
from tests.caching.origin import Origin, Shelf, github_tag


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"cache-control": "private, no-store"}, id="no-store"),
        pytest.param({"etag": ""}, id="no etag"),
        pytest.param({"vary": "*"}, id="vary on everything"),
    ],
)
async def test_a_response_that_forbids_storing_is_not_stored(headers: dict[str, str]) -> None:
    origin, shelf = Origin(), Shelf()
    origin.headers.update(headers)
    async with origin.api(cache=shelf) as api:
        for _ in range(2):
            await api.request("GET", "/thing")
    assert origin.statuses == [200, 200]
    assert shelf.values == {}


@pytest.mark.parametrize("status", [201, 202, 203, 204, 206])
async def test_a_status_other_than_200_is_not_stored(status: int) -> None:
    origin, shelf = Origin(), Shelf()
    origin.interfere = lambda _: httpx.Response(status, headers={"etag": '"x"'})
    async with origin.api(cache=shelf) as api:
        await api.request("GET", "/thing")
    assert shelf.values == {}


@pytest.mark.parametrize(
    "condition", ["if-none-match", "if-modified-since", "range", "if-range", "if-match"]
)
async def test_a_call_with_its_own_condition_is_not_cached(condition: str) -> None:
    origin, shelf = Origin(), Shelf()
    async with origin.api(cache=shelf) as api:
        await api.request("GET", "/thing")
        shelf.calls.clear()
        await api.request("GET", "/thing", options={"headers": {condition: '"other"'}})
    assert shelf.calls == []


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "HEAD"])
async def test_a_method_other_than_get_is_not_cached(method: str) -> None:
    origin, shelf = Origin(), Shelf()
    async with origin.api(cache=shelf) as api:
        await api.request(method, "/thing")
    assert shelf.calls == []


async def test_rate_limit_is_not_cached() -> None:
    origin, shelf = Origin(github_tag), Shelf()
    origin.documents["/rate_limit"] = {"resources": {}, "rate": {}}
    async with origin.sdk(token="t", cache=shelf, fresh_for=60) as sdk:
        for _ in range(2):
            await sdk.rate_limit.get()
    assert origin.statuses == [200, 200]
    assert shelf.calls == []


async def test_a_download_is_not_cached(tmp_path: Path) -> None:
    origin, shelf = Origin(), Shelf()
    async with origin.api(cache=shelf) as api:
        await api.download("/thing")
        await api.download("/thing").save(tmp_path / "thing")
    assert origin.statuses == [200, 200]
    assert shelf.calls == []


@pytest.mark.parametrize("target", ["/other", "https://elsewhere.test/thing"])
async def test_the_target_of_a_redirect_is_not_cached(target: str) -> None:
    origin, shelf = Origin(), Shelf()

    def redirect(request: httpx.Request) -> httpx.Response:
        if str(request.url).endswith("api.example.com/thing"):
            return httpx.Response(302, headers={"location": target})
        return httpx.Response(200, json={}, headers={"etag": '"x"'})

    origin.interfere = redirect
    async with origin.api(cache=shelf, auth=TokenAuth("t")) as api:
        for _ in range(2):
            await api.request("GET", "/thing")
    assert origin.statuses == [302, 200, 302, 200]
    assert shelf.values == {}


async def test_a_stored_page_that_has_moved_is_not_taken_for_the_new_place() -> None:
    origin = Origin()
    async with origin.api(cache=MemoryCache()) as api:
        await api.request("GET", "/thing")

        def moved(request: httpx.Request) -> httpx.Response:
            if request.url.path == "/thing":
                return httpx.Response(302, headers={"location": "/other"})
            assert "if-none-match" not in request.headers
            return httpx.Response(200, json={"value": "moved"}, headers={"etag": '"x"'})

        origin.interfere = moved
        assert (await api.request("GET", "/thing")).json() == {"value": "moved"}
        origin.interfere = lambda _: None
        assert (await api.request("GET", "/thing")).json() == {"value": 1}
    assert origin.statuses == [200, 302, 200, 304]


async def test_a_response_that_varies_on_another_header_is_not_stored(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A trace's headers are new with each request."""
    from sdk.transport.calls import attempts

    async def traced(_request: Any, _attempt: int, send: Any) -> Any:
        return await send({"traceparent": "00-1-2-01"})

    monkeypatch.setitem(sys.modules, "opentelemetry.trace", ModuleType("opentelemetry.trace"))
    monkeypatch.setattr(attempts, "tracing", lambda: True)
    monkeypatch.setattr(attempts, "in_span", traced)
    origin, shelf = Origin(), Shelf()
    async with origin.api(cache=shelf) as api:
        await api.request("GET", "/thing")
        assert len(shelf.values) == 1
        origin.headers["vary"] = "Accept, traceparent"
        origin.documents["/thing?a=1"] = 1
        await api.request("GET", "/thing", params={"a": 1})
    assert origin.requests[-1].headers["traceparent"] == "00-1-2-01"
    assert len(shelf.values) == 1


async def test_calls_of_the_credentials_are_not_cached() -> None:
    origin, shelf = Origin(), Shelf()

    class Fetching:
        identity = "fetching"

        async def headers(self) -> dict[str, str]:
            return {}

        async def headers_for(self, call: Any) -> dict[str, str]:
            from sdk.transport import NoAuth, Operation

            token = Operation("GET", "/token", returns=dict[str, str])
            found = await call.caller.with_auth(NoAuth()).call(token, None, {})
            return {"authorization": found["token"]}

    origin.documents["/token"] = {"token": "planted"}
    async with origin.api(auth=Fetching(), cache=shelf) as api:
        await api.request("GET", "/thing")
    assert origin.requests[-1].headers["authorization"] == "planted"
    assert len(shelf.values) == 1
    assert all(b"planted" not in value for value in shelf.values.values())
