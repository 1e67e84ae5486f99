"""Webhook deliveries on Redis: handled by any worker, at least once, and none lost with one."""

import asyncio
from contextlib import asynccontextmanager

import pytest

from sdk import InvalidInput
from sdk.stores import RedisShared
from sdk.webhooks import Webhooks
from tests.stores.support import until
from tests.webhooks.support import SECRET, issue_opened, send

BODY = issue_opened()


@pytest.fixture
def worker(open_shared):
    """Return a function that runs a worker; it counts what it handled."""

    @asynccontextmanager
    async def run(server, handled, *, hold=None, namespace="sdk", size=10, fails=(), **options):
        shared = await open_shared(server, namespace=namespace)
        inbox = shared.inbox(secret=SECRET, size=size)
        hooks = Webhooks(secret=SECRET, inbox=inbox, drain=0, **options)

        @hooks.on("issues", "opened")
        async def handle(delivery):
            if hold is not None:
                await hold.wait()
            if delivery.id in fails:
                raise RuntimeError("planted")
            handled.append(delivery.id)

        async with hooks.running():
            yield hooks

    return run


async def stop_taking(hooks):
    dispatcher = hooks._worker._dispatcher
    dispatcher.cancel()
    await asyncio.gather(dispatcher, return_exceptions=True)


async def test_a_delivery_is_handled_once_by_all_workers(redis, worker):
    handled = []
    async with worker(redis, handled) as one, worker(redis, handled) as two:
        reasons = [(await send(hooks, "issues", BODY)).reason for hooks in (one, two, one)]
        await until(lambda: handled)
        assert (await send(two, "issues", BODY)).reason == "duplicate"
    assert reasons == ["accepted", "duplicate", "duplicate"]
    assert handled == ["guid-1"]


async def test_a_delivery_beyond_one_worker_s_capacity_is_handled_by_another(redis, worker):
    busy, free = [], []
    hold = asyncio.Event()
    async with worker(redis, busy, hold=hold, concurrency=2) as one:
        for number in range(4):
            await send(one, "issues", BODY, guid=f"guid-{number}")
        async with worker(redis, free):
            await until(lambda: len(free) == 2)
        hold.set()
        await until(lambda: len(busy) == 2)
    assert sorted(busy + free) == ["guid-0", "guid-1", "guid-2", "guid-3"]


async def test_a_worker_that_stops_gives_its_deliveries_to_the_others(redis, worker):
    first, second = [], []
    async with worker(redis, second):
        async with worker(redis, first, hold=asyncio.Event()) as stopping:
            await send(stopping, "issues", BODY)
        await until(lambda: second)
    assert (first, second) == ([], ["guid-1"])


async def test_the_work_of_a_dead_worker_returns(redis, worker):
    lost, handled = [], []
    async with worker(redis, lost, hold=asyncio.Event()) as dead:
        await send(dead, "issues", BODY)
        await stop_taking(dead)
        async with worker(redis, handled) as alive:
            assert (await send(alive, "issues", BODY)).reason == "duplicate"
            # As if it had renewed its lease for the last time 15 seconds ago.
            redis.command("ZADD", "sdk:inbox:taken", "1", redis.keys("sdk:inbox:mark:*")[0][-32:])
            await until(lambda: handled)
            assert (await send(alive, "issues", BODY)).reason == "duplicate"
    assert handled == ["guid-1"]


async def test_inline_a_redelivery_after_a_worker_died_is_handled(redis, worker):
    handled = []
    async with worker(redis, [], hold=asyncio.Event()) as dead:
        await send(dead, "issues", BODY)
        await stop_taking(dead)
        redis.command("ZADD", "sdk:inbox:taken", "1", redis.keys("sdk:inbox:mark:*")[0][-32:])
        shared = RedisShared.from_url(redis.url, timeout=3.0)
        hooks = Webhooks(secret=SECRET, run="inline", inbox=shared.inbox(secret=SECRET))
        hooks.on("issues")(_appending(handled))
        async with shared:
            assert (await send(hooks, "issues", BODY)).reason == "handled"
    assert handled == ["guid-1"]


def _appending(handled):
    async def handle(delivery):
        handled.append(delivery.id)

    return handle


async def test_leases_are_renewed_while_a_handler_runs(redis, worker):
    hold, handled = asyncio.Event(), []
    async with worker(redis, handled, hold=hold) as one:
        await send(one, "issues", BODY)
        key = redis.keys("sdk:inbox:mark:*")[0][-32:]
        before = float(redis.command("ZSCORE", "sdk:inbox:taken", key).split(b"\r\n")[1])
        inbox = one._inbox
        inbox._renewals.cancel()
        lease = 15_000
        from sdk.stores.redis import inbox_scripts

        await asyncio.sleep(0.01)
        await inbox._run(inbox_scripts.RENEW, (inbox._taken,), (lease, *inbox._held))
        after = float(redis.command("ZSCORE", "sdk:inbox:taken", key).split(b"\r\n")[1])
        assert after > before
        hold.set()
        await until(lambda: handled)
        await until(lambda: not inbox._held)
        # One that has ended is not taken again by a late renewal.
        await inbox._run(inbox_scripts.RENEW, (inbox._taken,), (lease, key))
        assert redis.keys("sdk:inbox:taken") == []


async def test_a_delivery_that_kills_each_worker_is_given_up(redis, worker, caplog):
    handled = []
    async with worker(redis, handled, hold=asyncio.Event(), concurrency=1) as one:
        await send(one, "issues", BODY)
        await until(lambda: redis.keys("sdk:inbox:taken"))
        key = redis.keys("sdk:inbox:mark:*")[0][-32:]
        redis.command("HSET", f"sdk:inbox:message:{key}", "runs", "3")
        redis.command("ZADD", "sdk:inbox:taken", "1", key)
        async with worker(redis, handled) as two:
            await until(lambda: "Gave up" in caplog.text)
            assert "3 processes died" in caplog.text
            assert (await send(two, "issues", BODY)).reason == "accepted"
            await until(lambda: handled)


async def test_a_failed_delivery_may_come_again(redis, worker):
    handled = []
    async with worker(redis, handled, fails=["guid-1"]) as one:
        await send(one, "issues", BODY)
        await until(lambda: not redis.keys("sdk:inbox:*"))
        assert (await send(one, "issues", BODY)).reason == "accepted"


async def test_a_full_inbox_is_answered_503(redis, worker):
    async with worker(redis, [], hold=asyncio.Event(), concurrency=1, size=2) as one:
        await send(one, "issues", BODY, guid="running")
        await until(lambda: redis.keys("sdk:inbox:taken"))
        reasons = [(await send(one, "issues", BODY, guid=f"g{n}")).status for n in range(3)]
    assert reasons == [202, 202, 503]


async def test_waiting_deliveries_are_encrypted_and_separate_per_namespace(redis, worker):
    handled = []
    body = issue_opened(issue={"title": "pl4nted"})
    async with worker(redis, [], hold=asyncio.Event(), concurrency=1) as one:
        for number in range(3):
            await send(one, "issues", body, guid=f"pl4nted-{number}")
        stored = redis.dump()
        assert b"sdk:inbox:queue" in stored
        assert b"pl4nted" not in stored
        async with worker(redis, handled, namespace="b") as apart:
            await send(apart, "issues", body, guid="pl4nted-0")
            await until(lambda: handled)
            await asyncio.sleep(0.3)
    assert handled == ["pl4nted-0"]


async def test_a_message_that_cannot_be_read_is_logged_and_dropped(redis, worker, caplog):
    handled = []
    redis.command("RPUSH", "sdk:inbox:queue", "0" * 32, "1" * 32)
    redis.command("HSET", f"sdk:inbox:message:{'0' * 32}", "message", "foreign", "runs", "0")
    async with worker(redis, handled) as one:
        await until(lambda: "cannot be read" in caplog.text)
        await send(one, "issues", BODY)
        await until(lambda: handled)


async def test_without_redis_deliveries_are_handled_and_recognized_in_the_process(
    own_redis, worker
):
    handled, hold = [], asyncio.Event()
    async with worker(own_redis, handled, hold=hold, concurrency=2) as one:
        own_redis.stop()
        receipts = [await send(one, "issues", BODY, guid=f"g{n}") for n in (0, 1, 2, 0, 2)]
        hold.set()
        await until(lambda: len(handled) == 3)
        assert (await send(one, "issues", BODY, guid="g1")).reason == "duplicate"
    reasons = [receipt.reason for receipt in receipts]
    assert reasons == ["accepted"] * 3 + ["duplicate"] * 2


async def test_a_delivery_that_ended_during_an_outage_is_reported_afterwards(own_redis, worker):
    handled, hold = [], asyncio.Event()
    async with worker(own_redis, handled, hold=hold) as one:
        await send(one, "issues", BODY)
        own_redis.stop()
        hold.set()
        await until(lambda: handled)
        await until(lambda: one._inbox._unreported)
        own_redis.start()
        one._inbox._guard._all._until = 0.0  # as if 5 seconds had passed
    async with worker(own_redis, handled) as two:
        assert (await send(two, "issues", BODY)).reason == "duplicate"


@pytest.mark.parametrize("wrong", [{"size": 0}, {"redelivery_days": 0}, {"secret": "short"}])
def test_wrong_options_are_refused(redis, wrong):
    with pytest.raises(InvalidInput):
        RedisShared.from_url(redis.url).inbox(**{"secret": SECRET, **wrong})


def test_any_number_of_deliveries_may_wait(redis):
    assert RedisShared.from_url(redis.url).inbox(secret=SECRET, size=50_000).local() == 0
