"""Pagination by rules: five items in three pages, and failures."""

from typing import Any

import httpx
import pytest
from pydantic import BaseModel

from sdk import DecodeError, Operation, Resource
from sdk.transport.page_rules import Cursor, LastItem, NextUrl, Offset, PageNumber
from tests.transport.support import Api, Upstream

ITEMS = [{"id": number} for number in range(1, 6)]


class Item(BaseModel):
    id: int


class Meta(BaseModel):
    next_cursor: str | None = None


class Wrapped(BaseModel):
    data: list[Item]
    meta: Meta | None = None
    next: str | None = None
    has_more: bool | None = None
    total: int | None = None


class Lists(Resource):
    def list(self, operation, **values):
        return self._paginate(operation, **values)


def server(kind):
    """An API that turns pages in one way, two items a page unless a size is asked for."""

    def answer(request: httpx.Request) -> httpx.Response:
        query = request.url.params
        size = int(query.get("size", 2))
        begin = {
            "page": lambda: (int(query.get("page", 1)) - 1) * size,
            "zero": lambda: int(query.get("page", 0)) * size,
            "404": lambda: (int(query.get("page", 1)) - 1) * size,
            "offset": lambda: int(query.get("offset", 0)),
            "cursor": lambda: int(query.get("cursor", "c0")[1:]),
            "last": lambda: int(query.get("starting_after", 0)),
            "url": lambda: int(query.get("at", 0)),
        }[kind]()
        if kind == "404" and begin >= len(ITEMS) + 1:
            return httpx.Response(404)
        items, end = ITEMS[begin : begin + size], begin + size
        more = end < len(ITEMS)
        body: dict[str, Any] = {"data": items, "has_more": more}
        if kind == "cursor":
            body["meta"] = {"next_cursor": f"c{end}" if more else None}
        if kind == "url":
            body["next"] = f"/items?at={end}" if more else None
        if kind == "offset":
            body["total"] = len(ITEMS)
        return httpx.Response(200, json=body)

    return Upstream(answer)


RULES = {
    "page": (PageNumber(), ("page",)),
    "zero": (PageNumber(first=0), ("page",)),
    "404": (PageNumber(), ("page",)),
    "offset": (Offset(total="total"), ("offset",)),
    "cursor": (Cursor("cursor", "meta.next_cursor"), ("cursor",)),
    "last": (LastItem("starting_after", more="has_more"), ("starting_after",)),
    "url": (NextUrl("next"), ()),
}


def listed(kind, returns=Wrapped):
    rule, query = RULES[kind]
    return Operation(
        "GET", "/items", query=(*query, "size"), items="data", returns=returns, pages=rule
    )


@pytest.mark.parametrize("returns", [Wrapped, dict[str, Any]])
@pytest.mark.parametrize("kind", RULES)
async def test_five_items_in_three_pages_are_collected(kind, returns):
    upstream = server(kind)
    items = await Lists(upstream.api()).list(listed(kind, returns)).collect()
    ids = [item.id if returns is Wrapped else item["id"] for item in items]
    assert ids == [1, 2, 3, 4, 5]
    assert len(upstream.requests) == (4 if kind in {"404", "page", "zero"} else 3)


async def test_a_requested_size_avoids_the_empty_last_page():
    upstream = server("page")
    operation = Operation(
        "GET",
        "/items",
        query=("page", "size"),
        items="data",
        returns=Wrapped,
        pages=PageNumber(size="size"),
    )
    assert len(await Lists(upstream.api()).list(operation, size=3).collect()) == 5
    assert len(upstream.requests) == 2


async def test_iteration_can_begin_anywhere():
    items = await Lists(server("cursor").api()).list(listed("cursor"), cursor="c2").collect()
    assert [item.id for item in items] == [3, 4, 5]


async def test_a_link_header_takes_precedence_over_the_rule():
    link = {"link": '<https://api.example.com/items?page=9>; rel="next"'}
    upstream = Upstream(
        httpx.Response(200, json={"data": ITEMS[:2]}, headers=link),
        httpx.Response(200, json={"data": ITEMS[2:4]}),
    )
    items = await Lists(upstream.api()).list(listed("page")).collect()
    assert [item.id for item in items] == [1, 2, 3, 4]
    assert upstream.last.url.query == b"page=9"


async def test_a_repeated_page_ends_the_iteration():
    upstream = Upstream(httpx.Response(200, json={"data": ITEMS[:2]}))
    with pytest.raises(DecodeError, match="the same page again"):
        await Lists(upstream.api()).list(listed("page")).collect()
    assert len(upstream.requests) == 2


async def test_a_next_url_of_another_host_is_not_followed():
    body = {"data": ITEMS[:1], "next": "https://elsewhere.example/items"}
    upstream = Upstream(httpx.Response(200, json=body))
    with pytest.raises(DecodeError, match="another host"):
        await Lists(upstream.api()).list(listed("url")).collect()


async def test_a_next_value_that_is_not_a_url_is_used_as_the_cursor():
    def answer(request):
        done = request.url.params.get("cursor") == "abc=="
        return httpx.Response(
            200, json={"data": ITEMS[3:] if done else ITEMS[:3], "next": None if done else "abc=="}
        )

    operation = Operation(
        "GET",
        "/items",
        query=("cursor",),
        items="data",
        returns=Wrapped,
        pages=NextUrl("next", parameter="cursor"),
    )
    items = await Lists(Upstream(answer).api()).list(operation).collect()
    assert [item.id for item in items] == [1, 2, 3, 4, 5]


async def test_the_total_is_returned_where_the_rule_knows_it():
    page = await Lists(server("offset").api()).list(listed("offset"))
    assert page.total_count == 5
    assert page.has_next


async def test_a_list_under_a_nested_key_is_found():
    body = {"result": {"rows": ITEMS[:2]}}
    operation = Operation(
        "GET", "/x", items="result.rows", returns=dict[str, Any], pages=NextUrl("next")
    )
    upstream = Upstream(httpx.Response(200, json=body))
    assert len(await Lists(upstream.api()).list(operation).collect()) == 2


def test_an_operation_has_no_page_rule_by_default():
    assert Operation("GET", "/x", returns=list[Item]).pages is None
    assert Api.naive_times is False
