"""The observers of a client. ``events`` is imported if there is one."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from inspect import iscoroutinefunction
from typing import TYPE_CHECKING, cast

from sdk.transport.errors import InvalidInput

if TYPE_CHECKING:
    from .events import Event, Observer

logger = logging.getLogger("sdk")


def checked_observers(observers: Iterable[Observer]) -> tuple[Observer, ...]:
    """Return the observers, in their order.

    Raises:
        InvalidInput: it is not a list, or contains something that is not callable, or is async.
    """
    found = tuple(observers) if isinstance(observers, Iterable) else (None,)  # pyright: ignore[reportUnnecessaryIsInstance]
    if not all(map(callable, found)):
        raise InvalidInput("observers must be a list of callables: write observers=[observer].")
    if any(map(is_async, found)):
        raise InvalidInput(
            "Observers are plain functions, which nobody awaits: write `def`. For work that waits, "
            "put the event into an asyncio.Queue."
        )
    return cast("tuple[Observer, ...]", found)


def is_async(hook: object) -> bool:
    """Return whether calling it makes a coroutine, which nobody would await."""
    return iscoroutinefunction(hook) or iscoroutinefunction(getattr(hook, "__call__", None))  # noqa: B004


class Observers:
    """The observers of a client; their exceptions never reach the call.

    Args:
        observers: called in this order, on the event loop: they must not block.

    Attributes:
        exist: whether there are any. If not, and the logger is off, events are not created.
    """

    __slots__ = ("_blamed", "_observers", "exist")

    def __init__(self, observers: tuple[Observer, ...]) -> None:
        self._observers = observers
        self.exist = bool(observers)
        self._blamed: set[int] = set()

    def notify(self, event: Event) -> None:
        """Call all observers, and log retries and the end of each call at DEBUG."""
        if logger.isEnabledFor(logging.DEBUG) and event.is_logged:
            logger.debug("%s", event)
        for position, observer in enumerate(self._observers):
            try:
                observer(event)
            except Exception:
                # Once each: a broken observer must not flood the log, which it may write to itself.
                if position not in self._blamed:
                    self._blamed.add(position)
                    logger.exception("An observer failed, and is not reported again: %r", observer)
