"""Clients that call an app in this process, or a mock: for tests of one service by another."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Collection, Iterator, MutableMapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar, cast

import httpx

from sdk import ApiClient

from .client_factory import make_client
from .lifespan import AsgiApp, lifespan_of

if TYPE_CHECKING:
    from .mocking import ApiMock

C = TypeVar("C", bound=ApiClient)

Message: TypeAlias = MutableMapping[str, Any]


@asynccontextmanager
async def in_process(factory: Callable[..., C], app: AsgiApp, **options: Any) -> AsyncGenerator[C]:
    """Run an app, and yield a client whose calls go to its routes, without a socket.

    ::

        async with in_process(Billing, billing_app, token="t") as billing:
            invoice = await billing.invoices.get(invoice_id)

    The app's lifespan runs around the block. What the app raises itself comes as a 500, as from a
    server.

    Args:
        factory: the client's class, or a function that makes one.
        app: an ASGI app, such as a FastAPI.
        options: arguments of the client.
    """
    async with (
        running(app) as (served, http),
        make_client(factory, options.pop("base_url", None), http_client=http, **options) as client,
    ):
        del served
        yield client


@asynccontextmanager
async def running(app: AsgiApp) -> AsyncGenerator[tuple[AsgiApp, httpx.AsyncClient]]:
    """Run an app's lifespan; yield the app with its state, and an HTTP client connected to it."""
    async with lifespan_of(app) as state:

        async def served(scope: Message, receive: Any, send: Any) -> None:
            await app({**scope, "state": dict(state)}, receive, send)

        transport = httpx.ASGITransport(app=served, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, trust_env=False) as http:
            yield served, http


def mock_of(
    factory: Callable[..., C],
    *,
    base_url: str | None = None,
    allow_hosts: Collection[str] = (),
    assert_all_called: bool = True,
) -> Callable[[], Iterator[ApiMock[C]]]:
    """Return a pytest fixture that is an active ``ApiMock`` of a client.

    ::

        billing = mock_of(Billing)          # in conftest.py

        async def test_checkout(billing: ApiMock[Billing]):
            billing.on(billing.client.invoices.get, ANY).respond(number="2026-001")

    A test fails if a call had no prepared response, or a route was never called.

    Args:
        factory: the client's class, or a function that makes one.
        base_url: the API's URL, if it is not the class's default.
        allow_hosts: hosts besides this machine to which connections are allowed.
        assert_all_called: whether a test also fails for a route that was never called.
    """
    import pytest

    def fixture() -> Iterator[ApiMock[C]]:
        from .mocking import ApiMock

        with ApiMock(
            factory,
            base_url=base_url,
            allow_hosts=allow_hosts,
            assert_all_called=assert_all_called,
        ) as mock:
            yield mock
            mock.check()

    # What pytest makes of it has another type in each of its versions. Nobody calls it.
    return cast("Callable[[], Iterator[ApiMock[C]]]", pytest.fixture(fixture))
