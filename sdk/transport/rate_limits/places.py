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

    __slots__ = ("_free", "_waiting")

    def __init__(self, count: int) -> None:
        self._free = count
        self._waiting: deque[asyncio.Future[None]] = deque()

    def take(self) -> bool:
        """Take a place; False if none is free."""
        if not self._free:
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
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1
