"""Places for calls that are under way at once, given out in the order of asking."""

from __future__ import annotations

import asyncio
from collections import deque


class Places:
    """So many places, as ``asyncio.Semaphore`` has them, and one is taken without a coroutine.

    A place that becomes free is handed to the next in line, without a moment in which it is unused.

    Args:
        count: how many there are.
    """

    __slots__ = ("_free", "_waiting", "count")

    def __init__(self, count: int) -> None:
        self.count = count
        # Below 0 while more places are taken than there are since a ``resize``.
        self._free = count
        self._waiting: deque[asyncio.Future[None]] = deque()

    def take(self) -> bool:
        """Take a place; False if none is free."""
        if self._free <= 0:
            return False
        self._free -= 1
        return True

    async def wait(self) -> None:
        """Take a place, as soon as one is free."""
        if self.take():
            return
        turn = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                # It was handed over at the same moment.
                self.release()
            raise

    def release(self) -> None:
        """Hand a place to the next in line, or make it free."""
        while self._waiting and self._free >= 0:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1

    def resize(self, count: int) -> None:
        """Change how many there are; those that are taken stay so until they are released."""
        more, self.count = count - self.count, count
        if more < 0:
            self._free += more
        for _ in range(more):
            self.release()
