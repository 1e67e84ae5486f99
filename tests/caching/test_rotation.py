"""GitHub's ETags depend on the token: the tag of a stored body is computed for the next one."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import pytest

from sdk import GitHubApp, NotModified, Sdk
from sdk.auth import TokenAuth
from sdk.stores import MemoryCache
from sdk.testing import AppSeed, StandIn, serve
from sdk.transport import Clock
from tests.caching.origin import Origin, github_tag, plain_tag

PATH = "/repos/o/r/issues?page=1"


class Rotating:
    """Credentials of one installation, whose token changes."""

    identity = "app:1/2"

    def __init__(self, *tokens: str) -> None:
        self._tokens = list(tokens)

    async def headers(self) -> Mapping[str, str]:
        return {"authorization": f"Bearer {self._tokens.pop(0)}"}


async def visits(origin: Origin, auth: Any, cache: Any, count: int) -> None:
    origin.documents["/users/octocat"] = {"login": "octocat"}
    async with origin.sdk(auth=auth, cache=cache) as sdk:
        for _ in range(count):
            assert (await sdk.users.get("octocat")).login == "octocat"


async def test_a_new_token_costs_no_new_response() -> None:
    origin, cache = Origin(github_tag), MemoryCache()
    await visits(origin, Rotating("t1", "t1", "t2", "t2", "t3"), cache, 5)
    assert origin.statuses == [200, 304, 304, 304, 304]
    assert len(cache) == 1


async def test_an_etag_of_another_formula_is_not_used_with_a_new_token() -> None:
    origin = Origin(lambda request, body: github_tag(request, body + b"salted"))
    await visits(origin, Rotating("t1", "t1", "t2", "t2"), MemoryCache(), 4)
    assert origin.statuses == [200, 304, 200, 304]
    assert origin.conditions[2] is None


async def test_a_plain_etag_is_not_sent_with_another_token() -> None:
    """It would say that somebody has seen this body."""
    origin = Origin(plain_tag)
    await visits(origin, Rotating("t1", "t2"), MemoryCache(), 2)
    assert origin.conditions == [None, None]


async def test_two_tokens_in_turn_have_one_entry_each() -> None:
    origin, cache = Origin(github_tag), MemoryCache()
    origin.documents["/users/octocat"] = {"login": "octocat"}
    async with origin.sdk(token="one", cache=cache) as sdk:
        other = sdk.with_options(auth=TokenAuth("two"))
        for _ in range(10):
            await sdk.users.get("octocat")
            await other.users.get("octocat")
    assert sorted(origin.statuses) == [200] * 2 + [304] * 18
    assert len(cache) == 2


async def test_a_body_is_not_returned_to_a_token_that_may_not_see_it() -> None:
    origin, cache = Origin(github_tag), MemoryCache()
    origin.documents["/users/octocat"] = {"login": "octocat", "email": "private@example.com"}
    async with origin.sdk(auth=Rotating("t1", "t2"), cache=cache) as sdk:
        await sdk.users.get("octocat")
        origin.documents["/users/octocat"] = {"login": "octocat"}
        second = await sdk.users.get("octocat")
    assert origin.statuses == [200, 200]
    assert second.email is None


async def test_an_installation_whose_token_ended_gets_a_304_from_the_stand_in() -> None:
    moment = [1_800_000_000.0]
    seed = AppSeed(name="bot")
    server = StandIn(apps=[seed], now=lambda: moment[0])
    app = server.apps[0]
    clock = Clock(now=lambda: moment[0], monotonic=lambda: moment[0])
    async with (
        serve(server) as base_url,
        Sdk(
            app=GitHubApp(client_id=app.client_id, private_key=app.private_key),
            base_url=base_url,
            cache=MemoryCache(clock=clock),
            clock=clock,
        ) as sdk,
    ):
        view = sdk.as_installation(app.installation_id("octo-org"))
        first = await view.apps.list_repos_accessible_to_installation()
        moment[0] += 3500
        second = await view.apps.list_repos_accessible_to_installation()
    assert server.requests["apps/create-installation-access-token"] == 2
    assert not first.metadata.revalidated
    assert second.metadata.revalidated


def test_the_formula() -> None:
    headers = {"accept": "application/json", "authorization": "Bearer t"}
    expected = hashlib.sha256(b"application/json:Bearer t::[]").hexdigest()
    assert Sdk.dialect.tag(headers, b"[]") == f'W/"{expected}"'


@pytest.mark.parametrize("token", ["t1", None])
async def test_the_stand_in_gives_the_same_tag(token: str | None) -> None:
    async with serve(StandIn()) as base_url, Sdk(base_url=base_url, token=token) as sdk:
        response = await sdk.request("GET", "/users/octocat")
    settings = sdk.caller.settings
    sent = {**settings.headers, **await settings.auth.headers()}
    assert response.headers["etag"] == sdk.dialect.tag(sent, response.body)
    assert response.headers["vary"] == (
        "Accept, Authorization, Cookie, X-GitHub-OTP, Accept-Encoding, Accept, X-Requested-With"
    )


async def test_the_stand_ins_304_is_as_githubs() -> None:
    """It has no Link and no body, is not counted, and is given to this token and Accept only."""
    async with serve(StandIn()) as base_url, Sdk(base_url=base_url, token="t1") as sdk:
        path = "/repos/octocat/hello-world/issues"
        listed = {"state": "all", "per_page": 1}
        first = await sdk.request("GET", path, params=listed)
        assert 'rel="next"' in first.headers["link"]
        condition = {"if-none-match": first.headers["etag"]}
        with pytest.raises(NotModified) as caught:
            await sdk.request("GET", path, params=listed, options={"headers": condition})
        assert "link" not in caught.value.headers
        assert "content-type" not in caught.value.headers
        used = "x-ratelimit-used"
        assert caught.value.headers[used] == first.headers[used]
        other = sdk.with_options(auth=TokenAuth("t2"))
        again = await other.request("GET", path, params=listed, options={"headers": condition})
        html = {**condition, "accept": "application/vnd.github.html+json"}
        different = await sdk.request("GET", path, params=listed, options={"headers": html})
        assert (again.status, different.status) == (200, 200)
        assert "etag" not in (await sdk.request("GET", "/rate_limit")).headers
