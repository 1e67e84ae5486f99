"""Time and randomness as values, so that code which uses them is tested without waiting."""

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
        monotonic: seconds on a clock that never goes back; for durations.
        now: seconds since the epoch; to compare with the times that a server names.
        sleep: waits for so many seconds; must be cancellable.
        random: a number from 0 up to, not including, 1; for jitter.
    """

    monotonic: Callable[[], float] = time.monotonic
    now: Callable[[], float] = time.time
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    random: Callable[[], float] = random.random
