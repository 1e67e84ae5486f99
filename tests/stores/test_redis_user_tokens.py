"""A user's token is renewed once for all processes, and nobody is signed out by an outage."""

import asyncio
import time

import httpx
import pytest

from sdk import InvalidInput, Sdk, StoreUnavailable
from sdk.auth import OAuthApp, UserAuth, UserToken
from sdk.auth.errors import SignInExpired
from sdk.stores import RedisShared

SECRET = "pl4nted-client-secret"
APP = OAuthApp("Iv23liTest", SECRET)


class GitHub:
    """Renews each pair once, and accepts the newest token only."""

    def __init__(self):
        self.number = 1
        self.renewals = 0

    def token(self, *, ends_in):
        now = time.time()
        return UserToken("ghu_1", now + ends_in, "ghr_1", now + 86_400)

    async def __call__(self, request):
        await asyncio.sleep(0.02)
        if request.url.path == "/login/oauth/access_token":
            self.renewals += 1
            if f"refresh_token=ghr_{self.number}" not in request.content.decode():
                return httpx.Response(200, json={"error": "bad_refresh_token"})
            self.number += 1
            body = {
                "access_token": f"ghu_{self.number}",
                "expires_in": 28800,
                "refresh_token": f"ghr_{self.number}",
                "refresh_token_expires_in": 15897600,
            }
            return httpx.Response(200, json=body)
        token = request.headers["authorization"].removeprefix("Bearer ")
        is_newest = token == f"ghu_{self.number}"
        return httpx.Response(200 if is_newest else 401, json={"is": token})

    def sdk(self, auth):
        client = httpx.AsyncClient(transport=httpx.MockTransport(self))
        return Sdk(auth=auth, http_client=client, pacing=None, retry=None)


@pytest.fixture
def process(open_shared):
    """Return a function that makes a client and its store, as one process has them."""

    async def make(github, redis, token):
        store = (await open_shared(redis)).user_tokens(secret=SECRET)
        return github.sdk(UserAuth(APP, token, key="user-7", store=store)), store

    return make


async def test_ten_processes_refresh_an_expired_token_once(redis, process):
    github = GitHub()
    token = github.token(ends_in=100)
    clients = [(await process(github, redis, token))[0] for _ in range(10)]
    responses = await asyncio.gather(*(sdk.request("GET", "/user") for sdk in clients))
    assert {response.json()["is"] for response in responses} == {"ghu_2"}
    assert github.renewals == 1


async def test_a_process_that_was_stopped_finds_the_newest_tokens(redis, process):
    github = GitHub()
    token = github.token(ends_in=100)
    one, _ = await process(github, redis, token)
    await one.request("GET", "/user")
    two, store = await process(github, redis, token)
    assert (await two.request("GET", "/user")).json()["is"] == "ghu_2"
    assert github.renewals == 1
    assert (await store.read("user-7")).refresh_token == "ghr_2"


async def test_a_saved_token_is_returned_whole_and_can_be_deleted(redis, process):
    _, store = await process(GitHub(), redis, UserToken("x"))
    token = UserToken("ghu_1", 2e9, "ghr_1", 2.1e9, ("repo", "user"))
    await store.save("a", token)
    assert await store.read("a") == token
    assert await store.read("b") is None
    await store.delete("a")
    assert await store.read("a") is None


async def test_tokens_are_kept_as_long_as_they_can_be_refreshed(redis, process):
    _, store = await process(GitHub(), redis, UserToken("x"))
    now = time.time()
    for key, token, lives in (
        ("a", UserToken("t", now + 100, "r", now + 500), 500),
        ("b", UserToken("t", now + 100), 100),
        ("c", UserToken("t"), 366 * 86400),
    ):
        await store.save(key, token)
        (name,) = redis.keys("sdk:users:*")
        assert int(redis.command("TTL", name).strip()[1:]) == pytest.approx(lives, abs=2)
        redis.command("DEL", name)
    await store.save("d", UserToken("t", now - 1))
    assert redis.keys("sdk:users:*") == []


async def test_redis_holds_no_readable_secret_or_key(redis, process):
    _, store = await process(GitHub(), redis, UserToken("x"))
    await store.save("user-7", UserToken("ghu_pl4nted", None, "ghr_pl4nted"))
    async with store.lock("user-7"):
        stored = redis.dump()
    assert stored
    assert b"pl4nted" not in stored
    assert b"user-7" not in stored


async def test_without_redis_a_valid_token_is_used_and_not_refreshed(own_redis, process):
    github = GitHub()
    sdk, _ = await process(github, own_redis, github.token(ends_in=100))
    own_redis.stop()
    assert (await sdk.request("GET", "/user")).status == 200
    assert github.renewals == 0


async def test_without_redis_an_expired_token_is_refreshed_and_saved_later(own_redis, open_shared):
    github = GitHub()
    shared = await open_shared(own_redis)
    store = shared.user_tokens(secret=SECRET)
    sdk = github.sdk(UserAuth(APP, github.token(ends_in=-1), key="user-7", store=store))
    own_redis.stop()
    assert (await sdk.request("GET", "/user")).json()["is"] == "ghu_2"
    own_redis.start()
    shared._guard._all._until = 0.0  # as if 5 seconds had passed
    await sdk.request("GET", "/user")
    assert (await store.read("user-7")).token == "ghu_2"


async def test_without_redis_a_refresh_by_another_process_does_not_sign_the_user_out(
    own_redis, process
):
    github = GitHub()
    sdk, _ = await process(github, own_redis, github.token(ends_in=-1))
    own_redis.stop()
    github.number = 2
    with pytest.raises(StoreUnavailable):
        await sdk.request("GET", "/user")


async def test_with_redis_a_revoked_sign_in_ends(redis, process):
    github = GitHub()
    sdk, _ = await process(github, redis, github.token(ends_in=-1))
    github.number = 9
    with pytest.raises(SignInExpired):
        await sdk.request("GET", "/user")


def test_a_short_secret_is_refused_and_not_shown(redis):
    with pytest.raises(InvalidInput, match="16 characters") as refused:
        RedisShared.from_url(redis.url).user_tokens(secret="pl4nted")
    assert "pl4nted" not in str(refused.value)
