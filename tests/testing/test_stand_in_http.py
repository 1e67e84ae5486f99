"""Conditional requests, the rate limit told, and what goes wrong on purpose."""

import httpx
import pytest

from sdk import (
    ConnectionLost,
    NotFound,
    RateLimitExceeded,
    Sdk,
    SecondaryRateLimited,
    ServerError,
    metadata,
)
from sdk.testing import StandIn, serve


@pytest.fixture
def app():
    return StandIn()


@pytest.fixture
async def api(app):
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://stand-in") as client:
        yield client


@pytest.fixture
def sdk(api):
    return Sdk(base_url="http://stand-in", http_client=api, token="any", retry=None, pacing=None)


async def test_a_known_etag_is_a_304_that_is_not_counted(api):
    first = await api.get("/users/octocat")
    etag = first.headers["etag"]
    again = await api.get("/users/octocat", headers={"if-none-match": f'"other", {etag}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
    assert again.headers["x-ratelimit-used"] == first.headers["x-ratelimit-used"] == "1"
    changed = await api.get("/users/octocat", headers={"if-none-match": '"other"'})
    assert changed.status_code == 200


async def test_tags_in_several_lines_are_one_list(api):
    etag = (await api.get("/users/octocat")).headers["etag"]
    lines = [("if-none-match", etag), ("if-none-match", '"other"')]
    assert (await api.get("/users/octocat", headers=lines)).status_code == 304


async def test_a_change_changes_the_tag(api):
    path, token = "/repos/octocat/hello-world/issues/1", {"authorization": "Bearer any"}
    etag = (await api.get(path, headers=token)).headers["etag"]
    await api.patch(path, json={"title": "Other"}, headers=token)
    response = await api.get(path, headers={"if-none-match": etag, **token})
    assert (response.status_code, response.json()["title"]) == (200, "Other")


async def test_reading_the_rate_limit_is_not_counted(api):
    await api.get("/users/octocat")
    for _ in range(2):
        rate = (await api.get("/rate_limit")).json()["rate"]
        assert (rate["limit"], rate["used"], rate["remaining"]) == (5000, 1, 4999)


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("status=503", ServerError),
        ("status=404", NotFound),
        ("rate-limit", RateLimitExceeded),
        ("rate-limit=secondary, retry-after=7", SecondaryRateLimited),
        ("drop", ConnectionLost),
        ("cut", ConnectionLost),
        ("delay=0.001, status=500", ServerError),
    ],
)
async def test_faults_by_header(sdk, fault, error):
    with pytest.raises(error):
        await sdk.users.get("octocat", options={"headers": {"x-stand-in-fault": fault}})


@pytest.mark.parametrize("fault", ["drop", "cut"])
async def test_broken_connections_over_a_socket(app, fault):
    async with serve(app) as base_url, Sdk(base_url=base_url, token=None, retry=None) as sdk:
        with pytest.raises(ConnectionLost):
            await sdk.users.get("octocat", options={"headers": {"x-stand-in-fault": fault}})
        assert (await sdk.users.get("octocat")).login == "octocat"


@pytest.mark.parametrize("fault", ["explode", "status=x", "rate-limit=some", "status"])
async def test_a_header_that_says_something_else(api, fault):
    response = await api.get("/users/octocat", headers={"x-stand-in-fault": fault})
    assert response.status_code == 400
    assert "x-stand-in-fault knows" in response.json()["message"]


async def test_faults_by_call(app, sdk):
    app.fail("users/get-by-username", status=502, times=2)
    for _ in range(2):
        with pytest.raises(ServerError):
            await sdk.users.get("octocat")
    user = await sdk.users.get("octocat")
    assert metadata(user).attempts == 1


async def test_faults_by_path_and_for_good(app, sdk):
    app.fail("/repos/octocat/*", times=None, rate_limit="secondary", retry_after=3)
    for _ in range(3):
        with pytest.raises(SecondaryRateLimited) as caught:
            await sdk.repos.get("octocat", "hello-world")
        assert caught.value.retry_after == 3
    assert (await sdk.repos.get("ada-example", "engine")).name == "engine"
    app.reset()
    assert (await sdk.repos.get("octocat", "hello-world")).name == "hello-world"


async def test_a_retry_succeeds_after_a_fault(app, api):
    sdk = Sdk(base_url="http://stand-in", http_client=api, token="any", pacing=None)
    app.fail(drop=True)
    user = await sdk.users.get("octocat")
    assert metadata(user).attempts == 2


async def test_a_used_up_limit_stays_used_up(app, sdk):
    app.fail(rate_limit="primary")
    for _ in range(2):
        with pytest.raises(RateLimitExceeded) as caught:
            await sdk.users.get("octocat")
    assert caught.value.headers["x-ratelimit-remaining"] == "0"


async def test_bodies_that_are_not_json(api):
    response = await api.post(
        "/repos/octocat/hello-world/issues",
        content=b"{",
        headers={"authorization": "Bearer any"},
    )
    assert (response.status_code, response.json()["message"]) == (400, "Problems parsing JSON")


async def test_only_http_and_lifespan_are_served(app):
    with pytest.raises(RuntimeError, match="HTTP only"):
        await app({"type": "websocket"}, None, None)
    sent = []

    async def send(message):
        sent.append(message["type"])

    messages = iter([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])

    async def receive():
        return next(messages)

    await app({"type": "lifespan"}, receive, send)
    assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


async def test_below_a_root_path(app):
    transport = httpx.ASGITransport(app, root_path="/api/v3")
    async with httpx.AsyncClient(transport=transport, base_url="http://ghe/api/v3") as client:
        user = (await client.get("/users/octocat")).json()
    assert user["url"] == "http://ghe/api/v3/users/octocat"
