"""The ASGI app: who calls, what for, what goes wrong, and the headers of the response."""

from __future__ import annotations

import asyncio
import hashlib
import itertools
import time
from collections.abc import Callable
from typing import Any

from sdk.github import VERSION_HEADER
from sdk.operations import OperationInfo
from sdk.testing.path_matching import find_operation
from sdk.testing.synthesis.api_version import api_version

from .asgi import Receive, Scope, Send, live, read, send_reply
from .catalogue import catalogue
from .enterprise import check_enterprise_request
from .faults import HEADER, Fault, Faults, RateLimitKind, read_fault
from .generic_rules import GenericRules
from .hooks import Hooks
from .messages import Refused, Reply, Request, not_found, problem
from .rate_limits import RateLimits, exceeded, secondary
from .rules import RULES
from .state import State
from .url_rewriting import with_local_urls

# The version that GitHub takes a request without the header for.
_DEFAULT_VERSION = "2022-11-28"

# GitHub renders Markdown for anyone, and an app proves itself otherwise than with a token.
_OPEN_TO_ALL = ("markdown/", "apps/", "oidc/", "credentials/")


class StandIn:
    """A stand-in of api.github.com, as an ASGI 3 app.

    It answers every operation in the type that GitHub's description gives it, and remembers what it
    was told: what was created is listed, what was changed is so, what was deleted is gone.

    Every token is taken for octocat's, but one that begins with ``bad`` is refused with 401.

    Args:
        rate_limit: how many calls a caller has per hour; the next one is answered 403.
        now: gives the time, in seconds since the epoch.
        enterprise: a release of GitHub Enterprise Server to behave like, such as "3.19": the API is
            at ``/api/v3``, operations that the release does not have respond with 404, and API
            versions other than 2022-11-28 with 400.

    Raises:
        ValueError: the limit is below nothing.
    """

    def __init__(
        self,
        *,
        rate_limit: int = 5000,
        now: Callable[[], float] = time.time,
        enterprise: str | None = None,
    ) -> None:
        self._catalogue = catalogue()
        self._limits = RateLimits(rate_limit, now)
        self._faults = Faults()
        self._enterprise = enterprise
        self._numbers = itertools.count(1)
        self.reset()

    def reset(self) -> None:
        """Forget what was created, changed and deleted, and let nothing more go wrong.

        Every caller has all calls of the hour again.
        """
        self._rules = GenericRules(self._catalogue, State(self._catalogue))
        self._hooks = Hooks(self._rules)
        self._faults.clear()
        self._limits.clear()

    def load(self) -> None:
        """Import every model at once, in a third of a second.

        Else the first response of each kind waits for its own, some hundredths of a second.
        """
        self._catalogue.load()

    def fail(
        self,
        where: str = "*",
        *,
        times: int | None = 1,
        status: int | None = None,
        delay: float = 0.0,
        drop: bool = False,
        cut: bool = False,
        rate_limit: RateLimitKind | None = None,
        retry_after: int | None = None,
    ) -> None:
        """Let requests go wrong.

        Args:
            where: the operation by GitHub's name, such as ``"users/get-by-username"``, or a path;
                ``*`` stands for anything.
            times: how many requests; None for all that come.
            status: answer with this error status, 400 to 599.
            delay: wait so many seconds before answering.
            drop: close the connection and answer nothing.
            cut: close the connection in the middle of the body.
            rate_limit: refuse as if the hour's calls were used up ("primary"), or as too fast
                ("secondary").
            retry_after: seconds to put into Retry-After, whatever else the response is.

        Raises:
            ValueError: nothing goes wrong by it, or something that cannot be done.
        """
        fault = Fault(status, delay, drop, cut, rate_limit, retry_after)
        self._faults.add(where, fault, times)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI connection.

        Raises:
            ConnectionResetError: to break the connection, where that is what was asked for.
        """
        if scope["type"] == "lifespan":
            await live(receive, send)
            return
        if scope["type"] != "http":
            raise RuntimeError(f"The stand-in speaks HTTP only, not {scope['type']!r}.")
        request = await read(scope, receive)
        reply, fault = self._response(request)
        if fault.delay:
            await asyncio.sleep(fault.delay)
        if fault.drop:
            raise ConnectionResetError("dropped on purpose")
        try:
            await send_reply(request, reply, send, cut=fault.cut)
        finally:
            self._hooks.send_waiting()

    async def deliveries_sent(self) -> None:
        """Wait until every webhook delivery that is under way was sent, and answered or not."""
        await self._hooks.settled()

    def respond(self, request: Request) -> Reply:
        """Answer a request that was read, without any ASGI; what breaks connections is left out."""
        return self._response(request)[0]

    def _response(self, request: Request) -> tuple[Reply, Fault]:
        caller, fault = "", Fault()
        # Asking for the limit is free, and answered when nothing is left.
        counted = request.path != "/rate_limit"
        try:
            if self._enterprise is not None:
                check_enterprise_request(request)
            request.login = _caller(request)
            caller = request.login or ""
            fault = self._fault(request)
            self._limits.renew()
            if counted:
                self._limits.count(caller)
            reply = self._wrong(fault, caller) or self._right(request)
        except Refused as refused:
            reply = refused.reply
        reply.body = with_local_urls(reply.body, request.base_url)
        if request.method in ("GET", "HEAD") and reply.status == 200:
            reply = _conditional(request, reply, caller)
            if counted and reply.status == 304:
                # GitHub does not count what it need not send.
                self._limits.uncount(caller)
        if fault.retry_after is not None:
            reply.headers["retry-after"] = str(fault.retry_after)
        reply.headers = {
            "server": "stand-in",
            "x-github-media-type": "github.v3; format=json",
            "x-github-api-version-selected": request.headers.get(VERSION_HEADER, _DEFAULT_VERSION),
            "x-github-request-id": f"5AFE:{next(self._numbers):06X}:57A4D",
            **self._limits.headers(caller),
            **reply.headers,
        }
        if self._enterprise is not None:
            reply.headers["x-github-enterprise-version"] = f"enterprise-server@{self._enterprise}"
        return reply, fault

    def _right(self, request: Request) -> Reply:
        found = self._find(request)
        if found is None:
            return not_found()
        info, request.values = found
        if self._enterprise is not None and not info.is_on_server(self._enterprise):
            return not_found()
        if request.login is None and _needs_token(info.method, request.path, info.id):
            return problem(401, "Requires authentication")
        if info.id == "rate-limit/get":
            return self._rate_limit(request)
        rule = RULES.get(info.id)
        version = request.headers.get(VERSION_HEADER, _DEFAULT_VERSION)
        with api_version(version):
            response = self._hooks.response(info, request) or (
                rule(self._rules, info, request) if rule else self._rules.response(info, request)
            )
        self._hooks.note(info, request, response)
        return _settled(info.statuses_in(version), response)

    def _fault(self, request: Request) -> Fault:
        header = request.headers.get(HEADER)
        if header is not None:
            return read_fault(header)
        found = self._find(request)
        operation = found[0].id if found else ""
        return self._faults.take(operation, request.path) or Fault()

    def _find(self, request: Request) -> tuple[OperationInfo, dict[str, str]] | None:
        method = "GET" if request.method == "HEAD" else request.method
        return find_operation(method, request.path)

    def _wrong(self, fault: Fault, caller: str) -> Reply | None:
        if fault.rate_limit == "secondary":
            return secondary(60)
        if fault.rate_limit == "primary":
            self._limits.exhaust(caller)
            return exceeded(caller)
        if fault.status is not None:
            return problem(fault.status, "Failed on purpose")
        return None

    def _rate_limit(self, request: Request) -> Reply:
        caller = request.login or ""
        used = self._limits.used(caller)
        core: dict[str, Any] = {
            "limit": self._limits.limit,
            "used": used,
            "remaining": self._limits.limit - used,
            "reset": self._limits.ends,
        }
        resources = {"core": core, "search": {**core, "limit": 30, "used": 0, "remaining": 30}}
        body: dict[str, Any] = {"resources": resources}
        if request.headers.get(VERSION_HEADER, _DEFAULT_VERSION) == _DEFAULT_VERSION:
            body["rate"] = core
        return Reply(200, body)


def _settled(statuses: tuple[int, ...], reply: Reply) -> Reply:
    """Return a response of success a status that GitHub declares for it."""
    if reply.status // 100 != 2 or reply.status in statuses:
        return reply
    # Nothing takes so long here that it would only be accepted, where there is another choice.
    status = next((status for status in statuses if status != 202), 202)
    return Reply(status, None if status in (204, 205) else reply.body, reply.headers)


def _conditional(request: Request, reply: Reply, caller: str) -> Reply:
    digest = hashlib.sha256(reply.content()).hexdigest()
    etag = f'W/"{digest}"'
    headers = {
        "etag": etag,
        "cache-control": "private, max-age=60, s-maxage=60" if caller else "public, max-age=60",
        "vary": "Accept, Authorization",
    }
    known = [one.strip() for one in request.headers.get("if-none-match", "").split(",")]
    if etag in known or etag.removeprefix("W/") in known or "*" in known:
        return Reply(304, None, headers)
    return Reply(reply.status, reply.body, {**headers, **reply.headers})


def _needs_token(method: str, path: str, operation: str) -> bool:
    if operation.startswith(_OPEN_TO_ALL):
        return False
    own = path == "/user" or path.startswith(("/user/", "/notifications"))
    return (own and operation != "users/get-by-id") or method != "GET"


def _caller(request: Request) -> str | None:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if not scheme:
        return None
    if scheme.lower() not in ("bearer", "token", "basic") or token.strip().startswith("bad"):
        raise Refused(problem(401, "Bad credentials"))
    return "octocat"
