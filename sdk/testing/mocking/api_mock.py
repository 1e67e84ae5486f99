"""``ApiMock``: declares routes, answers requests, and knows what was not expected."""

from __future__ import annotations

import itertools
from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import TYPE_CHECKING, Any, Generic, ParamSpec, Self, TypeVar, overload

import httpx

from sdk import ApiClient, Paged
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
    """Answers in the place of an API, as a test says.

    ::

        def test_checkout():
            with ApiMock(Billing) as billing:
                billing.on(billing.client.invoices.get, ANY).respond(number="2026-001")

    While it is active (in a ``with`` block) it answers every httpx and httpx2
    client of this process, no connection leaves this machine, and clients that are built
    meanwhile wait on a clock whose waits pass at once. ASGI and other in-memory transports are
    left alone. Of several, the one entered last answers first.

    Args:
        factory: the client's class, or a function that makes one; called with ``http_client=`` and
            ``clock=``, and with ``base_url=`` if that is given or the class has no address.
        base_url: where the API is, if not at the class's own address.
        allow_hosts: hosts that may be reached besides this machine.
        assert_all_called: whether ``check`` also fails for a route that was never called.

    Attributes:
        client: a client that talks to this mock and needs no opening: for ``on``, and for the test.
        routes: every route, in the order of their declaration.
        time: the clock, and the waits on it.
        unexpected: calls that no response is prepared for, and connections that were refused.
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
        answering = MockHooks(self._response, self._passes_through, self._refuse)
        self._active = ActiveMock(answering, self.time.clock, no_network)
        self.client = make_client(
            factory,
            base_url,
            http_client=httpx.AsyncClient(transport=MockTransport(answering), trust_env=False),
            clock=self.time.clock,
        )
        self._base_urls = self._addresses()
        self._assert_all_called = assert_all_called
        self._numbers = itertools.count(1)

    def _addresses(self) -> tuple[str, ...]:
        """The addresses that are the API's own."""
        return (self.client.caller.settings.base_url,)

    def _headers(self) -> dict[str, str]:
        """The headers of every response, unless a route says otherwise."""
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
        """Begin a route: what `method` answers when it is called with these arguments.

        Of several routes that fit a call, the one declared last answers it.

        Args:
            method: a method of any client's resource, such as ``billing.client.invoices.get``.
            args: as the method takes them. ``unittest.mock.ANY`` fits every value; what is not
                given may be anything.
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
        """Begin a route for every call of `method`, whatever its arguments."""
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
        """Begin a route: what a GraphQL operation answers when it is sent with these variables.

        Args:
            document: the text that the code sends; differences in white space do not count.
            variables: by name; what is not given may be anything, and so may ``ANY``.
            operation: which one, if the document has several.
            returns: the type of ``data``; what ``respond`` does not state of it is made up.
            url: the endpoint, if it is not the API's usual one.

        Raises:
            InvalidInput: the document is none, or does not declare such variables.
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
        """The endpoint for GraphQL."""
        return f"{self.client.caller.settings.base_url}/graphql"

    def _route(self, expected: ExpectedCall) -> Any:
        kind = ListRoute[Any, Any] if expected.paged else Route[Any, Any]
        route = kind(expected, self.time.now)
        self.routes.append(route)
        return route

    # ------------------------------------------------------------ what happened

    @property
    def calls(self) -> list[Call]:
        """Every request that a route answered, route by route."""
        return [call for route in self.routes for call in route.calls]

    @property
    def waits(self) -> list[float]:
        """The waits of clients built while this was active, in seconds; none took any time."""
        return self.time.waits

    def check(self) -> None:
        """Fail if a call was made that no response is prepared for, or a route was never called.

        The fixture does it at the end of each test.
        """
        complaint = self.failure_message()
        if complaint:
            raise AssertionError(complaint)

    def failure_message(self) -> str:
        """Say what ``check`` would fail for; ``""`` when all is well."""
        if self.unexpected:
            return "\n".join(map(str, self.unexpected))
        # A part of the scene that a test sets anew has nothing left to answer.
        unused = [
            str(route)
            for position, route in enumerate(self.routes)
            if not route.called
            and not any(later.covers(route) for later in self.routes[position + 1 :])
        ]
        if unused and self._assert_all_called:
            return f"These routes were never called: {', '.join(unused)}."
        return ""

    # ------------------------------------------------------------ active or not

    def __enter__(self) -> Self:
        activate(self._active)
        return self

    def __exit__(self, *exc_info: object) -> None:
        deactivate(self._active)

    # ------------------------------------------------------------ answers

    def _response(self, request: httpx.Request) -> httpx.Response | None:
        for route in reversed(self.routes):
            reply = route.take(request)
            if reply is not None:
                headers = {**self._headers(), **reply.headers}
                return httpx.Response(reply.status, headers=headers, content=reply.content())
        return None

    def _passes_through(self, request: httpx.Request) -> bool:
        # A server of the test's own is reached, but none in the place of an API that is mocked.
        mocked = {*self._base_urls, *(route.base_url for route in self.routes)}
        return self._active.no_network.allows(request.url.host) and not any(
            str(request.url).startswith(f"{base_url}/") for base_url in mocked
        )

    def _refuse(self, request: httpx.Request) -> UnmockedCall:
        """Note a request that nobody answers, and describe it."""
        error = self._describe(request)
        self.unexpected.append(error)
        return error

    def _describe(self, request: httpx.Request) -> UnmockedCall:
        if request.url.path.endswith("/graphql"):
            return describe_graphql_call(request, self.routes)
        for base_url in self._base_urls:
            if str(request.url).startswith(f"{base_url}/"):
                return describe_operation_call(request, base_url, self.routes)
        return describe_other_call(request, CALL_RECORDER.seen.values(), self.routes)
