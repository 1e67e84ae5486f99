"""The rate limit: calls per caller and hour."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .messages import Refused, Reply, problem

_HOUR = 3600
_DOCS = "/using-the-rest-api/rate-limits-for-the-rest-api"


class RateLimits:
    """A counter of the calls of each caller, in windows of an hour.

    Args:
        limit: calls per window.
        now: returns the time, in seconds since the epoch.

    Raises:
        ValueError: the limit is negative.
    """

    def __init__(self, limit: int, now: Callable[[], float]) -> None:
        if limit < 0:
            raise ValueError(f"rate_limit must not be negative: {limit!r}.")
        self.limit = limit
        self._now = now
        self._used: dict[str, int] = {}
        self.ends = 0

    def count(self, caller: str) -> None:
        """Count a call.

        Raises:
            Refused: 403, none is left.
        """
        self.renew()
        if self.used(caller) >= self.limit:
            raise Refused(exceeded(caller))
        self._used[caller] = self.used(caller) + 1

    def renew(self) -> None:
        """Start a new window if the last one has ended."""
        if self._now() >= self.ends:
            self.ends = int(self._now()) + _HOUR
            self._used.clear()

    def clear(self) -> None:
        """Reset the count of every caller."""
        self._used.clear()

    def uncount(self, caller: str) -> None:
        """Undo the count of a call, such as one with a 304."""
        self._used[caller] = max(0, self.used(caller) - 1)

    def exhaust(self, caller: str) -> None:
        """Use up all remaining calls of the window."""
        self._used[caller] = self.limit

    def used(self, caller: str) -> int:
        """Return the number of calls used in this window."""
        return self._used.get(caller, 0)

    def overview(self, caller: str, *, with_rate: bool) -> dict[str, Any]:
        """Return the body of ``GET /rate_limit``.

        Args:
            caller: whose limits.
            with_rate: whether to repeat the limit of "core" as ``rate``, as the oldest API version
                does.
        """
        used = self.used(caller)
        core: dict[str, Any] = {
            "limit": self.limit,
            "used": used,
            "remaining": self.limit - used,
            "reset": self.ends,
        }
        resources = {"core": core, "search": {**core, "limit": 30, "used": 0, "remaining": 30}}
        return {"resources": resources, **({"rate": core} if with_rate else {})}

    def headers(self, caller: str) -> dict[str, str]:
        """Return GitHub's rate limit headers."""
        used = self.used(caller)
        return {
            "x-ratelimit-limit": str(self.limit),
            "x-ratelimit-remaining": str(self.limit - used),
            "x-ratelimit-used": str(used),
            "x-ratelimit-reset": str(self.ends),
            "x-ratelimit-resource": "core",
        }


def exceeded(caller: str) -> Reply:
    """Return GitHub's 403 for a caller without remaining calls."""
    whom = f"user {caller}" if caller else "your address"
    return problem(403, f"API rate limit exceeded for {whom}.", docs=_DOCS)


def secondary(retry_after: int) -> Reply:
    """Return GitHub's 403 for the secondary rate limit."""
    return problem(
        403,
        "You have exceeded a secondary rate limit. Please wait a few minutes.",
        docs=_DOCS,
        headers={"retry-after": str(retry_after)},
    )
