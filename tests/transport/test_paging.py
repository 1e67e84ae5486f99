"""Lists in pages, one page after the other."""

import asyncio
import copy

import httpx
import pytest
from pydantic import BaseModel, ConfigDict, Field

from sdk import InvalidInput, Operation, Resource, Retry, ServerError, metadata
from sdk.transport.errors import ConnectionLost, DecodeError, NotFound, SdkError
from tests.transport.support import BASE_URL, Upstream


class Item(BaseModel):
    id: int


class Found(BaseModel):
    model_config = ConfigDict(extra="allow")

    total_count: int
    incomplete_results: bool = False
    found: list[Item] | None = Field(default=None, alias="items")


LIST = Operation("GET", "/items", query=("per_page", "page"), returns=list[Item])
SEARCH = Operation("GET", "/search", query=("q",), returns=Found, items="items")


class Items(Resource):
    def list(self, *, options=None, **query):
        return self._paginate(LIST, options, **query)

    def search(self, q="x"):
        return self._paginate(SEARCH, q=q)


def response(ids, following=None, *, relation="next", **headers):
    if following:
        headers["link"] = f'<{following}>; rel="{relation}"'
    return httpx.Response(200, json=[{"id": number} for number in ids], headers=headers)


def page_url(number):
    return f"{BASE_URL}/items?page={number}"


def items(*replies, **options):
    upstream = Upstream(*replies)
    return Items(upstream.api(**options)), upstream


def ids(page):
    return [item.id for item in page]


def targets(upstream):
    return [str(request.url).removeprefix(BASE_URL) for request in upstream.requests]


async def take(items, into):
    """Iterate into a list that outlives the iteration's error."""
    async for item in items:
        into.append(item.id)


# ------------------------------------------------------------------ a page


async def test_awaiting_returns_the_first_page_and_fetches_no_other():
    resource, upstream = items(response([1, 2], page_url(2), **{"x-request-id": "r1"}))

    page = await resource.list(per_page=2)

    assert page.items == [Item(id=1), Item(id=2)]
    assert page.has_next
    assert page.number == 1
    assert page.total_count is None
    assert page.metadata.request_id == "r1"
    assert page.metadata is metadata(page)
    assert targets(upstream) == ["/items?per_page=2"]


async def test_the_first_page_can_be_fetched_in_a_task_group():
    resource, upstream = items(response([1, 2], page_url(2)))

    async with asyncio.TaskGroup() as group:
        page = group.create_task(resource.list().first_page())

    assert ids(page.result()) == [1, 2]
    assert len(upstream.requests) == 1


async def test_a_page_is_a_sequence():
    resource, _ = items(response([1, 2, 3]))
    page = await resource.list()

    assert len(page) == 3
    assert page[0] == Item(id=1)
    assert page[-1] == Item(id=3)
    assert page[:2] == [Item(id=1), Item(id=2)]
    assert Item(id=2) in page
    assert page.index(Item(id=3)) == 2
    assert [*reversed(page)] == [Item(id=3), Item(id=2), Item(id=1)]
    assert repr(page) == "<Page 1: 3 items>"


async def test_next_returns_the_next_page_and_none_after_the_last():
    resource, upstream = items(response([1], page_url(2)), response([2]))

    first = await resource.list()
    second = await first.next()

    assert second is not None
    assert ids(second) == [2]
    assert second.number == 2
    assert not second.has_next
    assert await second.next() is None
    assert targets(upstream) == ["/items", "/items?page=2"]


async def test_next_can_be_called_twice():
    resource, _ = items(response([1], page_url(2)), response([2]))
    first = await resource.list()

    again = [await first.next(), await first.next()]

    assert [ids(page) for page in again] == [[2], [2]]


# ------------------------------------------------------------------ all pages


async def test_iterating_yields_every_item_of_every_page():
    resource, _ = items(response([1, 2], page_url(2)), response([3], page_url(3)), response([4]))
    assert [item.id async for item in resource.list()] == [1, 2, 3, 4]


async def test_a_page_without_items_does_not_end_the_list():
    resource, _ = items(response([1], page_url(2)), response([], page_url(3)), response([4]))
    assert [item.id async for item in resource.list()] == [1, 4]


async def test_pages_come_with_their_numbers():
    resource, _ = items(response([1], page_url(2)), response([2], page_url(3)), response([3]))
    assert [page.number async for page in resource.list().pages()] == [1, 2, 3]


async def test_iteration_can_begin_on_a_later_page():
    resource, _ = items(response([5], page_url(6)), response([6]))
    assert [page.number async for page in resource.list(page=5).pages()] == [5, 6]


async def test_an_exhausted_iterator_stays_exhausted():
    resource, upstream = items(response([1]))
    pages = resource.list().pages()
    assert [ids(page) async for page in pages] == [[1]]
    assert [page async for page in pages] == []
    assert len(upstream.requests) == 1


async def test_each_use_of_a_list_sends_new_requests():
    resource, upstream = items(response([1]), response([2]), response([3]))
    numbers = resource.list()
    assert ids(await numbers) == [1]
    assert [item.id async for item in numbers] == [2]
    assert ids(await numbers.collect()) == [3]
    assert len(upstream.requests) == 3


@pytest.mark.parametrize(
    ("limit", "expected", "requests"),
    [
        (None, [1, 2, 3, 4], 2),
        (4, [1, 2, 3, 4], 2),
        (3, [1, 2, 3], 2),
        (2, [1, 2], 1),
        (1, [1], 1),
        (0, [], 0),
        (99, [1, 2, 3, 4], 2),
    ],
)
async def test_collect_fetches_no_page_beyond_its_limit(limit, expected, requests):
    resource, upstream = items(response([1, 2], page_url(2)), response([3, 4]))
    assert ids(await resource.list().collect(limit=limit)) == expected
    assert len(upstream.requests) == requests


async def test_invalid_numbers_are_refused():
    resource, upstream = items(response([1]))
    with pytest.raises(InvalidInput, match="limit must be a whole number, 0 or more, not -1"):
        await resource.list().collect(limit=-1)
    with pytest.raises(InvalidInput, match="concurrency must be a whole number, 1 or more, not 0"):
        resource.list().pages(concurrency=0)
    assert upstream.requests == []


# ------------------------------------------------------------------ the link to the next page


@pytest.mark.parametrize(
    "link",
    [
        f"{BASE_URL}/repositories/1000/items?page=2",
        "/repositories/1000/items?page=2",
        "HTTPS://API.EXAMPLE.COM:443/repositories/1000/items?page=2",
    ],
)
async def test_a_link_to_another_path_on_the_same_origin_is_followed(link):
    resource, upstream = items(response([1], link), response([2]))
    assert ids(await resource.list().collect()) == [1, 2]
    assert upstream.last.url.path == "/repositories/1000/items"


async def test_with_a_path_in_base_url_the_link_is_followed_unchanged():
    base_url = "https://github.example.com/api/v3"
    resource, upstream = items(
        response([1], f"{base_url}/items?page=2"), response([2]), base_url=base_url
    )
    assert ids(await resource.list().collect()) == [1, 2]
    assert str(upstream.last.url) == f"{base_url}/items?page=2"


@pytest.mark.parametrize(
    "link",
    [
        f"{BASE_URL}/items?after=Y3Vyc29yOjE%3D&per_page=1",
        f"{BASE_URL}/items?cursor=abc",
        f"{BASE_URL}/items?since=135",
    ],
)
async def test_cursors_are_sent_back_unchanged(link):
    resource, upstream = items(response([1], link), response([2]))
    pages = [page async for page in resource.list().pages()]
    assert [page.number for page in pages] == [1, 2]
    assert str(upstream.last.url) == link


@pytest.mark.parametrize(
    "link",
    [
        "https://evil.example.com/items?page=2",
        "http://api.example.com/items?page=2",
        "https://api.example.com:8443/items?page=2",
        "//evil.example.com/items?page=2",
        "file:///etc/passwd",
    ],
)
async def test_a_link_to_another_origin_is_not_followed(link):
    resource, upstream = items(response([1], link), auth=None)
    given = []

    with pytest.raises(DecodeError, match="leads to another host") as caught:
        await take(resource.list(), given)

    assert given == [1]
    assert len(upstream.requests) == 1
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "link",
    [
        "https://api.example.com@evil.example.com/items?page=2",
        "https://someone:secret@api.example.com/items?page=2",
        "https://[broken/items?page=2",
        "https://api.example.com:99999999/items?page=2",
        "https://api.example.com/a b?page=2",
        "?page=2 3",
        "https://api.example.com\\@evil.example.com/",
    ],
)
async def test_the_error_of_an_invalid_link_does_not_name_another_host(link):
    resource, upstream = items(response([1], link), auth=None)
    given = []

    with pytest.raises(DecodeError, match="is not a URL that can be followed") as caught:
        await take(resource.list(), given)

    assert given == [1]
    assert len(upstream.requests) == 1
    assert "another host" not in str(caught.value)
    assert "secret" not in str(caught.value)


async def test_a_page_with_a_foreign_link_is_returned_and_only_its_next_fails():
    resource, _ = items(response([1], "https://evil.example.com/"))
    page = await resource.list()
    assert ids(page) == [1]
    assert page.has_next
    with pytest.raises(DecodeError, match="another host"):
        await page.next()


@pytest.mark.parametrize(
    "links",
    [
        [page_url(2), page_url(3), page_url(2)],
        [page_url(2), page_url(3), page_url(3)],
        [f"{BASE_URL}/items?after=b", f"{BASE_URL}/items?after=c", f"{BASE_URL}/items?after=b"],
        [f"{BASE_URL}/items?after=b", f"{BASE_URL}/items?after=c", f"{BASE_URL}/items"],
    ],
)
async def test_a_link_to_an_earlier_page_is_an_error(links):
    resource, upstream = items(*(response([1], link) for link in links))
    given = []

    with pytest.raises(DecodeError, match="page after page 3 leads back"):
        await take(resource.list(), given)

    assert given == [1, 1, 1]
    assert len(upstream.requests) == 3


async def test_a_link_to_an_earlier_page_is_an_error_of_next_too():
    resource, _ = items(response([1], page_url(2)), response([2], f"{BASE_URL}/items"))
    second = await (await resource.list()).next()
    assert second is not None
    with pytest.raises(DecodeError, match="leads back"):
        await second.next()


# ------------------------------------------------------------------ a page that fails


async def test_the_error_names_the_page_and_earlier_items_were_yielded():
    resource, upstream = items(
        response([1], page_url(2)), response([2], page_url(3)), httpx.Response(502), retry=None
    )
    given = []

    with pytest.raises(
        ServerError, match=r"^Page 3 of the list: GET /items answered 502"
    ) as caught:
        await take(resource.list(), given)

    assert given == [1, 2]
    assert caught.value.page == 3
    assert copy.copy(caught.value).page == 3
    assert len(upstream.requests) == 3


async def test_the_first_page_fails_like_any_call():
    resource, _ = items(httpx.Response(404, json={"message": "Not Found"}))
    with pytest.raises(NotFound, match=r"^GET /items answered 404") as caught:
        await resource.list()
    assert caught.value.page == 1


async def test_every_page_has_its_own_retries():
    resource, upstream = items(
        response([1], page_url(2)),
        httpx.Response(502),
        response([2]),
        retry=Retry(attempts=2, initial_delay=0.001),
    )
    assert ids(await resource.list().collect()) == [1, 2]
    assert len(upstream.requests) == 3


async def test_a_broken_connection_names_its_page():
    resource, _ = items(response([1], page_url(2)), httpx.ReadError("gone"), retry=None)
    with pytest.raises(ConnectionLost, match=r"^Page 2 of the list") as caught:
        await resource.list().collect()
    assert caught.value.page == 2


# ------------------------------------------------------------------ options


def test_the_repr_of_a_list_names_its_uses():
    resource, _ = items()
    assert repr(resource.list()) == ("<Paged GET /items: await it for one page, or use async for>")


async def test_options_apply_to_every_page():
    resource, upstream = items(response([1], page_url(2)), httpx.Response(502))

    with pytest.raises(SdkError):
        await resource.list(
            options={
                "headers": {"x-mark": "7"},
                "extra_query": {"filter": "a b"},
                "retry": None,
                "timeout": 5,
            }
        ).collect()

    assert targets(upstream) == ["/items?filter=a%20b", "/items?page=2"]
    assert [request.headers["x-mark"] for request in upstream.requests] == ["7", "7"]
    assert [request.extensions["timeout"]["read"] for request in upstream.requests] == [
        pytest.approx(5, abs=1),
        pytest.approx(5, abs=1),
    ]


async def test_an_extra_body_is_sent_with_every_page():
    resource, upstream = items(response([1], page_url(2)), response([2]))
    await resource.list(options={"extra_body": {"query": "x"}}).collect()
    assert [request.content for request in upstream.requests] == [b'{"query":"x"}'] * 2


async def test_a_wrong_argument_is_refused_when_the_list_is_made():
    resource, _ = items()
    with pytest.raises(InvalidInput, match="no parameter 'pages'"):
        resource.list(pages=1)


# ------------------------------------------------------------------ wrapped lists


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
