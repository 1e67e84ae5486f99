"""The stand-in over HTTP, in memory: what a client that knows GitHub expects of it."""

import httpx
import pytest

from sdk.testing import StandIn


@pytest.fixture
async def api():
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(StandIn()), base_url="http://stand-in"
    ) as client:
        yield client


async def test_a_user_by_login_in_any_case_and_by_account_id(api):
    user = (await api.get("/users/OctoCat")).json()
    assert user["login"] == "octocat"
    assert (await api.get(f"/user/{user['id']}")).json() == user


async def test_the_caller_needs_a_token(api):
    assert (await api.get("/user")).status_code == 401
    response = await api.get("/user", headers={"authorization": "Bearer anything"})
    assert response.json()["login"] == "octocat"


async def test_a_bad_token_is_refused(api):
    response = await api.get("/users/octocat", headers={"authorization": "Bearer bad-token"})
    assert (response.status_code, response.json()["message"]) == (401, "Bad credentials")


@pytest.mark.parametrize("path", ["/users/nobody", "/repos/octocat/none", "/nowhere", "/user/9"])
async def test_unknown_paths_are_404_in_github_s_format(api, path):
    response = await api.get(path)
    assert response.status_code == 404
    assert response.json() == {
        "message": "Not Found",
        "documentation_url": "https://docs.github.com/rest",
        "status": "404",
    }


async def test_links_lead_through_every_page_by_number(api):
    url, logins = "/users/octocat/followers?per_page=2", []
    while url:
        response = await api.get(url)
        logins += [user["login"] for user in response.json()]
        url = response.links.get("next", {}).get("url")
    assert len(logins) == len(set(logins)) == 7
    assert "octocat" not in logins
    assert set(response.links) == {"first", "prev"}


async def test_links_lead_through_every_page_by_since(api):
    url, ids = "/users?per_page=3", []
    while url:
        response = await api.get(url)
        ids += [user["id"] for user in response.json()]
        url = response.links.get("next", {}).get("url")
    assert ids == sorted(ids)
    assert len(ids) == 8


async def test_a_page_after_the_last_is_empty(api):
    assert (await api.get("/users/octocat/followers?page=9")).json() == []


async def test_urls_in_responses_point_to_the_server(api):
    user = (await api.get("/users/octocat")).json()
    assert user["url"] == "http://stand-in/users/octocat"
    assert user["html_url"] == "https://github.com/octocat"
    assert (await api.get(user["followers_url"])).status_code == 200


@pytest.mark.parametrize(
    "path", ["labels", "issues", "milestones", "releases", "hooks", "environments/example"]
)
async def test_the_url_of_an_object_returns_it(api, path):
    things = (await api.get(f"/repos/octocat/hello-world/{path}")).json()
    thing = things[0] if isinstance(things, list) else things
    assert (await api.get(thing["url"])).json() == thing


async def test_every_response_has_an_id_of_its_own(api):
    ids = [(await api.get(path)).headers["x-github-request-id"] for path in ("/users", "/nowhere")]
    assert len(set(ids)) == 2


async def test_the_rate_limit_is_counted_per_caller_and_renewed():
    time = [1_000_000.0]
    app = StandIn(rate_limit=2, now=lambda: time[0])
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://stand-in"
    ) as api:
        remaining = [
            (await api.get("/users/octocat")).headers["x-ratelimit-remaining"] for _ in range(2)
        ]
        assert remaining == ["1", "0"]
        refused = await api.get("/users/octocat")
        assert refused.status_code == 403
        assert refused.headers["x-ratelimit-remaining"] == "0"
        assert refused.headers["x-ratelimit-reset"] == "1003600"
        other = await api.get("/user", headers={"authorization": "Bearer token"})
        assert other.status_code == 200
        time[0] += 3600
        assert (await api.get("/users/octocat")).status_code == 200


async def test_head_is_get_without_the_body(api):
    whole, head = await api.get("/users/octocat"), await api.head("/users/octocat")
    assert head.content == b""
    assert head.headers["content-length"] == whole.headers["content-length"]
