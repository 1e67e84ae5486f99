"""Time limits and pauses after a failure, so that a failing Redis does not delay calls."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable
from typing import Any, TypeVar

from redis.exceptions import ResponseError

from sdk.transport import Clock
from sdk.transport.dialect import one_line
from sdk.transport.errors import StoreUnavailable

from .connection import Connection

logger = logging.getLogger("sdk")

T = TypeVar("T")

_PAUSE_SECONDS = 5.0

# This process, and not Redis, is late when a timer is. A time limit has so many parts, of which
# those do not count; after so many of all kinds it is over.
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
            work: a coroutine; it is closed unused while Redis is not asked.
            seconds: how long to wait.
            writes: whether it writes.

        Raises:
            StoreUnavailable: Redis failed, or has failed within the last 5 seconds.
            ForeignValue: a key holds a value of another kind.
        """
        breakers = [self._all, self._writes] if writes else [self._all]
        if not all(breaker.lets_through() for breaker in breakers):
            if asyncio.iscoroutine(work):
                work.close()
            raise StoreUnavailable(f"Redis {self.connection.place} is not available.")
        probing = [breaker for breaker in breakers if breaker.begin_probe()]
        try:
            result = await _within(seconds, work)
        except Exception as error:  # noqa: BLE001  a server that is no Redis causes any error
            raise self._failed(error, writes=writes) from None
        finally:
            for breaker in probing:
                breaker.probing = False
        # Not what began before the failure and has ended well after it.
        for breaker in probing:
            breaker.close()
        return result

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

    def lets_through(self) -> bool:
        if self._since is None:
            return True
        return not self.probing and self._clock.monotonic() >= self._until

    def begin_probe(self) -> bool:
        """Block other commands until this one has succeeded or failed."""
        self.probing = self._since is not None
        return self.probing

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
    """Await the work for a number of seconds of a responsive event loop; raises TimeoutError."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    before = 0 if task is None else task.cancelling()
    async with asyncio.timeout(None) as scope:
        patience = _Patience(loop, scope, task, seconds)
        try:
            return await work
        finally:
            patience.end()
            if task is not None and task.cancelling() > before:
                # The redis package sometimes loses a cancellation, or turns it into another error.
                patience.check_cancelled()


class _Patience:
    """Ends a scope after some time, in which only moments count when this process was not late.

    A process that is held up, or a machine that is overloaded, would take its own slowness for that
    of Redis.
    """

    __slots__ = (
        "_again",
        "_expired",
        "_left",
        "_loop",
        "_most",
        "_scope",
        "_task",
        "_tick",
        "_timer",
    )

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        scope: asyncio.Timeout,
        task: asyncio.Task[Any] | None,
        seconds: float,
    ) -> None:
        self._loop = loop
        self._scope = scope
        self._task = task
        self._again = 0
        self._tick = seconds / _TICKS
        self._left = _TICKS
        self._most = _MOST_TICKS
        self._expired = False
        self._timer = self._start()

    def _start(self) -> asyncio.TimerHandle:
        return self._loop.call_later(self._tick, self._on_tick, self._loop.time() + self._tick)

    def _on_tick(self, due: float) -> None:
        self._most -= 1
        if self._loop.time() - due < _LATE_SECONDS:
            self._left -= 1
        if self._left and self._most:
            self._timer = self._start()
        else:
            self._expired = True
            self._scope.reschedule(self._loop.time())
            self._timer = self._loop.call_later(self._tick, self._cancel_again)

    def _cancel_again(self) -> None:
        # The redis package has lost the first one, and would wait for its own time limit.
        if self._task is not None:
            self._task.cancel()
            self._again += 1
        self._timer = self._loop.call_later(self._tick, self._cancel_again)

    def end(self) -> None:
        self._timer.cancel()
        if self._task is not None:
            for _ in range(self._again):
                self._task.uncancel()

    def check_cancelled(self) -> None:
        """Raise CancelledError, unless it is the end of the time that cancelled the task."""
        if not self._expired:
            raise asyncio.CancelledError
