"""An API without a socket: it answers what it is told, and keeps what it was sent."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

import httpx

from sdk import Sdk
from sdk.transport.decoding import Drift


class Upstream(httpx.AsyncBaseTransport):
    """Answers every request by `answer`, a function that may be replaced between calls."""

    def __init__(self) -> None:
        self.response: Callable[[httpx.Request], httpx.Response] = lambda _: httpx.Response(418)
        self.requests: list[httpx.Request] = []
        self.drifts: list[Drift] = []

    def respond_with(self, response: httpx.Response) -> None:
        """Answer the next requests with this, and forget what was noted so far."""
        self.response = lambda _: response
        self.requests.clear()
        self.drifts.clear()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        self.requests.append(request)
        return self.response(request)

    def sdk(self) -> Sdk:
        """A client of this API, which tries once, waits for nothing and notes every drift."""
        return Sdk(
            http_client=httpx.AsyncClient(transport=self),
            token=None,
            retry=None,
            pacing=None,
            on_drift=self.drifts.append,
        )


def response(
    status: int, body: object, media: str, headers: Mapping[str, str] | None = None
) -> httpx.Response:
    """A response with `body` as JSON where the media type says so, else as text."""
    text = json.dumps(body) if media.endswith("json") or not isinstance(body, str) else body
    content = b"" if body is None else text.encode()
    return httpx.Response(
        status, headers={"content-type": media, **(headers or {})}, content=content
    )
