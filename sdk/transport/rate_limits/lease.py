"""The calls of a rate limit that this process may make, when several processes share the limit."""

from __future__ import annotations

from dataclasses import dataclass

# A store takes what a silent process holds for unused after 15 s. This is less, so that a process
# that was stopped meanwhile does not use what others may have by now.
_VALID_SECONDS = 12.0


@dataclass(slots=True)
class Lease:
    """Calls that a store of shared state has reserved for this process.

    Attributes:
        reset: the window that they are of, by its end.
        calls: how many are left.
        low: from this number on, more are asked for.
        valid_until: when the reservation has to be confirmed, on the monotonic clock.
    """

    reset: int
    calls: int = 0
    low: int = 0
    valid_until: float = 0.0

    def add(self, calls: int, asked_at: float) -> None:
        """Add reserved calls, and extend the validity."""
        self.calls += calls
        if calls:
            self.low = self.calls // 2
        self.valid_until = asked_at + _VALID_SECONDS
