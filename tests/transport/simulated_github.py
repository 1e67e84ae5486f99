"""An in-memory GitHub with rate limits, which records the requests that it refused."""

import asyncio
from collections import deque
from email.utils import formatdate

import httpx

from tests.virtual_time import EPOCH


class SimulatedGitHub(httpx.AsyncBaseTransport):
    """Allows `limit` calls an hour, 100 concurrent calls, 900 points and 80 writes a minute.

    Attributes:
        arrivals, refused: the times of all requests, and of those that were refused.
        most_at_once: the largest number of concurrent calls.
    """

    def __init__(self, *, limit: int = 5000, latency: float = 0.2, skew: float = 0.0) -> None:
        self.limit = limit
        self.latency = latency
        self.skew = skew
        self.used = 0
        self.reset = 3600.0
        self.at_once = 0
        self.most_at_once = 0
        self.answered = 0
        self.arrivals: list[float] = []
        self.refused: list[float] = []
        self._points: deque[tuple[float, int]] = deque()
        self._writes: deque[float] = deque()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        now = asyncio.get_running_loop().time()
        self.arrivals.append(now)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            response = self._decide(request, now)
            await asyncio.sleep(self.latency)
            return response
        finally:
            self.at_once -= 1

    def _decide(self, request: httpx.Request, now: float) -> httpx.Response:
        if now >= self.reset:
            self.reset, self.used = now + 3600.0, 0
        write = request.method != "GET"
        while self._points and self._points[0][0] <= now - 60:
            self._points.popleft()
        while self._writes and self._writes[0] <= now - 60:
            self._writes.popleft()
        if self.used >= self.limit:
            return self._refuse(now, "API rate limit exceeded for user ID 1.")
        secondary = (
            self.at_once > 100
            or sum(points for _, points in self._points) + (5 if write else 1) > 900
            or (write and len(self._writes) >= 80)
        )
        if secondary:
            return self._refuse(
                now, "You have exceeded a secondary rate limit.", {"retry-after": "60"}
            )
        self.used += 1
        self._points.append((now, 5 if write else 1))
        if write:
            self._writes.append(now)
        self.answered += 1
        return httpx.Response(200, json={}, headers=self._headers(now))

    def _refuse(
        self, now: float, message: str, headers: dict[str, str] | None = None
    ) -> httpx.Response:
        self.refused.append(now)
        return httpx.Response(
            403, json={"message": message}, headers={**self._headers(now), **(headers or {})}
        )

    def _headers(self, now: float) -> dict[str, str]:
        server_time = EPOCH + self.skew
        return {
            "date": formatdate(server_time + now, usegmt=True),
            "x-ratelimit-limit": str(self.limit),
            "x-ratelimit-remaining": str(self.limit - self.used),
            "x-ratelimit-used": str(self.used),
            "x-ratelimit-reset": str(int(server_time + self.reset)),
            "x-ratelimit-resource": "core",
        }
