"""Clients that are closed while calls are under way, and processes that fork."""

import asyncio
import re
import subprocess
import sys
import textwrap

import pytest

from sdk import ClientClosed
from tests.faults import HANG, FaultServer, ok
from tests.transport.lanes import TIMEOUT
from tests.transport.sleeper import Sleeper
from tests.transport.support import Api


class SlowAuth:
    """Credentials that are still being fetched."""

    def __init__(self):
        self.asked = asyncio.Event()

    async def headers(self):
        self.asked.set()
        await asyncio.Event().wait()


async def closing(api, call, until):
    """Close the client during a call; return the call's error."""
    task = asyncio.ensure_future(call)
    await until.wait()
    await asyncio.sleep(0.01)
    await api.aclose()
    with pytest.raises(ClientClosed) as caught:
        await task
    return caught.value


UNDER_WAY = (
    r"^GET /x failed: HTTP client sdk-\d+ was closed while the call was under way\. Wait for"
)


async def test_closing_ends_a_call_that_waits_for_its_response():
    async with FaultServer([HANG]) as server:
        api = await Api(base_url=server.url).open()
        error = await closing(api, api.request("GET", "/x"), server.arrived)
    assert re.match(UNDER_WAY, str(error))


async def test_closing_ends_a_call_that_sleeps_before_a_retry():
    sleeper = Sleeper()
    async with FaultServer([ok(status="503 Service Unavailable")]) as server:
        api = await Api(base_url=server.url, clock=sleeper.clock).open()
        await closing(api, api.request("GET", "/x"), sleeper.asleep)


async def test_closing_ends_a_call_that_waits_for_a_connection():
    async with FaultServer([HANG]) as server:
        api = await Api(base_url=server.url, max_connections=1).open()
        first = asyncio.ensure_future(api.request("GET", "/x"))
        await server.arrived.wait()
        await closing(api, api.request("GET", "/x"), server.arrived)
        with pytest.raises(ClientClosed):
            await first


async def test_closing_ends_a_call_that_waits_for_its_credentials():
    auth = SlowAuth()
    api = await Api(auth=auth, timeout=None).open()
    await closing(api, api.request("GET", "/x"), auth.asked)


async def test_closing_ends_the_calls_of_views_too():
    async with FaultServer([HANG]) as server:
        api = await Api(base_url=server.url).open()
        view = api.with_options(timeout=TIMEOUT)
        await closing(api, view.request("GET", "/x"), server.arrived)


async def test_closing_does_not_replace_a_caller_s_cancellation():
    async with FaultServer([HANG]) as server:
        api = await Api(base_url=server.url).open()
        task = asyncio.ensure_future(api.request("GET", "/x"))
        await server.arrived.wait()
        task.cancel()
        await api.aclose()
        with pytest.raises(asyncio.CancelledError):
            await task


async def test_tasks_that_outlive_the_block_get_a_clear_error():
    async with FaultServer([HANG]) as server:
        async with Api(base_url=server.url) as api:
            task = asyncio.ensure_future(api.request("GET", "/x"))
            await server.arrived.wait()
        with pytest.raises(ClientClosed, match="TaskGroup"):
            await task


async def test_an_injected_client_that_its_owner_closes_ends_the_call(lane):
    if lane.name == "default":
        pytest.skip("our own client is closed by nobody else")
    async with FaultServer([HANG]) as server, lane.http_client() as client:
        api = Api(base_url=server.url, http_client=client, timeout=TIMEOUT, retry=None)
        task = asyncio.ensure_future(api.request("GET", "/x"))
        await server.arrived.wait()
        await client.aclose()
        with pytest.raises(ClientClosed):
            await task


async def test_closing_during_other_calls_loses_no_response():
    async with FaultServer([ok({})]) as server:
        for _ in range(20):
            async with Api(base_url=server.url) as api:
                tasks = [asyncio.ensure_future(api.request("GET", "/x")) for _ in range(5)]
                await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            done = await asyncio.gather(*tasks, return_exceptions=True)
            errors = {type(each) for each in done if isinstance(each, BaseException)}
            assert errors <= {ClientClosed}


FORK = """
    import asyncio, os, sys
    from sdk import SdkError, Sdk

    async def child(sdk):
        try:
            await sdk.request("GET", "/x")
        except SdkError as error:
            print(type(error).__name__, "|", error, flush=True)
        await sdk.aclose()

    async def main():
        async with Sdk(base_url=sys.argv[1], token=None) as sdk:
            await sdk.request("GET", "/x")
            process = os.fork()
            if process == 0:
                asyncio.run(child(sdk))
                del sdk
                os._exit(0)
            os.waitpid(process, 0)
            print((await sdk.request("GET", "/x")).status, flush=True)

    asyncio.run(main())
"""


async def test_a_forked_process_gets_an_error_that_says_to_open_its_own_client():
    async with FaultServer([ok({})]) as server:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-W",
            "error",
            "-c",
            textwrap.dedent(FORK),
            server.url,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        stdout, stderr = await process.communicate()
        assert server.connections == 1
    child, parent = stdout.decode().splitlines()
    assert child.startswith("WrongEventLoop | ")
    assert "open one client per process, after the fork" in child
    assert parent == "200"
    assert b"Error" not in stderr
