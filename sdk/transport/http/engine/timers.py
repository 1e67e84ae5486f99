"""One timer of the event loop for everything in a pool that has a time limit."""

from __future__ import annotations

import asyncio
import math
from typing import Protocol

# The timer does not run more often than this, so that many limits cost little. A limit may run out
# so many seconds late.
_RESOLUTION = 0.01

NEVER = math.inf


class Expiring(Protocol):
    """Something with a time limit.

    Attributes:
        deadline: when it expires, in the event loop's time; ``NEVER`` without a limit. It may be
            set at any time; after an earlier one than before, call ``Deadlines.expect``.
    """

    deadline: float

    def expire(self) -> None:
        """Act on the end of the time limit; sets a new ``deadline`` or is taken off."""
        ...


class Deadlines:
    """Watches the time limits of a pool's connections and waiting callers.

    A limit that moves later, as that of a connection does with each packet, costs an assignment:
    the timer looks at all of them when the earliest that it knows of is reached.
    """

    __slots__ = ("_loop", "_timer", "_watched", "when")

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._watched: set[Expiring] = set()
        self._timer: asyncio.TimerHandle | None = None
        self.when = NEVER

    def add(self, item: Expiring) -> None:
        """Watch an object until it is discarded."""
        self._watched.add(item)
        self.expect(item.deadline)

    def discard(self, item: Expiring) -> None:
        """Stop watching an object."""
        self._watched.discard(item)
        if not self._watched:
            self.close()

    def expect(self, deadline: float) -> None:
        """Take note that something expires at this time."""
        if deadline < self.when:
            if self._timer is not None:
                self._timer.cancel()
            self.when = deadline
            self._timer = self._loop.call_at(deadline, self._look)

    def close(self) -> None:
        """Stop the timer."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self.when = NEVER

    def _look(self) -> None:
        self._timer = None
        self.when = NEVER
        now = self._loop.time()
        # asyncio runs a timer as early as its clock's resolution before its time.
        due = [item for item in self._watched if item.deadline <= now + 0.001]
        for item in due:
            item.expire()
        earliest = min((item.deadline for item in self._watched), default=NEVER)
        if earliest < NEVER:
            self.expect(max(earliest, now + _RESOLUTION))
