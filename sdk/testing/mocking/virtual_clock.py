"""A clock on which waits take no time, for tests of retries."""

from __future__ import annotations

import asyncio
import time

from sdk.transport import Clock


class VirtualClock:
    """A clock that each wait moves forward.

    Attributes:
        waits: the waits so far, in seconds.
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
        # Other tasks run meanwhile, as during a real wait.
        await asyncio.sleep(0)
