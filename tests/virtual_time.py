"""Runs a coroutine on an event loop whose clock jumps to the next timer, instead of waiting."""

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any, TypeVar

from sdk.transport import Clock

T = TypeVar("T")

EPOCH = 1_800_000_000.0


class _JumpingSelector(selectors.DefaultSelector):
    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    def select(self, timeout: float | None = None) -> list[Any]:
        if timeout is None:
            # Nothing is ready and no timer is left: without sockets, that is a deadlock.
            raise RuntimeError("every task waits, and nothing will ever wake one")
        self.now += max(timeout, 0.0)
        return super().select(0)


def run(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end; its sleeps take no time."""
    selector = _JumpingSelector()
    loop = asyncio.SelectorEventLoop(selector)
    loop.time = lambda: selector.now  # type: ignore[method-assign]
    try:
        return loop.run_until_complete(coroutine)
    finally:
        loop.close()


def clock(chance: float = 0.5) -> Clock:
    """Return a Clock on the virtual time of the running loop."""
    loop = asyncio.get_running_loop()
    return Clock(
        monotonic=loop.time,
        now=lambda: EPOCH + loop.time(),
        sleep=asyncio.sleep,
        random=lambda: chance,
    )


def hold_up(seconds: float) -> None:
    """Advance the time while the running loop does nothing, as under load."""
    asyncio.get_running_loop()._selector.now += seconds  # type: ignore[attr-defined]
