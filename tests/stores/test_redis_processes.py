# pyright: basic, reportAttributeAccessIssue=false, reportOptionalMemberAccess=false
# pyright: reportArgumentType=false
"""Forked processes, and several event loops, with one object for the shared state."""

import asyncio
import os
import threading
import traceback

import httpx
import pytest

from sdk import Sdk
from sdk.stores import RedisCache, RedisShared
from sdk.transport.caching.lookup import added_by
from tests.stores.support import until
from tests.stores.test_redis_limits import GitHub, use

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")


def in_child(work):
    """Run some work in a forked process; return what it returns, as text."""
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.write(writer, str(work()).encode())
        except BaseException:  # noqa: BLE001  shown by the parent
            os.write(writer, traceback.format_exc().encode())
        finally:
            os._exit(0)
    os.close(writer)

    def result():
        with os.fdopen(reader, "rb") as file:
            text = file.read().decode()
        os.waitpid(child, 0)
        return text

    return result


def test_forked_processes_count_as_several(redis):
    github = GitHub()
    shared = RedisShared.from_url(redis.url, timeout=3.0)

    async def work():
        transport = httpx.MockTransport(github)
        client = httpx.AsyncClient(transport=transport)
        async with Sdk(token="t", http_client=client, shared=shared) as sdk:
            await use(sdk)
            await until(lambda: shared.workers == 2)
            workers = shared.workers
            # Not before the other one has seen both.
            redis.command("INCR", "seen")
            await until(lambda: redis.command("GET", "seen").endswith(b"2\r\n"))
            return workers

    results = [in_child(lambda: asyncio.run(work())) for _ in range(2)]
    assert [result() for result in results] == ["2", "2"]


async def test_clients_with_hooks_of_forked_processes_share_no_responses():
    async def hook(request):
        request.headers["authorization"] = "anyone's"

    async with httpx.AsyncClient(event_hooks={"request": [hook]}) as client:
        request = httpx.Request("GET", "http://localhost")
        here = added_by(client, request)
        assert here == added_by(client, request)
        assert in_child(lambda: added_by(client, request))() != here


def test_event_loops_of_several_threads_keep_their_connections(redis):
    cache = RedisCache.from_url(redis.url, secret="a secret of 16 characters")
    before = _connections(redis)
    failures = []

    async def work():
        for number in range(50):
            await cache.put(f"k{number}", b"1", 60)
            assert await cache.get(f"k{number}") == b"1"
        await cache.aclose()

    def run():
        try:
            asyncio.run(work())
        except BaseException as error:  # noqa: BLE001  shown below
            failures.append(error)

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    # Ours are two: that of each question.
    assert _connections(redis) - before <= 3 + 1


def _connections(redis):
    stats = redis.command("INFO", "stats").decode()
    return int(stats.partition("total_connections_received:")[2].partition("\r\n")[0])


def test_state_may_be_closed_on_another_event_loop(redis):
    github = GitHub()
    shared = RedisShared.from_url(redis.url, timeout=3.0)
    limits = []

    async def begin():
        sdk = github.sdk(redis)
        limits.append(sdk.caller.shared.pacers)
        await shared.attach(limits[0], "x")
        # So that nothing is left open when the loop ends.
        await shared._guard.connection.aclose()

    async def end():
        await shared.detach(limits[0])

    asyncio.run(begin())
    asyncio.run(end())
    assert shared._limits._tasks == []
    assert redis.keys("sdk:workers") == []
