"""Lists inside an object with a total, and lists that are empty."""

import httpx
import pytest

from sdk import InvalidInput, Operation, Resource
from sdk.transport.errors import DecodeError
from tests.transport.paging import Item, items
from tests.transport.support import BASE_URL, Upstream


async def test_a_wrapped_list_comes_with_its_total_and_its_wrapper():
    resource, _ = items(
        httpx.Response(
            200,
            json={"total_count": 40, "incomplete_results": True, "items": [{"id": 1}], "new": 3},
            headers={"link": f'<{BASE_URL}/search?q=x&page=2>; rel="next"'},
        ),
        httpx.Response(200, json={"total_count": 40, "items": [{"id": 2}]}),
    )

    page = await resource.search()
    second = await page.next()

    assert page.items == [Item(id=1)]
    assert page.total_count == 40
    assert page.body.incomplete_results is True
    assert page.body.new == 3
    assert page.metadata.status == 200
    assert repr(page) == "<Page 1: 1 items of 40>"
    assert second is not None
    assert second.items == [Item(id=2)]


@pytest.mark.parametrize(
    ("reply", "total"),
    [
        (httpx.Response(204), None),
        (httpx.Response(200, content=b"null"), None),
        (httpx.Response(200, content=b" null\n"), None),
        (httpx.Response(200, json={"total_count": 0}), 0),
        (httpx.Response(200, json={"total_count": 0, "items": None}), 0),
        (httpx.Response(200, json={"total_count": 0, "items": []}), 0),
        (httpx.Response(200, json={"items": []}), None),
    ],
)
async def test_an_empty_response_of_any_form_is_an_empty_page(reply, total):
    resource, _ = items(reply)
    page = await resource.search()
    assert page.items == []
    assert page.total_count == total
    assert not page.has_next


@pytest.mark.parametrize("sent", [{}, {"message": "API rate limit exceeded"}])
async def test_an_object_without_the_fields_of_a_page_is_an_error(sent):
    resource, _ = items(httpx.Response(200, json=sent))

    with pytest.raises(DecodeError):
        await resource.search()


@pytest.mark.parametrize("reply", [httpx.Response(204), httpx.Response(200, content=b"null")])
async def test_a_plain_list_can_be_empty_in_any_form_too(reply):
    resource, _ = items(reply)
    page = await resource.list()
    assert page.items == []
    assert page.body is None


@pytest.mark.parametrize("items_", ["text", {"a": 1}, 7])
async def test_a_body_that_is_not_a_list_is_an_error_and_not_an_empty_page(items_):
    resource, _ = items(httpx.Response(200, json={"total_count": 1, "items": items_}))
    with pytest.raises(DecodeError, match="no list under 'items'"):
        await resource.search()


async def test_a_drifted_item_keeps_its_position():
    resource, _ = items(
        httpx.Response(200, json={"total_count": 2, "items": [{"id": 1}, {"id": None}]})
    )
    page = await resource.search()
    assert [type(item) for item in page] == [Item, Item]
    assert [item.id for item in page] == [1, None]


@pytest.mark.parametrize("returns", [list[Item], Item])
def test_a_wrapped_list_that_returns_no_wrapper_is_refused_with_the_fix(returns):
    with pytest.raises(InvalidInput, match="a model of the whole object, with the list as its fie"):
        Operation("GET", "/items", returns=returns, items="items")


async def test_a_wrapper_may_be_a_plain_dict():
    operation = Operation("GET", "/runs", returns=dict[str, object], items="workflow_runs")
    upstream = Upstream(httpx.Response(200, json={"total_count": 1, "workflow_runs": [7]}))
    page = await Resource(upstream.api())._paginate(operation)
    assert (page.items, page.total_count) == ([7], 1)
