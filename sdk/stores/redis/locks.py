"""Locks that one of all processes holds, and that end by themselves if it dies."""

from __future__ import annotations

import secrets
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress

from sdk.transport.errors import StoreUnavailable

from .guard import Guard

LOCK_SECONDS = 10.0
"""After this time a lock ends, whoever holds it."""

LOOK_SECONDS = 0.03
"""How often those who wait for a lock look again."""

# Only the owner's: it may have ended meanwhile, and be another one's by now.
_RELEASE = """
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
"""


class Locks:
    """The locks of one namespace.

    Args:
        guard: runs the commands.
    """

    def __init__(self, guard: Guard) -> None:
        self._guard = guard

    async def take(self, key: str) -> str | None:
        """Take a lock and return its owner's name; None if another one has it.

        Raises:
            StoreUnavailable: Redis failed.
        """
        owner = secrets.token_hex(16)
        milliseconds = int(LOCK_SECONDS * 1000)
        taken = await self._guard.run(
            self._guard.connection.command("SET", key, owner, "NX", "PX", milliseconds),
            seconds=self._guard.call_seconds,
            writes=True,
        )
        return owner if taken else None

    async def release(self, key: str, owner: str) -> None:
        """Give a lock back, if it has not ended."""
        with suppress(StoreUnavailable):
            await self._guard.run(
                self._guard.connection.command("EVAL", _RELEASE, 1, key, owner),
                seconds=self._guard.call_seconds,
                writes=True,
            )

    @asynccontextmanager
    async def holding(self, key: str) -> AsyncGenerator[None]:
        """Hold a lock while the block runs; enter it without the lock after two locks' time.

        Raises:
            StoreUnavailable: Redis failed before the lock was taken.
        """
        clock = self._guard.clock
        waits_until = clock.monotonic() + 2 * LOCK_SECONDS
        owner = await self.take(key)
        while owner is None and clock.monotonic() < waits_until:
            await clock.sleep(LOOK_SECONDS)
            owner = await self.take(key)
        try:
            yield
        finally:
            if owner is not None:
                await self.release(key, owner)
