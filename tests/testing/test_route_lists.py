"""Routes of lists: items split into pages, or pages as passed."""

import pytest

from sdk import models as m
from sdk.testing import fake


async def test_items_are_completed_and_differ(github, sdk):
    github.on(sdk.issues.list_for_repo, "o", "r").respond({"title": "a"}, count=2)
    page = await sdk.issues.list_for_repo("o", "r")
    assert [type(issue) for issue in page] == [m.Issue] * 3
    assert page[0].title == "a"
    assert len({issue.number for issue in page}) == 3
    assert not page.has_next


async def test_whole_items(github, sdk):
    user = fake(m.SimpleUser, login="ada")
    github.on(sdk.users.list_followers_for_user, "x").respond(user)
    assert (await sdk.users.list_followers_for_user("x")).items == [user]


async def test_pages_are_cut_as_the_call_asks(github, sdk):
    route = github.on_any(sdk.users.list_followers_for_user).respond(count=5)
    found = await sdk.users.list_followers_for_user("x", per_page=2).collect()
    assert len(found) == 5
    assert [call.arguments.get("page", 1) for call in route.calls] == [1, 2, 3]


async def test_no_items(github, sdk):
    github.on_any(sdk.users.list_followers_for_user)
    assert await sdk.users.list_followers_for_user("x").collect() == []


async def test_pages_as_given(github, sdk):
    github.on_any(sdk.users.list_followers_for_user).pages(
        [{"login": "a"}, {"login": "b"}], [], [{"login": "c"}]
    )
    pages = [page async for page in sdk.users.list_followers_for_user("x").pages()]
    assert [[user.login for user in page] for page in pages] == [["a", "b"], [], ["c"]]


async def test_wrapped_lists_carry_their_total(github, sdk):
    github.on_any(sdk.actions.list_workflow_runs_for_repo).respond({"name": "CI"}, count=3)
    page = await sdk.actions.list_workflow_runs_for_repo("o", "r", per_page=3)
    assert (len(page), page.total_count, page.has_next) == (3, 4, True)
    assert page[0].name == "CI"


async def test_a_search(github, sdk):
    github.on(sdk.search.code, q="x").respond({"name": "x.py"})
    page = await sdk.search.code(q="x")
    assert (page.total_count, page[0].name) == (1, "x.py")


async def test_pages_of_a_list_with_since(github, sdk):
    github.on_any(sdk.users.list).pages([{"login": "a"}], [{"login": "b"}])
    assert [user.login async for user in sdk.users.list()] == ["a", "b"]


async def test_an_error_in_the_middle(github, sdk):
    route = github.on_any(sdk.users.list)
    route.pages([{"login": "a"}], [{"login": "b"}])
    route.server_error(503)
    route.pages([{"login": "a"}], [{"login": "b"}])
    assert [user.login async for user in sdk.users.list()] == ["a", "b"]
    assert route.call_count == 3


async def test_a_list_in_place_of_items_is_refused(github):
    route = github.on(github.sdk.users.list)
    with pytest.raises(TypeError, match=r"write respond\(\*items\)"):
        route.respond([{"login": "a"}])
    await github.sdk.users.list()
