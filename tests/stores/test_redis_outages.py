"""Redis may be away, silent, full or closed to us: every call is answered, and logged once."""

import asyncio
import logging

import pytest

from sdk import InvalidInput
from sdk.stores import RedisCache, RedisShared
from sdk.stores.redis import guard as guard_module
from sdk.stores.redis.guard import Guard
from tests.auth.fake_github import FakeGitHub
from tests.stores.support import until
from tests.stores.test_redis_tokens import WallClock

PATH = "/repos/o/r/issues"

# As it is in production; the tests wait longer, because a loaded machine is no outage.
CALL_SECONDS = Guard.call_seconds


@pytest.fixture
def github():
    return FakeGitHub(WallClock())


def client(github, url, **options):
    return github.sdk(shared=RedisShared.from_url(url, **options), pacing=None)


async def call(sdk, installation=42):
    response = await sdk.as_installation(installation).request("GET", PATH)
    assert response.status == 200


def warnings_in(caplog):
    return [each for each in caplog.records if each.levelno >= logging.WARNING]


def assert_one_warning(caplog, text):
    (warning,) = warnings_in(caplog)
    assert text in warning.getMessage()


@pytest.fixture
def five_seconds_pass():
    """Return a function that lets the pause after a failure end."""

    def end_pause(sdk):
        guard = sdk.caller.shared.state._guard
        guard._all._until = guard._writes._until = 0.0

    return end_pause


async def test_a_redis_that_refuses_connections_fails_no_call(
    github, own_redis, caplog, five_seconds_pass
):
    caplog.set_level(logging.INFO, "sdk")
    async with client(github, own_redis.url) as sdk:
        await call(sdk)
        own_redis.stop()
        for installation in range(1, 6):
            await call(sdk, installation)
        assert_one_warning(caplog, "does not respond (ConnectionError")
        five_seconds_pass(sdk)
        await call(sdk, 6)
        assert len(warnings_in(caplog)) == 1
        own_redis.start()
        five_seconds_pass(sdk)
        await call(sdk, 7)
        assert "responds again" in caplog.text
        assert caplog.text.count("again, after") == 1
        await until(lambda: own_redis.keys("*:tokens:*"))


async def test_a_missing_redis_fails_no_call(github, own_redis, caplog):
    own_redis.stop()
    async with client(github, own_redis.url) as sdk:
        await call(sdk)
    assert_one_warning(caplog, "This process goes on without it, and asks again every 5 s.")


async def test_a_silent_redis_delays_one_call_by_50_ms_in_5_seconds(
    github, own_redis, caplog, monkeypatch, five_seconds_pass
):
    waits = []
    within = guard_module._within

    async def noted(seconds, work):
        waits.append(seconds)
        return await within(seconds, work)

    async with client(github, own_redis.url, limits=False) as sdk:
        await call(sdk)
        monkeypatch.setattr(Guard, "call_seconds", CALL_SECONDS)
        monkeypatch.setattr(guard_module, "_within", noted)
        own_redis.pause()
        for installation in range(1, 11):
            await call(sdk, installation)
        assert waits == [CALL_SECONDS]
        five_seconds_pass(sdk)
        for installation in range(1, 11):
            await call(sdk, installation)
        assert waits == [CALL_SECONDS] * 2
        own_redis.resume()
    assert CALL_SECONDS <= 0.05
    assert_one_warning(caplog, "does not respond (TimeoutError")


@pytest.mark.parametrize("query", ["", "?max_connections=6"])
async def test_many_concurrent_calls_are_not_taken_for_an_outage(github, redis, caplog, query):
    async with client(github, redis.url + query) as sdk:
        await asyncio.gather(*(call(sdk, installation) for installation in range(1, 151)))
    assert not warnings_in(caplog)
    assert len(redis.keys("sdk:tokens:*")) == 150


async def test_a_full_redis_still_answers_reads(github, own_redis, caplog, five_seconds_pass):
    caplog.set_level(logging.INFO, "sdk")
    async with client(github, own_redis.url) as one, client(github, own_redis.url) as two:
        await call(one)
        own_redis.command("CONFIG", "SET", "maxmemory", "1")
        await call(one, 1)
        assert_one_warning(caplog, "refuses to write (OutOfMemoryError")
        five_seconds_pass(one)
        await call(one, 2)
        assert len(warnings_in(caplog)) == 1
        minted = github.count["mint"]
        await call(two)
        assert github.count["mint"] == minted
        own_redis.command("CONFIG", "SET", "maxmemory", "0")
        five_seconds_pass(one)
        await call(one, 3)
        assert caplog.text.count("accepts writes again") == 1


async def test_a_wrong_password_is_logged_and_not_shown(github, own_redis, caplog):
    own_redis.command("CONFIG", "SET", "requirepass", "right")
    url = own_redis.url.replace("redis://", "redis://:pl4nted@")
    async with client(github, url) as sdk:
        await call(sdk)
    (warning,) = warnings_in(caplog)
    assert "AuthenticationError" in warning.getMessage()
    assert "pl4nted" not in caplog.text
    assert "pl4nted" not in repr(sdk.caller.shared.state)


async def test_a_cache_without_its_redis_stores_nothing(own_redis, caplog):
    cache = RedisCache.from_url(own_redis.url, secret="pl4nted-secret-16")
    await cache.put("a", b"1", 60)
    assert await cache.get("a") == b"1"
    assert b"pl4nted" not in own_redis.dump()
    own_redis.stop()
    assert await cache.get("a") is None
    await cache.put("a", b"2", 60)
    await cache.drop("a")
    await cache.aclose()
    assert_one_warning(caplog, "does not respond")


async def test_a_cache_drops_what_begins_with_a_prefix(redis):
    cache = RedisCache.from_url(redis.url, secret="a secret of 16 characters")
    for key in ("a*b1", "a*b2", "axb3"):
        await cache.put(key, b"1", 60)
    await cache.drop("a*b")
    assert [await cache.get(key) for key in ("a*b1", "a*b2", "axb3")] == [None, None, b"1"]
    redis.command("SET", "sdk:cache:axb3", "foreign")
    assert await cache.get("axb3") is None
    await cache.aclose()


async def test_a_borrowed_client_is_not_closed(redis):
    from redis.asyncio import Redis

    mine = Redis.from_url(redis.url)
    async with RedisShared(mine) as shared:
        assert shared.workers == 1
    assert await mine.ping()
    cache = RedisCache(mine, secret="a secret of 16 characters")
    await cache.aclose()
    assert await mine.ping()
    await mine.aclose()


@pytest.mark.parametrize(
    "url",
    ["http://x", "redis://:pl4nted@h:99999", "pl4nted", 5, None],
)
def test_an_invalid_url_is_refused_without_its_password(url):
    with pytest.raises(InvalidInput, match="url") as refused:
        RedisShared.from_url(url)
    assert "pl4nted" not in str(refused.value)
    assert refused.value.__cause__ is None


@pytest.mark.parametrize(
    "options",
    [{"namespace": "a b"}, {"namespace": ""}, {"timeout": 0}, {"keep": -1}, {"timeout": "1"}],
)
def test_other_invalid_options_are_refused(options):
    with pytest.raises(InvalidInput):
        RedisShared.from_url("redis://127.0.0.1", **options)


async def test_unsuitable_clients_are_refused(redis):
    from redis.asyncio import Redis

    with pytest.raises(InvalidInput, match=r"redis\.asyncio\.Redis"):
        RedisShared("redis://127.0.0.1")
    with pytest.raises(InvalidInput, match="decode_responses"):
        RedisShared(Redis.from_url(redis.url, decode_responses=True))
