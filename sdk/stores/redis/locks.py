"""Locks between processes, which expire if their holder dies."""

from __future__ import annotations

import secrets
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress

from sdk.transport.errors import StoreUnavailable

from .guard import Guard

LOCK_SECONDS = 10.0
"""A lock expires after this time."""

# How long a lock lasts whose owner has not confirmed it: the owner may not have received the reply,
# because Redis was slow, or because the process was cancelled or killed.
_UNCONFIRMED_SECONDS = 1.0

LOOK_SECONDS = 0.03
"""The interval at which a waiting process retries."""

# A value that never expires, or expires later than any lock, was written by another program, and is
# deleted. KEYS: lock. ARGV: owner, milliseconds, the most milliseconds of a lock.
_TAKE = """
local left = redis.call('PTTL', KEYS[1])
if left == -1 or left > tonumber(ARGV[3]) then redis.call('DEL', KEYS[1]) end
if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return 1 end
return 0
"""
# KEYS: lock. ARGV: owner, milliseconds.
_CONFIRM = """
if redis.call('GET', KEYS[1]) == ARGV[1] then
  return redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
return 0
"""
# Only if it is still the owner's: it may have expired, and been taken by another process.
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
        """Take a lock and return its owner's name; None if it is held.

        Raises:
            StoreUnavailable: Redis failed.
        """
        owner = secrets.token_hex(16)
        milliseconds = int(LOCK_SECONDS * 1000)
        unconfirmed = int(_UNCONFIRMED_SECONDS * 1000)
        if await self._run(_TAKE, key, owner, unconfirmed, milliseconds) != 1:
            return None
        return owner if await self._run(_CONFIRM, key, owner, milliseconds) == 1 else None

    async def release(self, key: str, owner: str) -> None:
        """Release a lock, if it has not expired."""
        with suppress(StoreUnavailable):
            await self._run(_RELEASE, key, owner)

    async def _run(self, script: str, key: str, *arguments: str | int) -> object:
        command = self._guard.connection.command("EVAL", script, 1, key, *arguments)
        return await self._guard.run(command, seconds=self._guard.call_seconds, writes=True)

    @asynccontextmanager
    async def holding(self, key: str) -> AsyncGenerator[None]:
        """Hold a lock while the block runs; enter without it after waiting for twice its lifetime.

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
