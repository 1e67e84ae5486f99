"""The ASGI app: authentication, rate limits, routing, faults and response headers."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections import Counter
from collections.abc import Callable, Sequence
from email.utils import formatdate
from typing import Any

from sdk.github import API_VERSIONS
from sdk.operations import OperationInfo
from sdk.testing.path_matching import find_operation
from sdk.testing.synthesis.api_version import api_version

from .api_versions import DEFAULT_VERSION, check_version, requested_version
from .asgi import Receive, Scope, Send, live, read, send_reply
from .auth import AppSeed
from .auth.callers import Caller
from .auth.controls import AuthControls
from .catalogue import catalogue
from .conditional import conditional
from .enterprise import EnterpriseServer
from .faults import HEADER, Fault, Faults, RateLimitKind, read_fault
from .generic_rules import GenericRules
from .graphql import Answer, Documents
from .hooks import Hooks
from .messages import Refused, Reply, Request, not_found, problem
from .rate_limits import RateLimits, exceeded, secondary
from .rules import RULES
from .state import State
from .url_rewriting import with_local_urls

# GitHub renders Markdown without a token, and apps authenticate with a JWT or a secret.
_OPEN_TO_ALL = ("markdown/", "apps/", "oidc/", "credentials/")


class StandIn(AuthControls):
    """A fake GitHub server, as an ASGI 3 app.

    It responds to every operation with the type that GitHub's description declares. It keeps state:
    created resources are listed, updates are kept, deleted resources respond with 404.

    Without registered apps, every token belongs to octocat; a token that begins with ``bad`` gets
    401.

    Args:
        rate_limit: calls per caller and hour; the calls after them get 403.
        now: returns the time, in seconds since the epoch.
        enterprise: a release of GitHub Enterprise Server to behave like, such as "3.19": the API is
            at ``/api/v3``, GraphQL at ``/api/graphql``, uploads at ``/api/uploads`` and sign-in at
            ``/login``; operations that the release does not have respond with 404, and API versions
            other than 2022-11-28 with 400.
        link_origin: the origin that URLs in responses of `enterprise` name, such as
            ``"https://ghes.internal"`` of a server behind a gateway. By default that of the
            request.
        apps: GitHub Apps and OAuth Apps to register, see ``register_app``.
        stateless_tokens: whether installation tokens have the long form, ``ghs_APPID_JWT``.

    Attributes:
        requests: the number of requests by GitHub's name of the operation; sign-in is counted as
            "oauth/authorize", "oauth/access-token", "oauth/device-code" and "oauth/device".

    Raises:
        ValueError: the rate limit is negative, two apps have the same name, or `link_origin` is
            given without `enterprise`.
    """

    def __init__(
        self,
        *,
        rate_limit: int = 5000,
        now: Callable[[], float] = time.time,
        enterprise: str | None = None,
        link_origin: str | None = None,
        apps: Sequence[AppSeed] = (),
        stateless_tokens: bool = False,
    ) -> None:
        super().__init__(now)
        self._catalogue = catalogue()
        self._limits = RateLimits(rate_limit, self._now)
        self._faults = Faults()
        if enterprise is None and link_origin is not None:
            raise ValueError("link_origin is for enterprise=, a server behind a gateway.")
        self._enterprise = None if enterprise is None else EnterpriseServer(enterprise, link_origin)
        self._numbers = itertools.count(1)
        self.requests: Counter[str] = Counter()
        self.stateless_tokens = stateless_tokens
        seeds: Any = apps
        if isinstance(seeds, AppSeed) or not all(isinstance(each, AppSeed) for each in seeds):
            raise TypeError("apps is a list of AppSeed: write StandIn(apps=[AppSeed(...)]).")
        for seed in apps:
            self.register_app(seed)
        self._documents = Documents()
        self.reset()

    def reset(self) -> None:
        """Go back to the initial state: the seed data, no faults, full rate limits, no tokens.

        Registered apps stay, with their initial installations; the clock stays as it was set.
        """
        self._rules = GenericRules(self._catalogue, State(self._catalogue))
        self._hooks = Hooks(self._rules, self._auth)
        self._faults.clear()
        self._limits.clear()
        self._auth.reset()
        self.requests.clear()

    def graphql(self, document: str, answer: Answer, *, operation: str | None = None) -> None:
        """Respond to a GraphQL document with this data from now on.

        Args:
            document: the text that is sent; differences in white space are ignored.
            answer: the ``data``, or a function that takes the variables and returns it.
            operation: the name of the operation, if the document has several.

        Raises:
            InvalidInput: the document is not valid GraphQL, or has no such operation.
        """
        self._documents.add(document, answer, operation)

    def load(self) -> None:
        """Import every model now, which takes a third of a second.

        Otherwise the first response of each kind waits some hundredths of a second for its models.
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
        """Make requests fail, or slow them down.

        Args:
            where: the operation by GitHub's name, such as ``"users/get-by-username"``, or a path;
                ``*`` matches anything.
            times: the number of requests; None for all of them.
            status: respond with this error status, 400 to 599.
            delay: seconds to wait before the response.
            drop: close the connection without a response.
            cut: close the connection in the middle of the body.
            rate_limit: respond as when the hour's calls are used up ("primary"), or as when calls
                come too fast ("secondary").
            retry_after: the value of the Retry-After header, in seconds.

        Raises:
            ValueError: no fault is given, or a value is not valid.
        """
        fault = Fault(status, delay, drop, cut, rate_limit, retry_after)
        self._faults.add(where, fault, times)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI connection.

        Raises:
            ConnectionResetError: the fault is to break the connection.
        """
        if scope["type"] == "lifespan":
            await live(receive, send)
            return
        if scope["type"] != "http":
            raise RuntimeError(f"The fake server supports HTTP only, not {scope['type']!r}.")
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
        """Wait until every pending webhook delivery has a response or has failed."""
        await self._hooks.settled()

    def respond(self, request: Request) -> Reply:
        """Return the response to a request, without ASGI; faults of the connection are ignored."""
        return self._response(request)[0]

    def _response(self, request: Request) -> tuple[Reply, Fault]:
        caller, fault = Caller(), Fault()
        website = self._auth.website_operation(request)
        # Reading the rate limit is not counted, and works when no call is left.
        counted = request.path != "/rate_limit" and website is None
        try:
            if website is None:
                self._route(request)
                self._count(request)
                caller = self._auth.caller_of(request)
                request.login = caller.login
            else:
                self.requests[website] += 1
            fault = self._fault(request, website)
            self._limits.renew()
            if counted:
                self._limits.count(caller.counted_as)
            reply = self._failure(fault, caller.counted_as)
            if reply is None:
                reply = (
                    self._success(request, caller)
                    if website is None
                    else self._auth.website(website, request)
                )
        except Refused as refused:
            reply = refused.reply
        reply.body = with_local_urls(reply.body, request.base_url)
        if counted and request.method in ("GET", "HEAD") and reply.status == 200:
            reply = conditional(request, reply, private=caller.login is not None)
            if reply.status == 304:
                # GitHub does not count a 304.
                self._limits.uncount(caller.counted_as)
        if fault.retry_after is not None:
            reply.headers["retry-after"] = str(fault.retry_after)
        limits = self._limits.headers(caller.counted_as) if website is None else {}
        reply.headers = {
            "server": "stand-in",
            "date": formatdate(self._now(), usegmt=True),
            "x-github-media-type": "github.v3; format=json",
            "x-github-api-version-selected": requested_version(request),
            "x-github-request-id": f"5AFE:{next(self._numbers):06X}:57A4D",
            **limits,
            **reply.headers,
        }
        if self._enterprise is not None:
            reply.headers.update(self._enterprise.headers)
        return reply, fault

    def _route(self, request: Request) -> None:
        versions: Sequence[str] = API_VERSIONS
        if self._enterprise is not None:
            self._enterprise.route(request)
            versions = self._enterprise.api_versions
        if request.path != "/graphql":
            check_version(request, versions)

    def _success(self, request: Request, caller: Caller) -> Reply:
        if request.path == "/graphql" and request.method == "POST":
            return self._documents.response(request)
        found = self._find(request)
        if found is None:
            return not_found()
        info, request.values = found
        if self._enterprise is not None and not self._enterprise.has(info):
            return not_found()
        own = self._auth.respond(self._rules, info, request, caller)
        if own is not None:
            return own
        if request.login is None and _needs_token(info.method, request.path, info.id):
            return problem(401, "Requires authentication")
        if info.id == "rate-limit/get":
            old = requested_version(request) == DEFAULT_VERSION
            return Reply(200, self._limits.overview(caller.counted_as, with_rate=old))
        rule = RULES.get(info.id)
        version = requested_version(request)
        with api_version(version):
            response = self._hooks.response(info, request) or (
                rule(self._rules, info, request) if rule else self._rules.response(info, request)
            )
        self._hooks.note(info, request, response)
        return _with_declared_status(info.statuses_in(version), response)

    def _count(self, request: Request) -> None:
        found = self._find(request)
        if found is not None:
            self.requests[found[0].id] += 1

    def _fault(self, request: Request, website: str | None) -> Fault:
        header = request.headers.get(HEADER)
        if header is not None:
            return read_fault(header)
        found = None if website else self._find(request)
        operation = website or (found[0].id if found else "")
        return self._faults.take(operation, request.path) or Fault()

    def _find(self, request: Request) -> tuple[OperationInfo, dict[str, str]] | None:
        method = "GET" if request.method == "HEAD" else request.method
        return find_operation(method, request.path)

    def _failure(self, fault: Fault, caller: str) -> Reply | None:
        if fault.rate_limit == "secondary":
            return secondary(60)
        if fault.rate_limit == "primary":
            self._limits.exhaust(caller)
            return exceeded(caller)
        if fault.status is not None:
            return problem(fault.status, "Failed on purpose")
        return None


def _with_declared_status(statuses: tuple[int, ...], reply: Reply) -> Reply:
    """Return a successful response with a status that GitHub declares for the operation."""
    if reply.status // 100 != 2 or reply.status in statuses:
        return reply
    # Nothing runs in the background here: 202 is used only if it is the only status.
    status = next((status for status in statuses if status != 202), 202)
    return Reply(status, None if status in (204, 205) else reply.body, reply.headers)


def _needs_token(method: str, path: str, operation: str) -> bool:
    if operation.startswith(_OPEN_TO_ALL):
        return False
    own = path == "/user" or path.startswith(("/user/", "/notifications"))
    return (own and operation != "users/get-by-id") or method != "GET"
