"""One timer of the event loop for all time limits of a pool."""

from __future__ import annotations

import asyncio
import math
from typing import TYPE_CHECKING, Protocol, Self

if TYPE_CHECKING:
    from types import TracebackType

# The minimum interval of the timer in seconds, which keeps many limits cheap. A limit may expire
# this much too late.
_RESOLUTION = 0.01

NEVER = math.inf


class Expiring(Protocol):
    """An object with a time limit.

    Attributes:
        deadline: when it expires, in the event loop's time; ``NEVER`` without a limit. It may be
            set at any time; if it is earlier than before, call ``Deadlines.expect``.
    """

    deadline: float

    def expire(self) -> None:
        """Handle the expiry; set a new ``deadline``, or the object is no longer watched."""
        ...


class Limit:
    """The time limit of a block of code, as ``asyncio.timeout`` is, at a quarter of its cost.

    ::

        with Limit(deadlines, 60.0):
            ...

    Raises TimeoutError when the time is over.

    Attributes:
        expired: whether it was, or ``expire`` was called.
    """

    __slots__ = ("_cancelling", "_deadlines", "_task", "deadline", "expired")

    def __init__(self, deadlines: Deadlines, seconds: float | None) -> None:
        self._deadlines = deadlines
        self.deadline = NEVER if seconds is None else deadlines.time() + seconds
        self.expired = False

    def __enter__(self) -> Self:
        task = asyncio.current_task(self._deadlines.loop)
        if task is None:
            raise RuntimeError("a time limit needs a task to cancel")
        self._task = task
        self._cancelling = task.cancelling()
        self._deadlines.add(self)
        return self

    def expire(self) -> None:
        """End the block now."""
        self.deadline = NEVER
        if not self.expired:
            self.expired = True
            self._task.cancel()

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._deadlines.discard(self)
        if (
            self.expired
            and self._task.uncancel() <= self._cancelling
            and exc_type is asyncio.CancelledError
        ):
            # Somebody else's cancellation stays one.
            raise TimeoutError from exc


class Deadlines:
    """A watcher of the time limits of a pool's connections and waiting callers.

    A limit that moves later, as that of a connection does with each packet, costs an assignment,
    and one that is taken off costs nothing: the timer looks at all of them when the earliest that
    it knew of is reached.

    Attributes:
        loop: the event loop.
        time: its clock.
        when: when the timer looks next.
    """

    __slots__ = ("_timer", "_watched", "loop", "time", "when")

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.time = loop.time
        self._watched: set[Expiring] = set()
        self._timer: asyncio.TimerHandle | None = None
        self.when = NEVER

    def add(self, item: Expiring) -> None:
        """Watch an object until it is discarded."""
        self._watched.add(item)
        self.expect(item.deadline)

    def discard(self, item: Expiring) -> None:
        """Stop watching an object."""
        # The timer stays: the next call would start it again, which costs 3 us.
        self._watched.discard(item)

    def expect(self, deadline: float) -> None:
        """Set the timer for an object that expires at this time."""
        if deadline < self.when:
            if self._timer is not None:
                self._timer.cancel()
            self.when = deadline
            self._timer = self.loop.call_at(deadline, self._look)

    def expire_all(self) -> None:
        """Let everything that is watched expire now."""
        for item in list(self._watched):
            item.expire()

    def close(self) -> None:
        """Stop the timer."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self.when = NEVER

    def _look(self) -> None:
        self._timer = None
        self.when = NEVER
        now = self.loop.time()
        # asyncio may run a timer early, by its clock's resolution.
        due = [item for item in self._watched if item.deadline <= now + 0.001]
        for item in due:
            item.expire()
        earliest = min((item.deadline for item in self._watched), default=NEVER)
        if earliest < NEVER:
            self.expect(max(earliest, now + _RESOLUTION))
