"""Catches what HTTP clients of this process send: httpx and httpx2, synchronous or not.

respx does it for clients on httpcore, ours included; a small addition makes it do the same for
httpcore2, which httpx2 stands on.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpcore2
import httpx
import respx
from respx.mocks import HTTPCoreMocker

Answer = Callable[[httpx.Request], httpx.Response]


class Httpcore2Mocker(HTTPCoreMocker):
    """Makes ``respx.mock(using="httpcore2")`` catch clients on httpcore2's pool."""

    name = "httpcore2"
    targets = [  # noqa: RUF012  as respx declares it
        "httpcore2._sync.connection_pool.ConnectionPool",
        "httpcore2._async.connection_pool.AsyncConnectionPool",
    ]

    @classmethod
    def handler(cls, httpx_request: httpx.Request) -> Any:
        """Ask respx's routers; failures are raised as httpcore2's."""
        try:
            return _up(cls).handler(httpx_request)
        except httpx.TransportError as error:
            raise _as_httpcore2(error) from error

    @classmethod
    async def async_handler(cls, httpx_request: httpx.Request) -> Any:
        """Ask respx's routers; failures are raised as httpcore2's."""
        try:
            return await _up(cls).async_handler(httpx_request)
        except httpx.TransportError as error:
            raise _as_httpcore2(error) from error

    @classmethod
    def from_sync_httpx_response(cls, httpx_response: httpx.Response, *_: Any, **__: Any) -> Any:
        """Give httpcore2's form of a response."""
        return httpcore2.Response(
            status=httpx_response.status_code,
            headers=httpx_response.headers.raw,
            content=httpx_response.content,
            extensions=httpx_response.extensions,
        )


class Interception:
    """While it is started, `answer` is asked for every response.

    It may raise httpx's exceptions, and ``AllMockedAssertionError`` for a request that is none of
    its business: then other respx routers are asked.
    """

    def __init__(self, answer: Answer) -> None:
        self._routers: list[Any] = []
        for using in (HTTPCoreMocker.name, Httpcore2Mocker.name):
            router = respx.MockRouter(assert_all_called=False, using=using)
            router.route().mock(side_effect=answer)
            self._routers.append(router)

    def start(self) -> None:
        """Begin to catch."""
        for router in self._routers:
            router.start()

    def stop(self) -> None:
        """Let everything go its way again."""
        for router in self._routers:
            router.stop(clear=False, reset=False, quiet=True)


def _up(mocker: type[Httpcore2Mocker]) -> Any:
    # respx is only partly typed.
    return super(Httpcore2Mocker, mocker)


def _as_httpcore2(error: Exception) -> Exception:
    same: type[Exception] = getattr(httpcore2, type(error).__name__, httpcore2.NetworkError)
    return same(str(error))
