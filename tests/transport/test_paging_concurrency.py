"""Lists in pages, several pages at once."""

import asyncio
import contextlib
import gc
import logging
import warnings

import httpx
import pytest
from pydantic import BaseModel

from sdk import DecodeError, Operation, Resource, Sdk, ServerError
from sdk.testing import StandIn, serve
from sdk.transport.pagination.links import page_number
from tests.transport.support import BASE_URL, Api, turns


class Item(BaseModel):
    id: int


LIST = Operation("GET", "/items", query=("per_page", "page"), returns=list[Item])


class Book:
    """An API with numbered pages, some of which respond only when the test allows it.

    Attributes:
        begun, cancelled: page numbers of the requests, in order.
        most: the largest number of concurrent requests.
        all_held: set when every held page has been requested.
    """

    def __init__(self, last, *, size=2, held=(), failing=(), links=None):
        self.last, self.size, self.failing, self.links = last, size, failing, links or {}
        self.held = {number: asyncio.Event() for number in held}
        self.all_held = asyncio.Event()
        self.begun, self.cancelled = [], []
        self.under_way = self.most = 0
        client = httpx.AsyncClient(transport=httpx.MockTransport(self._response))
        self.list = Resource(Api(http_client=client, retry=None))._paginate(LIST)

    async def _response(self, request):
        number = page_number(str(request.url)) or 1
        self.begun.append(number)
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        try:
            if number in self.held:
                if self.held.keys() <= set(self.begun):
                    self.all_held.set()
                await self.held[number].wait()
            else:
                # Later pages are ready first.
                for _ in range(2 * max(0, self.last - number)):
                    await asyncio.sleep(0)
        except asyncio.CancelledError:
            self.cancelled.append(number)
            raise
        finally:
            self.under_way -= 1
        if number in self.failing:
            return httpx.Response(502)
        ids = range((number - 1) * self.size, number * self.size)
        return httpx.Response(200, json=[{"id": id_} for id_ in ids], headers=self._link(number))

    def _link(self, number):
        link = self.links.get(number)
        if link is None and number < self.last:
            place = f"{BASE_URL}/items?page="
            link = f'<{place}{number + 1}>; rel="next", <{place}{self.last}>; rel="last"'
        return {"link": link} if link else {}

    def ids(self, pages):
        return list(range(pages * self.size))


def tasks_besides_this_one():
    return asyncio.all_tasks() - {asyncio.current_task()}


@pytest.mark.parametrize("concurrency", [1, 2, 3, 5, 100])
@pytest.mark.parametrize("last", [1, 2, 3, 7])
async def test_concurrency_does_not_change_items_or_their_order(concurrency, last):
    book = Book(last)
    given = [item.id async for item in book.list.items(concurrency=concurrency)]
    assert given == book.ids(last)
    assert book.begun == list(range(1, last + 1))
    assert book.most == max(1, min(concurrency, last - 1))
    assert not tasks_besides_this_one()


async def test_pages_come_in_order_however_late_the_first_is():
    book = Book(4, held=(2,))
    walk = asyncio.create_task(book.list.collect(concurrency=3))
    await turns(50)
    assert book.begun == [1, 2, 3, 4]
    assert not walk.done()
    book.held[2].set()
    assert [item.id for item in await walk] == book.ids(4)


async def test_no_more_pages_are_prefetched_than_concurrency_allows():
    book = Book(9)
    pages = book.list.pages(concurrency=3)
    assert (await anext(pages)).number == 1
    await turns(50)
    assert book.begun == [1]
    assert (await anext(pages)).number == 2
    await turns(50)
    assert book.begun == [1, 2, 3, 4]
    assert (await anext(pages)).number == 3
    await turns(50)
    assert book.begun == [1, 2, 3, 4, 5]
    await pages.aclose()


async def test_collect_fetches_no_page_beyond_its_limit():
    book = Book(9, size=10)
    assert len(await book.list.collect(limit=25, concurrency=8)) == 25
    assert book.begun == [1, 2, 3]


async def test_a_break_cancels_the_rest_at_once():
    book = Book(9, held=(3, 4))
    async for page in book.list.pages(concurrency=3):
        if page.number == 2:
            break
    await turns(5)
    assert sorted(book.cancelled) == [3, 4]
    assert not tasks_besides_this_one()


async def test_a_break_among_items_cancels_the_rest_at_once():
    book = Book(9, held=(3, 4))
    async for item in book.list.items(concurrency=3):
        if item.id == 3:
            break
    await turns(5)
    assert sorted(book.cancelled) == [3, 4]
    assert not tasks_besides_this_one()


@pytest.mark.parametrize("kind", ["pages", "items"])
async def test_closing_waits_until_nothing_is_under_way(kind):
    book = Book(9, held=(3, 4))
    async with contextlib.aclosing(getattr(book.list, kind)(concurrency=3)) as walk:
        for _ in range({"pages": 2, "items": 3}[kind]):
            await anext(walk)
    assert sorted(book.cancelled) == [3, 4]
    assert not tasks_besides_this_one()
    with pytest.raises(StopAsyncIteration):
        await anext(walk)
    await walk.aclose()


async def test_an_error_in_the_body_of_the_loop_cancels_the_rest():
    book = Book(9, held=(3, 4))

    async def use():
        async for page in book.list.pages(concurrency=3):
            if page.number == 2:
                raise LookupError

    with pytest.raises(LookupError):
        await use()
    await turns(5)
    assert sorted(book.cancelled) == [3, 4]
    assert not tasks_besides_this_one()


async def test_cancellation_waits_until_the_rest_is_cancelled():
    book = Book(9, held=(2, 3, 4))
    walk = asyncio.create_task(book.list.collect(concurrency=3))
    await turns(50)
    walk.cancel()
    with pytest.raises(asyncio.CancelledError):
        await walk
    assert sorted(book.cancelled) == [2, 3, 4]
    assert not tasks_besides_this_one()


async def test_a_time_limit_around_it_cancels_the_rest():
    book = Book(9, held=(2, 3))
    limit = asyncio.timeout(None)

    async def let_it_run_out():
        await book.all_held.wait()
        limit.reschedule(0)

    running_out = asyncio.create_task(let_it_run_out())
    with pytest.raises(TimeoutError):
        async with limit:
            await book.list.collect(concurrency=2)
    await running_out
    assert sorted(book.cancelled) == [2, 3]
    assert not tasks_besides_this_one()


async def test_an_error_comes_at_its_place_and_cancels_the_rest():
    book = Book(9, failing=(4,), held=(5, 6))
    given = []

    async def use():
        async for item in book.list.items(concurrency=3):
            given.append(item.id)  # noqa: PERF401  what was given before the error is the point

    with pytest.raises(ServerError, match=r"^Page 4 of the list") as caught:
        await use()

    assert given == book.ids(3)
    assert caught.value.page == 4
    assert book.under_way == 0
    assert not tasks_besides_this_one()


async def test_an_error_on_a_page_that_is_not_reached_is_not_reported(caplog):
    book = Book(9, failing=(3, 4))
    async for page in book.list.pages(concurrency=3):
        if page.number == 2:
            await turns(50)
            break
    del page
    gc.collect()
    await turns(50)
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


async def test_a_list_that_grew_is_followed_to_its_new_end():
    place = f"{BASE_URL}/items?page="
    book = Book(3, links={3: f'<{place}4>; rel="next", <{place}4>; rel="last"'})
    assert len(await book.list.collect(concurrency=5)) == 4 * book.size
    assert book.begun == [1, 2, 3, 4]


async def test_a_list_that_shrank_ends_where_its_links_end():
    book = Book(6, links={3: f'<{BASE_URL}/items?page=2>; rel="prev"'}, held=(5, 6))
    assert len(await book.list.collect(concurrency=5)) == 3 * book.size
    assert sorted(book.cancelled) == [5, 6]


async def test_a_link_that_skips_pages_is_followed():
    place = f"{BASE_URL}/items?page="
    book = Book(8, links={3: f'<{place}6>; rel="next", <{place}8>; rel="last"'}, held=(4, 5))
    pages = [page.number async for page in book.list.pages(concurrency=3)]
    assert pages == [1, 2, 3, 6, 7, 8]
    assert book.under_way == 0


@pytest.mark.parametrize(
    "link",
    [
        f'<{BASE_URL}/items?after=b>; rel="next"',
        f'<{BASE_URL}/items?after=b>; rel="next", <{BASE_URL}/items?after=z>; rel="last"',
        f'<{BASE_URL}/items?page=2>; rel="next"',
    ],
)
async def test_without_a_known_last_page_pages_are_fetched_one_by_one(link):
    book = Book(1, links={1: link})
    pages = book.list.pages(concurrency=4)
    await anext(pages)
    await anext(pages)
    assert book.most == 1
    await pages.aclose()


async def test_a_link_to_another_origin_is_refused_with_concurrency_too():
    link = '<https://evil.example.com/items?page=2>; rel="next", <x?page=9>; rel="last"'
    book = Book(9, links={1: link})
    with pytest.raises(DecodeError, match="another host"):
        await book.list.collect(concurrency=4)
    assert book.begun == [1]


def test_a_break_at_the_end_of_a_program_leaves_no_warning():
    async def program():
        book = Book(9, held=(3, 4))
        async for page in book.list.pages(concurrency=3):
            if page.number == 2:
                return
        async for _ in book.list:
            return

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        asyncio.run(program(), debug=True)
        gc.collect()


async def test_repeated_early_exits_leak_no_connection():
    async with (
        serve(StandIn()) as base_url,
        Sdk(base_url=base_url, token=None, max_connections=2) as sdk,
    ):
        followers = sdk.users.list_followers_for_user("octocat", per_page=1)
        for _ in range(10):
            async for page in followers.pages(concurrency=4):
                if page.number == 2:
                    break
        everyone = await followers.collect(concurrency=4)
        assert [user.login for user in everyone] == [user.login async for user in followers]
        assert len(everyone) == 7
