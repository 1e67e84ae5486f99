"""``max_concurrency``: the order in which waiting calls are sent."""

import asyncio
from typing import Any

import httpx

from sdk import Pacing, Sdk
from tests.virtual_time import clock, run


class Api(httpx.AsyncBaseTransport):
    """Responds after a second of virtual time, and after up to six turns of the loop."""

    def __init__(self) -> None:
        self.answered = 0
        self.under_way = 0
        self.most = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        try:
            await asyncio.sleep(1)
            self.answered += 1
            for _ in range(self.answered % 7):
                await asyncio.sleep(0)
        finally:
            self.under_way -= 1
        return httpx.Response(200, json={})


async def on(api: Api, callers: int, each: int, **options: Any) -> list[int]:
    """Let several callers make calls; return the callers in the order of responses."""
    order: list[int] = []

    async def caller(number: int, sdk: Sdk) -> None:
        for _ in range(each):
            await sdk.request("GET", "/x")
            order.append(number)

    async with httpx.AsyncClient(transport=api) as http:
        sdk = Sdk(token=None, http_client=http, timeout=None, clock=clock(), **options)
        await asyncio.gather(*(caller(number, sdk) for number in range(callers)))
    return order


def test_waiting_callers_are_served_in_turn() -> None:
    async def main() -> None:
        order = await on(Api(), callers=40, each=5, pacing=Pacing(max_concurrency=4))
        rounds = [order[start : start + 40] for start in range(0, len(order), 40)]
        assert [sorted(numbers) for numbers in rounds] == [list(range(40))] * 5

    run(main())


def test_a_free_slot_is_used_at_once() -> None:
    async def main() -> None:
        api = Api()
        started = asyncio.get_running_loop().time()
        await on(api, callers=40, each=5, pacing=Pacing(max_concurrency=4))
        # The first call is sent alone: its response shows that there is no limit.
        assert asyncio.get_running_loop().time() - started <= 200 / 4 + 1
        assert api.most == 4

    run(main())


def test_a_caller_cancelled_in_the_queue_takes_no_slot() -> None:
    async def main() -> None:
        api = Api()
        async with httpx.AsyncClient(transport=api) as http:
            pacing = Pacing(max_concurrency=1)
            sdk = Sdk(token=None, http_client=http, timeout=None, clock=clock(), pacing=pacing)
            calls = [asyncio.create_task(sdk.request("GET", "/x")) for _ in range(5)]
            await asyncio.sleep(0.5)
            for call in calls[1:4]:
                call.cancel()
            await asyncio.gather(*calls, return_exceptions=True)
            assert [call.cancelled() for call in calls] == [False, True, True, True, False]
            await sdk.request("GET", "/x")
        assert api.most == 1

    run(main())
