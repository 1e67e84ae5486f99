"""Lists in pages, one page after the other: pages, iteration, errors, options."""

import asyncio
import copy

import httpx
import pytest

from sdk import InvalidInput, Retry, ServerError, metadata
from sdk.transport.errors import ConnectionLost, NotFound, SdkError
from tests.transport.paging import (
    Item,
    Items,
    ids,
    items,
    page_url,
    response,
    take,
    targets,
)
from tests.transport.support import Api, turns

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


# ------------------------------------------------------------------ going on after a failure


async def take_all(found, seen):
    async for item in found:
        seen.append(item.id)


@pytest.mark.parametrize("concurrency", [1, 3])
@pytest.mark.parametrize("failed", [1, 2])
async def test_after_an_error_the_iteration_goes_on_with_the_page_that_failed(failed, concurrency):
    broken = []

    def reply(request):
        number = int(request.url.params.get("page", 1))
        if number == failed and not broken:
            broken.append(number)
            return httpx.Response(502)
        following = page_url(number + 1) if number < 4 else None
        links = [f'<{page_url(4)}>; rel="last"']
        if following:
            links.append(f'<{following}>; rel="next"')
        found = response([number])
        found.headers["link"] = ", ".join(links)
        return found

    resource, upstream = items(reply, retry=None)
    found = resource.list().items(concurrency=concurrency)
    seen = []
    with pytest.raises(ServerError) as caught:
        await take_all(found, seen)
    assert caught.value.page == failed
    assert seen == list(range(1, failed))
    seen += [item.id async for item in found]
    assert seen == [1, 2, 3, 4]
    assert [item async for item in found] == []
    if concurrency == 1:
        assert len(upstream.requests) == 5


async def test_after_a_cancellation_the_iteration_goes_on_with_the_same_page():
    gate = asyncio.Event()

    async def reply(request):
        await gate.wait()
        return response([1], page_url(2)) if "page" not in request.url.params else response([2])

    async with httpx.AsyncClient(transport=httpx.MockTransport(reply)) as client:
        pages = Items(Api(http_client=client)).list().pages()
        for _ in range(2):
            task = asyncio.create_task(anext(pages))
            await turns()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        gate.set()
        assert [ids(page) async for page in pages] == [[1], [2]]


async def test_an_iterator_is_for_one_task_at_a_time():
    gate = asyncio.Event()

    async def reply(request):
        await gate.wait()
        return response([1], page_url(2)) if "page" not in request.url.params else response([2])

    async with httpx.AsyncClient(transport=httpx.MockTransport(reply)) as client:
        found = aiter(Items(Api(http_client=client)).list())
        first = asyncio.create_task(anext(found))
        await turns()
        with pytest.raises(InvalidInput, match="Iterate in one task"):
            await anext(found)
        gate.set()
        assert (await first).id == 1
        assert [item.id async for item in found] == [2]
