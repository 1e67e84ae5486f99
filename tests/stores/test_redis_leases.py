"""The last calls of a rate limit are reserved for each process, so that none is refused."""

import asyncio
import time
from contextlib import AsyncExitStack

import httpx
import pytest

from sdk import Pacing, RateLimitExceeded, Sdk
from sdk.stores import RedisShared
from tests.stores.support import until


class GitHub:
    """Counts calls, and refuses those over the limit."""

    def __init__(self, limit):
        self.limit = limit
        self.used = self.refused = 0
        self.reset = int(time.time()) + 1800

    async def __call__(self, request):
        refused = self.used >= self.limit
        self.refused += refused
        self.used += not refused
        headers = {
            "x-ratelimit-limit": str(self.limit),
            "x-ratelimit-remaining": str(self.limit - self.used),
            "x-ratelimit-used": str(self.used),
            "x-ratelimit-reset": str(self.reset),
            "x-ratelimit-resource": "core",
        }
        # The response is a moment under way.
        for _ in range(5):
            await asyncio.sleep(0)
        if refused:
            return httpx.Response(403, json={"message": "API rate limit exceeded"}, headers=headers)
        return httpx.Response(200, json={}, headers=headers)

    def sdk(self, redis, **options):
        return Sdk(
            token="t",
            http_client=httpx.AsyncClient(transport=httpx.MockTransport(self)),
            shared=RedisShared.from_url(redis.url, cache=False, timeout=3.0),
            pacing=Pacing(**{"max_wait": 0, **options}),
            retry=None,
        )


async def call_until_refused(sdk):
    calls = 0
    try:
        while True:
            await sdk.request("GET", "/x")
            calls += 1
    except RateLimitExceeded:
        return calls


async def open_all(stack, github, redis, count):
    clients = [await stack.enter_async_context(github.sdk(redis)) for _ in range(count)]
    await until(lambda: all(each.caller.shared.state.workers == count for each in clients))
    return clients


@pytest.mark.parametrize(("limit", "callers"), [(60, 5), (150, 20)])
async def test_all_calls_are_used_and_none_is_refused(redis, limit, callers):
    github = GitHub(limit)
    async with AsyncExitStack() as stack:
        clients = await open_all(stack, github, redis, 4)
        async with asyncio.timeout(20):
            made = await asyncio.gather(
                *(call_until_refused(sdk) for sdk in clients for _ in range(callers))
            )
    assert (github.refused, github.used, sum(made)) == (0, limit, limit)


async def test_a_process_gives_back_what_another_one_needs(redis):
    github = GitHub(60)
    async with AsyncExitStack() as stack:
        idle, busy = await open_all(stack, github, redis, 2)
        await idle.request("GET", "/x")
        await until(lambda: lease_of(idle) is not None and lease_of(idle).calls > 5)
        async with asyncio.timeout(20):
            assert await call_until_refused(busy) == 59
    assert github.refused == 0


async def test_one_that_leaves_takes_nothing_with_it(redis):
    github = GitHub(60)
    async with AsyncExitStack() as stack:
        (stays,) = await open_all(stack, github, redis, 1)
        async with github.sdk(redis) as leaves:
            await leaves.request("GET", "/x")
            await until(lambda: lease_of(leaves) is not None and lease_of(leaves).calls > 5)
            for _ in range(9):
                await leaves.request("GET", "/x")
        async with asyncio.timeout(20):
            assert await call_until_refused(stays) == 50
    assert github.refused == 0


async def test_one_that_starts_when_all_is_used_up_sends_one_call_at_most(redis):
    github = GitHub(60)
    async with AsyncExitStack() as stack:
        clients = await open_all(stack, github, redis, 2)
        await asyncio.gather(*(call_until_refused(sdk) for sdk in clients))
        await until(lambda: redis.keys("sdk:limits:*"))
        late = await stack.enter_async_context(github.sdk(redis))
        await asyncio.gather(*(call_until_refused(late) for _ in range(20)))
    assert github.refused == 1


async def test_what_a_killed_process_held_is_used_by_the_others(redis):
    github = GitHub(60)
    async with AsyncExitStack() as stack:
        one, _ = await open_all(stack, github, redis, 2)
        await one.request("GET", "/x")
        await until(lambda: redis.keys("sdk:leases:*"))
        (key,) = redis.keys("sdk:leases:*")
        seconds, micros = redis.command("TIME").decode().split("\r\n")[2:5:2]
        now = int(seconds) * 1000 + int(micros) // 1000
        # 40 calls of one that has not reported for 15 seconds, and 9 of one that just has.
        redis.command("HSET", key, "killed", f"40 {now - 15_100}", "alive", f"9 {now}")
        callers = [asyncio.create_task(call_until_refused(one)) for _ in range(3)]
        await until(lambda: github.used == 51)
        asked = evaluations(redis)
        await until(lambda: evaluations(redis) > asked + 3)
        assert github.used == 51
        redis.command("HDEL", key, "alive")
        async with asyncio.timeout(20):
            await asyncio.gather(*callers)
    assert (github.refused, github.used) == (0, 60)


async def test_calls_go_on_alone_when_redis_dies(own_redis, caplog):
    github = GitHub(60)
    async with AsyncExitStack() as stack:
        one, _ = await open_all(stack, github, own_redis, 2)
        await one.request("GET", "/x")
        await until(lambda: lease_of(one) is not None and lease_of(one).calls > 5)
        own_redis.stop()
        async with asyncio.timeout(20):
            made = await call_until_refused(one)
        # The last call is the other process's share.
        assert made == 58
    assert github.refused == 0


async def test_a_foreign_value_in_place_of_the_reservations_is_replaced(redis):
    github = GitHub(60)
    async with AsyncExitStack() as stack:
        one, two = await open_all(stack, github, redis, 2)
        await one.request("GET", "/x")
        await until(lambda: redis.keys("sdk:leases:*"))
        (key,) = redis.keys("sdk:leases:*")
        for foreign in (
            ("SET", key, "text"),
            ("HSET", key, "reset", "x", "remaining", "nan", "other", "9e99 -1"),
            ("HSET", key, "reset", "-5", "remaining", "-7"),
        ):
            redis.command("DEL", key)
            redis.command(*foreign)
            await one.request("GET", "/x")
            await two.request("GET", "/x")
        async with asyncio.timeout(20):
            await asyncio.gather(call_until_refused(one), call_until_refused(two))
    assert github.refused == 0


async def test_a_full_window_needs_no_reservation(redis):
    github = GitHub(5000)
    async with AsyncExitStack() as stack:
        one, _ = await open_all(stack, github, redis, 2)
        for _ in range(20):
            await one.request("GET", "/x")
    assert redis.keys("sdk:leases:*") == []


def evaluations(redis):
    """Return how many scripts have run."""
    (line,) = [line for line in redis.command("INFO", "commandstats").split() if b"_eval:" in line]
    return int(line.partition(b"calls=")[2].partition(b",")[0])


def lease_of(sdk):
    shared = sdk.caller.shared
    window = shared.pacers.of(sdk.caller.settings.auth)._windows["core"]
    return window.lease
