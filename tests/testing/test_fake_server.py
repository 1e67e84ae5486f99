"""The fake server over HTTP, in memory: users, errors, pages, URLs, rate limit."""

import httpx
import pytest

from sdk.testing import StandIn


async def test_a_user_by_login_in_any_case_and_by_account_id(http):
    user = (await http.get("/users/OctoCat")).json()
    assert user["login"] == "octocat"
    assert (await http.get(f"/user/{user['id']}")).json() == user


async def test_the_caller_needs_a_token(http):
    assert (await http.get("/user")).status_code == 401
    response = await http.get("/user", headers={"authorization": "Bearer anything"})
    assert response.json()["login"] == "octocat"


async def test_a_bad_token_is_refused(http):
    response = await http.get("/users/octocat", headers={"authorization": "Bearer bad-token"})
    assert (response.status_code, response.json()["message"]) == (401, "Bad credentials")


@pytest.mark.parametrize("path", ["/users/nobody", "/repos/octocat/none", "/nowhere", "/user/9"])
async def test_unknown_paths_are_404_in_github_s_format(http, path):
    response = await http.get(path)
    assert response.status_code == 404
    assert response.json() == {
        "message": "Not Found",
        "documentation_url": "https://docs.github.com/rest",
        "status": "404",
    }


async def test_links_lead_through_every_page_by_number(http):
    url, logins = "/users/octocat/followers?per_page=2", []
    while url:
        response = await http.get(url)
        logins += [user["login"] for user in response.json()]
        url = response.links.get("next", {}).get("url")
    assert len(logins) == len(set(logins)) == 7
    assert "octocat" not in logins
    assert set(response.links) == {"first", "prev"}


async def test_links_lead_through_every_page_by_since(http):
    url, ids = "/users?per_page=3", []
    while url:
        response = await http.get(url)
        ids += [user["id"] for user in response.json()]
        url = response.links.get("next", {}).get("url")
    assert ids == sorted(ids)
    assert len(ids) == 8


async def test_a_page_after_the_last_is_empty(http):
    assert (await http.get("/users/octocat/followers?page=9")).json() == []


async def test_urls_in_responses_point_to_the_server(http):
    user = (await http.get("/users/octocat")).json()
    assert user["url"] == "http://github.test/users/octocat"
    assert user["html_url"] == "https://github.com/octocat"
    assert (await http.get(user["followers_url"])).status_code == 200


@pytest.mark.parametrize(
    "path", ["labels", "issues", "milestones", "releases", "hooks", "environments/example"]
)
async def test_the_url_of_an_object_returns_it(http, path):
    things = (await http.get(f"/repos/octocat/hello-world/{path}")).json()
    thing = things[0] if isinstance(things, list) else things
    assert (await http.get(thing["url"])).json() == thing


async def test_every_response_has_an_id_of_its_own(http):
    ids = [(await http.get(path)).headers["x-github-request-id"] for path in ("/users", "/nowhere")]
    assert len(set(ids)) == 2


async def test_the_rate_limit_is_counted_per_caller_and_renewed(time):
    transport = httpx.ASGITransport(StandIn(rate_limit=2, now=time))
    async with httpx.AsyncClient(transport=transport, base_url="http://github.test") as http:
        remaining = [
            (await http.get("/users/octocat")).headers["x-ratelimit-remaining"] for _ in range(2)
        ]
        assert remaining == ["1", "0"]
        refused = await http.get("/users/octocat")
        assert refused.status_code == 403
        assert refused.headers["x-ratelimit-remaining"] == "0"
        assert float(refused.headers["x-ratelimit-reset"]) == time.now + 3600
        other = await http.get("/user", headers={"authorization": "Bearer token"})
        assert other.status_code == 200
        time.now += 3600
        assert (await http.get("/users/octocat")).status_code == 200


async def test_head_is_get_without_the_body(http):
    whole, head = await http.get("/users/octocat"), await http.head("/users/octocat")
    assert head.content == b""
    assert head.headers["content-length"] == whole.headers["content-length"]


async def test_reading_the_rate_limit_is_not_counted(http):
    await http.get("/users/octocat")
    for _ in range(2):
        rate = (await http.get("/rate_limit")).json()["rate"]
        assert (rate["limit"], rate["used"], rate["remaining"]) == (5000, 1, 4999)


async def test_only_http_and_lifespan_are_served(server):
    with pytest.raises(RuntimeError, match="HTTP only"):
        await server({"type": "websocket"}, None, None)
    sent = []

    async def send(message):
        sent.append(message["type"])

    messages = iter([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])

    async def receive():
        return next(messages)

    await server({"type": "lifespan"}, receive, send)
    assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


async def test_below_a_root_path(server):
    transport = httpx.ASGITransport(server, root_path="/api/v3")
    async with httpx.AsyncClient(transport=transport, base_url="http://ghe/api/v3") as client:
        user = (await client.get("/users/octocat")).json()
    assert user["url"] == "http://ghe/api/v3/users/octocat"
