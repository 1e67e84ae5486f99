"""Time and randomness as values, so that tests need not wait."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from .errors import InvalidInput
from .value_classes import value_class


@value_class
@dataclass(frozen=True, slots=True, repr=False, eq=False)
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


def check_clock(clock: Clock) -> None:
    """Raise InvalidInput for a value that is no clock.

    Raises:
        InvalidInput: the text names the fix.
    """
    if isinstance(clock, type) or not hasattr(clock, "monotonic"):
        raise InvalidInput("clock must be a Clock, such as Clock() or that of a test.")
