"""Time limits and pauses after a failure, so that a failing Redis does not delay calls."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable
from typing import Any, TypeVar, cast

from redis.exceptions import ResponseError

from sdk.transport import Clock
from sdk.transport.dialect import one_line
from sdk.transport.errors import StoreUnavailable

from .connection import Connection

logger = logging.getLogger("sdk")

T = TypeVar("T")

_PAUSE_SECONDS = 5.0

# A timer that fires late shows that this process is slow, not Redis. So a time limit consists of
# ticks, of which late ones do not count; after a maximum of ticks of both kinds it is over.
_LATE_SECONDS = 0.003
_TICKS = 5
_MOST_TICKS = 50


class ForeignValue(StoreUnavailable):
    """A key of ours holds a value of another kind."""


class Guard:
    """Runs commands within a time limit, and stops for 5 seconds after a failure.

    An outage is logged once when it begins and once when it ends. A server that responds, but
    refuses writes, still serves reads.

    Args:
        connection: the connection.
        clock: the source of time.

    Attributes:
        call_seconds: how long a call waits for Redis; a cache is given 50 ms by its rules.
    """

    call_seconds = 0.045

    def __init__(self, connection: Connection, clock: Clock) -> None:
        self.connection = connection
        self.clock = clock
        redis = f"Redis {connection.place}"
        self._all = _Breaker(f"{redis} does not respond", f"{redis} responds", clock)
        self._writes = _Breaker(f"{redis} refuses to write", f"{redis} accepts writes", clock)

    async def run(self, work: Awaitable[T], *, seconds: float, writes: bool) -> T:
        """Run a coroutine that sends commands, and return its result.

        Args:
            work: a coroutine; during the pause after a failure it is closed without being run.
            seconds: how long to wait.
            writes: whether it writes.

        Raises:
            StoreUnavailable: Redis failed, or has failed within the last 5 seconds.
            ForeignValue: a key holds a value of another kind.
        """
        broken = self._all.is_open or (writes and self._writes.is_open)
        probing = self._begin_probe(work, writes=writes) if broken else ()
        try:
            result = await _within(seconds, work)
        except Exception as error:  # noqa: BLE001  a server that is no Redis causes any error
            raise self._failed(error, writes=writes) from None
        finally:
            for breaker in probing:
                breaker.probing = False
        # Only a command that began after the failure shows that Redis works again.
        for breaker in probing:
            breaker.close()
        return result

    def _begin_probe(self, work: Awaitable[object], *, writes: bool) -> list[_Breaker]:
        """Return the breakers that are closed when the work succeeds.

        Raises:
            StoreUnavailable: it is not time to try again, or another command is trying.
        """
        breakers = (self._all, self._writes) if writes else (self._all,)
        probing = [breaker for breaker in breakers if breaker.is_open]
        if not all(breaker.lets_through() for breaker in probing):
            if asyncio.iscoroutine(work):
                work.close()
            raise StoreUnavailable(f"Redis {self.connection.place} is not available.")
        for breaker in probing:
            breaker.probing = True
        return probing

    def note_failure(self, error: BaseException) -> None:
        """Record a failure outside of ``run``, such as that of a subscription."""
        self._failed(error, writes=False)

    def check_reply(self, reply: object, *, writes: bool) -> None:
        """Record the error reply of one command among several.

        Raises:
            StoreUnavailable, ForeignValue: the reply is an error.
        """
        if isinstance(reply, Exception):
            raise self._failed(reply, writes=writes)

    def _failed(self, error: BaseException, *, writes: bool) -> StoreUnavailable:
        if isinstance(error, ResponseError) and "WRONGTYPE" in str(error):
            return ForeignValue("A key in Redis holds a value of another kind.")
        if isinstance(error, ResponseError) and writes:
            # It is full, a replica, or not allowed to write: it still serves reads.
            self._all.close()
            self._writes.open(error)
        else:
            self._all.open(error)
        return StoreUnavailable(
            f"Redis {self.connection.place} failed: {type(error).__name__}. {StoreUnavailable.hint}"
        )


class _Breaker:
    """A circuit breaker for commands."""

    def __init__(self, broken: str, works: str, clock: Clock) -> None:
        self._broken = broken
        self._works = works
        self._clock = clock
        self._since: float | None = None
        self._until = 0.0
        self.probing = False

    @property
    def is_open(self) -> bool:
        """Whether there was a failure, and no success since."""
        return self._since is not None

    def lets_through(self) -> bool:
        """Return whether a command may try if it works again; only one does at a time."""
        return not self.probing and self._clock.monotonic() >= self._until

    def open(self, error: BaseException) -> None:
        now = self._clock.monotonic()
        self._until = now + _PAUSE_SECONDS
        if self._since is not None:
            return
        self._since = now
        text = one_line(str(error))[:200]
        logger.warning(
            "%s (%s%s). This process goes on without it, and asks again every %.0f s.",
            self._broken,
            type(error).__name__,
            f": {text}" if text else "",
            _PAUSE_SECONDS,
        )

    def close(self) -> None:
        if self._since is not None:
            seconds = self._clock.monotonic() - self._since
            self._since = None
            logger.info("%s again, after %.0f s.", self._works, seconds)


async def _within(seconds: float, work: Awaitable[T]) -> T:
    """Await the work for a number of seconds of a responsive event loop.

    Raises:
        TimeoutError: it took longer.
    """
    patience = _Patience(seconds)
    try:
        result = await work
    except BaseException as error:
        # The redis package sometimes turns a cancellation into another error...
        if patience.end():
            raise asyncio.CancelledError from error
        if patience.is_over:
            raise TimeoutError from None
        raise
    if patience.end():
        # ... or loses it.
        raise asyncio.CancelledError
    return result


class _Patience:
    """Cancels the task after some time, of which only ticks that are on time count.

    A process that is held up, or a machine that is overloaded, would otherwise mistake its own
    slowness for that of Redis.
    """

    __slots__ = ("_before", "_due", "_left", "_loop", "_most", "_own", "_task", "_tick", "_timer")

    def __init__(self, seconds: float) -> None:
        self._loop = loop = asyncio.get_running_loop()
        self._task = task = cast("asyncio.Task[Any]", asyncio.current_task(loop))
        self._before = task.cancelling()
        # How often this object has cancelled the task.
        self._own = 0
        self._tick = tick = seconds / _TICKS
        self._left = _TICKS
        self._most = _MOST_TICKS
        self._due = due = loop.time() + tick
        self._timer = loop.call_at(due, self._on_tick)

    @property
    def is_over(self) -> bool:
        """Whether the time is over."""
        return self._own > 0

    def end(self) -> bool:
        """Stop; return whether others have cancelled the task meanwhile."""
        self._timer.cancel()
        task = self._task
        for _ in range(self._own):
            task.uncancel()
        return task.cancelling() > self._before

    def _on_tick(self) -> None:
        self._most -= 1
        now = self._loop.time()
        if now - self._due < _LATE_SECONDS:
            self._left -= 1
        if self._left <= 0 or self._most <= 0:
            # More than once: the redis package sometimes loses a cancellation, and would wait for
            # its own time limit.
            self._task.cancel()
            self._own += 1
        self._due = now + self._tick
        self._timer = self._loop.call_at(self._due, self._on_tick)
