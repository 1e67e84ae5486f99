"""The retry budget of a client, so that retries do not multiply the load of an outage."""

from __future__ import annotations

from collections.abc import Callable

_SHARE = 0.2
_PER_SECOND = 1.0
_MOST = 20.0


class RetryBudget:
    """A token bucket: a call adds 0.2, a second adds 1, a retry takes 1.

    All views of a client share one, so that a hundred calls that fail together do not send three
    hundred requests.

    Args:
        monotonic: seconds on a clock that never goes back.

    Attributes:
        calls: the number of calls since the last retry; each call adds 1.
    """

    __slots__ = ("_level", "_monotonic", "_seen", "calls")

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._level = _MOST
        self._seen = monotonic()
        self.calls = 0

    def take(self) -> bool:
        """Take one retry; return False if none is left."""
        now = self._monotonic()
        added = self.calls * _SHARE + (now - self._seen) * _PER_SECOND
        self._level = min(_MOST, self._level + added)
        self._seen, self.calls = now, 0
        if self._level < 1.0:
            return False
        self._level -= 1.0
        return True
