"""Walks along a connection."""

import asyncio

import pytest
from pydantic import BaseModel, Field

from sdk import DecodeError, InvalidInput, NotFound

ISSUES = """
query Issues($owner: String!, $name: String!, $cursor: String) {
  repository(owner: $owner, name: $name) {
    issues(first: 2, after: $cursor) {
      pageInfo { hasNextPage endCursor }
      nodes { number }
    }
  }
}
"""
TWO = """
query Two($a: String, $b: String) {
  repository {
    issues(first: 2, after: $a) { pageInfo { ...Info } nodes { number } }
    pulls: pullRequests(first: 2, after: $b) { ...Pulls }
  }
}
fragment Info on PageInfo { hasNextPage endCursor }
fragment Pulls on PullRequestConnection {
  pageInfo { ...Info }
  edges { node { number } }
}
"""
BACKWARD = """
query Back($cursor: String) {
  viewer {
    repositories(last: 2, before: $cursor) {
      pageInfo { hasPreviousPage startCursor }
      nodes { number }
    }
  }
}
"""
SHARED = """
query($c: String) { a(after: $c) { ...F } b(after: $c) { ...F } }
fragment F on C { nodes { x } pageInfo { endCursor hasNextPage } }
"""
WHERE = {"owner": "o", "name": "r"}


class Issue(BaseModel):
    number: int


def page(numbers, cursor=None):
    info = {"hasNextPage": cursor is not None, "endCursor": cursor}
    nodes = [{"number": number} for number in numbers]
    return {"data": {"repository": {"issues": {"pageInfo": info, "nodes": nodes}}}}


async def test_iteration_yields_the_items_of_all_pages(sdk, server):
    server.replies = [page([1, 2], "c1"), page([3, 4], "c2"), page([5])]
    walk = sdk.graphql.pages(ISSUES, WHERE, item=Issue)
    assert [issue async for issue in walk] == [Issue(number=number) for number in range(1, 6)]
    assert [sent["variables"].get("cursor") for sent in server.sent] == [None, "c1", "c2"]


async def test_a_page_has_the_state_of_the_next_page(sdk, server):
    server.replies = [page([1, 2], "c1")]
    first = await sdk.graphql.pages(ISSUES, WHERE, item=Issue)
    assert (len(first), first[0].number, first.number, first.has_next) == (2, 1, 1, True)
    assert first.cursor == "c1"


async def test_items_are_dictionaries_by_default_and_nulls_are_left_out(sdk, server):
    reply = page([1])
    reply["data"]["repository"]["issues"]["nodes"].append(None)
    server.replies = [reply]
    assert await sdk.graphql.pages(ISSUES, WHERE).collect() == [{"number": 1}]


async def test_collect_stops_at_its_limit(sdk, server):
    server.replies = [page([1, 2], "c1"), page([3, 4], "c2"), page([5])]
    found = await sdk.graphql.pages(ISSUES, WHERE, item=Issue).collect(limit=3)
    assert ([issue.number for issue in found], len(server.sent)) == ([1, 2, 3], 2)


async def test_iteration_begins_at_a_passed_cursor(sdk, server):
    server.replies = [page([3])]
    await sdk.graphql.pages(ISSUES, {**WHERE, "cursor": "c1"}).collect()
    assert server.sent[0]["variables"]["cursor"] == "c1"


async def test_a_connection_is_named_by_its_path(sdk, server):
    info = {"hasNextPage": False, "endCursor": None}
    pulls = {"pageInfo": info, "edges": [{"node": {"number": 7}}, None]}
    server.data(repository={"issues": {"nodes": []}, "pulls": pulls})
    walk = sdk.graphql.pages(TWO, path="repository.pulls", item=Issue)
    assert [issue.number async for issue in walk] == [7]


async def test_backward_iteration_goes_from_the_last_page_to_the_first(sdk, server):
    def back(numbers, cursor=None):
        info = {"hasPreviousPage": cursor is not None, "startCursor": cursor}
        nodes = [{"number": number} for number in numbers]
        return {"data": {"viewer": {"repositories": {"pageInfo": info, "nodes": nodes}}}}

    server.replies = [back([3, 4], "c"), back([1, 2])]
    pages = [list(page) async for page in sdk.graphql.pages(BACKWARD, item=Issue).pages()]
    assert [[issue.number for issue in page] for page in pages] == [[3, 4], [1, 2]]
    assert server.sent[1]["variables"] == {"cursor": "c"}


async def test_a_page_says_what_it_cost_if_that_was_asked_for(sdk, server):
    first, last = page([1], "c1"), page([2])
    first["data"]["rateLimit"] = {"cost": 1}
    server.replies = [first, last]
    pages = sdk.graphql.pages(ISSUES, WHERE, item=Issue).pages()
    assert [each.cost async for each in pages] == [1, None]


async def test_the_whole_data_can_be_typed(sdk, server):
    class PageInfo(BaseModel):
        more: bool = Field(alias="hasNextPage")
        cursor: str | None = Field(alias="endCursor")

    class Issues(BaseModel):
        info: PageInfo = Field(alias="pageInfo")
        nodes: list[Issue]

    class Repository(BaseModel):
        issues: Issues

    class Data(BaseModel):
        repository: Repository

    server.replies = [page([1], "c1"), page([2])]
    pages = [page async for page in sdk.graphql.pages(ISSUES, WHERE, returns=Data).pages()]
    assert [page.items for page in pages] == [[Issue(number=1)], [Issue(number=2)]]
    assert isinstance(pages[0].data, Data)


# ------------------------------------------------------------------ what is refused


@pytest.mark.parametrize(
    ("document", "path", "text"),
    [
        (TWO, None, "pass path= one of 'repository.issues', 'repository.pulls'"),
        (TWO, "repository.nope", "No connection at 'repository.nope'"),
        ("query { viewer { login } }", None, r"from a variable \(found: none\)"),
        ("query($c: String) { a(after: $c) { nodes { x } } }", None, "does not select pageInfo"),
        (
            "query($c: String) { a(after: $c) { pageInfo { endCursor hasNextPage } } }",
            None,
            "selects neither `nodes` nor `edges`",
        ),
        (
            "query($c: String) { a(after: $c) { nodes { x } pageInfo { endCursor } } }",
            None,
            "does not select pageInfo.hasNextPage",
        ),
        (
            SHARED,
            "a",
            r"\$c also moves b",
        ),
    ],
)
async def test_a_document_that_cannot_be_paged_is_refused_at_once(sdk, document, path, text):
    with pytest.raises(InvalidInput, match=text):
        sdk.graphql.pages(document, path=path)


async def test_variables_are_checked_at_once(sdk):
    with pytest.raises(InvalidInput, match=r"\$name: String! is missing"):
        sdk.graphql.pages(ISSUES, {"owner": "o"})


async def test_an_iterator_is_for_one_task_at_a_time(sdk, server):
    server.replies = [page([1], "c1")]
    server.gate = asyncio.Event()
    pages = sdk.graphql.pages(ISSUES, WHERE).pages()
    first = asyncio.create_task(anext(pages))
    await asyncio.sleep(0)
    with pytest.raises(InvalidInput, match=r"Call pages\(\) again in each task"):
        await anext(pages)
    server.gate.set()
    assert len(await first) == 1


# ------------------------------------------------------------------ what goes wrong on the way


async def test_a_cursor_that_does_not_move_is_an_error(sdk, server):
    server.replies = [page([1], "c1"), page([2], "c1")]
    with pytest.raises(DecodeError, match="the cursor stays 'c1'") as caught:
        await sdk.graphql.pages(ISSUES, WHERE).collect()
    assert (caught.value.page, len(server.sent)) == (2, 2)


@pytest.mark.parametrize("cursor", [None, 7])
async def test_more_pages_without_a_cursor_are_an_error(sdk, server, cursor):
    reply = page([1], "c1")
    reply["data"]["repository"]["issues"]["pageInfo"]["endCursor"] = cursor
    server.replies = [reply]
    with pytest.raises(DecodeError, match="there are more pages"):
        await sdk.graphql.pages(ISSUES, WHERE).collect()


async def test_a_null_on_the_path_names_the_page_and_the_place(sdk, server):
    server.replies = [page([1], "c1"), {"data": {"repository": None}}]
    seen = []

    async def walk():
        async for issue in sdk.graphql.pages(ISSUES, WHERE, item=Issue):
            seen.append(issue.number)  # noqa: PERF401  what came before the error counts

    with pytest.raises(DecodeError, match=r"Page 2 .* 'repository' is null") as caught:
        await walk()
    assert (seen, caught.value.page) == ([1], 2)


async def test_an_error_names_the_page_that_failed(sdk, server):
    server.replies = [page([1], "c1")]
    server.errors({"type": "NOT_FOUND", "message": "gone"})
    with pytest.raises(NotFound) as caught:
        await sdk.graphql.pages(ISSUES, WHERE).collect()
    assert caught.value.page == 2


@pytest.mark.parametrize("failure", ["error", "cancelled"])
async def test_after_a_failure_the_iteration_goes_on_where_it_was(sdk, server, failure):
    server.replies = [page([1], "c1")]
    issues = aiter(sdk.graphql.pages(ISSUES, WHERE, item=Issue))
    assert (await anext(issues)).number == 1
    if failure == "error":
        server.replies.clear()
        server.errors({"type": "NOT_FOUND", "message": "gone"})
        with pytest.raises(NotFound) as caught:
            await anext(issues)
        assert caught.value.page == 2
    else:
        server.gate = asyncio.Event()
        task = asyncio.create_task(anext(issues))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        server.gate.set()
    server.replies = [page([2], "c2"), page([3])]
    assert [issue.number async for issue in issues] == [2, 3]
    assert [issue.number async for issue in issues] == []
