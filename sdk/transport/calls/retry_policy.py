"""The retry rules: pure functions over plain values. No clock, no socket, no HTTP library."""

from __future__ import annotations

from sdk.transport.errors import (
    ConnectFailed,
    ConnectionLost,
    DeadlineExceeded,
    RateLimited,
    ServerError,
    TimedOut,
    TransportError,
)
from sdk.transport.options import Retry

# RFC 9110, 9.2.2. PATCH and POST may have an effect each time they arrive.
IDEMPOTENT = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE"})
RETRYABLE_STATUSES = frozenset({408, 429, 500, 502, 503, 504})


def retryable_response(
    method: str, status: int, error_class: type[Exception], *, repeatable: bool = False
) -> bool:
    """Return whether a request may be sent again after a response with an error status."""
    if method not in IDEMPOTENT and not repeatable:
        return False
    if status in RETRYABLE_STATUSES or issubclass(error_class, RateLimited):
        return True
    # A server error inside of a successful response, as in GraphQL.
    return status < 300 and issubclass(error_class, ServerError)


def retryable_failure(method: str, error: TransportError, *, repeatable: bool = False) -> bool:
    """Return whether a request without a response may be sent again."""
    if isinstance(error, DeadlineExceeded) or error.permanent:
        return False
    if not isinstance(error, (ConnectFailed, ConnectionLost, TimedOut)):
        return False
    return method in IDEMPOTENT or repeatable or not error.sent


def random_wait(retry: Retry, failed_attempts: int, chance: float) -> float:
    """Return the seconds to wait after failed attempts: full jitter, doubling, capped."""
    ceiling = min(retry.max_delay, retry.initial_delay * 2.0 ** min(failed_attempts - 1, 30))
    return ceiling * chance
