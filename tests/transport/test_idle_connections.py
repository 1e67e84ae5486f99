"""A connection that waits for its next request, and what the server does with it meanwhile."""

import asyncio

import pytest

from tests.faults import CLOSE, FaultServer, ok
from tests.transport.secure import SecureServer
from tests.transport.support import Api


@pytest.fixture(params=["http", "https"])
def serving(request, trusted):
    def serve(*scripts):
        return FaultServer(*scripts) if request.param == "http" else SecureServer(trusted, *scripts)

    return serve


async def post(api):
    # A request that is not repeated by itself: one on a dead connection would be seen to fail.
    return await api.request("POST", "/x", json={})


async def arrives():
    """Wait until what the server did last has reached this end."""
    await asyncio.sleep(0.05)


async def test_an_idle_connection_is_reused(serving):
    async with serving([ok({})]) as server, Api(base_url=server.url) as api:
        for _ in range(5):
            await post(api)
        assert server.connections == 1


async def test_a_connection_closed_by_the_server_is_not_reused(serving):
    ends = [asyncio.Event() for _ in range(3)]
    async with serving(*([ok({}), end, CLOSE] for end in ends)) as server:
        async with Api(base_url=server.url) as api:
            for end in ends:
                await post(api)
                end.set()
                await arrives()
        assert server.connections == 3


async def test_only_closed_connections_are_replaced(serving):
    response, end = asyncio.Event(), asyncio.Event()
    closing, staying = [response, ok({}), end, CLOSE], [response, ok({})]
    async with serving(*[closing] * 3, *[staying] * 4, [ok({})]) as server:
        async with Api(base_url=server.url) as api:
            calls = [asyncio.create_task(post(api)) for _ in range(7)]
            await arrives()
            response.set()
            await asyncio.gather(*calls)
            end.set()
            await arrives()
            await asyncio.gather(*(post(api) for _ in range(7)))
        assert server.connections == 7 + 3
