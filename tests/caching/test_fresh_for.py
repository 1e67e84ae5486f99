"""Within ``fresh_for`` seconds a stored response is used without a request; own writes end that."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from sdk import ClientClosed, Sdk
from sdk.stores import MemoryCache
from sdk.transport import Retry
from tests.caching.origin import Origin, Shelf, github_tag


def issue(number: int) -> dict[str, Any]:
    return {"number": number, "title": f"Issue {number}"}


def github(**options: Any) -> tuple[Origin, Sdk]:
    origin = Origin(github_tag)
    origin.documents.update(
        {
            "/repos/o/r": {"id": 1, "name": "r"},
            "/repos/o/r/issues": [issue(1), issue(2)],
            "/repos/o/r/issues/1": issue(1),
            "/repos/o/r/issues/2": issue(2),
            "/repos/o/r/labels": [],
            "/repos/o/other/issues": [issue(1)],
        }
    )
    return origin, origin.sdk(token="t", cache=MemoryCache(), **{"fresh_for": 60, **options})


async def read_all(sdk: Sdk) -> None:
    await sdk.repos.get("o", "r")
    await sdk.issues.list_for_repo("o", "r")
    await sdk.issues.get("o", "r", 1)
    await sdk.issues.get("o", "r", 2)
    await sdk.issues.list_labels_for_repo("o", "r")
    await sdk.issues.list_for_repo("o", "other")


async def test_nothing_is_sent_until_the_time_is_over() -> None:
    origin, sdk = github()
    async with sdk:
        for _ in range(3):
            await sdk.issues.get("o", "r", 1)
        assert origin.statuses == [200]
        origin.clock.time += 61
        await sdk.issues.get("o", "r", 1)
        assert origin.statuses == [200, 304]
        # The 304 has made it fresh again.
        origin.clock.time += 30
        await sdk.issues.get("o", "r", 1)
    assert origin.statuses == [200, 304]


async def test_by_default_the_api_is_always_asked() -> None:
    origin, sdk = github(fresh_for=0)
    async with sdk:
        await sdk.issues.get("o", "r", 1)
        await sdk.issues.get("o", "r", 1)
    assert origin.statuses == [200, 304]


@pytest.mark.parametrize(
    ("method", "path", "requested"),
    [
        pytest.param(
            "PATCH",
            "/repos/o/r/issues/1",
            ["/repos/o/r", "/repos/o/r/issues", "/repos/o/r/issues/1", "/repos/o/r/issues/2"],
            id="an item: the list, the items, and what counts them",
        ),
        pytest.param(
            "POST",
            "/repos/o/r/issues/1/labels",
            ["/repos/o/r", "/repos/o/r/issues", "/repos/o/r/issues/1", "/repos/o/r/issues/2"],
            id="a part of an item",
        ),
        pytest.param(
            "POST", "/repos/o/r/labels", ["/repos/o/r", "/repos/o/r/labels"], id="another list"
        ),
        pytest.param("PUT", "/user/starred/o/r", [], id="elsewhere"),
    ],
)
async def test_a_write_ends_the_freshness_of_what_it_may_have_changed(
    method: str, path: str, requested: list[str]
) -> None:
    template = {
        "/repos/o/r/issues/1": "/repos/{owner}/{repo}/issues/{number}",
        "/repos/o/r/issues/1/labels": "/repos/{owner}/{repo}/issues/{number}/labels",
        "/repos/o/r/labels": "/repos/{owner}/{repo}/labels",
        "/user/starred/o/r": "/user/starred/{owner}/{repo}",
    }[path]
    origin, sdk = github()
    async with sdk:
        await read_all(sdk)
        origin.requests.clear()
        # A view without fresh_for writes for all of them.
        await sdk.with_options(fresh_for=0).request(
            method,
            template,
            path_params={
                name: value
                for name, value in {"owner": "o", "repo": "r", "number": 1}.items()
                if f"{{{name}}}" in template
            },
        )
        await read_all(sdk)
    assert [request.url.path for request in origin.requests if request.method == "GET"] == requested


@pytest.mark.parametrize(
    ("reply", "sent"),
    [
        pytest.param(httpx.Response(422), [], id="refused"),
        pytest.param(httpx.Response(502), ["/repos/o/r/issues/1"], id="maybe done"),
        pytest.param(httpx.ReadTimeout("late"), ["/repos/o/r/issues/1"], id="no response"),
    ],
)
async def test_a_write_ends_the_freshness_unless_it_was_refused(
    reply: httpx.Response | Exception, sent: list[str]
) -> None:
    origin, sdk = github(retry=Retry(attempts=1))
    async with sdk:
        await sdk.issues.get("o", "r", 1)
        origin.requests.clear()

        def failing(request: httpx.Request) -> httpx.Response | None:
            if request.method == "GET":
                return None
            if isinstance(reply, Exception):
                raise reply
            return reply

        origin.interfere = failing
        with pytest.raises(Exception, match="PATCH"):
            await sdk.issues.update("o", "r", 1, title="new")
        await sdk.issues.get("o", "r", 1)
    assert [request.url.path for request in origin.requests if request.method == "GET"] == sent


async def test_a_read_that_was_under_way_during_a_write_is_not_fresh() -> None:
    """It may have been answered before the write, and is stored after it."""
    origin, sdk = github()
    async with sdk:
        await sdk.issues.get("o", "r", 2)
        entered: list[bool] = []
        shelf = Shelf()
        view = sdk.with_options(cache=shelf)
        plain_put = shelf.put

        async def late_put(key: str, value: bytes, seconds: int) -> None:
            if not entered:
                entered.append(True)
                await view.issues.update("o", "r", 1, title="new")
            await plain_put(key, value, seconds)

        shelf.put = late_put  # type: ignore[method-assign]
        await view.issues.get("o", "r", 1)
        origin.requests.clear()
        await view.issues.get("o", "r", 1)
    assert [request.method for request in origin.requests] == ["GET"]


async def test_a_base_url_with_a_path_finds_the_same_collection() -> None:
    origin = Origin()
    origin.documents = {"/api/v3/repos/o/r/issues": [issue(1)], "/api/v3/repos/o/r/labels": []}
    async with origin.api(
        base_url="https://api.example.com/api/v3", cache=MemoryCache(), fresh_for=60
    ) as api:
        for _ in range(2):
            await api.request("GET", "/repos/o/r/issues")
            await api.request("GET", "/repos/o/r/labels")
            await api.request(
                "PATCH",
                "/repos/{owner}/{repo}/issues/{number}",
                path_params={"owner": "o", "repo": "r", "number": 1},
            )
    assert origin.statuses == [200, 200, 200, 200, 200]


async def test_a_closed_client_returns_no_cached_response() -> None:
    _, sdk = github()
    async with sdk:
        await sdk.issues.get("o", "r", 1)
        http_client = sdk.http_client
    await http_client.aclose()
    with pytest.raises(ClientClosed):
        await sdk.issues.get("o", "r", 1)


async def test_many_writes_take_bounded_memory() -> None:
    origin, sdk = github()
    async with sdk:
        await sdk.issues.get("o", "r", 1)
        guard = sdk.caller.settings.cache
        assert guard is not None
        for number in range(2000):
            await guard.wrote([f"{number}/"])
        assert len(guard._written) <= 1024
        await sdk.issues.get("o", "r", 1)
    # After so many it is not known any more which: everything is asked for again.
    assert origin.statuses == [200, 304]
