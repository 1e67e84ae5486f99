"""One piece of work for many callers who need the same result at the same time."""

from __future__ import annotations

import asyncio
import copy
from collections import Counter
from collections.abc import Awaitable, Callable, Hashable
from typing import Any, Generic, TypeAlias, TypeVar

T = TypeVar("T")

UntilClosed: TypeAlias = Callable[[asyncio.Task[Any], Callable[[], bool]], None]
"""Cancels a task when the client is closed, unless a call waits for it then."""

# A task that somebody else cancels is started anew this often before its callers are told.
_STARTS = 2


class SingleFlight(Generic[T]):
    """Run work once for all concurrent callers.

    The work is a task of its own: it goes on when a caller is cancelled, the first one included,
    and each caller may stop waiting at its own deadline. It ends when the client is closed, unless
    a call still waits for it. Callers on different event loops do not share a task.
    """

    __slots__ = ("_tasks", "_waiting")

    def __init__(self) -> None:
        self._tasks: dict[tuple[asyncio.AbstractEventLoop, Hashable], asyncio.Task[T]] = {}
        self._waiting: Counter[asyncio.Task[T]] = Counter()

    async def run(
        self,
        key: Hashable,
        work: Callable[[], Awaitable[T]],
        until_closed: UntilClosed | None = None,
    ) -> T:
        """Return the result of the work that is under way for `key`, started if there is none.

        Args:
            key: identifies the work.
            work: does it.
            until_closed: the method of the caller that needs the result, if the work makes calls.

        Raises:
            Exception: what the work raised; each caller gets a copy of its own.
        """
        for _ in range(_STARTS):
            task = self.start(key, work, until_closed)
            self._waiting[task] += 1
            try:
                # Unlike awaiting the task, this does not cancel it when the caller is cancelled.
                await asyncio.wait((task,))
            finally:
                self._waiting[task] -= 1
                if not self._waiting[task]:
                    del self._waiting[task]
            if task.cancelled():
                continue
            error = task.exception()
            if error is None:
                return task.result()
            raise _copy_of(error) from error.__cause__
        raise RuntimeError("The work that several callers waited for was cancelled.")

    def start(
        self,
        key: Hashable,
        work: Callable[[], Awaitable[T]],
        until_closed: UntilClosed | None = None,
    ) -> asyncio.Task[T]:
        """Start the work in the background, if it is not under way, and return its task."""
        place = asyncio.get_running_loop(), key
        task = self._tasks.get(place)
        if task is None:
            self._forget_closed_loops()
            task = self._tasks[place] = place[0].create_task(_awaited(work))
            task.add_done_callback(lambda done: self._finished(place, done))
        if until_closed is not None:
            started = task
            until_closed(started, lambda: started in self._waiting)
        return task

    def _finished(
        self, place: tuple[asyncio.AbstractEventLoop, Hashable], task: asyncio.Task[T]
    ) -> None:
        self._tasks.pop(place, None)
        if not task.cancelled():
            # Retrieved, so that asyncio does not report a failure that no caller waits for.
            task.exception()

    def _forget_closed_loops(self) -> None:
        for place in list(self._tasks):
            if place[0].is_closed():
                self._tasks.pop(place, None)

    def __repr__(self) -> str:
        return f"SingleFlight({len(self._tasks)} under way)"


async def _awaited(work: Callable[[], Awaitable[T]]) -> T:
    return await work()


def _copy_of(error: BaseException) -> BaseException:
    # One exception raised in many tasks would collect the tracebacks and notes of all of them.
    try:
        copied = copy.copy(error)
    except Exception:  # noqa: BLE001  some classes cannot be copied
        return error
    return copied.with_traceback(None) if type(copied) is type(error) else error
