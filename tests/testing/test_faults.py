"""The scripted server of the socket tests."""

import asyncio
import json

import httpx
import pytest

from tests.faults import (
    GARBAGE,
    HANG,
    NO_RESPONSE,
    RESET,
    FaultServer,
    cut_chunked,
    head,
    ok,
    short_body,
    slow_drip,
)


@pytest.mark.parametrize(
    ("script", "error"),
    [
        (NO_RESPONSE, httpx.RemoteProtocolError),
        (GARBAGE, httpx.RemoteProtocolError),
        (short_body(), httpx.RemoteProtocolError),
        (cut_chunked(), httpx.RemoteProtocolError),
        ([head(headers={"content-length": "9"}), RESET], httpx.ReadError),
        ([RESET], httpx.ReadError),
    ],
)
async def test_breaks_as_scripted(script, error):
    async with FaultServer(script) as server, httpx.AsyncClient() as client:
        with pytest.raises(error):
            await client.get(server.url)
    assert (server.connections, len(server.requests)) == (1, 1)


async def test_scripts_are_taken_in_order_and_the_last_one_stays():
    async with FaultServer([ok(1)], [ok(2)]) as server, httpx.AsyncClient() as client:
        responses = [(await client.get(server.url)).json() for _ in range(3)]
    assert responses == [1, 2, 2]
    assert (server.connections, len(server.requests)) == (1, 3)


async def test_slow_drip_arrives_whole():
    async with FaultServer(slow_drip({"a": 1})) as server, httpx.AsyncClient() as client:
        assert (await client.get(server.url)).json() == {"a": 1}


async def test_hang_ends_with_the_server():
    async with FaultServer([HANG]) as server, httpx.AsyncClient() as client:
        with pytest.raises(httpx.ReadTimeout):
            await client.get(server.url, timeout=0.05)


async def test_an_event_holds_the_response_back():
    gate = asyncio.Event()
    async with FaultServer([gate, ok("late")]) as server, httpx.AsyncClient() as client:
        call = asyncio.ensure_future(client.get(server.url))
        await server.arrived.wait()
        assert not call.done()
        gate.set()
        assert (await call).json() == "late"


async def test_requests_are_kept():
    async def chunks():
        yield b'{"a":'
        yield b"1}"

    async with FaultServer([ok({})]) as server, httpx.AsyncClient() as client:
        await client.post(f"{server.url}/x?y=1", json={"a": 1}, headers={"X-Own": "v"})
        await client.post(server.url, content=chunks())
    first, second = server.requests
    assert (first.line, first.path) == ("POST /x?y=1 HTTP/1.1", "/x?y=1")
    assert first.headers["x-own"] == "v"
    assert json.loads(first.body) == json.loads(second.body) == {"a": 1}
