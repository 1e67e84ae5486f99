"""How many retries a client may make: few enough that an outage is not multiplied."""

from __future__ import annotations

from collections.abc import Callable

_SHARE = 0.2
_PER_SECOND = 1.0
_MOST = 20.0


class RetryBudget:
    """A bucket: each call fills it by a fifth, each second by one, each retry takes one.

    All views of a client share one, so that a hundred callers who fail together do not become three
    hundred requests.

    Args:
        monotonic: seconds on a clock that never goes back.
    """

    __slots__ = ("_level", "_monotonic", "_seen")

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._level = _MOST
        self._seen = monotonic()

    def note_call(self) -> None:
        """Count a call, which earns a part of a retry."""
        if self._level < _MOST:
            self._level = min(_MOST, self._level + _SHARE)

    def take(self) -> bool:
        """Take one retry; False when there is none left."""
        now = self._monotonic()
        self._level = min(_MOST, self._level + (now - self._seen) * _PER_SECOND)
        self._seen = now
        if self._level < 1.0:
            return False
        self._level -= 1.0
        return True
