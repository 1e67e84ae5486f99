"""State that several processes share: tokens and rate limits. ``sdk.stores.RedisShared`` is one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from .cache import Cache


class Fetched(NamedTuple):
    """A token as the server gave it.

    Attributes:
        token: the token itself.
        lifetime: for how many seconds it is valid; None when the server named no time.
        age: how many seconds ago it was fetched, by this process or by another one.
    """

    token: str
    lifetime: float | None
    age: float = 0.0

    def __repr__(self) -> str:
        return "Fetched(***)"


class WindowState(NamedTuple):
    """One rate limit as the API reported it last; its window ends in `seconds`."""

    limit: int
    remaining: int
    used: int
    reset: int
    resource: str
    seconds: float


class LimitsState(NamedTuple):
    """What one process knows of a credential's limits.

    Attributes:
        windows: the rate limits that were reported.
        pause: for how many more seconds the API asked not to be called.
        careful: for how many more seconds calls are spread, after a warning of the API.
    """

    windows: tuple[WindowState, ...]
    pause: float
    careful: float


class LeaseReport(NamedTuple):
    """What one process holds of a rate limit.

    Attributes:
        resource: the name of the limit.
        reset: the window, by its end as the API reports it.
        remaining: the fewest calls that the API has reported as left in it.
        held: calls that this process may yet make, and those of it that may not be in `remaining`.
        wanted: whether it asks for more.
        seconds: when the window ends, in seconds from now.
    """

    resource: str
    reset: int
    remaining: int
    held: int
    wanted: bool
    seconds: float


class LeaseGrant(NamedTuple):
    """The reply to a ``LeaseReport``.

    Attributes:
        reset: the newest window of the limit.
        remaining: the fewest calls that any process has seen left in it.
        calls: how many more calls are reserved for the process.
    """

    reset: int
    remaining: int
    calls: int


class LimitsListener(Protocol):
    """Is told of the rate limits that this process learns of. It must not block or raise."""

    def began(self, identity: str) -> None:
        """Note that a credential is used here for the first time."""
        ...

    def learned(self, identity: str) -> None:
        """Note that a response changed what is known of a credential's limits."""
        ...

    def ran_short(self, identity: str) -> None:
        """Note that a credential needs more reserved calls, now or soon."""
        ...


class Limits(Protocol):
    """The rate limits of a client's credentials, as a store of shared state sees them."""

    listener: LimitsListener | None

    def state_of(self, identity: str) -> LimitsState | None:
        """Return what is known of a credential; None if it is not used here."""
        ...

    def merge(self, identity: str, state: LimitsState) -> None:
        """Take in what another process knows of a credential that is used here."""
        ...

    def settle(self, identity: str) -> None:
        """Note that the others have been asked for what they know of a credential."""
        ...

    def take_share(self, workers: int, *, reserved: bool) -> None:
        """Use one part of each limit, of as many as there are processes.

        Args:
            workers: how many there are.
            reserved: whether the store reserves calls for each of them, by ``grant``.
        """
        ...

    def leases_of(self, identity: str, *, wanted: bool) -> Sequence[LeaseReport]:
        """Return what this process holds of the limits of a credential.

        Args:
            identity: the credential.
            wanted: whether to ask for more calls where few are left.
        """
        ...

    def give_back(self, identity: str) -> None:
        """Give up the reserved calls that no call waits for: another process needs some."""
        ...

    def grant(self, identity: str, resource: str, grant: LeaseGrant, age: float) -> bool:
        """Take in the reply to a report of so many seconds ago; return whether calls still wait."""
        ...


class SharedTokens(Protocol):
    """Keeps tokens that are fetched once for all processes."""

    async def fetch(
        self, name: str, secret: bytes, mint: Callable[[], Awaitable[Fetched]], *, other_than: str
    ) -> Fetched:
        """Return the token that some process has fetched, or fetch one for all of them.

        When the store fails, it returns what `mint` returns.

        Args:
            name: identifies the token; no secret.
            secret: the same in all processes that may use the token, and unknown to others.
            mint: fetches a token.
            other_than: a token that was refused or is about to end; "" for none.
        """
        ...


class SharedState(Protocol):
    """What a client shares with those of other processes: ``Sdk(shared=...)``."""

    @property
    def tokens(self) -> SharedTokens | None:
        """Where tokens are kept; None to fetch them for this process alone."""
        ...

    def cache_for(self, secret: Callable[[], Awaitable[bytes]]) -> Cache | None:
        """Return where a client keeps responses; None for no cache.

        Args:
            secret: returns what processes with the client's credentials have in common.
        """
        ...

    async def attach(self, limits: Limits, scope: str) -> None:
        """Begin to share the limits of a client that opens.

        Args:
            limits: the client's rate limits.
            scope: the address of the API that they are for.
        """
        ...

    async def detach(self, limits: Limits) -> None:
        """Stop sharing the limits of a client that closes."""
        ...
