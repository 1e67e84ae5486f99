"""Objects that hold a list of several pages: comparisons and commits."""

import httpx
import pytest
import respx

from sdk import InvalidInput, PagedObject, Sdk, ServerError, metadata
from tests.transport.support import FakeClock, Upstream

API = "https://api.github.com"


def pages(path, key, count, size, **fields):
    """Route `path` with `count` items under `key`, `size` on a page."""
    for page in reversed(range(1, -(-count // size) + 1)):
        numbers = range((page - 1) * size, min(page * size, count))
        items = [{"sha": str(number), "filename": str(number)} for number in numbers]
        more = page * size < count
        link = {"link": f'<{API}{path}?page={page + 1}>; rel="next"'} if more else {}
        query = {"page": str(page)} if page > 1 else None
        respx.get(f"{API}{path}", params=query).respond(json={**fields, key: items}, headers=link)


@respx.mock
async def test_a_comparison_is_awaited_for_its_first_page_and_iterated_for_all_commits():
    pages("/repos/o/r/compare/a...b", "commits", 600, 250, total_commits=600)
    async with Sdk() as sdk:
        comparison = sdk.repos.compare_commits("o", "r", "a", "b")
        first = await comparison
        assert (first.total_commits, len(first.commits)) == (600, 250)
        assert metadata(first).status == 200
        assert respx.calls.call_count == 1
        assert [commit.sha async for commit in comparison] == [str(n) for n in range(600)]
        assert [len(page.body.commits) async for page in comparison.pages()] == [250, 250, 100]
    assert "compare/{base}...{head}" in repr(comparison)


@respx.mock
async def test_a_commit_has_the_files_of_all_pages():
    pages("/repos/o/r/commits/main", "files", 750, 300, sha="abc")
    async with Sdk() as sdk:
        commit = await sdk.repos.get_commit("o", "r", "main")
        assert (commit.sha, len(commit.files)) == ("abc", 750)
        first = await sdk.repos.get_commit("o", "r", "main").first_page()
        assert (len(first), first.body.sha, first.has_next) == (300, "abc", True)


@respx.mock
async def test_a_commit_with_a_given_page_has_only_that():
    pages("/repos/o/r/commits/main", "files", 750, 300, sha="abc")
    async with Sdk() as sdk:
        commit = await sdk.repos.get_commit("o", "r", "main", page=2)
        assert [commit.files[0].filename, len(commit.files)] == ["300", 300]
        assert respx.calls.call_count == 1


@respx.mock
async def test_an_incomplete_commit_is_never_returned():
    pages("/repos/o/r/commits/main", "files", 750, 300, sha="abc")
    respx.get(f"{API}/repos/o/r/commits/main", params={"page": "2"}).respond(500)
    async with Sdk(retry=None) as sdk:
        with pytest.raises(ServerError) as caught:
            await sdk.repos.get_commit("o", "r", "main")
    assert caught.value.page == 2


@respx.mock
async def test_the_body_of_a_page_is_the_object_around_the_list():
    respx.get(f"{API}/repos/o/r/commits/main/status").respond(
        json={"state": "success", "sha": "abc", "total_count": 1, "statuses": [{"id": 1}]}
    )
    async with Sdk() as sdk:
        statuses = await sdk.repos.get_combined_status_for_ref("o", "r", "main")
    assert (statuses.body.state, len(statuses)) == ("success", 1)


@pytest.mark.parametrize("name", ["compare_commits_diff", "compare_commits_patch"])
@respx.mock
async def test_a_comparison_as_text(name):
    route = respx.get(f"{API}/repos/o/r/compare/a...b").respond(text="diff --git")
    async with Sdk() as sdk:
        assert await getattr(sdk.repos, name)("o", "r", "a", "b") == "diff --git"
    media_type = f"application/vnd.github.{name.rpartition('_')[2]}"
    assert route.calls.last.request.headers["accept"] == media_type


async def test_a_call_by_id_returns_a_paged_object():
    sdk = Sdk(token=None)
    assert isinstance(sdk.call("repos/get-commit", owner="o", repo="r", ref="m"), PagedObject)


STATS = [
    "get_code_frequency_stats",
    "get_commit_activity_stats",
    "get_contributors_stats",
    "get_participation_stats",
    "get_punch_card_stats",
]
PENDING = httpx.Response(202, json={})


def client(upstream, clock):
    return Sdk(token=None, http_client=upstream.http_client(), clock=clock.clock)


@pytest.mark.parametrize("name", STATS)
@pytest.mark.parametrize(
    "response", [PENDING, httpx.Response(202), httpx.Response(204), httpx.Response(200)], ids=str
)
async def test_statistics_that_there_are_none_of_yet_are_none(name, response):
    upstream, clock = Upstream(response), FakeClock()
    async with client(upstream, clock) as sdk:
        assert await getattr(sdk.repos, name)("o", "r") is None
    assert (len(upstream.requests), clock.slept) == (1, [])


async def test_wait_polls_until_the_statistics_are_computed():
    ready = httpx.Response(200, json={"all": [1, 2], "owner": [0, 1]})
    upstream, clock = Upstream(PENDING, PENDING, PENDING, ready), FakeClock()
    async with client(upstream, clock) as sdk:
        stats = await sdk.repos.get_participation_stats("o", "r", wait=30)
    assert stats is not None
    assert stats.all == [1, 2]
    assert clock.slept == [1, 2, 4]


async def test_wait_ends_after_its_seconds():
    upstream, clock = Upstream(PENDING), FakeClock()
    async with client(upstream, clock) as sdk:
        assert await sdk.repos.get_participation_stats("o", "r", wait=5) is None
    assert clock.slept == [1, 2, 2]


async def test_a_204_ends_the_wait_at_once():
    upstream, clock = Upstream(httpx.Response(204)), FakeClock()
    async with client(upstream, clock) as sdk:
        assert await sdk.repos.get_contributors_stats("o", "r", wait=30) is None
        assert await sdk.repos.get_participation_stats("o", "r", wait=30) is None
    assert clock.slept == []


async def test_a_negative_wait_is_refused():
    async with client(Upstream(), FakeClock()) as sdk:
        with pytest.raises(InvalidInput, match="wait=-1"):
            await sdk.repos.get_participation_stats("o", "r", wait=-1)


async def test_the_state_of_the_rate_limits_can_be_read_when_they_are_used_up():
    reset = 1_700_000_000 + 1800
    limits = {
        "x-ratelimit-limit": "60",
        "x-ratelimit-remaining": "0",
        "x-ratelimit-reset": str(reset),
        "x-ratelimit-resource": "core",
    }
    upstream = Upstream(
        httpx.Response(200, json={"login": "octocat"}, headers=limits),
        httpx.Response(200, json={"rate": {}}),
    )
    async with client(upstream, FakeClock()) as sdk:
        await sdk.users.get("octocat")
        await sdk.rate_limit.get()
        await sdk.call("rate-limit/get")
        await sdk.request("GET", "/rate_limit")
    assert len(upstream.requests) == 4
