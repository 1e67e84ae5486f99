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
    """

    __slots__ = ("_level", "_monotonic", "_seen")

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._level = _MOST
        self._seen = monotonic()

    def record_call(self) -> None:
        """Record a call, which adds a fifth of a retry."""
        if self._level < _MOST:
            self._level = min(_MOST, self._level + _SHARE)

    def take(self) -> bool:
        """Take one retry; return False if none is left."""
        now = self._monotonic()
        self._level = min(_MOST, self._level + (now - self._seen) * _PER_SECOND)
        self._seen = now
        if self._level < 1.0:
            return False
        self._level -= 1.0
        return True
