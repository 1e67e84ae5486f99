"""What was received before is asked for with its ETag, and a 304 gives it again."""

from __future__ import annotations

import asyncio
import json
import logging
from typing import Any

import httpx
import pytest
from pydantic import RootModel

from sdk import ApiClient, AttemptFinished, CallFinished, InvalidInput, NotModified, Sdk, metadata
from sdk.auth import TokenAuth
from sdk.stores import MemoryCache
from sdk.testing import StandIn, serve
from sdk.transport import Cache, Response
from sdk.transport.auth import OnBehalf
from tests.caching.origin import Origin, Shelf, github_tag
from tests.transport.lanes import Lane
from tests.transport.servers import HandlerServer


class LargePage(RootModel[list[dict[str, Any]]]):
    pass


async def test_the_second_call_gets_a_304_and_returns_the_same() -> None:
    origin = Origin(github_tag)
    origin.documents["/users/octocat"] = {"login": "octocat", "id": 1}
    async with origin.sdk(token="t", cache=MemoryCache()) as sdk:
        first, second = await sdk.users.get("octocat"), await sdk.users.get("octocat")
    assert origin.statuses == [200, 304]
    assert first == second
    assert first is not second


async def test_a_changed_response_is_returned_and_stored() -> None:
    origin = Origin()
    async with origin.api(cache=MemoryCache()) as api:
        await api.request("GET", "/thing")
        origin.documents["/thing"] = {"value": 2}
        changed = await api.request("GET", "/thing")
        again = await api.request("GET", "/thing")
    assert (changed.json(), again.json()) == ({"value": 2}, {"value": 2})
    assert origin.statuses == [200, 200, 304]


@pytest.mark.parametrize("lane", ["default", "httpx", "httpx2", "aiohttp"], indirect=True)
async def test_it_works_over_the_wire_with_every_http_client(lane: Lane) -> None:
    async with serve(StandIn()) as base_url:
        sdk: Sdk = await lane.api(base_url, cls=Sdk, token="t", cache=MemoryCache())
        first = await sdk.issues.list_for_repo("octocat", "Hello-World", state="all")
        second = await sdk.issues.list_for_repo("octocat", "Hello-World", state="all")
    assert metadata(second).revalidated
    assert [issue.title for issue in first] == [issue.title for issue in second]


async def test_events_have_the_request_id_of_the_304() -> None:
    replies = iter(
        [
            httpx.Response(200, json={}, headers={"etag": '"1"', "x-request-id": "A"}),
            httpx.Response(304, headers={"etag": '"1"', "x-request-id": "B"}),
        ]
    )
    seen: list[str | None] = []

    def observe(event: object) -> None:
        if isinstance(event, AttemptFinished | CallFinished):
            seen.append(event.request_id)

    http_client = httpx.AsyncClient(transport=httpx.MockTransport(lambda _: next(replies)))
    async with (
        http_client,
        ApiClient(
            base_url="https://api.example",
            http_client=http_client,
            cache=MemoryCache(),
            observers=[observe],
        ) as api,
    ):
        await api.request("GET", "/thing")
        await api.request("GET", "/thing")
    assert seen == ["A", "A", "B", "B"]


async def test_metadata_tells_where_a_response_came_from() -> None:
    origin = Origin()
    async with origin.api(cache=MemoryCache()) as api:
        first = metadata(await api.request("GET", "/thing"))
        second = metadata(await api.request("GET", "/thing"))
        third = metadata(await api.with_options(fresh_for=60).request("GET", "/thing"))
    assert (first.from_cache, first.revalidated, first.attempts) == (False, False, 1)
    assert (second.from_cache, second.revalidated, second.attempts) == (True, True, 1)
    assert (third.from_cache, third.revalidated, third.attempts) == (True, False, 0)
    assert (first.status, second.status, third.status) == (200, 200, 200)


async def test_stored_headers_are_overlaid_by_those_of_the_304() -> None:
    origin = Origin()
    origin.links["/thing"] = '<https://api.example.com/thing?page=2>; rel="next"'
    async with origin.api(cache=MemoryCache()) as api:
        first = await api.request("GET", "/thing")
        origin.headers["x-served-by"] = "another"
        second = await api.request("GET", "/thing")
    assert second.headers["link"] == first.headers["link"]
    assert second.headers["content-type"] == "application/json; charset=utf-8"
    assert second.headers["x-served-by"] == "another"
    assert metadata(second).request_id == "R2"


async def test_headers_of_one_exchange_are_not_stored() -> None:
    origin = Origin(github_tag, **{"set-cookie": "a=planted", "x-oauth-scopes": "planted"})
    origin.documents["/users/octocat"] = {"login": "octocat"}
    shelf = Shelf()
    async with origin.sdk(token="ghp_planted", cache=shelf) as sdk:
        await sdk.users.get("octocat")
    [value] = shelf.values.values()
    assert b'"login"' in value
    for absent in (b"planted", b"date", b"x-ratelimit", b"x-github-request-id", b"2026 08:00"):
        assert absent not in value


async def test_rate_limits_are_read_from_the_304() -> None:
    origin = Origin()
    async with origin.api(cache=MemoryCache()) as api:
        await api.request("GET", "/thing")
        origin.remaining = 1234
        second = await api.request("GET", "/thing")
        assert api.rate_limits["core"].remaining == 1234
    limit = metadata(second).rate_limit
    assert limit is not None
    assert limit.remaining == 1234


async def test_events_say_304_and_no_error() -> None:
    events: list[Any] = []
    origin = Origin()
    async with origin.api(cache=MemoryCache(), observers=[events.append]) as api:
        await api.request("GET", "/thing")
        events.clear()
        await api.request("GET", "/thing")
    attempt = next(event for event in events if isinstance(event, AttemptFinished))
    finished = next(event for event in events if isinstance(event, CallFinished))
    assert (attempt.status, attempt.error) == (304, None)
    assert (finished.status, finished.error, finished.attempts) == (304, None, 1)


async def test_a_304_that_the_caller_asked_for_is_no_failure_to_observers() -> None:
    events: list[Any] = []
    origin = Origin()
    async with origin.api(observers=[events.append]) as api:
        tag = (await api.request("GET", "/thing")).headers["etag"]
        events.clear()
        with pytest.raises(NotModified) as caught:
            await api.request("GET", "/thing", options={"headers": {"if-none-match": tag}})
    assert caught.value.status == 304
    [finished] = [event for event in events if isinstance(event, CallFinished)]
    assert (finished.status, finished.error) == (304, None)


async def test_a_failed_attempt_is_retried_with_the_condition() -> None:
    origin = Origin()
    failures = iter([None, httpx.Response(502), None])
    origin.interfere = lambda _: next(failures)
    async with origin.api(cache=MemoryCache()) as api:
        await api.request("GET", "/thing")
        second = await api.request("GET", "/thing")
    assert origin.statuses == [200, 502, 304]
    assert origin.conditions[1] == origin.conditions[2] is not None
    assert metadata(second).attempts == 2


@pytest.mark.parametrize("status", [401, 403])
async def test_an_error_is_raised_and_the_stored_response_is_kept(status: int) -> None:
    origin = Origin()
    refusals = iter([None, httpx.Response(status), None])
    origin.interfere = lambda _: next(refusals)
    async with origin.api(cache=MemoryCache()) as api:
        await api.request("GET", "/thing")
        with pytest.raises(Exception, match=str(status)):
            await api.request("GET", "/thing")
        await api.request("GET", "/thing")
    assert origin.statuses == [200, status, 304]


@pytest.mark.parametrize("status", [404, 410])
async def test_a_404_to_a_conditional_request_is_sent_again_without_the_condition(
    status: int,
) -> None:
    """GitHub has been seen to answer a conditional request with a 404 that was not true."""
    origin = Origin()
    origin.interfere = lambda request: (
        httpx.Response(status) if "if-none-match" in request.headers else None
    )
    async with origin.api(cache=MemoryCache(), retry=None) as api:
        await api.request("GET", "/thing")
        second = await api.request("GET", "/thing")
    assert origin.statuses == [200, status, 200]
    assert second.json() == {"value": 1}
    assert metadata(second).attempts == 2


async def test_a_deleted_resource_raises_after_one_unconditional_request() -> None:
    origin = Origin()
    shelf = Shelf()
    async with origin.api(cache=shelf) as api:
        await api.request("GET", "/thing")
        del origin.documents["/thing"]
        with pytest.raises(Exception, match="404"):
            await api.request("GET", "/thing")
    assert origin.statuses == [200, 404, 404]
    assert shelf.values == {}


async def test_responses_of_different_callers_are_stored_separately() -> None:
    origin = Origin()

    def private(request: httpx.Request) -> httpx.Response:
        who = request.headers["authorization"]
        return httpx.Response(200, json={"for": who}, headers={"etag": '"same"'})

    origin.interfere = private
    cache = MemoryCache()
    async with origin.api(auth=TokenAuth("app"), cache=cache, fresh_for=60) as api:
        for token in ("alice", "bob", "alice", "bob"):
            view = api.with_options(auth=OnBehalf(TokenAuth(token)))
            assert (await view.request("GET", "/thing")).json() == {"for": f"Bearer {token}"}
    assert origin.statuses == [200, 200]
    assert len(cache) == 2


async def test_one_cache_serves_several_clients_and_is_closed_with_each() -> None:
    origin, shelf = Origin(), Shelf()
    for _ in range(2):
        async with origin.api(cache=shelf) as api:
            await api.request("GET", "/thing")
            await api.with_options(timeout=5).aclose()
    assert origin.statuses == [200, 304]
    assert shelf.closed == 2


async def test_concurrent_calls_share_the_stored_response() -> None:
    origin, shelf = Origin(), Shelf()
    async with origin.api(cache=shelf) as api:
        first = await api.request("GET", "/thing")
        calls = (api.request("GET", "/thing") for _ in range(50))
        responses = await asyncio.gather(*calls)
    assert {response.body for response in responses} == {first.body}
    assert origin.statuses == [200, *[304] * 50]
    assert shelf.calls.count("put") == 1


async def test_a_large_page_is_returned_again(lane: Lane) -> None:
    """Large bodies are decoded in a thread."""
    body = json.dumps([{"id": number, "text": "x" * 1000} for number in range(1000)]).encode()

    async def serve_large(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await reader.readuntil(b"\r\n\r\n"):
            if b'if-none-match: "large"' in head.lower():
                writer.write(b'HTTP/1.1 304 X\r\netag: "large"\r\n\r\n')
            else:
                length = str(len(body)).encode()
                kind = b'HTTP/1.1 200 X\r\netag: "large"\r\ncontent-type: application/json\r\n'
                writer.write(kind + b"content-length: " + length + b"\r\n\r\n" + body)

    async with HandlerServer(serve_large) as server:
        api = await lane.api(server.url, cache=MemoryCache())
        for revalidated in (False, True):
            page: Any = await api.request("GET", "/large", returns=LargePage)
            assert len(page.root) == 1000
            assert metadata(page).revalidated is revalidated


async def test_a_view_can_do_without_the_cache_or_use_another() -> None:
    origin, shelf = Origin(), Shelf()
    async with origin.api(cache=MemoryCache()) as api:
        await api.request("GET", "/thing")
        await api.with_options(cache=None).request("GET", "/thing")
        await api.with_options(cache=shelf).request("GET", "/thing")
    assert origin.statuses == [200, 200, 200]
    assert len(shelf.values) == 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        pytest.param({"cache": {}}, "cache must be a Cache such as MemoryCache", id="a dict"),
        pytest.param({"cache": MemoryCache}, "not the class MemoryCache", id="the class"),
        pytest.param({"fresh_for": -1}, "fresh_for must be a number of seconds", id="negative"),
        pytest.param({"fresh_for": "60"}, "fresh_for must be a number of seconds", id="a str"),
    ],
)
def test_wrong_options_name_the_fix(options: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        ApiClient(base_url="https://api.example.com", **options)


def test_the_stores_are_caches() -> None:
    cache: Cache = MemoryCache()
    assert cache is not None


async def test_the_whole_response_comes_from_the_cache_too() -> None:
    origin = Origin()
    async with origin.api(cache=MemoryCache()) as api:
        await api.request("GET", "/thing")
        second = await api.request("GET", "/thing", returns=Response)
    assert (second.status, second.from_cache, second.revalidated) == (200, True, True)
    assert json.loads(second.body) == {"value": 1}


async def test_nothing_of_a_key_or_a_value_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    origin, shelf = Origin(), Shelf()
    async with origin.api(auth=TokenAuth("planted"), cache=shelf) as api:
        await api.request("GET", "/thing")
        await api.request("GET", "/thing")
        shown = f"{caplog.text} {api.caller.settings!r}"
    [key] = shelf.values
    assert key not in shown
    assert "planted" not in shown
    assert "thing" not in key
