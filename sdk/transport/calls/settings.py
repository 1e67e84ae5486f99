"""The settings of a client's calls, and the state that all its views share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sdk.transport.auth import Auth
from sdk.transport.clock import Clock
from sdk.transport.decoding import DriftReporter
from sdk.transport.dialect import Dialect
from sdk.transport.headers import DefaultHeader, FixedHeaders
from sdk.transport.observability.observers import Observers
from sdk.transport.options import Pacing, Retry, Timeout
from sdk.transport.rate_limits.pacers import Pacers
from sdk.transport.urls import Origin

from .retry_budget import RetryBudget

if TYPE_CHECKING:
    from sdk.transport.caching.guard import GuardedCache
    from sdk.transport.observability.events import Observer
    from sdk.transport.shared_state import SharedState

    from .first_refusals import FirstRefusals


# Not frozen: the methods of a frozen one would take half a millisecond of each import to make.
@dataclass(slots=True, eq=False, repr=False)
class Settings:
    """The settings of a client, which a view may replace. They are not changed.

    Attributes:
        base_url: the API's base URL, without a slash at its end.
        auth: the credentials.
        headers: headers of every request, names in lower case.
        timeout: the time limits, in seconds.
        retry: the retry policy.
        max_response_bytes: the largest body to accept, in bytes after decompression.
        reporter: receives the differences between responses and their description.
        dialect: the API's own conventions.
        clock: the source of time.
        naive_times: whether times without a zone are sent as they are.
        link_origins: origins that page links and redirects may have instead of the API's own.
        cache: where responses are stored; None for no cache.
        fresh_for: for how many seconds a stored response is used without a request.
    """

    base_url: str
    auth: Auth
    headers: FixedHeaders
    timeout: Timeout
    retry: Retry
    max_response_bytes: int
    reporter: DriftReporter
    dialect: Dialect
    clock: Clock
    naive_times: bool = False
    link_origins: frozenset[Origin] = frozenset()
    cache: GuardedCache | None = None
    fresh_for: float = 0.0

    def changed(
        self, auth: Auth, headers: FixedHeaders, timeout: Timeout, retry: Retry
    ) -> Settings:
        """Return the settings of a view; ``dataclasses.replace`` takes three times as long."""
        return Settings(
            self.base_url,
            auth,
            headers,
            timeout,
            retry,
            self.max_response_bytes,
            self.reporter,
            self.dialect,
            self.clock,
            self.naive_times,
            self.link_origins,
            self.cache,
            self.fresh_for,
        )


class Shared:
    """The state that a client shares with its views.

    Attributes:
        budget: the retry budget.
        first_refusals: credentials that the API refused; None until it refuses some.
        pacers: the rate limits of each credential.
        observers: receive the events of the calls.
        preferred: headers that the API prefers to the client's defaults, by name.
        warned: values that the API does not accept, and that were warned of.
        state: what is shared with other processes.
    """

    __slots__ = (
        "budget",
        "first_refusals",
        "observers",
        "pacers",
        "preferred",
        "state",
        "warned",
    )

    def __init__(
        self,
        clock: Clock,
        dialect: Dialect,
        pacing: Pacing | None,
        observers: tuple[Observer, ...],
        state: SharedState | None = None,
    ) -> None:
        self.budget = RetryBudget(clock.monotonic)
        self.first_refusals: FirstRefusals | None = None
        self.pacers = Pacers(pacing, dialect, clock)
        self.observers = Observers(observers)
        self.state = state
        self.preferred: dict[str, str] = {}
        self.warned: set[str] = set()

    async def attach(self, base_url: str) -> None:
        """Begin to share the rate limits with other processes."""
        if self.state is not None:
            await self.state.attach(self.pacers, base_url)

    async def detach(self) -> None:
        """Stop sharing."""
        if self.state is not None:
            await self.state.detach(self.pacers)

    def with_preferred(self, headers: Mapping[str, str]) -> Mapping[str, str]:
        """Return the headers of a call, with those defaults replaced that the API refused."""
        return {
            name: self.preferred.get(name, value) if isinstance(value, DefaultHeader) else value
            for name, value in headers.items()
        }
