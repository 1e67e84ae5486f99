"""An ETag covers one page: what is added behind a full last page is not lost by a 304."""

from __future__ import annotations

from typing import Any

import pytest

from sdk import Sdk
from sdk.stores import MemoryCache
from sdk.testing import StandIn, serve
from sdk.transport import Operation, Resource
from sdk.transport.pagination.paged import Paged
from tests.caching.origin import Origin, github_tag

FIRST = "/repos/o/r/labels"


def labels(count: int, begin: int = 0) -> list[dict[str, Any]]:
    return [
        {"id": number, "name": f"label {number}", "color": "ffffff", "default": False}
        for number in range(begin, begin + count)
    ]


async def names(sdk: Sdk, **options: Any) -> int:
    return len([label.name async for label in sdk.issues.list_labels_for_repo("o", "r", **options)])


@pytest.mark.parametrize(
    ("query", "size", "options"),
    [
        pytest.param("", 30, {}, id="default size"),
        pytest.param("?per_page=7", 7, {"per_page": 7}, id="small pages"),
        pytest.param("?per_page=500", 100, {"per_page": 500}, id="more than GitHub gives"),
    ],
)
async def test_an_item_behind_a_full_page_is_found(
    query: str, size: int, options: dict[str, Any]
) -> None:
    origin = Origin(github_tag)
    origin.documents[FIRST + query] = labels(size)
    second = f"{FIRST}{query}{'&' if query else '?'}page=2"
    async with origin.sdk(token="t", cache=MemoryCache()) as sdk:
        assert await names(sdk, **options) == size
        origin.documents[second] = labels(1, size)
        origin.links[FIRST + query] = f'<https://api.example.com{second}>; rel="next"'
        assert await names(sdk, **options) == size + 1
        assert await names(sdk, **options) == size + 1
    assert origin.statuses == [200, 304, 200, 200, 304, 304]


async def test_a_page_that_has_room_costs_nothing() -> None:
    origin = Origin(github_tag)
    origin.documents[FIRST] = labels(29)
    async with origin.sdk(token="t", cache=MemoryCache()) as sdk:
        assert await names(sdk) == await names(sdk) == 29
    assert origin.statuses == [200, 304]


async def test_an_awaited_page_has_the_next_page() -> None:
    origin = Origin(github_tag)
    origin.documents[FIRST] = labels(30)
    async with origin.sdk(token="t", cache=MemoryCache()) as sdk:
        await sdk.issues.list_labels_for_repo("o", "r")
        origin.links[FIRST] = f'<https://api.example.com{FIRST}?page=2>; rel="next"'
        page = await sdk.issues.list_labels_for_repo("o", "r")
    assert page.has_next


async def test_all_pages_of_the_fake_server_are_found() -> None:
    async with (
        serve(StandIn()) as base_url,
        Sdk(base_url=base_url, token="t", cache=MemoryCache()) as sdk,
    ):
        before = {
            label.name async for label in sdk.issues.list_labels_for_repo("octocat", "hello-world")
        }
        size = max(1, len(before))

        async def all_names() -> set[str]:
            listed = sdk.issues.list_labels_for_repo("octocat", "hello-world", per_page=size)
            return {label.name async for label in listed}

        assert await all_names() == before
        await sdk.issues.create_label("octocat", "hello-world", name="zzz-behind")
        assert await all_names() == before | {"zzz-behind"}


class Things(Resource):
    LIST = Operation("GET", "/things", query=("limit",), returns=list[dict[str, Any]])

    def list(self, limit: int) -> Paged[dict[str, Any], list[dict[str, Any]]]:
        return self._paginate(self.LIST, limit=limit)


async def test_pages_of_another_api_are_compared_with_the_numbers_in_the_query() -> None:
    origin = Origin()
    origin.documents["/things?limit=3"] = [{"n": 1}, {"n": 2}, {"n": 3}]
    async with origin.api(cache=MemoryCache()) as api:
        things = Things(api)
        assert len([thing async for thing in things.list(3)]) == 3
        origin.documents["/things?limit=3&page=2"] = [{"n": 4}]
        origin.links["/things?limit=3"] = (
            '<https://api.example.com/things?limit=3&page=2>; rel="next"'
        )
        assert len([thing async for thing in things.list(3)]) == 4
