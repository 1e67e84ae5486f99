"""Large bodies are decoded beside the event loop, within the time of the call."""

from __future__ import annotations

import asyncio
import json
import threading
from typing import Annotated

import pytest
from pydantic import AfterValidator, BaseModel, Discriminator, Tag

from sdk.transport.api_client import ApiClient
from sdk.transport.errors import DeadlineExceeded, DecodeError
from sdk.transport.operation import Operation
from sdk.transport.options import Timeout
from sdk.transport.resource import Resource
from tests.transport.servers import HandlerServer

LARGE = [{"text": "x" * 1000}] * 1200
SMALL = LARGE[:2]
UNCLEAR = [{"a": number, "unknown": number} for number in range(3000)]


def blocking(entered: threading.Event, release: threading.Event) -> type[BaseModel]:
    """Return a model whose validator waits until the test releases it."""

    def wait(text: str) -> str:
        entered.set()
        if not release.wait(5):
            raise RuntimeError("the event loop does not run while the body is decoded")
        return text

    class Item(BaseModel):
        text: Annotated[str, AfterValidator(wait)]

    return Item


@pytest.fixture
def entered() -> threading.Event:
    return threading.Event()


@pytest.fixture
def release() -> threading.Event:
    return threading.Event()


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while True:
        head = await reader.readuntil(b"\r\n\r\n")
        sent = {b"/small": SMALL, b"/unclear": UNCLEAR}.get(head.split()[1], LARGE)
        body = json.dumps(sent).encode()
        if b" /broken" in head:
            body = body[:-10]
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n")
        writer.write(b"content-length: %d\r\n\r\n" % len(body) + body)
        await writer.drain()


def list_of(item: type[BaseModel]) -> type[list[BaseModel]]:
    return list[item]  # type: ignore[valid-type]


async def until(event: threading.Event) -> None:
    assert await asyncio.to_thread(event.wait, 5)


async def test_other_tasks_run_while_a_large_body_is_decoded(
    entered: threading.Event, release: threading.Event
) -> None:
    item = blocking(entered, release)
    async with HandlerServer(serve) as server, ApiClient(base_url=server.url) as client:
        call = asyncio.create_task(client.request("GET", "/large", returns=list_of(item)))
        await until(entered)
        small = await client.request("GET", "/small", returns=list[dict[str, str]])
        release.set()

        assert len(small) == len(SMALL)
        assert len(await call) == len(LARGE)


async def test_other_tasks_run_while_a_large_page_is_decoded(
    entered: threading.Event, release: threading.Event
) -> None:
    item = blocking(entered, release)
    async with HandlerServer(serve) as server, ApiClient(base_url=server.url) as client:
        page = asyncio.create_task(Lists(client).first_page(list_of(item)))
        await until(entered)
        release.set()

        assert await page == len(LARGE)


class Lists(Resource):
    async def first_page(self, returns: type[list[BaseModel]]) -> int:
        return len(await self._paginate(Operation("GET", "/large", returns=returns)))


async def test_a_body_with_many_unclear_unions_is_decoded_beside_the_event_loop() -> None:
    threads: list[int] = []

    class One(BaseModel):
        a: int

    class Two(BaseModel):
        b: int

    def kind(_: object) -> str:
        threads.append(threading.get_ident())
        return "unknown"

    either = Annotated[Annotated[One, Tag("one")] | Annotated[Two, Tag("two")], Discriminator(kind)]
    async with HandlerServer(serve) as server, ApiClient(base_url=server.url) as client:
        found = await client.request("GET", "/unclear", returns=list[either])  # type: ignore[valid-type]

    assert found == [One(a=each["a"]) for each in UNCLEAR]
    at_once = threads.count(threading.get_ident())
    assert 0 < at_once < len(UNCLEAR) <= len(threads) - at_once


async def test_the_deadline_holds_while_a_large_body_is_decoded(
    entered: threading.Event, release: threading.Event
) -> None:
    item = blocking(entered, release)
    try:
        async with (
            HandlerServer(serve) as server,
            ApiClient(base_url=server.url, timeout=Timeout(total=0.3)) as client,
        ):
            with pytest.raises(
                DeadlineExceeded, match=r"GET /large failed: .* not decoded .* 0\.3 s"
            ):
                await client.request("GET", "/large", returns=list_of(item))
            assert (await client.request("GET", "/small")).json() == SMALL
    finally:
        release.set()


async def test_a_call_can_be_cancelled_while_a_large_body_is_decoded(
    entered: threading.Event, release: threading.Event
) -> None:
    item = blocking(entered, release)
    try:
        async with HandlerServer(serve) as server, ApiClient(base_url=server.url) as client:
            call = asyncio.create_task(client.request("GET", "/large", returns=list_of(item)))
            await until(entered)
            call.cancel()
            with pytest.raises(asyncio.CancelledError):
                await call
            assert (await client.request("GET", "/small")).json() == SMALL
    finally:
        release.set()


async def test_a_large_body_that_is_broken_raises_the_same_error() -> None:
    async with HandlerServer(serve) as server, ApiClient(base_url=server.url) as client:
        with pytest.raises(DecodeError, match="the JSON ends too early"):
            await client.request("GET", "/broken", returns=list[dict[str, str]])


async def test_drift_of_a_large_body_is_reported_on_the_thread_of_the_loop() -> None:
    threads: list[int] = []
    async with (
        HandlerServer(serve) as server,
        ApiClient(
            base_url=server.url, on_drift=lambda _: threads.append(threading.get_ident())
        ) as client,
    ):
        await client.request("GET", "/large", returns=list[dict[str, int]])

    assert set(threads) == {threading.get_ident()}
