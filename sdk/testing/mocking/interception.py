"""Intercept the requests of HTTP clients in this process: httpx and httpx2, sync and async.

respx intercepts clients on httpcore, ours included; ``Httpcore2Mocker`` extends it to httpcore2,
which httpx2 uses. Our router is always the first of respx's routers, and passes requests that none
of our mocks responds to on to the others, in whatever order they were started.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import httpcore2
import httpx
import respx
from respx.mocks import HTTPCoreMocker, HTTPXMocker
from respx.models import AllMockedAssertionError, PassThrough


@dataclass(frozen=True, slots=True, eq=False)
class MockHooks:
    """The callbacks of a mock for intercepted requests.

    Attributes:
        response: returns the prepared response, or None; may raise httpx's exceptions.
        passes_through: returns whether a request without a response is sent to its server.
        refuse: records a request without a response, and returns the error to raise.
    """

    response: Callable[[httpx.Request], httpx.Response | None]
    passes_through: Callable[[httpx.Request], bool]
    refuse: Callable[[httpx.Request], Exception]


# The active mocks, the innermost last.
_active: list[MockHooks] = []


class Httpcore2Mocker(HTTPCoreMocker):
    """Intercept clients on httpcore2's pool, as ``respx.mock(using="httpcore2")``."""

    name = "httpcore2"
    targets = [  # noqa: RUF012  as respx declares it
        "httpcore2._sync.connection_pool.ConnectionPool",
        "httpcore2._async.connection_pool.AsyncConnectionPool",
    ]

    @classmethod
    def handler(cls, httpx_request: httpx.Request) -> Any:
        """Respond with respx's routers; raise httpcore2's exceptions."""
        try:
            return _up(cls).handler(httpx_request)
        except httpx.TransportError as error:
            raise _as_httpcore2(error) from error

    @classmethod
    async def async_handler(cls, httpx_request: httpx.Request) -> Any:
        """Respond with respx's routers; raise httpcore2's exceptions."""
        try:
            return await _up(cls).async_handler(httpx_request)
        except httpx.TransportError as error:
            raise _as_httpcore2(error) from error

    @classmethod
    def from_sync_httpx_response(cls, httpx_response: httpx.Response, *_: Any, **__: Any) -> Any:
        """Convert a response to httpcore2's class."""
        return httpcore2.Response(
            status=httpx_response.status_code,
            headers=httpx_response.headers.raw,
            content=httpx_response.content,
            extensions=httpx_response.extensions,
        )


class _Entry:
    """A router of respx that tries our mocks first, and then respx's other routers.

    With `last` there is no router after it, so that a request without a response is refused.
    """

    def __init__(self, *, last: bool) -> None:
        self._last = last

    def handler(self, request: httpx.Request) -> httpx.Response:
        """Return the response; raise PassThrough if the request is to be sent to its server."""
        response = _ours(request, _active)
        if response is not None:
            return response
        for router in _theirs():
            try:
                return router.handler(request)
            except AllMockedAssertionError:
                continue
        return self._unanswered(request)

    async def async_handler(self, request: httpx.Request) -> httpx.Response:
        """Return the response; raise PassThrough if the request is to be sent to its server."""
        return await _ask(request, _active) or self._unanswered(request)

    def _unanswered(self, request: httpx.Request) -> httpx.Response:
        if not self._last:
            raise _passing(request)
        return _refuse(request, _active)


class MockTransport(httpx.AsyncBaseTransport):
    """A transport to a mock, active or not, and to the mocks that are active around it."""

    def __init__(self, mock: MockHooks) -> None:
        self._mock = mock

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Return the response to a request."""
        await request.aread()
        asked = _active if self._mock in _active else [self._mock, *_active]
        try:
            return await _ask(request, asked) or _refuse(request, asked)
        except PassThrough:
            async with httpx.AsyncHTTPTransport() as transport:
                response = await transport.handle_async_request(request)
                body = b"".join([piece async for piece in response.aiter_raw()])
            return httpx.Response(
                response.status_code, headers=response.headers, stream=httpx.ByteStream(body)
            )


def start(mock: MockHooks) -> None:
    """Add `mock` as the first one to respond."""
    _active.append(mock)
    if len(_active) == 1:
        for mocker, entry in _ENTRIES.items():
            _routers(mocker).insert(0, entry)
            # With using="httpx", respx patches in-memory transports too, so only tests that ask for
            # it start that mocker.
            if mocker is not HTTPXMocker:
                mocker.start()


def stop(mock: MockHooks) -> None:
    """Remove `mock`; without any mock left, stop the interception."""
    _active.remove(mock)
    if not _active:
        for mocker, entry in _ENTRIES.items():
            _routers(mocker).remove(entry)
            mocker.stop()


_ENTRIES: dict[Any, _Entry] = {
    HTTPCoreMocker: _Entry(last=True),
    Httpcore2Mocker: _Entry(last=True),
    HTTPXMocker: _Entry(last=False),
}


def _ours(request: httpx.Request, mocks: list[MockHooks]) -> httpx.Response | None:
    for mock in reversed(mocks):
        response = mock.response(request)
        if response is not None:
            return response
    return None


def _theirs() -> Iterator[respx.Router]:
    asked: list[Any] = []
    for mocker in _ENTRIES:
        for router in list(_routers(mocker)):
            if not isinstance(router, _Entry) and router not in asked:
                asked.append(router)
                yield router


async def _ask(request: httpx.Request, mocks: list[MockHooks]) -> httpx.Response | None:
    response = _ours(request, mocks)
    if response is not None:
        return response
    for router in _theirs():
        try:
            return await router.async_handler(request)
        except AllMockedAssertionError:
            continue
    return None


def _refuse(request: httpx.Request, mocks: list[MockHooks]) -> httpx.Response:
    if any(mock.passes_through(request) for mock in mocks):
        raise _passing(request)
    raise mocks[-1].refuse(request)


def _passing(request: httpx.Request) -> PassThrough:
    return PassThrough("sent for real", request=request, origin=respx.Route())


def _routers(mocker: Any) -> list[Any]:
    routers: list[Any] = mocker.routers
    return routers


def _up(mocker: type[Httpcore2Mocker]) -> Any:
    # respx is only partly typed.
    return super(Httpcore2Mocker, mocker)


def _as_httpcore2(error: Exception) -> Exception:
    same: type[Exception] = getattr(httpcore2, type(error).__name__, httpcore2.NetworkError)
    return same(str(error))
