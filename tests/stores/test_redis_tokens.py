"""Tokens of installations: one process fetches one for all, and only the App's holders read it."""

import asyncio
import time

import pytest

from sdk import InvalidInput
from sdk.stores import RedisShared
from sdk.transport import Clock
from tests.auth.fake_github import FakeGitHub
from tests.stores.support import until

PATH = "/repos/o/r/issues"


class WallClock:
    clock = Clock()

    @property
    def time(self):
        return time.time()


@pytest.fixture
def github():
    return FakeGitHub(WallClock())


class Workers:
    """Clients as several processes would have them, each with a Redis client of its own."""

    def __init__(self, github, redis):
        self._github = github
        self._redis = redis

    def sdk(self, *, app=None, shared=None, **options):
        shared = shared or RedisShared.from_url(self._redis.url, timeout=3.0, **options)
        return self._github.sdk(app, shared=shared, pacing=None)


@pytest.fixture
def workers(github, redis):
    return Workers(github, redis)


async def token_of(sdk, **scope):
    response = await sdk.as_installation(42, **scope).request("GET", PATH)
    return response.json()["token"]


async def test_a_token_is_fetched_once_for_all_processes(github, workers):
    async with workers.sdk() as one, workers.sdk() as two, workers.sdk() as three:
        tokens = await asyncio.gather(*(token_of(sdk) for sdk in (one, two, three) * 5))
    assert set(tokens) == {"ghs_1"}
    assert github.count["mint"] == 1


async def test_a_process_that_starts_later_uses_the_same_token(github, workers):
    async with workers.sdk() as one:
        await token_of(one)
    async with workers.sdk() as two:
        assert await token_of(two) == "ghs_1"
    assert github.count["mint"] == 1


async def test_another_scope_is_another_token(github, workers):
    async with workers.sdk() as one, workers.sdk() as two:
        await token_of(one)
        await token_of(two, permissions={"issues": "read"})
        await token_of(one, permissions={"issues": "read"})
    assert github.count["mint"] == 2


async def test_apps_in_two_namespaces_share_nothing(github, workers):
    async with workers.sdk(namespace="a") as one, workers.sdk(namespace="b") as two:
        assert await token_of(one) != await token_of(two)
    assert github.count["mint"] == 2


async def test_a_refused_token_is_fetched_once_for_all_processes(github, workers):
    async with workers.sdk() as one, workers.sdk() as two:
        await asyncio.gather(token_of(one), token_of(two))
        github.tokens.clear()
        github.minted_at["ghs_1"] -= 60
        for sdk in (one, two):
            held = sdk.app.installation(42)._tokens[sdk.base_url].held
            object.__setattr__(held, "fetched_at", held.fetched_at - 60)
        assert await asyncio.gather(token_of(one), token_of(two)) == ["ghs_2", "ghs_2"]
    assert github.count["mint"] == 2


async def test_an_expiring_token_is_renewed_once_for_all_processes(github, workers):
    # It is fetched anew by each use from 5 minutes before its end.
    github.lifetime = 310
    async with workers.sdk() as one, workers.sdk() as two:
        await token_of(one)
        await token_of(two)
        for sdk in (one, two):
            held = sdk.app.installation(42)._tokens[sdk.base_url].held
            object.__setattr__(held, "wait_from", 0.0)
        tokens = await asyncio.gather(*(token_of(sdk) for sdk in (one, two) * 3))
    assert set(tokens) == {"ghs_2"}
    assert github.count["mint"] == 2


async def test_the_remaining_lifetime_is_measured_by_redis(github, redis, workers):
    async with workers.sdk() as one:
        await token_of(one)
    (key,) = [key for key in redis.keys("sdk:tokens:*") if not key.endswith(":lock")]
    redis.command("PEXPIRE", key, "100000")
    async with workers.sdk() as two:
        await token_of(two)
        held = two.app.installation(42)._tokens[two.base_url].held
    left = held.ends - time.monotonic()
    assert 395 < left <= 400
    # As for the one who fetched it: 5 minutes before its end callers wait for the next one.
    assert held.ends - held.wait_from == pytest.approx(300)


async def test_a_token_is_kept_until_5_minutes_before_it_expires(redis, workers):
    async with workers.sdk() as one:
        await token_of(one)
    (key,) = redis.keys("sdk:tokens:*")
    left = int(redis.command("TTL", key).strip()[1:])
    # Lifetimes are counted by a header in whole seconds.
    assert 3290 < left <= 3301


async def test_tokens_and_names_are_not_readable_in_redis(redis, workers):
    async with workers.sdk() as one:
        await token_of(one)
        stored = redis.dump()
    assert b"sdk:tokens:" in stored
    for secret in (b"ghs_1", b"Iv23liTest", b"app:", b"/42", b"api.github.com", b"PRIVATE"):
        assert secret not in stored


@pytest.mark.parametrize(
    "foreign",
    [("SET", b"ghs_foreign"), ("SET", b"\x01" + b"x" * 60), ("RPUSH", b"a"), ("SET", b"")],
    ids=["text", "like ours", "a list", "empty"],
)
async def test_a_foreign_value_is_replaced(github, redis, workers, foreign):
    async with workers.sdk() as one:
        await token_of(one)
    (key,) = redis.keys("sdk:tokens:*")
    redis.command("DEL", key)
    redis.command(foreign[0], key, foreign[1])
    async with workers.sdk() as two, workers.sdk() as three:
        assert await token_of(two) == "ghs_2"
        assert await token_of(three) == "ghs_2"


async def test_a_value_that_was_moved_to_another_key_is_not_used(github, redis, workers):
    async with workers.sdk() as one:
        await token_of(one)
        (first,) = redis.keys("sdk:tokens:*")
        await token_of(one, permissions={"issues": "read"})
        (second,) = set(redis.keys("sdk:tokens:*")) - {first}
        redis.command("RENAME", first, second)
    async with workers.sdk() as two:
        assert await token_of(two, permissions={"issues": "read"}) == "ghs_3"


async def test_a_failed_fetch_leaves_no_lock(github, redis, workers):
    github.gone = True
    async with workers.sdk() as one:
        with pytest.raises(Exception, match="no such installation"):
            await token_of(one)
    assert redis.keys("sdk:tokens:*") == []


async def test_a_waiting_process_takes_over_when_the_lock_expires(github, redis, workers):
    github.hold = asyncio.Event()
    async with workers.sdk() as one, workers.sdk() as two:
        first = asyncio.create_task(token_of(one))
        await until(lambda: github.count["mint"])
        second = asyncio.create_task(token_of(two))
        await asyncio.sleep(0.1)
        assert github.count["mint"] == 1
        (lock,) = redis.keys("sdk:tokens:*:lock")
        redis.command("DEL", lock)
        await until(lambda: github.count["mint"] == 2)
        github.hold.set()
        await asyncio.gather(first, second)


async def test_tokens_may_stay_in_each_process(github, redis, workers):
    async with workers.sdk(tokens=False) as one, workers.sdk(tokens=False) as two:
        assert await token_of(one) != await token_of(two)
    assert redis.keys("sdk:tokens:*") == []


async def test_an_app_with_a_signing_function_shares_tokens_too(github, workers):
    key = github.app()._key
    vault = [github.app(private_key=key.sign) for _ in range(2)]
    async with workers.sdk(app=vault[0]) as one, workers.sdk(app=vault[1]) as two:
        assert await token_of(one) == await token_of(two)
    assert github.count["mint"] == 1


async def test_revoking_shared_tokens_at_close_is_refused(github, redis):
    app = github.app(revoke_at_close=True)
    with pytest.raises(InvalidInput, match="revoke_at_close"):
        github.sdk(app, shared=RedisShared.from_url(redis.url))
    github.sdk(app, shared=RedisShared.from_url(redis.url, tokens=False))
