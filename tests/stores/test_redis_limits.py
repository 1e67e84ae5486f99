"""Rate limits that several processes share, in the background."""

import asyncio
import time

import httpx
import pytest

from sdk import Pacing, RateLimitExceeded, Sdk, SecondaryRateLimited
from sdk.stores import RedisShared
from tests.stores.support import until

HOUR = {
    "x-ratelimit-limit": "5000",
    "x-ratelimit-used": "1000",
    "x-ratelimit-resource": "core",
}


class GitHub:
    """Reports what is left, and refuses when it is told to."""

    def __init__(self):
        self.remaining = 4000
        self.pause = None
        self.calls = 0
        self.reset = int(time.time()) + 1800

    def __call__(self, request):
        self.calls += 1
        headers = {
            **HOUR,
            "x-ratelimit-remaining": str(self.remaining),
            "x-ratelimit-reset": str(self.reset),
        }
        if self.pause is not None:
            headers["retry-after"] = str(self.pause)
            body = {"message": "You have exceeded a secondary rate limit."}
            return httpx.Response(403, json=body, headers=headers)
        return httpx.Response(200, json={}, headers=headers)

    def sdk(self, redis, *, pacing=None, namespace="sdk", **options):
        return Sdk(
            token=options.pop("token", "t"),
            http_client=httpx.AsyncClient(transport=httpx.MockTransport(self)),
            shared=RedisShared.from_url(redis.url, namespace=namespace, timeout=3.0, **options),
            pacing=pacing or Pacing(max_wait=0),
            retry=None,
        )


def pacer_of(sdk):
    shared = sdk.caller.shared
    return shared.pacers.of(sdk.caller.settings.auth)


async def use(sdk):
    await sdk.request("GET", "/x")


async def test_a_pause_applies_to_all_processes(redis):
    github = GitHub()
    async with github.sdk(redis) as one, github.sdk(redis) as two:
        await use(two)
        github.pause = 60
        with pytest.raises(SecondaryRateLimited):
            await use(one)
        await until(lambda: pacer_of(two)._paused_until > time.monotonic())
        with pytest.raises(SecondaryRateLimited, match="was not sent") as refused:
            await use(two)
    assert refused.value.retry_after == pytest.approx(60, abs=2)
    assert github.calls == 2


async def test_a_used_up_limit_applies_to_all_processes(redis):
    github = GitHub()
    async with github.sdk(redis) as one, github.sdk(redis) as two:
        await use(two)
        github.remaining = 0
        await use(one)
        await until(lambda: two.rate_limits["core"].remaining == 0)
        with pytest.raises(RateLimitExceeded, match="was not sent"):
            await use(two)


async def test_a_process_that_starts_later_knows_of_a_pause(redis):
    github = GitHub()
    async with github.sdk(redis) as one:
        await use(one)
        github.pause = 60
        with pytest.raises(SecondaryRateLimited):
            await use(one)
        await until(lambda: redis.keys("sdk:limits:*"))
        github.pause = None
        async with github.sdk(redis) as late:
            # Its first use of the token; nothing is awaited, so that the very first may go.
            pacer = pacer_of(late)
            await until(lambda: pacer._paused_until > time.monotonic())
            with pytest.raises(SecondaryRateLimited, match="was not sent"):
                await use(late)


async def test_other_tokens_and_namespaces_are_not_paused(redis):
    github = GitHub()
    async with (
        github.sdk(redis) as one,
        github.sdk(redis) as same,
        github.sdk(redis, token="other") as other,
        github.sdk(redis, namespace="b") as apart,
    ):
        for sdk in (same, other, apart):
            await use(sdk)
        github.pause = 60
        with pytest.raises(SecondaryRateLimited):
            await use(one)
        github.pause = None
        await until(lambda: pacer_of(same)._paused_until > time.monotonic())
        await use(other)
        await use(apart)


async def test_each_process_uses_its_share(redis):
    github = GitHub()
    pacing = Pacing(max_concurrency=100)
    async with github.sdk(redis, pacing=pacing) as one:
        assert one.caller.shared.state.workers == 1
        async with github.sdk(redis, pacing=pacing) as two, github.sdk(redis, pacing=pacing):
            await until(lambda: one.caller.shared.state.workers == 3)
            assert pacer_of(two)._slots.count == 33
            assert pacer_of(one)._slots.count == 33
        await until(lambda: one.caller.shared.state.workers == 1)
        assert pacer_of(one)._slots.count == 100


async def test_the_share_of_a_dead_process_is_released_after_15_seconds(redis):
    github = GitHub()
    async with github.sdk(redis) as one:
        exchange = one.caller.shared.state._limits
        # One that was killed 14.9 seconds ago, by the clock of Redis.
        seconds, micros = redis.command("TIME").decode().split("\r\n")[2:5:2]
        now = int(seconds) * 1000 + int(micros) // 1000
        redis.command("ZADD", "sdk:workers", str(now - 14_900), "dead")
        await exchange._beat()
        assert exchange.workers == 2
        redis.command("ZADD", "sdk:workers", str(now - 15_100), "dead")
        await exchange._beat()
        assert exchange.workers == 1


async def test_foreign_values_and_messages_are_ignored(redis):
    github = GitHub()
    redis.command("SET", "sdk:workers", "foreign")
    async with github.sdk(redis) as one:
        await use(one)
        key = next(iter(one.caller.shared.state._limits._clients.values())).names
        (name,) = key
        for foreign in (
            b"text",
            b"[]",
            b'{"from": 1}',
            b'{"from": "x", "limits": {"%s": [[], 9e99, 0]}, "workers": -5}' % name.encode(),
            b'{"from": "x", "limits": {"%s": [[[1,2,3]], 0, 0]}, "workers": true}' % name.encode(),
            b'{"from": "x", "limits": {"%s": [[], Infinity, 0]}, "workers": 1.5}' % name.encode(),
            b"\xff\xfe",
        ):
            redis.command("PUBLISH", "sdk:limits", foreign)
        redis.command("RPUSH", f"sdk:limits:{name}", "foreign")
        fine = b'{"from": "x", "limits": {}, "workers": 7}'
        redis.command("PUBLISH", "sdk:limits", fine)
        await until(lambda: one.caller.shared.state.workers == 7)
        await use(one)


async def test_published_and_stored_values_are_encrypted(redis):
    github = GitHub()
    async with github.sdk(redis, token="pl4nted") as one:
        github.pause = 60
        with pytest.raises(SecondaryRateLimited):
            await use(one)
        await until(lambda: redis.keys("sdk:limits:*"))
        stored = redis.dump()
    assert b"pl4nted" not in stored
    assert pacer_of(one) is not None
    assert one.caller.settings.auth.identity.encode() not in stored


async def test_limits_may_stay_in_each_process(redis):
    github = GitHub()
    async with github.sdk(redis, limits=False) as one, github.sdk(redis, limits=False) as two:
        await use(two)
        github.pause = 60
        with pytest.raises(SecondaryRateLimited):
            await use(one)
        github.pause = None
        await asyncio.sleep(0.1)
        await use(two)
    assert redis.keys() == []


async def test_a_client_closes_its_own_connection_and_leaves(redis):
    github = GitHub()
    async with github.sdk(redis) as one:
        await use(one)
        assert redis.command("ZCARD", "sdk:workers").startswith(b":1")
    assert redis.keys("sdk:workers") == []
    clients = redis.command("CLIENT", "LIST").decode()
    assert "cmd=subscribe" not in clients
    assert len(clients.strip().splitlines()) == 2  # the reply's length, and who asks


async def test_a_view_closes_nothing(redis):
    github = GitHub()
    async with github.sdk(redis) as one:
        async with one.with_options(token="other") as view:
            await use(view)
        assert redis.command("ZCARD", "sdk:workers").startswith(b":1")
