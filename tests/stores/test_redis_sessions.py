"""Sign-in sessions on Redis: all workers know who is signed in, and Redis shows nobody's token."""

import asyncio
import time

import pytest

from fastapi_integration import RedisSessions, SignedIn
from sdk import InvalidInput, StoreUnavailable
from sdk.auth import UserToken
from tests.fastapi_integration.sign_in_fake import GitHub, browser, make_app, sign_in_with

SECRET = "pl4nted-session-secret"


def session(number=1):
    now = time.time()
    token = UserToken(f"ghu_pl4nted{number}", now + 3600, f"ghr_pl4nted{number}", now + 86_400)
    return SignedIn(7, "octocat", token)


@pytest.fixture
def worker(open_shared):
    """Return a function that makes the sessions of one worker."""

    async def make(server, secret=SECRET):
        return RedisSessions(await open_shared(server), secret=secret)

    return make


async def test_another_worker_knows_who_signed_in(redis, worker):
    one, other = await worker(redis), await worker(redis)
    saved = session()
    await one.save("hash-of-cookie", saved, 3600)

    assert await other.read("hash-of-cookie") == saved
    assert await other.read("hash-of-another") is None
    assert await (await worker(redis, "another-session-secret")).read("hash-of-cookie") is None


async def test_redis_holds_neither_tokens_nor_logins_nor_keys(redis, worker):
    await (await worker(redis)).save("hash-of-cookie", session(), 3600)

    assert redis.keys("*:sessions:*")
    kept = redis.dump()
    for secret in (b"pl4nted", b"octocat", b"hash-of-cookie"):
        assert secret not in kept


async def test_a_session_is_replaced_and_ends_for_all_workers(redis, worker):
    one, other = await worker(redis), await worker(redis)
    await one.save("hash", session(1), 3600)
    second = session(2)
    await other.save("hash", second, 60)
    assert await one.read("hash") == second
    (key,) = redis.keys("*:sessions:*")
    assert 55_000 < int(redis.command("PTTL", key).strip()[1:]) <= 60_000

    await one.delete("hash")
    await one.delete("hash")
    assert await other.read("hash") is None


async def test_one_task_of_all_workers_holds_the_lock(redis, worker):
    one, other = await worker(redis), await worker(redis)
    inside = []

    async def enter(sessions, name):
        async with sessions.lock("hash"):
            inside.append(name)
            await asyncio.sleep(0)
            inside.append(name)

    await asyncio.gather(enter(one, "one"), enter(other, "other"), enter(one, "again"))
    assert len(inside) == 6
    assert inside[::2] == inside[1::2]


async def test_the_browser_of_one_worker_is_known_to_another(redis, worker):
    github = GitHub()
    one = make_app(github, sessions=await worker(redis))
    async with browser(one) as client:
        assert (await sign_in_with(client, github)).status_code == 303
        cookies = client.cookies
    other = make_app(github, sessions=await worker(redis))
    async with browser(other) as client:
        client.cookies = cookies
        assert (await client.get("/who")).json() == "octocat 7"
        await client.post("/logout", headers={"origin": "https://app.example"})
    async with browser(one) as client:
        client.cookies = cookies
        assert (await client.get("/who")).json() == "nobody"


async def test_while_redis_is_down_nobody_is_signed_out(own_redis, worker):
    github = GitHub()
    sessions = await worker(own_redis)
    async with browser(make_app(github, sessions=sessions)) as client:
        await sign_in_with(client, github)
        own_redis.stop()
        with pytest.raises(StoreUnavailable):
            await sessions.read("hash")
        answer = await client.get("/who")
        assert answer.status_code == 503
        assert "set-cookie" not in answer.headers


async def test_a_short_secret_is_refused_and_not_shown(redis, worker):
    with pytest.raises(InvalidInput, match="at least 16 characters") as caught:
        await worker(redis, "pl4nted")
    assert "pl4nted" not in str(caught.value)
    assert "pl4nted" not in repr(await worker(redis))
