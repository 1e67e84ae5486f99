"""One client per run of an app: its lifespan opens it, its dependency returns it."""

# No `from __future__ import annotations` here: FastAPI reads the annotations of dependencies.

import asyncio
import inspect
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from typing import Annotated, Any, Generic, TypeVar, cast, overload

from fastapi import Depends, HTTPException
from fastapi.requests import HTTPConnection
from fastapi.security import HTTPAuthorizationCredentials
from starlette.applications import Starlette

from sdk.auth import TokenAuth
from sdk.transport import ApiClient, Auth, HttpClient, NoAuth, OnBehalf
from sdk.transport.errors import ClientNotOpen, InvalidInput

from .mistakes import check_endpoints

C = TypeVar("C", bound=ApiClient)
H = TypeVar("H", bound=ApiClient)


class SharedClient(Generic[C]):
    """A client that all requests of an app share: ``lifespan`` opens it, ``Depends`` returns it.

    ::

        billing = SharedClient(Billing)
        BillingDep = Annotated[Billing, Depends(billing)]
        app = FastAPI(lifespan=billing.lifespan)

    It is stored in the ASGI lifespan state: mounted sub-apps and websockets have it too, and each
    run of an app, each app and each worker process has a client of its own.

    Args:
        factory: builds the client, an ``ApiClient`` such as ``Sdk``, each time the app starts. An
            instance is not accepted, because a closed client cannot be opened again.
        on: another SharedClient, whose open client is passed to `factory`, to share its pool:
            ``SharedClient(lambda sdk: Billing(session=sdk.session), on=shared_sdk)``. Its lifespan
            comes first.
        key: its name in the lifespan state, such as ``"sdk"`` for ``request.state.sdk``.

    Raises:
        TypeError: `factory` cannot be called, or is an app; `on` is not a SharedClient.
    """

    @overload
    def __init__(self, factory: Callable[[], C], *, key: str | None = None) -> None: ...
    @overload
    def __init__(
        self, factory: Callable[[H], C], *, on: "SharedClient[H]", key: str | None = None
    ) -> None: ...
    def __init__(
        self,
        factory: Callable[..., C],
        *,
        on: "SharedClient[Any] | None" = None,
        key: str | None = None,
    ) -> None:
        self._factory = _checked(factory)
        if on is not None and not isinstance(on, SharedClient):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise TypeError(f"on= takes another SharedClient, such as on=shared_sdk, not {on!r}.")
        self._on = on
        self._key = key or f"shared_client_{id(self):x}"
        self._running: dict[tuple[int, int], C] = {}
        self._answered_by: HttpClient | None = None

    def lifespan(self, app: object) -> AbstractAsyncContextManager[Mapping[str, C]]:
        """Open the client while the app runs: ``FastAPI(lifespan=shared.lifespan)``.

        Raises:
            TypeError: the factory did not return a client.
            RuntimeError: the lifespan was passed to the same app twice.
            ClientNotOpen: the client that it is built on is not open.
        """
        return self._run(self._factory, app)

    def lifespan_from(
        self, factory: Callable[..., C]
    ) -> Callable[[Any], AbstractAsyncContextManager[Mapping[str, C]]]:
        """Return a lifespan whose client another factory builds, for the same dependency."""
        return partial(self._run, _checked(factory))

    @asynccontextmanager
    async def _run(self, factory: Callable[..., C], app: object) -> AsyncGenerator[Mapping[str, C]]:
        run = id(app), id(asyncio.current_task())
        if run in self._running:
            raise RuntimeError(
                f"The lifespan of {self!r} was passed to the same app twice. Pass it once: to "
                "FastAPI(lifespan=...), or to one included router, or to combine_lifespans()."
            )
        check_endpoints(app)
        client = factory() if self._on is None else factory(self._host(self._on, run))
        if not isinstance(cast("object", client), ApiClient):
            if inspect.iscoroutine(client):
                client.close()
            raise TypeError(
                f"The factory of {self!r} returned {type(client).__name__}, not an ApiClient. Pass "
                "a class such as Sdk, or a plain function that returns an instance of one."
            )
        if self._answered_by is not None:
            client = client.over(self._answered_by)
        self._running[run] = client
        try:
            async with client:
                yield {self._key: client}
        finally:
            del self._running[run]

    def _host(self, on: "SharedClient[H]", run: tuple[int, int]) -> H:
        if run not in on._running:
            raise ClientNotOpen(
                f"{self!r} is built on {on!r}, whose lifespan has to run around this one: write "
                "combine_lifespans(), with the lifespan of that one first."
            )
        return on._running[run]

    @asynccontextmanager
    async def answered_by(self, app: Any) -> AsyncGenerator[None]:
        """Send this client's calls to another app of this process, for tests.

        ::

            async with shared_billing.answered_by(billing_app), LifespanManager(app): ...

        The other app's lifespan runs around the block; the client has to open within it. Needs the
        ``testing`` extra.

        Args:
            app: an ASGI app, such as a FastAPI.
        """
        from sdk.testing.apps import running

        async with running(app) as (_, http):
            self._answered_by = http
            try:
                yield
            finally:
                self._answered_by = None

    def running_in(self, app: object) -> C:
        """Return the client that the lifespan has opened for `app`, for use in a later lifespan.

        Raises:
            ClientNotOpen: its lifespan does not run around the calling one.
        """
        run = id(app), id(asyncio.current_task())
        if run not in self._running:
            raise ClientNotOpen(
                f"The lifespan of {self!r} must run around this one: write combine_lifespans(), "
                "with that lifespan first."
            )
        return self._running[run]

    def of(self, state: Mapping[str, Any] | None) -> C:
        """Return the client from the mapping that ``lifespan`` yields, outside of a request.

        Raises:
            ClientNotOpen: it is not in the mapping; the error lists the fixes.
            TypeError: it is not a mapping.
        """
        given: Any = state
        kind = type(cast("object", state)).__name__
        # A request is a mapping, too: of its scope.
        if given is not None and not (
            isinstance(given, Mapping) and not isinstance(given, HTTPConnection)
        ):
            raise TypeError(
                f"of() takes the mapping that the lifespan yields, not {kind}. In an endpoint, "
                "write `sdk: SdkDep`; where there is a request and no dependency, "
                "request.state.sdk."
            )
        if not state or self._key not in state:
            raise ClientNotOpen(
                f"{self!r} has no open client here: its lifespan did not run, or its state was "
                "not yielded. In the app, write FastAPI(lifespan=shared.lifespan), or "
                "FastAPI(lifespan=sdk_lifespan()) for SdkDep; in a lifespan of your own, `async "
                "with sdk_lifespan()(app) as state: yield state`. A mounted sub-app gets the "
                "client of the outermost app, whose lifespan is the only one that runs. In tests, "
                "write `with TestClient(app) as client:`; for httpx.ASGITransport, `async with "
                "LifespanManager(app) as manager:` (package asgi-lifespan) and "
                "ASGITransport(manager.app); or use app.dependency_overrides."
            )
        return cast("C", state[self._key])

    async def __call__(self, connection: HTTPConnection) -> C:
        """Return the client to an endpoint or another dependency: ``Depends(shared)``."""
        return self.of(connection.scope.get("state"))

    async def http_client(self, connection: HTTPConnection) -> Any:
        """Return the underlying HTTP client, for other URLs: ``Depends(shared.http_client)``.

        It has the same connection pool, but no token, no base URL and no retries.
        """
        return self.of(connection.scope.get("state")).http_client

    def as_caller(self, token_dependency: Callable[..., Any]) -> Callable[..., Awaitable[C]]:
        """Return a dependency for calls with the credentials of the app's caller, on the same pool.

        ``CallerSdk = Annotated[Sdk, Depends(shared_sdk.as_caller(HTTPBearer()))]``

        Args:
            token_dependency: returns the caller's token: a str, an ``Auth``, what ``HTTPBearer``
                returns, or None for calls without a token, never with the app's own. A malformed
                token is refused with 401.

        Raises:
            TypeError: it is a class such as ``HTTPBearer``, not an object, or cannot be called.
        """
        check_dependency(
            "as_caller() takes the dependency that finds the token, such as "
            "HTTPBearer() or a function of yours",
            token_dependency,
        )
        if inspect.isclass(token_dependency) and "__call__" in vars(token_dependency):
            # FastAPI would build the object, and pass it as the token.
            name = token_dependency.__name__
            raise TypeError(f"as_caller() takes an object, not the class: as_caller({name}()).")

        async def client_as_caller(
            client: Annotated[C, Depends(self)],
            credentials: Annotated[Any, Depends(token_dependency)],
        ) -> C:
            return client.with_options(auth=OnBehalf(_auth(credentials)))

        return client_as_caller

    def __repr__(self) -> str:
        return f"SharedClient({getattr(self._factory, '__name__', self._factory)})"


def _checked(factory: Callable[..., C]) -> Callable[..., C]:
    if callable(factory) and not isinstance(cast("object", factory), Starlette):
        return factory
    raise TypeError(
        f"A factory is needed, not {type(factory).__name__}, because a closed client is not opened "
        "again: SharedClient(Sdk), or SharedClient(lambda: Sdk(timeout=5)). The ready-made one is "
        "FastAPI(lifespan=sdk_lifespan()), with the parentheses."
    )


def check_dependency(takes: str, given: object) -> None:
    """Raise TypeError if it cannot be called; `takes` says what is taken."""
    if not callable(given):
        raise TypeError(f"{takes}, not {type(given).__name__}.")


def _auth(credentials: Any) -> Auth:
    if isinstance(credentials, HTTPAuthorizationCredentials):
        credentials = credentials.credentials
    if credentials is None:
        return NoAuth()
    if not isinstance(credentials, str):
        if not hasattr(credentials, "headers") and not hasattr(credentials, "headers_for"):
            raise TypeError(
                f"The dependency of as_caller() returned {type(credentials).__name__}. It must "
                "return the caller's token as a str, what HTTPBearer() returns, an Auth, or None."
            )
        return cast("Auth", credentials)
    try:
        return TokenAuth(credentials)
    except InvalidInput:
        header = {"WWW-Authenticate": "Bearer"}
        raise HTTPException(401, "The bearer token is malformed.", header) from None
