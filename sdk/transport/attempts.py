"""The attempts of one call: whether there is a next one, and when."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from tenacity import AsyncRetrying, RetryCallState, retry_if_result

from .answer import Answer
from .dialect import Failure
from .errors import TransportError
from .request import Request
from .rules import random_wait, retryable_answer, retryable_failure

if TYPE_CHECKING:
    from .caller import Settings

Attempt = Callable[[Request, float | None], Awaitable[Answer]]
Outcome = Answer | TransportError


class Attempts:
    """Runs one call's attempts on a tenacity object of its own.

    A shared tenacity object mixes up the results of concurrent calls.

    Attributes:
        count: attempts begun so far.
        failure: what the API said in the last answer, if that was of an error status.
    """

    __slots__ = ("_deadline", "_request", "_settings", "count", "failure")

    def __init__(self, request: Request, settings: Settings) -> None:
        self._request = request
        self._settings = settings
        total = request.timeout.total
        self._deadline = None if total is None else settings.clock.monotonic() + total
        self.count = 0
        self.failure: Failure | None = None

    async def run(self, attempt: Attempt) -> Answer:
        """Give the last answer, of whatever status; raises the last TransportError."""
        outcome = await self._once(attempt)
        if self._worth_repeating(outcome):
            outcome = await self._repeat(attempt, outcome)
        if isinstance(outcome, TransportError):
            raise outcome
        return outcome

    async def _once(self, attempt: Attempt) -> Outcome:
        self.count += 1
        self.failure = None
        try:
            answer = await attempt(self._request, self._time_left())
        except TransportError as error:
            return error
        status = answer.status
        expected_absence = status == 404 and self._request.operation.decoder(404) is bool
        if not (200 <= status < 300 or expected_absence):
            self.failure = self._settings.dialect.failure(answer, self._settings.clock.now())
        return answer

    async def _repeat(self, attempt: Attempt, first: Outcome) -> Outcome:
        # tenacity's machinery costs more than all else in a call, so it comes in only when there is
        # something to repeat, and takes the attempt that was made already for its first.
        made = [first]

        async def next_outcome() -> Outcome:
            return made.pop() if made else await self._once(attempt)

        retrying = AsyncRetrying(
            sleep=self._settings.clock.sleep,
            retry=retry_if_result(self._worth_repeating),
            wait=self._wait,
            stop=self._must_stop,
            retry_error_callback=_last_outcome,
        )
        return await retrying(next_outcome)

    def _worth_repeating(self, outcome: Outcome) -> bool:
        if self._request.retry.attempts <= 1:
            return False
        method = self._request.operation.method
        if isinstance(outcome, TransportError):
            return retryable_failure(method, outcome)
        return self.failure is not None and retryable_answer(
            method, outcome.status, self.failure.error_class
        )

    def _time_left(self) -> float | None:
        if self._deadline is None:
            return None
        return max(0.001, self._deadline - self._settings.clock.monotonic())

    def _wait(self, state: RetryCallState) -> float:
        chance = self._settings.clock.random()
        wait = random_wait(self._request.retry, state.attempt_number, chance)
        told = self.failure.retry_after if self.failure else None
        # Never less than told; the random part on top keeps many clients from coming back at once.
        return wait if told is None else told + min(wait, 1.0)

    def _must_stop(self, state: RetryCallState) -> bool:
        retry = self._request.retry
        if state.attempt_number >= retry.attempts:
            return True
        told = self.failure.retry_after if self.failure else None
        if told is not None and told > retry.longest_told_wait:
            return True
        left = self._time_left()
        return left is not None and state.upcoming_sleep >= left


def _last_outcome(state: RetryCallState) -> Outcome:
    # tenacity calls this only after an attempt, so there is an outcome; its type does not say so.
    if state.outcome is None:
        raise RuntimeError("tenacity stopped before the first attempt")
    outcome: Outcome = state.outcome.result()
    return outcome
