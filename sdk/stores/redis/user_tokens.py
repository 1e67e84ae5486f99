"""The tokens of signed-in users, renewed once for all processes."""

from __future__ import annotations

import json
from contextlib import AbstractAsyncContextManager

from sdk.auth.user_token import UserToken
from sdk.transport import Clock

from .values import SealedValues

# GitHub removes tokens of OAuth Apps, which do not expire, after a year without use.
_ENDLESS_SECONDS = 366 * 86_400.0


class RedisUserTokens:
    """Keeps the tokens of users, encrypted: ``UserAuth(app, token, key=..., store=...)``.

    Made by ``RedisShared.user_tokens(secret=...)``.

    Args:
        values: the store of encrypted values.
        clock: the source of time.
        seconds: how long to wait for Redis.
    """

    def __init__(self, values: SealedValues, clock: Clock, seconds: float) -> None:
        self._values = values
        self._clock = clock
        self._seconds = seconds

    async def read(self, key: str) -> UserToken | None:
        """Return the token that was last saved; None if there is none.

        Raises:
            StoreUnavailable: Redis failed.
        """
        content = await self._values.get(key, seconds=self._seconds)
        return None if content is None else UserToken.from_dict(json.loads(content))

    async def save(self, key: str, token: UserToken) -> None:
        """Save a token, replacing the previous one, until it can no longer be renewed.

        Raises:
            StoreUnavailable: Redis failed.
        """
        lives = self._lives(token)
        if lives > 0:
            content = json.dumps(token.as_dict()).encode()
            await self._values.put(key, content, lives, seconds=self._seconds)

    async def delete(self, key: str) -> None:
        """Delete a token, such as that of a user who signed out.

        Raises:
            StoreUnavailable: Redis failed.
        """
        await self._values.delete(key, seconds=self._seconds)

    def lock(self, key: str) -> AbstractAsyncContextManager[None]:
        """Return a lock that only one process holds at a time, for at most 10 seconds.

        Raises:
            StoreUnavailable: when it is entered: Redis failed.
        """
        return self._values.lock(key)

    def _lives(self, token: UserToken) -> float:
        end = token.refresh_expires_at if token.refresh_token is not None else token.expires_at
        return _ENDLESS_SECONDS if end is None else end - self._clock.now()
