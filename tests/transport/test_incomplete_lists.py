"""A list that the API cuts off says so; links that name an inner host need a permission."""

import logging

import httpx
import pytest

from sdk import DecodeError, InvalidInput, Operation, Resource
from tests.transport.support import Upstream

SEARCH = Operation("GET", "/search", returns=dict, items="items")


class Search(Resource):
    def all(self):
        return self._paginate(SEARCH)


def upstream(total, pages=2, *, incomplete=False, origin="https://api.example.com"):
    def page(request):
        number = int(request.url.params.get("page", 1))
        link = f'<{origin}/search?page={number + 1}>; rel="next"'
        return httpx.Response(
            200,
            json={"total_count": total, "incomplete_results": incomplete, "items": [number] * 10},
            headers={"link": link} if number < pages else {},
        )

    return Upstream(page)


async def test_a_truncated_search_is_marked_and_logged(caplog):
    found = await Search(upstream(5321).api(auth=None)).all().collect()
    assert found == [1] * 10 + [2] * 10
    assert (found.total_count, found.incomplete) == (5321, True)
    assert [record.getMessage() for record in caplog.records] == [
        (
            "GET /search gave 20 of 5321 results: the search is not complete. "
            "Narrow it, such as by date."
        )
    ]


async def test_a_search_that_timed_out_is_marked_incomplete():
    found = await Search(upstream(20, incomplete=True).api(auth=None)).all().collect()
    assert found.incomplete


async def test_a_complete_search_and_one_with_a_limit_do_not_warn(caplog):
    caplog.set_level(logging.WARNING)
    found = await Search(upstream(20).api(auth=None)).all().collect()
    assert (found.total_count, found.incomplete) == (20, False)
    some = await Search(upstream(5321).api(auth=None)).all().collect(limit=5)
    assert (len(some), some.total_count, some.incomplete) == (5, 5321, False)
    assert caplog.records == []


async def test_iterators_have_the_total_and_the_mark_too():
    items = Search(upstream(5321).api(auth=None)).all().items()
    assert [item async for item in items] == [1] * 10 + [2] * 10
    assert (items.total_count, items.incomplete) == (5321, True)


INNER = "https://ghes.internal:8443"


async def test_a_link_to_the_inner_host_of_a_gateway_is_mapped_when_it_is_allowed():
    server = upstream(20, origin=INNER)
    api = server.api(link_origins=[f"{INNER}/api/v3"])
    assert len(await Search(api).all().collect()) == 20
    assert {request.url.host for request in server.requests} == {"api.example.com"}


async def test_a_link_to_another_host_is_an_error_that_names_link_origins():
    with pytest.raises(DecodeError, match=r"'ghes.internal:8443'.*link_origins="):
        await Search(upstream(20, origin=INNER).api(auth=None)).all().collect()


def test_origins_that_are_not_a_list_are_refused():
    with pytest.raises(InvalidInput, match=r"link_origins=\['https://a.example'\]"):
        Upstream().api(link_origins="https://a.example")
