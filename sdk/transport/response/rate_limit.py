"""Parse the headers of a response about rate limits and waits."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from sdk.transport.headers import Headers, whole_number
from sdk.transport.value_classes import value_class

# A reset time with more digits is in milliseconds, or nonsense.
_LARGEST = 10**10

# The end of a window names no time to wait if it is long past, or too far ahead to be one: it is
# in milliseconds, or a number of seconds from now.
_JUST_ENDED, _LONGEST_WINDOW = -60.0, 366 * 86400.0

_PREFIX = "x-ratelimit-"
_LIMIT, _REMAINING, _USED = f"{_PREFIX}limit", f"{_PREFIX}remaining", f"{_PREFIX}used"
_RESET, _RESOURCE = f"{_PREFIX}reset", f"{_PREFIX}resource"

# The headers as GitHub sends them, one after the other: 4 us less than reading each.
_USUAL = re.compile(
    rb"\r\nx-ratelimit-limit: (\d{1,10})\r\nx-ratelimit-remaining: (\d{1,10})"
    rb"\r\nx-ratelimit-reset: (\d{1,10})\r\nx-ratelimit-"
    rb"(?:used: (\d{1,10})\r\nx-ratelimit-resource: ([!-~]+)"
    rb"|resource: ([!-~]+)\r\nx-ratelimit-used: (\d{1,10}))\r\n(?!x-ratelimit-)",
    re.IGNORECASE,
)


class LimitState(NamedTuple):
    """A rate limit as the response headers state it; `reset` is in seconds since the epoch."""

    limit: int
    remaining: int
    used: int
    reset: int
    resource: str


def limit_state(headers: Headers) -> LimitState | None:
    """Read ``x-ratelimit-*``; None when they are missing or are not numbers."""
    usual = headers.search(_USUAL)
    if usual is not None:
        limit, remaining, reset, used, resource, first_resource, last_used = usual.groups()
        return LimitState(
            int(limit),
            int(remaining),
            int(used or last_used),
            int(reset),
            (resource or first_resource).decode(),
        )
    return _limit_state(headers.beginning(_PREFIX))


def _limit_state(found: Mapping[str, str]) -> LimitState | None:
    if not found:
        return None
    limit, remaining = _number(found, _LIMIT), _number(found, _REMAINING)
    reset = _number(found, _RESET)
    if limit is None or remaining is None or reset is None:
        return None
    used = limit - remaining
    if _USED in found:
        stated = _number(found, _USED)
        if stated is None:
            return None
        used = stated
    if max(limit, remaining, used, reset) >= _LARGEST:
        return None
    return LimitState(limit, remaining, used, reset, found.get(_RESOURCE, "core"))


def _number(found: Mapping[str, str], name: str) -> int | None:
    text = found.get(name)
    return None if text is None else whole_number(text)


def retry_after(status: int, headers: Headers, now: float) -> float | None:
    """Return the seconds that the server asks to wait; None when it names no valid time.

    ``Retry-After`` in seconds or as a date (RFC 9110, 10.2.3); else the end of the rate-limit
    window, when nothing of it is left and the status may be due to that. Dates are compared with
    the server's own ``Date``, because the two clocks may differ.
    """
    seconds = headers.integer("retry-after")
    if seconds is not None:
        return float(min(seconds, _LARGEST))
    server_now = headers.date("date") or now
    moment = headers.date("retry-after")
    if moment is not None:
        return max(0.0, moment - server_now)
    may_be_limit = status in (403, 429) or status >= 500
    if may_be_limit and headers.integer("x-ratelimit-remaining") == 0:
        reset = headers.integer("x-ratelimit-reset")
        if reset is not None and _JUST_ENDED <= reset - server_now <= _LONGEST_WINDOW:
            # The window ends at some moment within the second that the header names.
            return max(0.0, reset - server_now) + 1.0
    return None


@value_class
@dataclass(frozen=True, slots=True, repr=False, eq=False)
class RateLimit:
    """One rate limit of a credential, as a response reported it.

    Source: https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api

    Attributes:
        limit: the number of calls in one window.
        remaining: the number of calls left in the current window.
        used: the number of calls made in the current window.
        reset: the end of the current window, as a datetime in UTC.
        resource: the name of the limit, such as ``"core"`` or ``"search"``.
    """

    limit: int
    remaining: int
    used: int
    reset: datetime
    resource: str

    @classmethod
    def of(cls, state: LimitState | None) -> RateLimit | None:
        """Return the rate limit; None without one, or when its reset is not a valid date."""
        if state is None:
            return None
        try:
            reset = datetime.fromtimestamp(state.reset, UTC)
        except (ValueError, OverflowError, OSError):
            return None
        return cls(state.limit, state.remaining, state.used, reset, state.resource)
