"""The waits between the attempts of one call, decided by tenacity.

Imported at the first retry: importing tenacity takes a tenth of a cold start.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tenacity import AsyncRetrying, RetryCallState, retry_always
from tenacity import DoSleep as Sleep


class Retries:
    """The decision after each failed attempt of a call whether and when to retry.

    Args:
        wait: returns the seconds to wait, from tenacity's state.
        stop: returns whether to stop, with the wait as ``state.upcoming_sleep``.
    """

    __slots__ = ("_retrying", "_state")

    def __init__(
        self, wait: Callable[[RetryCallState], float], stop: Callable[[RetryCallState], bool]
    ) -> None:
        # One object per call: a shared one would mix up concurrent calls.
        self._retrying = AsyncRetrying(
            retry=retry_always, wait=wait, stop=stop, retry_error_callback=_stopped
        )
        self._retrying.begin()
        self._state = RetryCallState(self._retrying, None, (), {})

    async def delay(self, outcome: object) -> float | None:
        """Return the seconds to wait before the next attempt; None if there is none."""
        self._state.set_result(outcome)
        step: Any = await self._retrying.iter(self._state)
        if not isinstance(step, Sleep):
            return None
        self._state.prepare_for_next_attempt()
        return float(step)


def _stopped(_: RetryCallState) -> None:
    return None
