"""``ApiMock``: routes, responses, and unexpected requests."""

from __future__ import annotations

import itertools
from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import TYPE_CHECKING, Any, Generic, ParamSpec, Self, TypeVar, overload

import httpx

from sdk import ApiClient, Paged, Sdk
from sdk.testing.client_factory import make_client

from .activation import ActiveMock, activate, deactivate
from .call_recorder import CALL_RECORDER
from .calls import Call
from .expected_call import ExpectedCall, capture, capture_any
from .interception import MockHooks, MockTransport
from .network_guard import NetworkBlocked, NetworkGuard
from .route import BaseRoute, ListRoute, Route
from .unmocked_call import (
    UnmockedCall,
    describe_graphql_call,
    describe_operation_call,
    describe_other_call,
)
from .virtual_clock import VirtualClock

if TYPE_CHECKING:
    from .graphql_route import GraphQLRoute

C_co = TypeVar("C_co", bound=ApiClient, covariant=True)
P = ParamSpec("P")
T = TypeVar("T")

_DEFAULT_HEADERS = {"content-type": "application/json; charset=utf-8"}


class ApiMock(Generic[C_co]):
    """A mock of an API, with the responses that a test declares.

    ::

        def test_checkout():
            with ApiMock(Billing) as billing:
                billing.on(billing.client.invoices.get, ANY).respond(number="2026-001")

    While it is active (in a ``with`` block) it responds to every httpx and httpx2 client of this
    process, connections to other machines are blocked, and clients that are created meanwhile use a
    clock on which waits take no time. ASGI and other in-memory transports are not intercepted. Of
    several active mocks, the one entered last responds first.

    Args:
        factory: the client's class, or a function that makes one; called with ``http_client=`` and
            ``clock=``, and with ``base_url=`` if that is given or the class has no address.
        base_url: the API's URL, if it is not the class's default.
        allow_hosts: hosts besides this machine to which connections are allowed.
        assert_all_called: whether ``check`` also fails for a route that was never called.

    Attributes:
        client: an open client of this mock, for ``on`` and for the test.
        routes: every route, in the order of their declaration.
        time: the clock, and the waits on it.
        unexpected: errors for calls without a prepared response and for blocked connections.
    """

    def __init__(
        self,
        factory: Callable[..., C_co],
        *,
        base_url: str | None = None,
        allow_hosts: Collection[str] = (),
        assert_all_called: bool = True,
    ) -> None:
        self.routes: list[BaseRoute[Any]] = []
        self.time = VirtualClock()
        self.unexpected: list[UnmockedCall | NetworkBlocked] = []
        no_network = NetworkGuard(allow_hosts, self.unexpected.append)
        hooks = MockHooks(self._response, self._passes_through, self._refuse)
        self._active = ActiveMock(hooks, self.time.clock, no_network)
        self.client = make_client(
            factory,
            base_url,
            http_client=httpx.AsyncClient(transport=MockTransport(hooks), trust_env=False),
            clock=self.time.clock,
        )
        self._base_urls = self._addresses()
        self._assert_all_called = assert_all_called
        self._numbers = itertools.count(1)

    def _addresses(self) -> tuple[str, ...]:
        """Return the base URLs of the API."""
        return (self.client.caller.settings.base_url,)

    def _headers(self) -> dict[str, str]:
        """Return the headers of every response, which a route may replace."""
        return {**_DEFAULT_HEADERS, "x-request-id": f"TEST:{next(self._numbers):06X}"}

    # ------------------------------------------------------------ routes

    @overload
    def on(
        self, method: Callable[P, Paged[T, Any]], /, *args: P.args, **kwargs: P.kwargs
    ) -> ListRoute[P, T]: ...
    @overload
    def on(
        self, method: Callable[P, Awaitable[T]], /, *args: P.args, **kwargs: P.kwargs
    ) -> Route[P, T]: ...
    def on(self, method: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        """Add a route: the responses to `method` when it is called with these arguments.

        Of several routes that match a call, the one declared last is used.

        Args:
            method: a method of any client's resource, such as ``billing.client.invoices.get``.
            args: as the method takes them. ``unittest.mock.ANY`` matches every value, and so does
                an argument that is not given.
            kwargs: the same by name.

        Raises:
            TypeError: the method does not take such arguments.
        """
        return self._route(capture(method, args, kwargs))

    @overload
    def on_any(self, method: Callable[P, Paged[T, Any]], /) -> ListRoute[P, T]: ...
    @overload
    def on_any(self, method: Callable[P, Awaitable[T]], /) -> Route[P, T]: ...
    def on_any(self, method: Callable[..., Any], /) -> Any:
        """Add a route for every call of `method`, with any arguments."""
        return self._route(capture_any(method))

    def on_graphql(
        self,
        document: str,
        /,
        variables: Mapping[str, object] | None = None,
        *,
        operation: str | None = None,
        returns: type[Any] | None = None,
        url: str | None = None,
    ) -> GraphQLRoute:
        """Add a route: the responses to a GraphQL operation when it is sent with these variables.

        Args:
            document: the text that the code sends; differences in white space are ignored.
            variables: by name; ``ANY`` matches every value, and so does a variable that is not
                given.
            operation: the name of the operation, if the document has several.
            returns: the type of ``data``; fields that ``respond`` does not set are generated.
            url: the endpoint, if it is not the API's default.

        Raises:
            InvalidInput: the document is not valid, or does not declare such variables.
        """
        from .graphql_route import GraphQLRoute

        route = GraphQLRoute(
            document,
            variables,
            operation=operation,
            returns=returns,
            url=url or self._graphql_url(),
            now=self.time.now,
        )
        self.routes.append(route)
        return route

    def _graphql_url(self) -> str:
        """Return the endpoint for GraphQL."""
        return f"{self.client.caller.settings.base_url}/graphql"

    def _route(self, expected: ExpectedCall) -> Any:
        kind = ListRoute[Any, Any] if expected.paged else Route[Any, Any]
        route = kind(expected, self.time.now)
        self.routes.append(route)
        return route

    # ------------------------------------------------------------ calls

    @property
    def calls(self) -> list[Call]:
        """Every request that a route responded to, route by route."""
        return [call for route in self.routes for call in route.calls]

    @property
    def waits(self) -> list[float]:
        """The waits of clients created while this was active, in seconds; none took any time."""
        return self.time.waits

    def check(self) -> None:
        """Fail if a call without a prepared response was made, or a route was never called.

        The fixture does it at the end of each test.
        """
        complaint = self.failure_message()
        if complaint:
            raise AssertionError(complaint)

    def failure_message(self) -> str:
        """Return the text that ``check`` would fail with; ``""`` if it would pass."""
        if self.unexpected:
            return "\n".join(map(str, self.unexpected))
        # A route that a later one replaces can no longer be called.
        unused = [
            str(route)
            for position, route in enumerate(self.routes)
            if not route.called
            and not any(later.covers(route) for later in self.routes[position + 1 :])
        ]
        if unused and self._assert_all_called:
            return f"These routes were never called: {', '.join(unused)}."
        return ""

    # ------------------------------------------------------------ activation

    def __enter__(self) -> Self:
        activate(self._active)
        return self

    def __exit__(self, *exc_info: object) -> None:
        deactivate(self._active)

    # ------------------------------------------------------------ responses

    def _response(self, request: httpx.Request) -> httpx.Response | None:
        for route in reversed(self.routes):
            reply = route.take(request)
            if reply is not None:
                headers = {**self._headers(), **reply.headers}
                return httpx.Response(reply.status, headers=headers, content=reply.content())
        return None

    def _passes_through(self, request: httpx.Request) -> bool:
        # A test's own server is reached, unless it is at the URL of a mocked API.
        mocked = {*self._base_urls, *(route.base_url for route in self.routes)}
        return self._active.no_network.allows(request.url.host) and not any(
            str(request.url).startswith(f"{base_url}/") for base_url in mocked
        )

    def _refuse(self, request: httpx.Request) -> UnmockedCall:
        """Record a request without a response, and describe it."""
        error = self._describe(request)
        self.unexpected.append(error)
        return error

    def _describe(self, request: httpx.Request) -> UnmockedCall:
        if request.url.path.endswith("/graphql"):
            return describe_graphql_call(request, self.routes)
        for base_url in self._base_urls:
            if isinstance(self.client, Sdk) and str(request.url).startswith(f"{base_url}/"):
                return describe_operation_call(request, base_url, self.routes)
        return describe_other_call(request, CALL_RECORDER.seen.values(), self.routes)
