"""The attempts of one call: how each is made, and whether to retry."""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING

from sdk.transport.auth import (
    AuthCall,
    has_only_headers,
    is_on_behalf,
    query_of,
    renewed,
)
from sdk.transport.errors import DeadlineExceeded, RateLimited, SdkError, TimedOut, TransportError
from sdk.transport.headers import FixedHeaders
from sdk.transport.http.send import exchange
from sdk.transport.observability.tracing import in_span, tracing
from sdk.transport.request.body import Content
from sdk.transport.request.request import Request, StreamRequest
from sdk.transport.response.response import Response

from .error_messages import api_error, with_call
from .outcome import Outcome, Rejected
from .redaction import may_tell_errors, redacted, redacted_body, secrets_of
from .retry_policy import retryable_failure, retryable_response

if TYPE_CHECKING:
    from sdk.transport.auth import Auth
    from sdk.transport.caching.lookup import Lookup
    from sdk.transport.http.session import Session

    from .call_events import CallEvents
    from .retries import Retries
    from .settings import Settings, Shared


# The maximum number of times that credentials are renewed in one call.
_MOST_RENEWALS = 5


class Attempts:
    """The attempts of one call, one after the other.

    Attributes:
        auth: the credentials of this call.
        count: requests sent so far.
        events: the events of the call; None if nobody listens.
        last: the last response of any status, if there was one.
    """

    __slots__ = (
        "_auth_call",
        "_deadline",
        "_has_replaced",
        "_history",
        "_lookup",
        "_now",
        "_pacer",
        "_request",
        "_retries",
        "_session",
        "_settings",
        "_shared",
        "auth",
        "count",
        "events",
        "last",
    )

    def __init__(
        self,
        session: Session,
        settings: Settings,
        shared: Shared,
        request: Request,
        auth: Auth,
        auth_call: AuthCall,
    ) -> None:
        operation = request.operation
        self._session = session
        self._settings = settings
        self._shared = shared
        self._request = request
        self._auth_call = auth_call
        self.auth = auth
        counted = operation.path not in settings.dialect.uncounted
        self._pacer = shared.pacers.of(auth) if counted else None
        total = request.timeout.total
        self._now = settings.clock.monotonic
        self._deadline = None if total is None else self._now() + total
        self._history: list[str] = []
        self.events: CallEvents | None = None
        self._retries: Retries | None = None
        self._has_replaced = False
        self._lookup: Lookup | None = None
        self.count = 0
        self.last: Response | None = None

    async def attempt(self) -> Outcome:
        """Wait for the rate limit, send the request once and classify what comes back."""
        session, pacer, operation = self._session, self._pacer, self._request.operation
        # Fail fast if the client is closed, before queueing for the rate limit.
        sender = session.sender()
        window = None
        if pacer is not None:
            window = pacer.take(operation)
            if window is None:
                window = await pacer.acquire(operation, self._time_left())
                # Meanwhile the client may have been closed.
                sender = session.sender()
        self.count += 1
        self.last = None
        if self.events is not None:
            self.events.attempt_started()
        self._auth_call.time_left = self._time_left()
        outcome: Outcome
        try:
            send = partial(
                exchange,
                sender,
                self._request,
                self.auth,
                self._auth_call,
                max_bytes=self._settings.max_response_bytes,
                lookup=self._lookup,
            )
            traced = "opentelemetry.trace" in sys.modules and tracing()
            response = await (in_span(self._request, self.count, send) if traced else send())
        except TransportError as error:
            if error.credentials:
                raise
            # Without its frames, which refer to the response and the URL with its query.
            outcome = self._deadline_or(error.with_traceback(None))
            self._history.append(f"Attempt {self.count}: {type(error).__name__}")
        else:
            outcome = self._classified(response)
            if pacer is not None:
                failure = outcome.failure if isinstance(outcome, Rejected) else None
                pacer.learn(operation, response, failure)
        finally:
            if pacer is not None and window is not None:
                pacer.release(window)
        if self.events is not None:
            self.events.attempt_finished(self.count, outcome, self.last, self.request_id)
        return outcome

    @property
    def request_id(self) -> str | None:
        """The API's id of the last request, without credentials that it repeats."""
        found = None if self.last is None else self.last.request_id
        return found and redacted(found, self._secrets())

    async def follows(self, outcome: Rejected | TransportError) -> bool:
        """Return whether to send the request again, after the wait before a retry."""
        if isinstance(outcome, Rejected) and (
            self._headers_replaced(outcome) or await self._credentials_renewed(outcome)
        ):
            return True
        if not self._retryable(outcome):
            return False
        if self._retries is None:
            from .retries import Retries

            self._retries = Retries(
                self._request.retry,
                self._settings.clock.random,
                self._shared.budget,
                self._time_left,
            )
        delay = await self._retries.delay(outcome)
        if delay is None:
            return False
        self._history[-1] += f", then a wait of {delay:.1f} s"
        if self.events is not None:
            self.events.retry_scheduled(self.count, delay)
        await self._settings.clock.sleep(delay)
        return True

    def error(self, outcome: Rejected | TransportError | None) -> SdkError:
        """Return the error for the last outcome; None if the call timed out before it."""
        if isinstance(outcome, Rejected):
            response = outcome.response
            hint = self._settings.dialect.hint(self._request.operation, response)
            return api_error(self._request, response, outcome.failure, hint, self._secrets())
        if self._session.is_closed:
            error: SdkError = self._session.closed_during_call()
        else:
            error = self._too_late() if outcome is None else outcome
        return with_call(error, self._request, self.count)

    def describe(self, error: SdkError) -> None:
        """Add to an error the type of its credentials and the earlier attempts."""
        error.on_behalf = is_on_behalf(self.auth)
        if self.count > 1:
            for line in self._history:
                error.add_note(line)

    def _classified(self, response: Response) -> Outcome:
        self.last = response
        response.attempts = self.count
        response.deadline = self._deadline
        response.find_request_id = self._settings.dialect.request_id
        operation, settings = self._request.operation, self._settings
        failure = None
        if 200 <= response.status < 300:
            if operation.errors_in_success and not isinstance(self._request, StreamRequest):
                failure = settings.dialect.failure_in_success(response, settings.clock.now())
                if failure is None and may_tell_errors(response.body):
                    secrets = self._secrets()
                    response.body = redacted_body(response.body, secrets)
                    response.headers = response.headers.without(secrets)
        elif response.status != 404 or operation.decoder(404) is not bool:
            failure = settings.dialect.failure(response, settings.clock.now())
        if failure is None:
            return response
        self._history.append(f"Attempt {self.count}: status {response.status}")
        # Errors show the request id, and keep the headers.
        response.headers = response.headers.without(self._secrets())
        return Rejected(response, failure)

    def _secrets(self) -> list[str]:
        """Return the secret values of the credentials that were sent."""
        return secrets_of(self._auth_call.sent, query_of(self.auth))

    def _headers_replaced(self, rejected: Rejected) -> bool:
        """Return whether defaults that the API refused were replaced; once in a call."""
        if rejected.response.status != 400 or self._has_replaced:
            return False
        sent = self._request.headers
        preferred = self._settings.dialect.preferred_headers(sent, rejected.response)
        if not preferred:
            return False
        self._has_replaced = True
        self._shared.preferred.update(preferred)
        self._request.headers = {**sent, **preferred}
        return self._replayable

    async def _credentials_renewed(self, rejected: Rejected) -> bool:
        """Return whether refused credentials were renewed; this does not use the retry budget."""
        call, failure = self._auth_call, rejected.failure
        if rejected.response.status not in (401, 403):
            return False
        if issubclass(failure.error_class, RateLimited) or not self._replayable:
            return False
        if call.refusals >= _MOST_RENEWALS:
            return False
        call.time_left = self._time_left()
        try:
            was_renewed = await renewed(self.auth, call, rejected.response)
        except SdkError as error:
            error.credentials = True
            raise
        was_renewed = was_renewed or await self._may_be_new(rejected.response.status)
        call.refusals += was_renewed
        return was_renewed

    async def _may_be_new(self, status: int) -> bool:
        """Return whether credentials that have only ``headers()`` deserve a second try; waits.

        A token that was just issued may not have reached all servers of the API.
        """
        call, auth, left = self._auth_call, self.auth, self._time_left()
        if status != 401 or call.refusals or not has_only_headers(auth):
            return False
        if not call.sent or isinstance(call.sent, FixedHeaders):
            return False
        from .first_refusals import DELAY, FirstRefusals

        if left is not None and left <= DELAY:
            return False
        refusals = self._shared.first_refusals = self._shared.first_refusals or FirstRefusals()
        if not refusals.may_be_new(call.sent, self._now()):
            return False
        await self._settings.clock.sleep(DELAY)
        return True

    def _retryable(self, outcome: Rejected | TransportError) -> bool:
        request, operation = self._request, self._request.operation
        if request.retry.attempts <= 1 or not self._replayable:
            return False
        method, repeatable = operation.method, operation.repeatable
        if isinstance(outcome, TransportError):
            return retryable_failure(method, outcome, repeatable=repeatable)
        return retryable_response(
            method, outcome.response.status, outcome.failure.error_class, repeatable=repeatable
        )

    @property
    def _replayable(self) -> bool:
        content = self._request.content
        return not isinstance(content, Content) or content.replayable

    def _deadline_or(self, error: TransportError) -> TransportError:
        # The limits of an attempt are cut to the deadline and expire together with it; either
        # timer may fire first.
        late = self._deadline is not None and self._now() >= self._deadline
        return self._too_late() if late and isinstance(error, TimedOut) else error

    def _too_late(self) -> DeadlineExceeded:
        return DeadlineExceeded(f"No response within {self._request.timeout.total:g} s in all")

    def _time_left(self) -> float | None:
        if self._deadline is None:
            return None
        # Never 0, which HTTP libraries take for "no limit". The deadline itself ends the call.
        return max(0.001, self._deadline - self._now())
