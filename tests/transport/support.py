"""A fake clock and a fake API, in memory: no sockets, no waiting."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import httpx

from sdk import ApiClient
from sdk.transport import Clock

BASE_URL = "https://api.example.com"


class Api(ApiClient):
    """A client of an invented API."""

    base_url = BASE_URL


class FakeClock:
    """Time that passes only when something sleeps.

    Attributes:
        slept: every sleep, in seconds.
        time: the current time, in seconds since the epoch.
    """

    def __init__(self, *, time: float = 1_700_000_000.0, chance: float = 0.5) -> None:
        self.time = time
        self.slept: list[float] = []
        self.clock = Clock(
            monotonic=lambda: self.time,
            now=lambda: self.time,
            sleep=self._sleep,
            random=lambda: chance,
        )

    async def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds


async def turns(count: int = 20) -> None:
    """Let other tasks run for so many turns of the event loop."""
    for _ in range(count):
        await asyncio.sleep(0)


Reply = httpx.Response | Exception | Callable[[httpx.Request], httpx.Response]


class Upstream:
    """Answers each request in memory with the next reply, and all later ones with the last.

    Attributes:
        requests: the received requests, in order.
    """

    def __init__(self, *replies: Reply) -> None:
        self._replies = list(replies) or [httpx.Response(200, json={})]
        self.requests: list[httpx.Request] = []

    def http_client(self, **options: Any) -> httpx.AsyncClient:
        """Return an HTTP client that reaches this upstream only."""
        return httpx.AsyncClient(transport=httpx.MockTransport(self._reply), **options)

    def api(self, **options: Any) -> Api:
        """Return an API client that reaches this upstream only."""
        return Api(http_client=self.http_client(), **options)

    @property
    def last(self) -> httpx.Request:
        """The last request."""
        return self.requests[-1]

    def _reply(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        reply = self._replies[min(len(self.requests), len(self._replies)) - 1]
        if isinstance(reply, Exception):
            raise reply
        return reply if isinstance(reply, httpx.Response) else reply(request)
