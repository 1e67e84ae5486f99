"""A client of the redis package on one event loop, and the connections that it has in hand."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from redis.exceptions import RedisError

# Commands at once. More of them wait for a moment: the pool raises an error when it has no
# connection left (100 by default), and to open many takes longer than to use a few again.
_MOST_AT_ONCE = 32
# Connections of the pool for other uses, such as a subscription, and those that are in hand.
_OTHERS = 4


class LoopClient:
    """Sends commands with one client, a limited number of them at once.

    A few connections are not returned to the pool of the client after a command: taking one from
    the pool and returning it takes half the processor time of a short command.

    Args:
        client: a ``redis.asyncio.Redis``.
        owned: whether the client was created here. Another one may have settings that only its
            own method obeys, such as retries.
    """

    def __init__(self, client: Any, *, owned: bool) -> None:
        self.client = client
        self._pool = client.connection_pool
        largest: int = self._pool.max_connections
        at_once = max(1, min(_MOST_AT_ONCE, largest - _OTHERS))
        self._places = asyncio.Semaphore(at_once)
        self._most_in_hand = min(_OTHERS, largest - at_once) if owned else 0
        self._in_hand: list[Any] = []

    async def command(self, arguments: Sequence[str | bytes | float]) -> Any:
        """Send one command and return its reply."""
        # Without "async with", which is two coroutines more.
        await self._places.acquire()
        try:
            if not self._most_in_hand:
                return await self.client.execute_command(*arguments)
            connection = await self._take()
            try:
                await connection.send_packed_command(_packed(arguments))
                return await connection.read_response()
            finally:
                # After a failure it is closed, which is noticed when it is taken.
                if len(self._in_hand) < self._most_in_hand:
                    self._in_hand.append(connection)
                else:
                    await self._pool.release(connection)
        finally:
            self._places.release()

    async def commands(self, several: Sequence[Sequence[str | bytes | float]]) -> list[Any]:
        """Send several commands at once; the error of a failed one is returned as its reply."""
        pipeline = self.client.pipeline(transaction=False)
        for arguments in several:
            pipeline.execute_command(*arguments)
        async with self._places:
            replies: list[Any] = await pipeline.execute(raise_on_error=False)
        return replies

    async def _take(self) -> Any:
        while self._in_hand:
            connection = self._in_hand.pop()
            if await _is_ready(connection):
                return connection
            # The pool connects it again.
            await self._pool.release(connection)
        return await self._pool.get_connection()


def _packed(arguments: Sequence[str | bytes | float]) -> bytes:
    """Return a command as it is sent: an array of strings with their lengths."""
    parts = [b"*%d\r\n" % len(arguments)]
    for argument in arguments:
        data = argument if isinstance(argument, bytes) else str(argument).encode()
        parts += (b"$%d\r\n" % len(data), data, b"\r\n")
    return b"".join(parts)


async def _is_ready(connection: Any) -> bool:
    """Return whether a connection is open, with nothing left to read."""
    can_read: Callable[[], Awaitable[bool]]
    # The second name is that of versions before 8.
    can_read = getattr(connection, "can_read", None) or connection.can_read_destructive
    try:
        return not await can_read()
    except (RedisError, OSError):
        return False
