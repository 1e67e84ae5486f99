"""The attempts of one call: each in its turn, whether there is a next one, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sdk.transport.auth import AuthCall, auth_for
from sdk.transport.errors import DeadlineExceeded, RateLimited, SdkError, TimedOut, TransportError
from sdk.transport.http.send import exchange
from sdk.transport.observability.tracing import span, tracing
from sdk.transport.request.body import Content
from sdk.transport.response.response import Response

from .retry_policy import random_wait, retryable_failure, retryable_response

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tenacity import RetryCallState

    from sdk.transport.dialect import Failure
    from sdk.transport.http.session import Session
    from sdk.transport.request.request import Request

    from .settings import Settings, Shared

Outcome = Response | TransportError


# However often credentials say that they were mended.
_MOST_REFUSALS = 5


class Attempts:
    """Runs the attempts of one call.

    Attributes:
        auth: the credentials of this call.
        count: requests sent so far.
        failure: what the API said in the last response, if that was of an error status.
        response: the last response, if there was one.
        history: one line for each attempt that failed.
        number: of the call, for its events.
    """

    __slots__ = (
        "_auth_call",
        "_deadline",
        "_pacer",
        "_request",
        "_session",
        "_settings",
        "_shared",
        "auth",
        "count",
        "failure",
        "history",
        "number",
        "response",
    )

    def __init__(
        self,
        session: Session,
        settings: Settings,
        shared: Shared,
        request: Request,
        auth_call: AuthCall,
        number: int,
    ) -> None:
        self._session = session
        self._settings = settings
        self._shared = shared
        self._request = request
        self.auth = auth_for(settings.auth, request.operation)
        self._auth_call = auth_call
        uncounted = request.operation.path in settings.dialect.uncounted
        self._pacer = None if uncounted else shared.pacers.of(self.auth)
        total = request.timeout.total
        self._deadline = None if total is None else self._now() + total
        self.count = 0
        self.failure: Failure | None = None
        self.response: Response | None = None
        self.history: list[str] = []
        self.number = number

    async def run(self) -> Response:
        """Give the last response, of whatever status; raises the last TransportError."""
        self._shared.budget.note_call()
        outcome = await self._accepted()
        if self._worth_repeating(outcome):
            outcome = await self._repeat(outcome)
        if isinstance(outcome, TransportError):
            raise outcome
        return outcome

    async def _accepted(self) -> Outcome:
        """Send once, and again as often as refused credentials could be mended."""
        outcome = await self._once()
        while isinstance(outcome, Response) and await self._mended(outcome):
            self._auth_call.refusals += 1
            outcome = await self._once()
        return outcome

    async def _mended(self, response: Response) -> bool:
        failure, call = self.failure, self._auth_call
        if failure is None or response.status not in (401, 403):
            return False
        refused = getattr(self.auth, "refused", None)
        if refused is None or call.refusals >= _MOST_REFUSALS:
            return False
        if issubclass(failure.error_class, RateLimited) or not self._replayable:
            return False
        call.time_left = self._time_left()
        try:
            # Outside the pacer and the retry budget: what was refused had no effect.
            return bool(await refused(call, response))
        except SdkError as error:
            error.credentials = True
            raise

    @property
    def _replayable(self) -> bool:
        content = self._request.content
        return not isinstance(content, Content) or content.replayable

    async def _once(self) -> Outcome:
        # Before the pacer: who may not call at all need not wait to be told so.
        self._session.check()
        if self._pacer is None:
            return await self._exchange()
        operation = self._request.operation
        place = await self._pacer.acquire(operation, self._time_left())
        try:
            outcome = await self._exchange()
            if isinstance(outcome, Response):
                self._pacer.learn(operation, outcome, self.failure)
            return outcome
        finally:
            self._pacer.release(place)

    async def _exchange(self) -> Outcome:
        self.count += 1
        self.failure = self.response = None
        listening = self._shared.observers.listening
        started = self._now() if listening else 0.0
        outcome: Outcome
        try:
            outcome = await (self._traced() if tracing() else self._send({}))
        except TransportError as error:
            if error.credentials:
                raise
            # Without its frames, which hold the response and the address with its query.
            outcome = self._deadline_or(error.with_traceback(None))
            self.history.append(f"Attempt {self.count}: {type(error).__name__}")
        else:
            self._classify(outcome)
        if listening:
            self._tell(outcome, started)
        return outcome

    def _deadline_or(self, error: TransportError) -> TransportError:
        # The limits of an attempt are cut to the deadline and run out together with it, and which
        # of the two timers is first is chance.
        late = self._deadline is not None and self._now() >= self._deadline
        return self.too_late() if late and isinstance(error, TimedOut) else error

    def too_late(self) -> DeadlineExceeded:
        """Say that the time for the whole call is over."""
        return DeadlineExceeded(f"No answer within {self._request.timeout.total:g} s in all")

    async def _traced(self) -> Response:
        with span(self._request, self.count) as current:
            response = await self._send(current.headers)
            current.answered(response)
            return response

    async def _send(self, trace_headers: Mapping[str, str]) -> Response:
        self._auth_call.time_left = self._time_left()
        return await exchange(
            self._session.sender(),
            self._request,
            self.auth,
            self._auth_call,
            most_bytes=self._settings.max_response_bytes,
            trace_headers=trace_headers,
        )

    def _classify(self, response: Response) -> None:
        self.response = response
        status = response.status
        operation, settings = self._request.operation, self._settings
        if 200 <= status < 300:
            if operation.errors_in_success and not self._request.streamed:
                self.failure = settings.dialect.failure_in_success(response, settings.clock.now())
            if self.failure is None:
                return
        elif status == 404 and operation.decoder(404) is bool:
            return
        else:
            self.failure = settings.dialect.failure(response, settings.clock.now())
        self.history.append(f"Attempt {self.count}: status {status}")

    async def _repeat(self, first: Outcome) -> Outcome:
        # A tenacity object of this call's own: a shared one mixes up concurrent calls. It costs
        # more than all else in a call, and to import it a tenth of a cold start, so it comes in
        # only when there is something to repeat, and takes the attempt that was made for its first.
        from tenacity import AsyncRetrying, retry_if_result

        made = [first]

        async def next_outcome() -> Outcome:
            return made.pop() if made else await self._accepted()

        retrying = AsyncRetrying(
            sleep=self._settings.clock.sleep,
            retry=retry_if_result(self._worth_repeating),
            wait=self._wait,
            stop=self._must_stop,
            before_sleep=self._tell_of_retry,
            retry_error_callback=_last_outcome,
        )
        return await retrying(next_outcome)

    def _worth_repeating(self, outcome: Outcome) -> bool:
        request = self._request
        if request.retry.attempts <= 1:
            return False
        if not self._replayable:
            return False
        method, repeatable = request.operation.method, request.operation.repeatable
        if isinstance(outcome, TransportError):
            return retryable_failure(method, outcome, repeatable=repeatable)
        return self.failure is not None and retryable_response(
            method, outcome.status, self.failure.error_class, repeatable=repeatable
        )

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
        if told is not None and told > retry.max_retry_after:
            return True
        left = self._time_left()
        if left is not None and state.upcoming_sleep >= left:
            return True
        if self.failure is not None and issubclass(self.failure.error_class, RateLimited):
            # Told to come back later, and paced: that multiplies nothing.
            return False
        return not self._shared.budget.take()

    def _time_left(self) -> float | None:
        if self._deadline is None:
            return None
        # Never 0: the HTTP libraries take 0 for "no limit". The deadline itself ends the call.
        return max(0.001, self._deadline - self._now())

    def _now(self) -> float:
        return self._settings.clock.monotonic()

    def _tell(self, outcome: Outcome, started: float) -> None:
        from sdk.transport.observability.events import AttemptFinished

        operation = self._request.operation
        response = outcome if isinstance(outcome, Response) else None
        self._shared.observers.tell(
            AttemptFinished(
                call=self.number,
                operation=operation.id,
                method=operation.method,
                route=operation.path,
                attempt=self.count,
                status=response.status if response else None,
                error=type(outcome).__name__ if isinstance(outcome, SdkError) else None,
                seconds=self._now() - started,
                request_id=self._settings.dialect.request_id(response.headers)
                if response
                else None,
            )
        )

    def _tell_of_retry(self, state: RetryCallState) -> None:
        self.history[-1] += f", then a wait of {state.upcoming_sleep:.1f} s"
        observers = self._shared.observers
        if observers.listening:
            from sdk.transport.observability.events import RetryScheduled

            operation = self._request.operation
            observers.tell(
                RetryScheduled(
                    call=self.number,
                    operation=operation.id,
                    method=operation.method,
                    route=operation.path,
                    attempt=self.count,
                    wait=state.upcoming_sleep,
                )
            )


def _last_outcome(state: RetryCallState) -> Outcome:
    # tenacity calls this only after an attempt, so there is an outcome; its type does not say so.
    if state.outcome is None:
        raise RuntimeError("tenacity stopped before the first attempt")
    outcome: Outcome = state.outcome.result()
    return outcome
