"""An API in memory that gives ETags and honours them, and a store whose content can be seen."""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Callable
from typing import Any

import httpx

from sdk import ApiClient, Sdk
from sdk.transport import Retry
from tests.transport.support import FakeClock

BASE_URL = "https://api.example.com"
VARY = "Accept, Authorization, Cookie, X-GitHub-OTP, Accept-Encoding, Accept, X-Requested-With"


def github_tag(request: httpx.Request, body: bytes) -> str:
    """Return the tag that GitHub gives: it depends on the token."""
    head = ":".join(request.headers.get(name, "") for name in ("accept", "authorization", "cookie"))
    return f'W/"{hashlib.sha256(head.encode() + b":" + body).hexdigest()}"'


def plain_tag(_request: httpx.Request, body: bytes) -> str:
    """Return a tag that depends on the body alone, as most servers give it."""
    return f'"{hashlib.md5(body, usedforsecurity=False).hexdigest()}"'


class Plain(ApiClient):
    """A client of an API that is not GitHub's."""

    base_url = BASE_URL


class Origin:
    """Answers every path with its document; each request has its own id and rate limit.

    Attributes:
        documents: the JSON of each path with its query; any other path is a 404.
        headers: further headers of every 200.
        statuses: what was answered, in order.
        requests: what was sent, in order.
        interfere: if set, what it returns for a request is the response, unless that is None.
    """

    def __init__(
        self, tag: Callable[[httpx.Request, bytes], str] = plain_tag, **headers: str
    ) -> None:
        self._tag = tag
        self._numbers = itertools.count(1)
        self.documents: dict[str, Any] = {"/thing": {"value": 1}}
        self.headers = {
            "vary": VARY,
            "cache-control": "private, max-age=60, s-maxage=60",
            **headers,
        }
        self.links: dict[str, str] = {}
        self.statuses: list[int] = []
        self.requests: list[httpx.Request] = []
        self.remaining = 5000
        self.interfere: Callable[[httpx.Request], httpx.Response | None] = lambda _: None
        self.clock = FakeClock()

    def http_client(self, **options: Any) -> httpx.AsyncClient:
        """Return an HTTP client that reaches this API and nothing else."""
        return httpx.AsyncClient(transport=httpx.MockTransport(self.reply), **options)

    def api(self, **options: Any) -> Plain:
        """Return a client of this API."""
        defaults: dict[str, Any] = {"http_client": self.http_client(), "clock": self.clock.clock}
        given: dict[str, Any] = {**defaults, "retry": Retry(attempts=2), **options}
        return Plain(**given)

    def sdk(self, **options: Any) -> Sdk:
        """Return a client of this API, which is GitHub's then."""
        defaults: dict[str, Any] = {"http_client": self.http_client(), "clock": self.clock.clock}
        given: dict[str, Any] = {**defaults, "retry": Retry(attempts=2), **options}
        return Sdk(base_url=BASE_URL, **given)

    @property
    def conditions(self) -> list[str | None]:
        """The ``if-none-match`` of each request."""
        return [request.headers.get("if-none-match") for request in self.requests]

    def reply(self, request: httpx.Request) -> httpx.Response:
        """Answer a request."""
        self.requests.append(request)
        response = self.interfere(request) or self._response(request)
        self.statuses.append(response.status_code)
        return response

    def _response(self, request: httpx.Request) -> httpx.Response:
        target = request.url.raw_path.decode()
        own = {
            "date": "Sat, 28 Nov 2026 08:00:00 GMT",
            "x-github-request-id": f"R{next(self._numbers)}",
            "x-request-id": f"R{len(self.requests)}",
        }
        if request.method != "GET":
            return httpx.Response(200, json={}, headers=own)
        if target not in self.documents:
            return httpx.Response(404, json={"message": "Not Found"}, headers=own)
        body = json.dumps(self.documents[target]).encode()
        tag = self._tag(request, body)
        same = request.headers.get("if-none-match") == tag
        # GitHub does not count a 304.
        self.remaining -= not same
        limits = {
            "x-ratelimit-limit": "5000",
            "x-ratelimit-remaining": str(self.remaining),
            "x-ratelimit-reset": str(int(self.clock.time) + 1800),
        }
        if same:
            return httpx.Response(304, headers={"etag": tag, **own, **limits, **self.headers})
        links = {"link": self.links[target]} if target in self.links else {}
        kind = {"content-type": "application/json; charset=utf-8"}
        headers = {"etag": tag, **own, **limits, **kind, **links, **self.headers}
        return httpx.Response(200, content=body, headers=headers)


class Shelf:
    """A cache whose content can be seen.

    Attributes:
        values: what is kept.
        calls: the name of each method that was called.
        closed: how often it was closed.
    """

    def __init__(self) -> None:
        self.values: dict[str, bytes] = {}
        self.calls: list[str] = []
        self.closed = 0

    async def get(self, key: str) -> bytes | None:
        """Return a value."""
        self.calls.append("get")
        return self.values.get(key)

    async def put(self, key: str, value: bytes, seconds: int) -> None:
        """Keep a value."""
        assert seconds > 0
        self.calls.append("put")
        self.values[key] = value

    async def drop(self, prefix: str) -> None:
        """Forget values."""
        assert prefix
        self.calls.append("drop")
        self.values = {
            key: value for key, value in self.values.items() if not key.startswith(prefix)
        }

    async def aclose(self) -> None:
        """Count it."""
        self.closed += 1
