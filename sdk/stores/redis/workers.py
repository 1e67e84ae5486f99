"""A count of the live processes, each of which reports regularly."""

from __future__ import annotations

from .guard import ForeignValue, Guard

BEAT_SECONDS = 5.0
"""The interval at which a process reports."""

# A process that has not reported for this long does not count.
_GONE_SECONDS = 15.0

# By the clock of Redis, because the clocks of machines may differ.
_BEAT = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZADD', KEYS[1], now, ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[2] * 4)
return redis.call('ZCARD', KEYS[1])
"""
_LEAVE = """
redis.call('ZREM', KEYS[1], ARGV[1])
return redis.call('ZCARD', KEYS[1])
"""


class Workers:
    """The processes of one namespace, in a sorted set.

    Args:
        guard: runs the commands.
        prefix: the prefix of the key.
        seconds: how long to wait for Redis.
    """

    def __init__(self, guard: Guard, prefix: str, seconds: float) -> None:
        self._guard = guard
        self._key = f"{prefix}:workers"
        self._seconds = seconds

    async def report(self, name: str) -> int:
        """Report that the process of this name is alive, and return how many there are.

        Raises:
            StoreUnavailable: Redis failed.
        """
        command = ("EVAL", _BEAT, 1, self._key, name, int(_GONE_SECONDS * 1000))
        try:
            return await self._run(*command)
        except ForeignValue:
            await self._run("DEL", self._key)
            return await self._run(*command)

    async def leave(self, name: str) -> int:
        """Stop counting the process of this name, and return how many are left.

        Raises:
            StoreUnavailable: Redis failed.
        """
        return await self._run("EVAL", _LEAVE, 1, self._key, name)

    async def _run(self, *arguments: str | bytes | float) -> int:
        return await self._guard.run(self._number(*arguments), seconds=self._seconds, writes=True)

    async def _number(self, *arguments: str | bytes | float) -> int:
        return int(await self._guard.connection.command(*arguments))
