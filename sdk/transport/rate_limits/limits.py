"""The limits of a credential: calls per window, points per second, calls at once."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING

from sdk.transport.headers import Headers

if TYPE_CHECKING:
    from sdk.transport.response.rate_limit import LimitState
    from sdk.transport.shared_state import LeaseGrant, LeaseReport

    from .lease import Lease

# GitHub's windows last a minute or an hour. A reset that is further away is a mistake.
_LONGEST_WINDOW = 3600.0

# How long other processes are assumed to have as many calls under way as this one had, in seconds:
# longer than a call takes, and than the news of its response takes to come.
_PEAK_SECONDS = 2.0


class Window:
    """One primary rate limit, such as GitHub's "core" or "search", as last reported.

    Args:
        name: the API's name of the limit.
        assumed: how many calls may be under way while nothing is known yet.
        workers: how many processes use up this limit together.
        reserved: whether a store of shared state reserves calls for each process.
        scarce: with no more calls left than this, each call needs a reservation. It is more than
            all processes use before they know of each other's calls.
        probing: whether a store is being asked for what other processes know of the limit: until it
            replies, one call goes ahead.

    Attributes:
        in_flight: calls that are under way; the API may or may not have counted them.
        known: what the last response reported; None before the first one.
        unlimited: whether the API responds without naming a limit.
        reset_at: when the window ends, on the monotonic clock.
        capped: whether the reported end was too far away to be right.
        peak: the most calls that were under way lately, for what other processes may have.
        peak_until: when that is out of date, on the monotonic clock.
        lease: the calls that are reserved for this one.
    """

    __slots__ = (
        "assumed",
        "capped",
        "in_flight",
        "known",
        "lease",
        "name",
        "peak",
        "peak_until",
        "probing",
        "reserved",
        "reset_at",
        "scarce",
        "unlimited",
        "workers",
    )

    def __init__(
        self,
        name: str,
        assumed: int,
        *,
        workers: int = 1,
        reserved: bool = False,
        scarce: int = 400,
        probing: bool = False,
    ) -> None:
        self.name = name
        self.assumed = assumed
        self.in_flight = 0
        self.known: LimitState | None = None
        self.unlimited = False
        self.reset_at = 0.0
        self.capped = False
        self.workers = workers
        self.peak = 0
        self.peak_until = 0.0
        self.reserved = reserved
        self.scarce = scarce
        self.lease: Lease | None = None
        self.probing = probing

    def free(self, now: float) -> bool:
        """Return whether one more call may start, if none of those under way has been counted yet.

        With several processes, the last calls of a window need a reservation. Where nobody reserves
        any, the others are assumed to have as many calls under way.
        """
        if self.unlimited:
            return True
        if self.known is None:
            together = 1 if self.probing and self.reserved else self.assumed // self.workers
            return self.in_flight < max(1, together)
        mine = self.in_flight + 1
        if self.workers == 1:
            return self._left(now) >= mine
        if self._needs_lease(now):
            lease = self.leased(now)
            return lease is not None and lease.calls > 0 and self._left(now) >= mine
        theirs = max(mine, self.peak) if now < self.peak_until else mine
        return self._left(now) >= mine + (self._sharers() - 1) * theirs

    def begin(self, now: float) -> None:
        """Count a call that begins."""
        self.in_flight += 1
        if self.workers == 1:
            return
        if self.in_flight >= self.peak or now >= self.peak_until:
            self.peak, self.peak_until = self.in_flight, now + _PEAK_SECONDS
        lease = self.leased(now)
        if lease is not None:
            lease.calls -= 1

    def wait(self, now: float) -> float:
        """Return the seconds until a call may start, if no response can change that before, else 0.

        That is when the window ends, or when it is known what other processes have used.
        """
        if self.known is None or self.unlimited:
            return 0.0
        if self._needs_lease(now):
            return 0.0 if self._left(now) > 0 else max(0.0, self.reset_at - now)
        if self._left(now) < self._sharers():
            return max(0.0, self.reset_at - now)
        if self.in_flight == 0 and not self.free(now):
            return max(0.0, self.peak_until - now)
        return 0.0

    def leased(self, now: float) -> Lease | None:
        """Return the reservation for the current window, if there is a valid one."""
        lease, known = self.lease, self.known
        if lease is None or known is None or lease.reset != known.reset:
            return None
        return lease if now < min(lease.valid_until, self.reset_at) else None

    def is_short(self, now: float) -> bool:
        """Whether more calls should be reserved soon."""
        early = self.scarce + self.scarce // 4
        if not self._is_shared(now) or not 0 < self._left(now) <= early:
            return False
        lease = self.leased(now)
        return lease is None or lease.calls <= lease.low

    def _needs_lease(self, now: float) -> bool:
        return self._is_shared(now) and self._left(now) <= self.scarce

    def _is_shared(self, now: float) -> bool:
        is_current = self.known is not None and now < self.reset_at
        return self.reserved and self.workers > 1 and is_current and not self.unlimited

    def report(self, now: float, *, wanted: bool, waiting: bool) -> LeaseReport | None:
        """Return what this process holds of the limit; None while nothing is known of it.

        Args:
            now: the time on the monotonic clock.
            wanted: whether to ask for more calls, if few are left.
            waiting: whether calls wait for them.
        """
        known, lease = self.known, self.leased(now)
        if known is None:
            return None
        calls = 0 if lease is None else lease.calls
        # What was given back is not asked for again until a call needs it.
        active = lease is None or calls > 0 or self.in_flight > 0 or waiting
        from sdk.transport.shared_state import LeaseReport

        return LeaseReport(
            known.resource,
            known.reset,
            known.remaining,
            self.in_flight + calls,
            wanted and active and self.is_short(now),
            max(0.0, self.reset_at - now),
        )

    def grant(self, grant: LeaseGrant, asked_at: float) -> None:
        """Take in the reply to a report."""
        known = self.known
        if known is None or grant.reset != known.reset:
            return
        if grant.remaining < known.remaining:
            self.known = known._replace(remaining=grant.remaining)
        if self.lease is None or self.lease.reset != grant.reset:
            from .lease import Lease

            self.lease = Lease(grant.reset)
        elif self.lease.valid_until <= asked_at:
            # It was not part of what was reported.
            self.lease.calls = 0
        self.lease.add(grant.calls, asked_at)

    def learn(self, state: LimitState, headers: Headers, wall: float, now: float) -> None:
        """Update the state from a response.

        Responses arrive in any order: within one window the lowest count is the latest.

        Args:
            state: the limit.
            headers: those of the response; its Date is read for a new window only: that takes 3 us.
            wall: the time in seconds since the epoch.
            now: the time on the monotonic clock.
        """
        if self._is_news(state, now):
            if self._begins(state):
                self._begin(_seconds_to_reset(state, headers.date("date"), wall), now)
            self.known = state

    def merge(self, state: LimitState, seconds: float, now: float) -> None:
        """Update the state from another process; the window ends in so many seconds."""
        if self._is_news(state, now):
            if self._begins(state):
                self._begin(seconds, now)
            self.known = state

    def _is_news(self, state: LimitState, now: float) -> bool:
        self.unlimited = False
        known = self.known
        if known is None or now >= self.reset_at or self.capped:
            return True
        overtaken = state.reset == known.reset and state.remaining > known.remaining
        return state.reset >= known.reset and not overtaken

    def _begins(self, state: LimitState) -> bool:
        return self.known is None or state.reset != self.known.reset

    def _begin(self, seconds: float, now: float) -> None:
        self.capped = seconds > _LONGEST_WINDOW + 60.0
        self.reset_at = now + min(seconds, _LONGEST_WINDOW)

    def learn_nothing(self) -> None:
        """Record that a successful response reported no limit."""
        self.unlimited = self.known is None

    def _sharers(self) -> int:
        # A limit that is smaller than the number of processes is still used.
        limit = self.workers if self.known is None else self.known.limit
        return max(1, min(self.workers, limit))

    def _left(self, now: float) -> int:
        known = self.known
        if known is None:
            return self.assumed
        # The window has ended, so a new one of the same size has begun.
        return known.limit if now >= self.reset_at else known.remaining


def _seconds_to_reset(state: LimitState, date: float | None, wall: float) -> float:
    # By the server's own clock, which may differ from ours; and one second more, because the window
    # ends some time within the second that it names.
    return max(0.0, state.reset - (date or wall)) + 1.0


class Rate:
    """So many points a second on average, and so many at once (a GCRA: one number of state).

    Args:
        per_second: points that become free each second.
        burst: points that may be spent at once.
    """

    __slots__ = ("_burst", "_burst_seconds", "_full_at", "_per_second", "_second_per_point")

    def __init__(self, per_second: float, burst: float) -> None:
        self._per_second = per_second
        self._burst = burst
        self._second_per_point = 1.0 / per_second
        self._burst_seconds = burst / per_second
        self._full_at = float("-inf")

    def take_share(self, workers: int, largest: float) -> None:
        """Use one part of the rate, of as many as there are workers.

        Args:
            workers: how many there are.
            largest: the most points that are spent at once.
        """
        per_second = self._per_second / workers
        self._second_per_point = 1.0 / per_second
        self._burst_seconds = max(self._burst / workers, largest) / per_second

    def wait(self, points: float, now: float) -> float:
        """Return the seconds until a number of points may be spent."""
        due = max(self._full_at, now) + points * self._second_per_point
        return max(0.0, due - self._burst_seconds - now)

    def spend(self, points: float, now: float) -> None:
        """Spend a number of points."""
        self._full_at = max(self._full_at, now) + points * self._second_per_point


class Slots:
    """How many calls may be under way at once, given out in the order of asking.

    Unlike with ``asyncio.Semaphore``, taking a free slot needs no coroutine. A slot that becomes
    free is handed to the next in line, without a moment in which it is unused.

    Args:
        count: how many there are.
    """

    __slots__ = ("_free", "_waiting", "count")

    def __init__(self, count: int) -> None:
        self.count = count
        # Below 0 while more slots are taken than there are since a ``resize``.
        self._free = count
        self._waiting: deque[asyncio.Future[None]] = deque()

    def take(self) -> bool:
        """Take a slot; return False if none is free."""
        if self._free <= 0:
            return False
        self._free -= 1
        return True

    async def wait(self) -> None:
        """Take a slot as soon as one is free."""
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
        """Hand a slot to the next in line, or make it free."""
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
