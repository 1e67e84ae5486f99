"""The retry rules: pure functions over plain values. No clock, no socket, no HTTP library."""

from __future__ import annotations

from sdk.transport.errors import (
    ConnectFailed,
    ConnectionLost,
    DeadlineExceeded,
    RateLimited,
    TimedOut,
    TransportError,
)
from sdk.transport.headers import Headers, http_date
from sdk.transport.options import Retry

# RFC 9110, 9.2.2. PATCH and POST may have an effect each time they arrive.
IDEMPOTENT = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE"})
RETRYABLE_STATUSES = frozenset({408, 429, 500, 502, 503, 504})

# No server means a longer wait than this, and int() of an endless run of digits is slow.
_MOST_DIGITS = 10


def retryable_answer(method: str, status: int, error_class: type[Exception]) -> bool:
    """Whether an answer of an error status may be followed by the same request again."""
    if method not in IDEMPOTENT:
        return False
    return status in RETRYABLE_STATUSES or issubclass(error_class, RateLimited)


def retryable_failure(method: str, error: TransportError) -> bool:
    """Whether a call that got no answer may be sent again."""
    if isinstance(error, DeadlineExceeded):
        return False
    if not isinstance(error, (ConnectFailed, ConnectionLost, TimedOut)):
        return False
    return method in IDEMPOTENT or not error.sent


def told_wait(status: int, headers: Headers, now: float) -> float | None:
    """Give the seconds that the server asked to wait, or None when it did not ask in a legal way.

    ``Retry-After`` in seconds or as a date (RFC 9110, 10.2.3), else the end of the rate-limit
    window when nothing of it is left and the status may be due to that. Dates are read against the
    server's own ``Date``, because the two clocks may differ.
    """
    server_now = http_date(headers.get("date")) or now
    retry_after = headers.get("retry-after", "").strip()
    if retry_after:
        seconds = _digits(retry_after)
        if seconds is not None:
            return seconds
        moment = http_date(retry_after)
        if moment is not None:
            return max(0.0, moment - server_now)
    may_be_limit = status in (403, 429) or status >= 500
    if may_be_limit and headers.get("x-ratelimit-remaining", "").strip() == "0":
        reset = _digits(headers.get("x-ratelimit-reset", "").strip())
        if reset is not None:
            # One second more: the window ends some time within the second that it names.
            return max(0.0, reset - server_now) + 1.0
    return None


def random_wait(retry: Retry, failed_attempts: int, chance: float) -> float:
    """Give the seconds to wait after so many failed attempts: full jitter, doubling, capped."""
    ceiling = min(retry.longest_wait, retry.first_wait * 2.0 ** min(failed_attempts - 1, 30))
    return ceiling * chance


def _digits(text: str) -> float | None:
    # RFC 9110's delay-seconds is 1*DIGIT. float() would also take "nan", "1e400" and "1_000".
    if not (text.isascii() and text.isdigit()):
        return None
    return float(int(text)) if len(text) <= _MOST_DIGITS else 10.0**_MOST_DIGITS
