"""Server-sent events and lines of JSON, as they arrive."""

import asyncio
from time import process_time

import pytest
from pydantic import BaseModel

from sdk import Operation, Resource
from sdk.transport.errors import ConnectionLost, ResponseTooLarge
from sdk.transport.event_stream import _lines
from tests.faults import CLOSE, Drip, FaultServer, head
from tests.transport.support import Api

SSE, LINES = "text/event-stream", "application/x-ndjson"


class Progress(BaseModel):
    done: int


class Jobs(Resource):
    def events(self, returns=Progress):
        return self._events(Operation("GET", "/events", returns=returns))


def opened(kind):
    """Return the head of a response that lasts until the connection ends."""
    return head(headers={"connection": "close"}).replace(b"application/json", kind.encode())


async def events_of(kind, *steps, **options):
    async with (
        FaultServer([opened(kind), *steps, CLOSE]) as server,
        Api(base_url=server.url, retry=None, **options) as api,
    ):
        return [event.done async for event in Jobs(api).events()]


BODIES = {
    "LF": (SSE, b'data: {"done":1}\n\n: hi\ndata: {"done":\ndata: 2}\n\n'),
    "CR LF": (SSE, b'data: {"done":1}\r\n\r\ndata:{"done":2}\r\n\r\n'),
    "CR": (SSE, b'data: {"done":1}\r\rdata: {"done":2}\r\r'),
    "no end": (SSE, b'data: {"done":1}\n\ndata: {"done":2}'),
    "byte order mark": (SSE, b'\xef\xbb\xbfdata: {"done":1}\n\ndata: {"done":2}\n\n'),
    "other fields": (SSE, b'event: a\nid: 7\ndata: {"done":1}\n\nretry: 9\n\ndata: {"done":2}\n\n'),
    "lines": (LINES, b'{"done":1}\n\n{"done":2}'),
    "lines with a byte order mark": (LINES, b'\xef\xbb\xbf{"done":1}\r\n{"done":2}\r\n'),
}


@pytest.mark.parametrize("name", BODIES)
@pytest.mark.parametrize("drip", [False, True])
async def test_events_are_the_same_in_one_piece_and_byte_by_byte(name, drip):
    kind, body = BODIES[name]
    assert await events_of(kind, Drip(body) if drip else body) == [1, 2]


@pytest.mark.parametrize("end", [b"\n\n", b"\r\n\r\n", b"\r\r"])
async def test_an_event_is_there_as_soon_as_its_last_byte(end):
    gate = asyncio.Event()
    first, second = (b'data: {"done":%d}' % number + end for number in (1, 2))
    async with (
        FaultServer([opened(SSE), first, gate, second, CLOSE]) as server,
        Api(base_url=server.url, retry=None) as api,
        Jobs(api).events() as events,
    ):
        assert (await anext(events)).done == 1
        gate.set()
        assert [event.done async for event in events] == [2]


async def test_a_stream_that_breaks_off_gives_what_had_come_and_raises():
    body = b'data: {"done":1}\n\ndata: {"done":2}\n\n'
    cut = opened(SSE).replace(b"connection: close", b"content-length: 100")
    seen = []

    async def read():
        async for event in Jobs(api).events():
            seen.append(event.done)  # noqa: PERF401  what came before the error counts

    async with FaultServer([cut, body, CLOSE]) as server, Api(base_url=server.url) as api:
        with pytest.raises(ConnectionLost):
            await read()
    assert seen == [1, 2]


async def test_an_event_that_is_too_large_ends_the_stream():
    with pytest.raises(ResponseTooLarge, match="An event is larger than 1,000 bytes"):
        await events_of(SSE, b"data: " + b"x" * 100_000, max_response_bytes=1000)


async def test_a_long_line_takes_linear_time():
    async def stream():
        for _ in range(20_000):
            yield b"x" * 1000

    began = process_time()
    lines = [line async for line in _lines(stream(), 1 << 30)]
    assert [len(line) for line in lines] == [20_000_000]
    # Adding each piece to all those before it would copy 200 GB.
    assert process_time() - began < 5
