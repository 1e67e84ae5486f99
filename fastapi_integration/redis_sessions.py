"""Sign-in sessions that all workers of an app share."""

from __future__ import annotations

import json
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol, cast

from sdk.auth import UserToken
from sdk.transport.refusals import hides_arguments

from .sessions import SignedIn


class _Values(Protocol):
    """Encrypted values, as ``RedisShared.sealed_values()`` returns them."""

    async def get(self, name: str) -> bytes | None: ...

    async def put(self, name: str, value: bytes, lives: float) -> None: ...

    async def delete(self, name: str) -> None: ...

    def lock(self, name: str) -> AbstractAsyncContextManager[None]: ...


class _Shared(Protocol):
    """The state that stores the sessions: a ``RedisShared``."""

    def sealed_values(self, kind: str, *, secret: str | bytes) -> _Values: ...


class RedisSessions:
    """Sessions on Redis, encrypted: every worker knows who is signed in, also after a restart.

    ::

        GitHubSignIn(oauth, secret=SECRET, sessions=RedisSessions(shared, secret=SECRET))

    While Redis does not respond, nobody can be recognized: its methods raise ``StoreUnavailable``,
    which ``install_error_handlers`` answers 503.

    Args:
        shared: the app's ``sdk.stores.RedisShared``.
        secret: encrypts the sessions; the same in all workers.

    Raises:
        InvalidInput: the secret has fewer than 16 characters.
        TypeError: `shared` is not a RedisShared.
    """

    @hides_arguments
    def __init__(self, shared: _Shared, *, secret: str | bytes) -> None:
        if not hasattr(shared, "sealed_values"):
            raise TypeError(
                "RedisSessions takes the RedisShared of the app: RedisSessions("
                f"RedisShared.from_url(url), secret=SECRET), not {type(shared).__name__}."
            )
        self._values = shared.sealed_values("sessions", secret=secret)

    async def read(self, key: str) -> SignedIn | None:
        """Return a session; None if there is none, or it has expired."""
        content = await self._values.get(key)
        if content is None:
            return None
        user_id, login, token, ends_at = cast("list[Any]", json.loads(content))
        return SignedIn(user_id, login, UserToken.from_dict(token), ends_at)

    async def save(self, key: str, session: SignedIn, seconds: float) -> None:
        """Save a session for a number of seconds; it replaces an existing one."""
        fields = [session.user_id, session.login, session.token.as_dict(), session.ends_at]
        await self._values.put(key, json.dumps(fields).encode(), seconds)

    async def delete(self, key: str) -> None:
        """Delete a session; do nothing if there is none."""
        await self._values.delete(key)

    def lock(self, key: str) -> AbstractAsyncContextManager[object]:
        """Return a lock that only one task of all processes holds at a time."""
        return self._values.lock(key)

    def __repr__(self) -> str:
        return "RedisSessions()"
