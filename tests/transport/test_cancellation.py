"""Cancelled calls free their connection and their turn, on every HTTP client."""

import asyncio
import contextlib
import gc
import random
import warnings

import anyio
import pytest

from sdk import Operation, Retry, TimedOut
from tests.faults import HANG, FaultServer, head, ok
from tests.transport.lanes import TIMEOUT
from tests.transport.servers import HandlerServer
from tests.transport.sleeper import Sleeper

UPLOAD = Operation("PUT", "/x", body="raw", media="application/octet-stream")

FAILING = [ok(status="503 Service Unavailable")]


async def cancelled_at(call, until):
    """Start a call, cancel it when `until` is set, and check that it ends at once."""
    task = asyncio.ensure_future(call)
    await until.wait()
    # Let the call go as far as it can without a response.
    await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    return task


# ------------------------------------------------------------------ given up by the caller


async def test_a_call_cancelled_before_its_response_frees_the_connection(lane):
    async with FaultServer([HANG], [ok({})]) as server:
        api = await lane.api(server.url, max_connections=1, timeout=TIMEOUT)
        await cancelled_at(api.request("GET", "/x"), server.arrived)
        assert (await api.request("GET", "/x")).json() == {}


async def test_a_call_cancelled_in_the_body_frees_the_connection(lane):
    half = [head(headers={"content-length": "100"}), b"x" * 50, HANG]
    async with FaultServer(half, [ok({})]) as server:
        api = await lane.api(server.url, max_connections=1, timeout=TIMEOUT)
        await cancelled_at(api.request("GET", "/x"), server.arrived)
        assert (await api.request("GET", "/x")).json() == {}


async def test_a_call_cancelled_while_it_sends_frees_the_connection(lane):
    deaf = [True]

    async def deaf_at_first(reader, writer):
        if deaf:
            deaf.clear()
            await asyncio.Event().wait()
        await reader.readuntil(b"\r\n\r\n")
        writer.write(ok({}))

    async with HandlerServer(deaf_at_first) as server:
        api = await lane.api(server.url, max_connections=1, timeout=TIMEOUT)
        # More than the sockets' buffers hold.
        upload = api.caller.call(UPLOAD, None, {"raw": bytes(20_000_000)})
        await cancelled_at(upload, server.connected)
        assert (await api.request("GET", "/x")).json() == {}


async def test_a_call_cancelled_while_it_connects_frees_the_connection(lane):
    async def silent(reader, writer):
        await asyncio.Event().wait()

    # An injected client leaves the socket to the garbage collector, which warns of it.
    with warnings.catch_warnings():
        if lane.name != "default":
            warnings.simplefilter("ignore", ResourceWarning)
        async with HandlerServer(silent) as server:
            url = f"https://127.0.0.1:{server.port}"
            api = await lane.api(url, max_connections=1, timeout=TIMEOUT)
            await cancelled_at(api.request("GET", "/x"), server.connected)
            server.connected.clear()
            # Only a slot that is free makes another connection.
            await cancelled_at(api.request("GET", "/x"), server.connected)
        gc.collect()


async def test_a_call_cancelled_while_it_waits_for_a_connection_leaves_the_queue(lane):
    async with FaultServer([HANG], [ok({})]) as server:
        api = await lane.api(server.url, max_connections=1, timeout=TIMEOUT)
        first = asyncio.ensure_future(api.request("GET", "/x"))
        await server.arrived.wait()
        await cancelled_at(api.request("GET", "/queued"), server.arrived)
        assert len(server.requests) == 1
        first.cancel()
        await asyncio.wait([first])
        assert (await api.request("GET", "/x")).json() == {}


async def test_a_call_cancelled_before_a_retry_is_not_sent_again(lane):
    sleeper = Sleeper()
    async with FaultServer(FAILING) as server:
        api = await lane.api(server.url, retry=Retry(), clock=sleeper.clock)
        await cancelled_at(api.request("GET", "/x"), sleeper.asleep)
        assert len(server.requests) == 1


async def test_a_call_asleep_before_a_retry_holds_no_connection(lane):
    sleeper = Sleeper()
    async with FaultServer(FAILING, [ok({})]) as server:
        api = await lane.api(server.url, retry=Retry(), clock=sleeper.clock, max_connections=1)
        asleep = asyncio.ensure_future(api.request("GET", "/x"))
        await sleeper.asleep.wait()
        assert (await api.request("GET", "/x")).json() == {}
        asleep.cancel()
        await asyncio.wait([asleep])


async def test_a_timeout_of_the_caller_is_raised_unchanged(lane):
    async with FaultServer([HANG]) as server:
        api = await lane.api(server.url, timeout=TIMEOUT)
        with pytest.raises(TimeoutError) as caught:
            await asyncio.wait_for(api.request("GET", "/x"), 0.05)
        assert not isinstance(caught.value, TimedOut)


async def test_a_deadline_of_the_call_frees_the_connection(lane):
    async def serve(reader, writer):
        # By the path: the deadline may be over before the connection is made.
        while request := await reader.readuntil(b"\r\n\r\n"):
            if b" /hang " not in request:
                writer.write(ok({}))

    async with HandlerServer(serve) as server:
        api = await lane.api(server.url, max_connections=1)
        with pytest.raises(TimedOut):
            await api.request("GET", "/hang", options={"timeout": 0.05})
        assert (await api.request("GET", "/x")).json() == {}


# ------------------------------------------------------------------ many at once

SLOTS = 10


@contextlib.asynccontextmanager
async def slow_upstream():
    """Serve /slow after a moment, and /hold when as many hold as there are slots."""
    barrier = asyncio.Barrier(SLOTS)

    async def serve(reader, writer):
        while request := await reader.readuntil(b"\r\n\r\n"):
            if b" /hold " in request:
                await barrier.wait()
            else:
                await asyncio.sleep(random.uniform(0.001, 0.01))  # noqa: S311  no secret
            writer.write(ok({}))

    async with HandlerServer(serve) as server:
        yield server.url


async def asyncio_style(call, seconds):
    async with asyncio.timeout(seconds):
        await call


async def anyio_style(call, seconds):
    with anyio.fail_after(seconds):
        await call


@pytest.mark.parametrize("style", [asyncio_style, anyio_style])
@pytest.mark.parametrize("callers", [8, 40])
async def test_every_connection_slot_is_usable_after_many_cancelled_calls(lane, style, callers):
    if lane.name == "httpx":
        pytest.skip("httpx's own pool loses slots to cancelled calls: encode/httpcore issue 1093")
    cancelled = 0

    async def caller():
        nonlocal cancelled
        for _ in range(200 // callers):
            try:
                await style(api.request("GET", "/slow"), random.uniform(0.0, 0.012))  # noqa: S311
            except TimeoutError:
                cancelled += 1

    async with slow_upstream() as url:
        api = await lane.api(url, max_connections=SLOTS, timeout=TIMEOUT)
        await asyncio.gather(*(caller() for _ in range(callers)))
        assert cancelled
        # Each holds a slot until all do; with one slot less, none would be answered.
        responses = await asyncio.gather(*(api.request("GET", "/hold") for _ in range(SLOTS)))
        assert len(responses) == SLOTS
