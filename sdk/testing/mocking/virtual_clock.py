"""A clock on which a wait passes at once, so that a test of retries takes no time."""

from __future__ import annotations

import asyncio
import time

from sdk.transport import Clock


class VirtualClock:
    """Time that also passes when someone waits for it.

    Attributes:
        waits: every wait so far, in seconds.
    """

    def __init__(self) -> None:
        self.waits: list[float] = []
        self._passed = 0.0
        self.clock = Clock(
            monotonic=lambda: time.monotonic() + self._passed,
            now=self.now,
            sleep=self._sleep,
            random=lambda: 0.5,
        )

    def now(self) -> float:
        """Return the seconds since the epoch."""
        return time.time() + self._passed

    async def _sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self._passed += seconds
        # Others get their turn, as in a real wait.
        await asyncio.sleep(0)
