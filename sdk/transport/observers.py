"""Who is told of the calls. What is told is in ``events``, imported once somebody listens."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .events import Event, Observer

logger = logging.getLogger("sdk")


class Observers:
    """Tells every observer; what one of them raises never reaches the call.

    Args:
        observers: called in this order, on the event loop: they must not block.
    """

    __slots__ = ("_blamed", "_observers")

    def __init__(self, observers: tuple[Observer, ...]) -> None:
        self._observers = observers
        self._blamed: set[int] = set()

    @property
    def listening(self) -> bool:
        """Whether anybody would be told; if not, no event needs to be made."""
        return bool(self._observers) or logger.isEnabledFor(logging.DEBUG)

    def tell(self, event: Event) -> None:
        """Tell all observers, and the log at DEBUG."""
        if logger.isEnabledFor(logging.DEBUG):
            logger.debug("%s", event)
        for position, observer in enumerate(self._observers):
            try:
                observer(event)
            except Exception:
                # Once each: a broken observer must not flood the log it may itself belong to.
                if position not in self._blamed:
                    self._blamed.add(position)
                    logger.exception("An observer failed, and is not reported again: %r", observer)
