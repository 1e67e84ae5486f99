"""Time and randomness as values, so that tests need not wait."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Clock:
    """The time and randomness that a client uses. The defaults are the real ones.

    Attributes:
        monotonic: returns the seconds on a clock that never goes back; for durations.
        now: returns the seconds since the epoch; to compare with a server's times.
        sleep: waits for a number of seconds; must be cancellable.
        random: returns a number of at least 0 and less than 1; for jitter.
    """

    monotonic: Callable[[], float] = time.monotonic
    now: Callable[[], float] = time.time
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    random: Callable[[], float] = random.random
