"""The ASGI app: reads a request, finds its route, counts the rate limit, answers."""

from __future__ import annotations

import itertools
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from . import repos, users
from .messages import Refused, Reply, Request, not_found, parse_query, problem
from .routing import Router
from .world import World, located

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Handler = Callable[[World, Request], Reply]

_HOUR = 3600

_ROUTES: tuple[tuple[str, str, Handler], ...] = (
    ("GET", "/users/{username}", users.get_by_username),
    ("GET", "/user/{account_id}", users.get_by_id),
    ("GET", "/user", users.get_authenticated),
    ("GET", "/users", users.list_users),
    ("GET", "/users/{username}/followers", users.list_followers),
    ("GET", "/users/{username}/repos", repos.list_for_user),
    ("GET", "/repos/{owner}/{repo}", repos.get),
)


class StandIn:
    """A stand-in of api.github.com, as an ASGI 3 app.

    Every token is taken for octocat's, but one that begins with ``bad`` is refused with 401.

    Args:
        rate_limit: how many calls a caller has per hour; the next one is answered 403.
        now: gives the time, in seconds since the epoch.
    """

    def __init__(self, *, rate_limit: int = 5000, now: Callable[[], float] = time.time) -> None:
        self.world = World()
        self._rate_limit = rate_limit
        self._now = now
        self._used: dict[str, int] = {}
        self._window_ends = 0
        self._numbers = itertools.count(1)
        self._router: Router[Handler] = Router()
        for method, template, handler in _ROUTES:
            self._router.add(method, template, handler)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI connection."""
        if scope["type"] == "lifespan":
            await _live(receive, send)
            return
        if scope["type"] != "http":
            raise RuntimeError(f"The stand-in speaks HTTP only, not {scope['type']!r}.")
        request = await _read(scope, receive)
        reply = self.answer(request)
        content = reply.content()
        headers = {
            "content-type": "application/json; charset=utf-8",
            "content-length": str(len(content)),
            **reply.headers,
        }
        await send(
            {
                "type": "http.response.start",
                "status": reply.status,
                "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
            }
        )
        await send(
            {
                "type": "http.response.body",
                "body": b"" if request.method == "HEAD" else content,
            }
        )

    def answer(self, request: Request) -> Reply:
        """Give the reply to a request."""
        try:
            request.login = _caller(request)
            counted = self._count(request.login or "")
        except Refused as refused:
            reply, counted = refused.reply, self._limit_headers("")
        else:
            reply = self._handle(request)
        reply.body = located(reply.body, request.base_url)
        reply.headers = {
            "server": "stand-in",
            "x-github-media-type": "github.v3; format=json",
            "x-github-request-id": f"5AFE:{next(self._numbers):06X}:57A4D",
            **counted,
            **reply.headers,
        }
        return reply

    def _handle(self, request: Request) -> Reply:
        found = self._router.find(
            "GET" if request.method == "HEAD" else request.method, request.path
        )
        if found is None:
            return not_found()
        handler, request.values = found
        try:
            return handler(self.world, request)
        except Refused as refused:
            return refused.reply

    def _count(self, caller: str) -> dict[str, str]:
        """Count a call against the rate limit; raises Refused when none is left."""
        if self._now() >= self._window_ends:
            self._window_ends = int(self._now()) + _HOUR
            self._used.clear()
        used = self._used.get(caller, 0)
        if used >= self._rate_limit:
            raise Refused(
                problem(
                    403,
                    f"API rate limit exceeded for {caller or 'your address'}.",
                    docs="/using-the-rest-api/rate-limits-for-the-rest-api",
                    headers=self._limit_headers(caller),
                )
            )
        self._used[caller] = used + 1
        return self._limit_headers(caller)

    def _limit_headers(self, caller: str) -> dict[str, str]:
        used = self._used.get(caller, 0)
        return {
            "x-ratelimit-limit": str(self._rate_limit),
            "x-ratelimit-remaining": str(max(0, self._rate_limit - used)),
            "x-ratelimit-used": str(used),
            "x-ratelimit-reset": str(self._window_ends),
            "x-ratelimit-resource": "core",
        }


def _caller(request: Request) -> str | None:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if not scheme:
        return None
    if scheme.lower() not in ("bearer", "token", "basic") or token.strip().startswith("bad"):
        raise Refused(problem(401, "Bad credentials"))
    return "octocat"


async def _read(scope: Scope, receive: Receive) -> Request:
    body = b""
    more = True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    headers = {name.decode().lower(): value.decode("latin-1") for name, value in scope["headers"]}
    root: str = scope.get("root_path", "")
    raw_path: str = scope["raw_path"].decode() if scope.get("raw_path") else scope["path"]
    return Request(
        method=scope["method"],
        path=raw_path.partition("?")[0].removeprefix(root),
        query=parse_query(scope["query_string"]),
        headers=headers,
        body=body,
        base_url=f"{scope.get('scheme', 'http')}://{headers.get('host', 'localhost')}{root}",
    )


async def _live(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
