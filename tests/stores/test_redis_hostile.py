# pyright: basic, reportAttributeAccessIssue=false, reportOptionalMemberAccess=false
# pyright: reportArgumentType=false
"""What others write to Redis, or answer in its place, can neither fail nor delay a call."""

import asyncio
import logging
import re
import time
from contextlib import suppress

import pytest

from sdk import StoreUnavailable
from sdk.stores import RedisCache, RedisShared
from sdk.stores.redis.locks import Locks
from tests.auth.fake_github import FakeGitHub
from tests.stores.support import until
from tests.stores.test_redis_limits import GitHub, pacer_of, use
from tests.stores.test_redis_tokens import PATH, WallClock

SECRET = "a secret of 16 characters"


def warnings_in(caplog):
    return [each for each in caplog.records if each.levelno >= logging.WARNING]


@pytest.mark.parametrize("number", ["1e999", "9" * 400, "NaN", "-Infinity", "1e308"])
async def test_numbers_out_of_range_are_ignored(redis, number, caplog):
    github = GitHub()
    async with github.sdk(redis) as sdk:
        await use(sdk)
        exchange = sdk.caller.shared.state._limits
        (name,) = next(iter(exchange._clients.values())).names
        for state in (
            f"[[], {number}, 0]",
            f'[[[{number}, 1, 1, 1, "core", 5]], 0, 0]',
            f'[[[1, 1, 1, 1, "core", {number}]], 0, 0]',
        ):
            content = f'{{"from": "x", "limits": {{"{name}": {state}}}, "workers": {number}}}'
            redis.command("PUBLISH", "sdk:limits", content)
        for content in (f"[{number}, [], 0, 0]", f"[5, [], {number}, 0]", " " * 200_000):
            redis.command("SET", f"sdk:limits:{name}", content, "PX", "50000")
            exchange.ask_for(name)
            await until(lambda: not exchange._wanted)
        # Both the listener and the publisher go on.
        for workers in (10**12, 7):
            content = f'{{"from": "x", "limits": {{}}, "workers": {workers}}}'
            redis.command("PUBLISH", "sdk:limits", content)
        await until(lambda: exchange.workers == 7)
        redis.command("SET", f"sdk:limits:{name}", "[9000, [], 9, 0]", "PX", "9000")
        exchange.ask_for(name)
        await until(lambda: pacer_of(sdk)._paused_until > time.monotonic())
    assert not warnings_in(caplog)


@pytest.mark.parametrize(
    "reply",
    [
        b":abc\r\n",
        b"$abc\r\n",
        b"$-7\r\n",
        b"*1\r\n" * 5000,
        b"*2\r\n:1\r\n:2\r\n",
        b"*-1\r\n" * 50,
        b"+OK\r\n" * 50,
        b"-\xff\xfe\r\n",
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"$99999999999\r\nabc",
    ],
    ids=[
        "no number",
        "no length",
        "a length below 0",
        "nested too deep",
        "a list",
        "no lists",
        "texts",
        "an error in bytes",
        "http",
        "a length without end",
    ],
)
@pytest.mark.parametrize("patience", [None])
async def test_a_server_that_is_not_redis_fails_no_call(reply, patience, caplog):
    async def answer(reader, writer):
        try:
            while await reader.read(65536):
                writer.write(reply)
                await writer.drain()
        except OSError:
            pass
        finally:
            writer.close()

    github = FakeGitHub(WallClock())
    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    shared = RedisShared.from_url(f"redis://127.0.0.1:{port}")
    async with github.sdk(shared=shared, pacing=None) as sdk:
        for installation in (1, 2, 3):
            shared._guard._all._until = shared._guard._writes._until = 0.0
            response = await sdk.as_installation(installation).request("GET", PATH)
            assert response.status == 200
        assert not any(task.done() for task in shared._limits._tasks)
    server.close()
    assert warnings_in(caplog)


@pytest.mark.parametrize("patience", [None])
async def test_a_huge_foreign_value_is_not_read(redis, patience, caplog):
    cache = RedisCache.from_url(redis.url, secret=SECRET)
    redis.command("SETRANGE", "sdk:cache:a", "100000000", "x")
    sent = _sent(redis)
    assert await cache.get("a") is None
    assert _sent(redis) - sent < 5_000_000
    await cache.aclose()


def _sent(redis):
    stats = redis.command("INFO", "stats").decode()
    return int(stats.partition("total_net_output_bytes:")[2].partition("\r\n")[0])


async def test_a_response_that_is_too_large_is_not_kept(redis):
    cache = RedisCache.from_url(redis.url, secret=SECRET)
    largest = b"x" * 4 * 1024 * 1024
    await cache.put("a", largest, 60)
    await cache.put("b", largest + b"x", 60)
    assert await cache.get("a") == largest
    assert redis.keys() == ["sdk:cache:a"]
    await cache.aclose()


@pytest.mark.parametrize("foreign", [("RPUSH", "x"), ("SET", "x")], ids=["a list", "a text"])
async def test_a_foreign_lock_without_an_expiry_is_ignored(redis, foreign):
    github = FakeGitHub(WallClock())

    def client():
        return github.sdk(shared=RedisShared.from_url(redis.url, timeout=3.0), pacing=None)

    async with client() as sdk:
        await sdk.as_installation(1).request("GET", PATH)
    (key,) = redis.keys("sdk:tokens:*")
    redis.command("DEL", key)
    command, content = foreign
    redis.command(command, f"{key}:lock", content)
    async with client() as sdk, asyncio.timeout(5):
        await sdk.as_installation(1).request("GET", PATH)
    assert redis.keys("sdk:tokens:*") == [key]


async def test_an_unacknowledged_lock_ends_after_a_second(own_redis, open_shared):
    one, two = await open_shared(own_redis), await open_shared(own_redis)
    one._guard.call_seconds = 0.05
    own_redis.pause()
    with pytest.raises(StoreUnavailable):
        await Locks(one._guard).take("sdk:lock")
    # Redis reads the command now.
    own_redis.resume()
    await until(lambda: own_redis.keys("sdk:lock"))
    assert int(own_redis.command("PTTL", "sdk:lock").strip()[1:]) <= 1000
    own_redis.command("DEL", "sdk:lock")
    assert await Locks(two._guard).take("sdk:lock")
    assert int(own_redis.command("PTTL", "sdk:lock").strip()[1:]) > 9000


async def test_prefixes_dropped_at_once_take_two_scans_of_a_large_redis(own_redis):
    def pages_read():
        found = re.search(rb"cmdstat_scan:calls=(\d+)", own_redis.command("INFO", "commandstats"))
        return int(found[1]) if found else 0

    fill = "for i = 1, 100000 do redis.call('SET', 'other:' .. i, '') end"
    own_redis.command("EVAL", fill, "0")
    cache = RedisCache.from_url(own_redis.url, secret=SECRET)
    for key in ("a/1", "b/1", "z/1", "c/1"):
        await cache.put(key, b"1", 60)
    async with asyncio.timeout(20):
        await asyncio.gather(
            *(cache.drop(prefix) for prefix in ("a/", "a?", "b/", "b?", "z/", "z?"))
        )
        await cache._dropping
    assert own_redis.keys("sdk:cache:*") == ["sdk:cache:c/1"]
    together = pages_read()
    await cache.drop("y/")
    async with asyncio.timeout(20):
        await cache._dropping
    # The first search begins with the first of them; the others share the second.
    assert together < 3 * (pages_read() - together)
    await cache.aclose()


async def test_a_failed_drop_is_repeated_later(own_redis):
    cache = RedisCache.from_url(own_redis.url, secret=SECRET)
    await cache.put("a/1", b"1", 60)
    await cache.put("b/1", b"1", 60)
    own_redis.command("ACL", "SETUSER", "default", "-unlink")
    await cache.drop("a/")
    assert len(own_redis.keys("sdk:cache:*")) == 2
    own_redis.command("ACL", "SETUSER", "default", "+unlink")
    cache._guard._writes._until = 0.0
    await cache.drop("c/")
    assert own_redis.keys("sdk:cache:*") == ["sdk:cache:b/1"]
    await cache.aclose()


async def test_a_time_limit_holds_when_a_cancellation_is_lost(redis):
    # As the redis package does at times: it then waited for its own time limit, of a second.
    async def loses_two():
        for _ in range(2):
            with suppress(asyncio.CancelledError):
                await asyncio.sleep(60)
        await asyncio.sleep(60)

    shared = RedisShared.from_url(redis.url)
    with pytest.raises(StoreUnavailable):
        async with asyncio.timeout(30):
            await shared._guard.run(loses_two(), seconds=0.045, writes=False)
    assert asyncio.current_task().cancelling() == 0
    await asyncio.sleep(0)


async def test_a_command_from_before_an_outage_does_not_end_it(redis, caplog):
    shared = RedisShared.from_url(redis.url)
    guard, ends = shared._guard, asyncio.Event()
    early = asyncio.create_task(guard.run(ends.wait(), seconds=10, writes=False))
    await asyncio.sleep(0)

    async def fails():
        raise OSError

    with pytest.raises(StoreUnavailable):
        await guard.run(fails(), seconds=10, writes=False)
    ends.set()
    assert await early
    with pytest.raises(StoreUnavailable, match="not available"):
        await guard.run(fails(), seconds=10, writes=False)
    assert len(warnings_in(caplog)) == 1
