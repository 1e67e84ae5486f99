"""Sessions of signed-in users, stored on the server, so that no cookie contains a token."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol
from weakref import WeakValueDictionary

from sdk.auth import UserToken
from sdk.transport.options import check_counts


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A signed-in user.

    Attributes:
        user_id: GitHub's id of the user, which stays the same when the login changes.
        login: the user's login when they signed in.
        token: the user's token, as it was last saved.
        ends_at: when the session ends, in seconds since the epoch; None in one that was made
            without it.
    """

    user_id: int
    login: str
    token: UserToken
    ends_at: float | None = None


class SessionStore(Protocol):
    """A store of sessions. Its keys are hashes of the cookies' values.

    A store outside the process must encrypt what it stores.
    """

    async def read(self, key: str) -> SignedIn | None:
        """Return a session; None if there is none, or it has expired."""
        ...

    async def save(self, key: str, session: SignedIn, seconds: float) -> None:
        """Save a session for a number of seconds; it replaces an existing one."""
        ...

    async def delete(self, key: str) -> None:
        """Delete a session; do nothing if there is none."""
        ...

    def lock(self, key: str) -> AbstractAsyncContextManager[object]:
        """Return a lock that only one task in all processes can hold."""
        ...


class MemorySessions:
    """Sessions in the memory of one process: for development, and for a single worker.

    Args:
        max_sessions: the maximum number of sessions; for one more, the oldest is removed.
        monotonic: returns the seconds on a clock that never goes back; for tests.

    Raises:
        InvalidInput: `max_sessions` is not a whole number of 1 or more.
    """

    def __init__(
        self, max_sessions: int = 10_000, *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        check_counts(1, max_sessions=max_sessions)
        self._max_sessions = max_sessions
        self._monotonic = monotonic
        self._sessions: dict[str, tuple[float, SignedIn]] = {}
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def read(self, key: str) -> SignedIn | None:
        """Return a session; None if there is none, or it has expired."""
        ends, session = self._sessions.get(key, (0.0, None))
        if session is None or ends > self._monotonic():
            return session
        del self._sessions[key]
        return None

    async def save(self, key: str, session: SignedIn, seconds: float) -> None:
        """Save a session for a number of seconds; it replaces an existing one."""
        if key not in self._sessions and len(self._sessions) >= self._max_sessions:
            del self._sessions[next(iter(self._sessions))]
        self._sessions[key] = self._monotonic() + seconds, session

    async def delete(self, key: str) -> None:
        """Delete a session; do nothing if there is none."""
        self._sessions.pop(key, None)

    def lock(self, key: str) -> asyncio.Lock:
        """Return the lock of a session."""
        lock = self._locks.get(key)
        if lock is None:
            lock = self._locks[key] = asyncio.Lock()
        return lock

    def __repr__(self) -> str:
        return f"MemorySessions({len(self._sessions)} sessions)"
