"""Pacing: keep the calls of one credential within the API's limits, by waiting or failing."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from sdk.transport.errors import RateLimited, RateLimitExceeded, SecondaryRateLimited
from sdk.transport.response.rate_limit import LimitState, RateLimit, limit_state

from .limits import Rate, Slots, Window

if TYPE_CHECKING:
    from sdk.transport.clock import Clock
    from sdk.transport.dialect import Dialect, Failure
    from sdk.transport.operation import Operation
    from sdk.transport.options import Pacing
    from sdk.transport.response.response import Response
    from sdk.transport.shared_state import LeaseGrant, LeaseReport, LimitsState

T = TypeVar("T")

# After a warning, a little less than the 900 points a minute that GitHub allows, reads at 1 point
# and writes at 5, until it has kept quiet for a quarter of an hour.
_CAREFUL_POINTS_PER_SECOND = 12.0
_CAREFUL_SECONDS = 900.0
_READ_POINTS, _WRITE_POINTS = 1.0, 5.0

# A nonsensical response must not lock a credential out for longer than a rate-limit window lasts.
_LONGEST_PAUSE = 3600.0

# With several processes, the last calls of a limit are reserved: so many times those under way.
_SCARCE = 4

# An API has a few dozen rate limits at most, and the names come from its responses.
_MOST_WINDOWS = 64
_MOST_OPERATIONS = 2048


class Pacer:
    """The limits of one credential, shared by every view that uses it.

    Its state comes from the responses: the ``x-ratelimit-*`` headers and the refusals. Calls of an
    API that names no limit are delayed only by ``max_concurrency`` and after refusals.

    Attributes:
        on_accepted: called once, when the API has accepted the credential.
        on_learned: called with each response that says something about the limits.
        on_short: called when more reserved calls are needed, now or soon.
    """

    def __init__(self, pacing: Pacing, dialect: Dialect, clock: Clock) -> None:
        self._pacing = pacing
        self._dialect = dialect
        self._clock = clock
        self._windows: dict[str, Window] = {}
        self._bucket_of: dict[str, str] = {}
        self._gates: dict[tuple[str, bool], asyncio.Lock] = {}
        self._waiting: Counter[tuple[str, bool]] = Counter()
        self.on_accepted: Callable[[], object] | None = None
        self.on_learned: Callable[[], object] | None = None
        self.on_short: Callable[[], object] | None = None
        self._workers = 1
        self._reserved = False
        self._probing = False
        self._slots = Slots(pacing.max_concurrency)
        self._freed = asyncio.Event()
        self._paused_until = float("-inf")
        self._careful_until = float("-inf")
        self._careful = Rate(_CAREFUL_POINTS_PER_SECOND, _CAREFUL_POINTS_PER_SECOND)
        self._writes = Rate(*dialect.write_rate) if dialect.write_rate else None

    def snapshot(self) -> dict[str, RateLimit]:
        """Return the limits that the last responses reported, by name."""
        limits = {name: RateLimit.of(window.known) for name, window in self._windows.items()}
        return {name: limit for name, limit in limits.items() if limit is not None}

    def take(self, operation: Operation[Any]) -> Window | None:
        """Take a slot at once, to be returned with ``release``; None if the call has to wait.

        It does for most calls what ``acquire`` would do, without a coroutine.
        """
        write = not operation.reads
        window = self._window_of(operation)
        now = self._clock.monotonic()
        # New callers do not overtake waiting ones.
        if (self._waiting and self._waiting[window.name, write]) or not self._may_go(
            window, write, now
        ):
            return None
        return self._take(window, write, now) if self._slots.take() else None

    def take_share(self, workers: int, *, reserved: bool) -> None:
        """Use one part of each limit, of as many as there are processes.

        Args:
            workers: how many there are.
            reserved: whether calls are reserved for each of them.
        """
        if (workers, reserved) == (self._workers, self._reserved):
            return
        self._workers, self._reserved = workers, reserved
        self._slots.resize(max(1, self._pacing.max_concurrency // workers))
        self._careful.take_share(workers, _WRITE_POINTS)
        if self._writes is not None:
            self._writes.take_share(workers, 1.0)
        for window in self._windows.values():
            window.workers, window.reserved = workers, reserved
            if not reserved:
                window.lease = None
        self._freed.set()

    def state(self) -> LimitsState:
        """Return what is known, for other processes."""
        from sdk.transport.shared_state import LimitsState, WindowState

        now = self._clock.monotonic()
        windows = tuple(
            WindowState(*window.known, seconds=window.reset_at - now)
            for window in self._windows.values()
            if window.known is not None and window.reset_at > now
        )
        return LimitsState(
            windows, max(0.0, self._paused_until - now), max(0.0, self._careful_until - now)
        )

    def merge(self, state: LimitsState) -> None:
        """Take in what another process knows."""
        now = self._clock.monotonic()
        for limit, remaining, used, reset, resource, seconds in state.windows:
            known = LimitState(limit, remaining, used, reset, resource)
            self._window(resource).merge(known, seconds, now)
        if state.pause > 0:
            self._pause(state.pause, now)
        careful = min(state.careful, _CAREFUL_SECONDS)
        if careful > 0:
            self._careful_until = max(self._careful_until, now + careful)
        self._freed.set()

    def probe(self, *, ended: bool) -> None:
        """Begin, or end, to ask other processes for what they know of the limits."""
        self._probing = not ended
        for window in self._windows.values():
            window.probing = self._probing
        self._freed.set()

    def leases(self, *, wanted: bool) -> list[LeaseReport]:
        """Return what is held of each limit; with `wanted`, ask for more where few are left."""
        now = self._clock.monotonic()
        reports = (
            window.report(now, wanted=wanted, waiting=self._is_waited_for(bucket))
            for bucket, window in self._windows.items()
        )
        return [report for report in reports if report is not None]

    def grant(self, resource: str, grant: LeaseGrant, age: float) -> bool:
        """Take in the reply to a report of so many seconds ago; return whether calls still wait."""
        now = self._clock.monotonic()
        window = self._window(resource)
        window.grant(grant, now - age)
        self._freed.set()
        return self._is_waited_for(resource) and window.is_short(now)

    def give_back(self) -> None:
        """Give up the reserved calls that no call waits for."""
        for bucket, window in self._windows.items():
            if window.lease is not None and not self._is_waited_for(bucket):
                window.lease.calls = window.lease.low = 0

    def _note_short(self, window: Window, now: float) -> None:
        if self.on_short is not None and window.is_short(now):
            self.on_short()

    def _is_waited_for(self, bucket: str) -> bool:
        return self._waiting[bucket, True] > 0 or self._waiting[bucket, False] > 0

    async def acquire(self, operation: Operation[Any], time_left: float | None) -> Window:
        """Wait for this call's turn and take a slot, to be returned with ``release``.

        Raises:
            RateLimitExceeded, SecondaryRateLimited: the wait would be longer than allowed, or than
                the `time_left` for the call in seconds; nothing was sent.
        """
        write = not operation.reads
        window = self._window_of(operation)
        while True:
            now = self._clock.monotonic()
            # New callers do not overtake waiting ones.
            if self._waiting[window.name, write] or not self._may_go(window, write, now):
                await self._wait_in_line(operation, window, time_left)
            await self._slots.wait()
            now = self._clock.monotonic()
            if self._may_go(window, write, now):
                return self._take(window, write, now)
            self._slots.release()

    async def _wait_in_line(
        self, operation: Operation[Any], window: Window, time_left: float | None
    ) -> None:
        """Wait until only a free slot is missing."""
        write = not operation.reads
        self._refuse_if_too_long(operation, window, self._clock.monotonic(), time_left)
        key = window.name, write
        gate = self._gates.get(key)
        if gate is None:
            gate = self._gates[key] = asyncio.Lock()
        self._waiting[key] += 1
        try:
            # One caller at a time watches for its turn, the others stand behind it in order. Reads
            # do not stand behind writes, nor the calls of one limit behind those of another.
            async with gate:
                while True:
                    now = self._clock.monotonic()
                    if self._may_go(window, write, now):
                        return
                    self._refuse_if_too_long(operation, window, now, time_left)
                    self._note_short(window, now)
                    wait = self._seconds_to_wait(window, write, now)
                    if wait > 0:
                        await self._sleep(wait, careful=now < self._careful_until)
                    else:
                        self._freed.clear()
                        await self._freed.wait()
        finally:
            self._waiting[key] -= 1
            if not self._waiting[key]:
                del self._waiting[key], self._gates[key]

    async def _sleep(self, seconds: float, *, careful: bool) -> None:
        await self._clock.sleep(seconds)
        if careful:
            # As long as callers have to wait, the load that brought the warning is still there.
            until = self._clock.monotonic() + _CAREFUL_SECONDS
            self._careful_until = max(self._careful_until, until)

    def release(self, window: Window) -> None:
        """Release a call's slot."""
        window.in_flight -= 1
        self._slots.release()
        self._freed.set()

    def learn(self, operation: Operation[Any], response: Response, failure: Failure | None) -> None:
        """Update the limits from a response."""
        if response.status == 401:
            # Its headers do not describe the limits of this credential, which may be invalid.
            return
        if self.on_accepted is not None:
            self.on_accepted()
            self.on_accepted = None
        now = self._clock.monotonic()
        headers = response.headers
        if response.api_headers is not None:
            # The response came from another host, whose limits are not the API's.
            headers, failure = response.api_headers, None
        state = limit_state(headers)
        if state is not None:
            if self._bucket_of.get(operation.id) != state.resource:
                _keep(self._bucket_of, operation.id, state.resource, _MOST_OPERATIONS)
            window = self._window(state.resource)
            window.learn(state, headers, self._clock.now(), now)
            if window.workers > 1:
                # So that the next call need not wait.
                self._note_short(window, now)
        elif failure is None:
            self._window_of(operation).learn_nothing()
        limited = failure is not None and issubclass(failure.error_class, RateLimited)
        if failure is not None and limited:
            self._learn_refusal(failure, now, window_known=state is not None)
        if self.on_learned is not None and (limited or state is not None):
            self.on_learned()

    def _learn_refusal(self, failure: Failure, now: float, *, window_known: bool) -> None:
        if failure.error_class is not RateLimitExceeded:
            self._careful_until = now + _CAREFUL_SECONDS
            self._pause(failure.retry_after, now)
        elif not window_known:
            self._pause(failure.retry_after, now)

    def _pause(self, seconds: float | None, now: float) -> None:
        if seconds is not None:
            until = now + min(seconds, _LONGEST_PAUSE)
            self._paused_until = max(self._paused_until, until)

    def _window_of(self, operation: Operation[Any]) -> Window:
        bucket = self._bucket_of.get(operation.id)
        if bucket is None:
            # Until a response names the limit.
            bucket = self._dialect.bucket(operation)
            _keep(self._bucket_of, operation.id, bucket, _MOST_OPERATIONS)
        return self._windows.get(bucket) or self._window(bucket)

    def _window(self, bucket: str) -> Window:
        window = self._windows.get(bucket)
        if window is None:
            window = Window(
                bucket,
                self._dialect.assumed_limit(bucket),
                workers=self._workers,
                reserved=self._reserved,
                scarce=_SCARCE * self._pacing.max_concurrency,
                probing=self._probing,
            )
            _keep(self._windows, bucket, window, _MOST_WINDOWS)
        return window

    def _may_go(self, window: Window, write: bool, now: float) -> bool:
        return (
            now >= self._paused_until
            and window.free(now)
            and (now >= self._careful_until or self._careful.wait(_points(write), now) <= 0)
            and (not write or self._write_wait(window, now) <= 0)
        )

    def _take(self, window: Window, write: bool, now: float) -> Window:
        window.begin(now)
        if window.workers > 1:
            self._note_short(window, now)
        if now < self._careful_until:
            self._careful.spend(_points(write), now)
        if write and self._writes is not None:
            self._writes.spend(1.0, now)
        return window

    def _write_wait(self, window: Window, now: float) -> float:
        if self._writes is None or window.unlimited:
            return 0.0
        return self._writes.wait(1.0, now)

    def _seconds_to_wait(self, window: Window, write: bool, now: float) -> float:
        waits = [self._paused_until - now, window.wait(now)]
        if now < self._careful_until:
            waits.append(self._careful.wait(_points(write), now))
        if write:
            waits.append(self._write_wait(window, now))
        return max(waits)

    def _refuse_if_too_long(
        self,
        operation: Operation[Any],
        window: Window,
        now: float,
        time_left: float | None,
    ) -> None:
        most = self._pacing.max_wait
        if time_left is not None:
            most = min(most, time_left)
        pause, primary = self._paused_until - now, window.wait(now)
        if max(pause, primary) <= most:
            return
        error_class, wait, what = (
            (RateLimitExceeded, primary, f"the rate limit {window.name!r} is used up")
            if primary >= pause
            else (SecondaryRateLimited, pause, "the API asked for a pause")
        )
        text = (
            f"{operation} was not sent: {what}, for another {wait:.0f} s, which is longer than "
            f"this call may wait. {error_class.hint}"
        )
        raise operation.call_error(error_class, text, status=429, message=what, retry_after=wait)


def _points(write: bool) -> float:
    return _WRITE_POINTS if write else _READ_POINTS


def _keep(entries: dict[str, T], key: str, value: T, most: int) -> None:
    """Add an entry; when there are more than `most`, the oldest one goes."""
    entries[key] = value
    if len(entries) > most:
        del entries[next(iter(entries))]
