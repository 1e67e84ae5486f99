"""A connection that waits for its next request, and what the server does with it meanwhile."""

import asyncio

import pytest

from tests.faults import CLOSE, FaultServer, ok
from tests.transport.secure import SecureServer
from tests.transport.support import Api


@pytest.fixture(params=["http", "https"])
def server(request, trusted):
    def give(*scripts):
        return FaultServer(*scripts) if request.param == "http" else SecureServer(trusted, *scripts)

    return give


async def post(api):
    # A request that is not repeated by itself: one on a dead connection would be seen to fail.
    return await api.request("POST", "/x", json={})


async def test_it_is_used_again(server):
    async with server([ok({})]) as server, Api(base_url=server.url) as api:
        for _ in range(5):
            await post(api)
        assert server.connections == 1


async def test_one_that_the_server_closed_is_not_used_again(server):
    async with server([ok({}), CLOSE]) as server, Api(base_url=server.url) as api:
        for _ in range(5):
            await post(api)
            # Until the end of the connection has arrived.
            await asyncio.sleep(0.05)
        assert server.connections == 5


async def test_of_many_only_the_closed_ones_are_replaced(server):
    held = asyncio.Event()
    scripts = [[held, ok({})] for _ in range(10)] + [[ok({}), CLOSE]] * 5 + [[ok({})]]
    async with server(*scripts) as server, Api(base_url=server.url) as api:
        first = [asyncio.create_task(post(api)) for _ in range(10)]
        async with asyncio.timeout(5):
            while len(server.requests) < 10:
                await asyncio.sleep(0.01)
        held.set()
        await asyncio.gather(*first)
        assert server.connections == 10
        await asyncio.gather(*(post(api) for _ in range(5)))
        await asyncio.sleep(0.05)
        await asyncio.gather(*(post(api) for _ in range(10)))
        assert server.connections == 15
