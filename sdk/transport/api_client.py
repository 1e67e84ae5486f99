"""The base of a typed client: its options, how it is opened and closed, and its views."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Self

from .auth import Auth, checked_auth, sharing_secret_of
from .calls.executor import Executor
from .calls.settings import Settings, Shared
from .client_setup import (
    changed_settings,
    checked_fresh_for,
    checked_shared,
    client_headers,
    guarded,
    session_of,
)
from .clock import Clock, check_clock
from .decoding import DriftReporter
from .dialect import Dialect
from .errors import InvalidInput
from .http.session import Session
from .observability.observers import checked_observers, is_async
from .omit import OMIT, Omit
from .options import Pacing, Retry, Timeout, check_counts, check_flags
from .path_calls import PathCalls
from .refusals import hides_arguments
from .resource import Resource
from .response.rate_limit import RateLimit
from .urls import check_base_url, checked_origins

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from .cache import Cache
    from .decoding import Drift, DriftKey
    from .http.adapter import HttpClient
    from .observability.events import Observer
    from .shared_state import SharedState


class ApiClient(PathCalls):
    """A client of one API, on a session that it may share with clients of others.

    Subclass it with the API's address and its resources; see ``examples/own_api.py``.

    Attributes:
        base_url: the API's base URL, without a slash at its end.

    Args:
        base_url: the API's base URL; the class's own ``base_url`` if not given.
        auth: the credentials; no credentials if not given.
        timeout: a Timeout, the limit of a whole call in seconds, or None for no limit.
        retry: the retry policy, or None for a single attempt.
        pacing: how calls are kept within the API's rate limits; None leaves that to the caller.
        headers: headers of every request.
        session: another client's ``session``, to share its pool; that client opens and closes it.
        http_client: an open ``httpx.AsyncClient`` or ``httpx2.AsyncClient`` to use. It is borrowed:
            never closed here.
        max_connections: the size of the pool; ignored with `session` or `http_client`.
        http2: whether to offer HTTP/2 (needs the ``http2`` extra); ignored with `session` or
            `http_client`.
        max_response_bytes: the largest body to accept, in bytes after decompression.
        strict: raise DecodeError for a response that differs from its description, instead of
            returning the fields that could be validated.
        on_drift: called with each such difference.
        link_origins: other origins that the API's page links and redirects may have, such as
            ``"https://ghes.internal"`` of an API behind a gateway; they are replaced by the origin
            of `base_url`.
        observers: called with an event for every call, attempt and retry (``sdk.transport.Event``).
            They run on the event loop and must not block.
        cache: where responses are stored, such as ``MemoryCache()`` of ``sdk.stores``: what was
            received before is requested with its ETag, and costs nothing if it has not changed. The
            client closes it; a cache that other clients use as well opens again by itself.
        fresh_for: for how many seconds a stored response is used without a request. 0 requests
            it each time, so that no response is out of date.
        shared: what this client shares with those of other processes, such as
            ``sdk.stores.RedisShared``.
        clock: the source of time, which tests can replace.

    Raises:
        InvalidInput: an option cannot be used; the text names the fix.
    """

    base_url: str = ""
    dialect: ClassVar[Dialect] = Dialect()
    title: ClassVar[str] = ""
    """What the client calls itself in the user agent; the name of its class if empty."""
    naive_times: ClassVar[bool] = False
    """Whether times without a zone are sent as they are, for an API that takes them so."""

    @hides_arguments
    def __init__(
        self,
        *,
        base_url: str | None = None,
        auth: Auth | None = None,
        timeout: Timeout | float | None = Timeout(),  # noqa: B008  immutable
        retry: Retry | None = Retry(),  # noqa: B008  immutable
        pacing: Pacing | None = Pacing(),  # noqa: B008  immutable
        headers: Mapping[str, str] | None = None,
        session: Session | None = None,
        http_client: HttpClient | None = None,
        max_connections: int = 100,
        http2: bool = False,
        max_response_bytes: int = 160 * 1024 * 1024,
        strict: bool = False,
        on_drift: Callable[[Drift], object] | None = None,
        link_origins: Iterable[str] = (),
        observers: Iterable[Observer] = (),
        cache: Cache | None = None,
        fresh_for: float = 0.0,
        shared: SharedState | None = None,
        clock: Clock = Clock(),  # noqa: B008  immutable
    ) -> None:
        if on_drift is not None and (not callable(on_drift) or is_async(on_drift)):
            raise InvalidInput(
                "on_drift must be a callable, not async, that takes a Drift, or None."
            )
        check_counts(1, max_response_bytes=max_response_bytes)
        check_flags(strict=strict, http2=http2)
        check_clock(clock)
        self.base_url = check_base_url(self.base_url if base_url is None else base_url)
        self._owns_session = session is None
        self._owns_cache = cache is not None
        who = checked_auth(auth)
        state = checked_shared(shared)
        if cache is None and state is not None:
            cache = state.cache_for(lambda: sharing_secret_of(who))
        fresh_for = checked_fresh_for(fresh_for, cache)
        name = self.title or type(self).__name__
        self.caller = Executor(
            session_of(session, http_client, max_connections=max_connections, http2=http2),
            Settings(
                base_url=self.base_url,
                auth=who,
                headers=client_headers(self.dialect, name, headers),
                timeout=Timeout().changed(timeout),
                retry=Retry.of(retry),
                max_response_bytes=max_response_bytes,
                reporter=DriftReporter(on_drift, strict=strict),
                dialect=self.dialect,
                clock=clock,
                naive_times=self.naive_times,
                link_origins=checked_origins(link_origins),
                cache=guarded(cache, clock),
                fresh_for=fresh_for,
            ),
            Shared(
                clock, self.dialect, Pacing.checked(pacing), checked_observers(observers), state
            ),
        )
        self._owns_shared = True

    if not TYPE_CHECKING:
        # Type checkers find this mistake themselves; at run time the text names what exists.

        def __getattr__(self, name: str) -> Any:
            if hasattr(type(self), name):
                # A property raised an AttributeError of its own, which this one would hide.
                return object.__getattribute__(self, name)
            from .missing_names import no_attribute

            raise no_attribute(self, name, self._named_here(name))

    def _named_here(self, name: str) -> str:  # noqa: ARG002  subclasses use it
        return ""

    @property
    def session(self) -> Session:
        """The session of this client, which other clients can share."""
        return self.caller.session

    @property
    def http_client(self) -> HttpClient:
        """The underlying HTTP client, for requests to any URL; it sends no token.

        Raises:
            ClientNotOpen, ClientClosed, WrongEventLoop: it cannot be used now, or on this loop.
        """
        return self.session.http_client()

    @property
    def rate_limits(self) -> dict[str, RateLimit]:
        """The rate limits of this client's credential, by name, as of the last responses."""
        pacer = self.caller.shared.pacers.of(self.caller.settings.auth)
        return {} if pacer is None else pacer.snapshot()

    @property
    def drift_counts(self) -> Mapping[DriftKey, int]:
        """The number of differences from the description, by operation and place."""
        return self.caller.settings.reporter.counts

    async def open(self) -> Self:
        """Open the connection pool on the running event loop; do nothing if it is open.

        A view or a client on a shared session opens nothing; its owner does.

        Raises:
            ClientNotOpen: the session's owner has not opened it.
            ClientClosed: it was closed before.
            WrongEventLoop: it is open on another event loop.
        """
        if self._owns_session:
            self.session.open()
        else:
            self.session.check()
        if self._owns_cache and (cache := self.caller.settings.cache) is not None:
            await cache.open()
        if self._owns_shared:
            try:
                await self.caller.shared.attach(self.base_url)
            except BaseException:
                await self.aclose()
                raise
        return self

    async def aclose(self) -> None:
        """Close what this client opened, and only that, and its cache. May be called twice.

        A cache that other clients use as well opens again by itself.
        """
        try:
            if self._owns_session:
                await self.session.aclose()
            if self._owns_cache and (cache := self.caller.settings.cache) is not None:
                await cache.aclose()
        finally:
            if self._owns_shared:
                await self.caller.shared.detach()

    if not TYPE_CHECKING:
        # Type checkers report these mistakes; at runtime the error text names the fix.

        def __enter__(self) -> Any:
            name = type(self).__name__
            raise TypeError(f"{name} is async: write `async with {name}() as client:`.")

        def __exit__(self, *exc_info: object) -> None:
            """Python looks for this before it calls ``__enter__``."""

        @classmethod
        def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
            try:
                return handler(source)
            except Exception as error:
                raise TypeError(
                    f"{cls.__name__} is a client, not data. As the parameter of a FastAPI endpoint "
                    "write `sdk: SdkDep` (from fastapi_integration import SdkDep), or for a client "
                    f"of your own Annotated[{cls.__name__}, Depends(shared)] with "
                    f"shared = SharedClient({cls.__name__})."
                ) from error

    async def __aenter__(self) -> Self:
        return await self.open()

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()

    @hides_arguments
    def with_options(
        self,
        *,
        auth: Auth | None | Omit = OMIT,
        timeout: Timeout | float | None | Omit = OMIT,
        retry: Retry | None | Omit = OMIT,
        headers: Mapping[str, str] | Omit = OMIT,
        cache: Cache | None | Omit = OMIT,
        fresh_for: float | Omit = OMIT,
    ) -> Self:
        """Return a view of this client with other options, on the same connection pool.

        A view is cheap: create one per request, per user, per call. It opens and closes nothing.

        Args:
            auth: the credentials; None for no credentials.
            timeout: a Timeout, the limit of a whole call in seconds, or None for no limit.
            retry: the retry policy, or None for a single attempt.
            headers: merged over this client's headers.
            cache: where responses are stored; None for no cache. A view does not close it.
            fresh_for: for how many seconds a stored response is used without asking the API.
        """
        changed = changed_settings(
            self.caller.settings,
            auth=auth,
            timeout=timeout,
            retry=retry,
            headers=headers,
            cache=cache,
            fresh_for=fresh_for,
        )
        # copy.copy() takes four times as long.
        view = object.__new__(type(self))
        # The resources of this client would use its options.
        view.__dict__ = {
            name: value for name, value in vars(self).items() if not isinstance(value, Resource)
        }
        view.caller = Executor(self.session, changed, self.caller.shared)
        view._owns_session = view._owns_cache = view._owns_shared = False
        return view

    def over(self, http_client: HttpClient) -> Self:
        """Return a client with the same options over another HTTP client, which it does not close.

        For tests: ``Billing().over(httpx.AsyncClient(transport=httpx.ASGITransport(app)))``.

        Args:
            http_client: an open ``httpx.AsyncClient`` or ``httpx2.AsyncClient``.
        """
        view = self.with_options()
        settings, shared = self.caller.settings, self.caller.shared
        view.caller = Executor(Session(http_client), settings, shared)
        view._owns_session = view._owns_shared = True
        return view

    def __repr__(self) -> str:
        if "caller" not in vars(self):
            # The constructor raised, and error reporters show the object.
            return f"<{type(self).__name__}, not initialized>"
        state = "open" if self.session.is_open else "not open"
        return f"<{type(self).__name__} {self.caller.settings.base_url}, {self.session.id} {state}>"
