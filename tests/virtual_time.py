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
            # No timer is left and nothing is ready: in a test without sockets, that is a deadlock.
            raise RuntimeError("every task waits, and nothing will ever wake one")
        self.now += max(timeout, 0.0)
        return super().select(0)


def run(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run it to its end; an hour of sleeping takes no time."""
    selector = _JumpingSelector()
    loop = asyncio.SelectorEventLoop(selector)
    loop.time = lambda: selector.now  # type: ignore[method-assign]
    try:
        return loop.run_until_complete(coroutine)
    finally:
        loop.close()


def clock(chance: float = 0.5) -> Clock:
    """Give a Clock on the running loop's jumping time."""
    loop = asyncio.get_running_loop()
    return Clock(
        monotonic=loop.time,
        now=lambda: EPOCH + loop.time(),
        sleep=asyncio.sleep,
        random=lambda: chance,
    )


def hold_up(seconds: float) -> None:
    """Let time pass in which the running loop gets to do nothing, as under load."""
    asyncio.get_running_loop()._selector.now += seconds  # type: ignore[attr-defined]
