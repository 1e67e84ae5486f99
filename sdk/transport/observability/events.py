"""The events that observers receive: immutable, without values, tokens or query strings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, TypeAlias


@dataclass(frozen=True, slots=True)
class CallStarted:
    """A call was started; nothing has been sent yet.

    Attributes:
        call: a number that all events of this call have in common, unique in the process.
        operation: the API's name of the operation, such as ``"users/get-by-username"``.
        method: the HTTP method.
        route: the route template, such as ``"/users/{username}"``.
    """

    is_logged: ClassVar[bool] = False

    call: int
    operation: str
    method: str
    route: str

    def __str__(self) -> str:
        return f"{self.method} {self.route} started"


@dataclass(frozen=True, slots=True)
class AttemptFinished:
    """One request of a call got a response, or failed.

    Attributes:
        call, operation, method, route: as in CallStarted.
        attempt: the number of the attempt, 1 for the first.
        status: the HTTP status code; None when there was no response.
        error: the name of the error's class; None when there was a response.
        seconds: the duration in seconds, from the end of pacing to the end of the body.
        request_id: the API's id of the request.
    """

    call: int
    operation: str
    method: str
    route: str
    attempt: int
    status: int | None
    error: str | None
    seconds: float
    request_id: str | None

    is_logged: ClassVar[bool] = False

    def __str__(self) -> str:
        outcome = self.status or self.error
        milliseconds = self.seconds * 1000
        return f"{self.method} {self.route} {outcome} {milliseconds:.0f} ms, attempt {self.attempt}"


@dataclass(frozen=True, slots=True)
class RetryScheduled:
    """A call will be retried.

    Attributes:
        call, operation, method, route: as in CallStarted.
        attempt: the attempt that failed; 1 for the first.
        wait: the seconds until the next attempt.
    """

    call: int
    operation: str
    method: str
    route: str
    attempt: int
    wait: float

    is_logged: ClassVar[bool] = True

    def __str__(self) -> str:
        failed = f"attempt {self.attempt} failed"
        return f"{self.method} {self.route} {failed}, retrying in {self.wait:.1f} s"


@dataclass(frozen=True, slots=True)
class CallFinished:
    """A call ended: with a response, an error or a cancellation.

    Attributes:
        call, operation, method, route: as in CallStarted.
        status: the last HTTP status code; None when there was no response.
        error: the name of the error's class, ``"CancelledError"`` included; None for success.
        attempts: the number of requests that were sent.
        seconds: the duration in seconds since CallStarted, all waits included.
        request_id: the API's id of the last request.
    """

    call: int
    operation: str
    method: str
    route: str
    status: int | None
    error: str | None
    attempts: int
    seconds: float
    request_id: str | None

    is_logged: ClassVar[bool] = True

    def __str__(self) -> str:
        outcome = " ".join(str(part) for part in (self.status, self.error) if part is not None)
        attempts = "1 attempt" if self.attempts == 1 else f"{self.attempts} attempts"
        request = f", request {self.request_id}" if self.request_id else ""
        took = f"{self.seconds * 1000:.0f} ms"
        return f"{self.method} {self.route} {outcome} {took}, {attempts}{request}"


Event: TypeAlias = CallStarted | AttemptFinished | RetryScheduled | CallFinished
Observer: TypeAlias = Callable[[Event], object]
