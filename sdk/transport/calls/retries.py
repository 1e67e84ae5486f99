"""The waits between the attempts of one call, decided by tenacity.

Imported at the first retry: importing tenacity takes a tenth of a cold start.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tenacity import AsyncRetrying, RetryCallState, retry_always
from tenacity import DoSleep as Sleep

from sdk.transport.errors import RateLimited, TransportError
from sdk.transport.options import Retry

from .outcome import Rejected
from .retry_budget import RetryBudget
from .retry_policy import random_wait


class Retries:
    """The decision after each failed attempt of a call whether and when to retry.

    Args:
        retry: the retry policy.
        random: returns a random number from 0 to 1.
        budget: the retry budget of the client.
        time_left: returns the seconds until the deadline of the call; None without one.
    """

    __slots__ = ("_budget", "_random", "_retry", "_retrying", "_state", "_time_left")

    def __init__(
        self,
        retry: Retry,
        random: Callable[[], float],
        budget: RetryBudget,
        time_left: Callable[[], float | None],
    ) -> None:
        self._retry = retry
        self._random = random
        self._budget = budget
        self._time_left = time_left
        # One object per call: a shared one would mix up concurrent calls.
        self._retrying = AsyncRetrying(
            retry=retry_always,
            wait=self._seconds,
            stop=self._must_stop,
            retry_error_callback=_stopped,
        )
        self._retrying.begin()
        self._state = RetryCallState(self._retrying, None, (), {})

    async def delay(self, outcome: Rejected | TransportError) -> float | None:
        """Return the seconds to wait before the next attempt; None if there is none."""
        self._state.set_result(outcome)
        step: Any = await self._retrying.iter(self._state)
        if not isinstance(step, Sleep):
            return None
        self._state.prepare_for_next_attempt()
        return float(step)

    def _seconds(self, state: RetryCallState) -> float:
        wait = random_wait(self._retry, state.attempt_number, self._random())
        asked = _retry_after(state)
        # Never less than the server asked for; the random part spreads the retries of many clients.
        return wait if asked is None else asked + min(wait, 1.0)

    def _must_stop(self, state: RetryCallState) -> bool:
        if state.attempt_number >= self._retry.attempts:
            return True
        asked, left = _retry_after(state), self._time_left()
        if asked is not None and asked > self._retry.max_retry_after:
            return True
        if left is not None and state.upcoming_sleep >= left:
            return True
        outcome = _outcome(state)
        if isinstance(outcome, Rejected) and issubclass(outcome.failure.error_class, RateLimited):
            # The API sets the time, and calls are paced: such retries do not multiply an outage.
            return False
        return not self._budget.take()


def _outcome(state: RetryCallState) -> object:
    return None if state.outcome is None else state.outcome.result()


def _retry_after(state: RetryCallState) -> float | None:
    outcome = _outcome(state)
    return outcome.failure.retry_after if isinstance(outcome, Rejected) else None


def _stopped(_: RetryCallState) -> None:
    return None
