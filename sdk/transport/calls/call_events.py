"""The events of one call. Imported if somebody listens."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from sdk.transport.errors import NotModified, SdkError
from sdk.transport.observability.events import (
    AttemptFinished,
    CallFinished,
    CallStarted,
    RetryScheduled,
)

if TYPE_CHECKING:
    from sdk.transport.clock import Clock
    from sdk.transport.observability.observers import Observers
    from sdk.transport.operation import Operation
    from sdk.transport.response.response import Response

    from .outcome import Outcome

_numbers = itertools.count(1)


class CallEvents:
    """Notifies the observers of what happens to one call; creating it notifies them of its start.

    Args:
        observers: the observers of the client.
        operation: what is called.
        clock: measures the times.
    """

    __slots__ = ("_attempt_started", "_clock", "_observers", "_operation", "_started", "number")

    def __init__(self, observers: Observers, operation: Operation[Any], clock: Clock) -> None:
        self._observers = observers
        self._operation = operation
        self._clock = clock
        self.number = next(_numbers)
        observers.notify(CallStarted(self.number, operation.id, operation.method, operation.path))
        self._started = self._attempt_started = clock.monotonic()

    def attempt_started(self) -> None:
        """Note when an attempt begins."""
        self._attempt_started = self._clock.monotonic()

    def attempt_finished(
        self, attempt: int, outcome: Outcome, response: Response | None, request_id: str | None
    ) -> None:
        """Notify of an attempt; `response` is what was received, if anything."""
        operation = self._operation
        self._observers.notify(
            AttemptFinished(
                call=self.number,
                operation=operation.id,
                method=operation.method,
                route=operation.path,
                attempt=attempt,
                status=response.status if response else None,
                error=type(outcome).__name__ if isinstance(outcome, SdkError) else None,
                seconds=self._clock.monotonic() - self._attempt_started,
                request_id=request_id,
            )
        )

    def retry_scheduled(self, attempt: int, delay: float) -> None:
        """Notify of a wait before the next attempt."""
        operation = self._operation
        self._observers.notify(
            RetryScheduled(
                call=self.number,
                operation=operation.id,
                method=operation.method,
                route=operation.path,
                attempt=attempt,
                wait=delay,
            )
        )

    def finished(
        self,
        attempts: int,
        response: Response | None,
        raised: BaseException | None,
        request_id: str | None,
    ) -> None:
        """Notify of the end of the call; `response` is the last one that was received."""
        operation = self._operation
        # A 304 is no failure.
        failed = raised is not None and not isinstance(raised, NotModified)
        self._observers.notify(
            CallFinished(
                call=self.number,
                operation=operation.id,
                method=operation.method,
                route=operation.path,
                status=response.status if response else None,
                error=type(raised).__name__ if failed else None,
                attempts=attempts,
                seconds=self._clock.monotonic() - self._started,
                request_id=request_id,
            )
        )
