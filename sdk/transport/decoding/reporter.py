"""Report drift to a hook, the log and counters."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from time import monotonic
from types import MappingProxyType
from typing import NamedTuple

from .drift import Drift, DriftKind, Drifts

_log = logging.getLogger("sdk")

# Distinct places that are counted. Large APIs have more fields, but not more drift.
_PLACES = 1000
# Limits of the hook per response: a page of a hundred items may drift in hundreds of places.
_CALLS = 1000
_SECONDS = 0.05
# The number of places in one log line, and the length of each.
_SHOWN = 3
_LENGTH = 200


class DriftKey(NamedTuple):
    """The key that drift is counted by, the same for all items of a list and all responses.

    Attributes:
        operation: the operation that was called.
        place: the path in the response, without list indexes and map keys.
        kind: the kind of difference.
    """

    operation: str
    place: str
    kind: DriftKind


class DriftReporter:
    """Counts and logs drift and passes it to a hook; a hook that fails does not fail the call.

    Every drift is passed to the hook and counted. A response that drifts in a new place is logged
    in one WARNING on the logger ``sdk``, with the first new places and without the values.

    The hook is called at once, on the caller's thread. An exception that it raises is logged once
    and otherwise ignored. A hook that takes longer than 50 ms for one response is not called for
    the rest of it.

    Args:
        hook: called with each drift.
        strict: whether the caller treats drift as an error. Not used here.
    """

    def __init__(
        self, hook: Callable[[Drift], object] | None = None, *, strict: bool = False
    ) -> None:
        self.strict = strict
        self._hook = hook
        self._complained: set[str] = set()
        self._counts: dict[DriftKey, int] = {}

    @property
    def counts(self) -> Mapping[DriftKey, int]:
        """How often each place has drifted, a live view. The first 1,000 places are counted."""
        return MappingProxyType(self._counts)

    def report(self, drifts: Sequence[Drift]) -> None:
        """Report the drift of one response."""
        new = [drift for drift in drifts if self._count(drift)]
        if new:
            self._log(new, len(drifts) + (drifts.omitted if isinstance(drifts, Drifts) else 0))
        if self._hook is not None:
            self._call(self._hook, drifts)

    def _count(self, drift: Drift) -> bool:
        """Count a difference, and return whether it is the first of its operation and place."""
        key = DriftKey(drift.operation, drift.place, drift.kind)
        known = self._counts.get(key)
        if known is not None:
            self._counts[key] = known + 1
        elif len(self._counts) < _PLACES:
            self._counts[key] = 1
            return True
        else:
            self._complain(
                "Responses drift in more than %d places; the others are not counted.", _PLACES
            )
        return False

    def _log(self, new: Sequence[Drift], differences: int) -> None:
        shown = [
            f"{_shortened(drift.place) or 'the top level'} ({drift.kind}, "
            f"expected {_shortened(drift.expected)})"
            for drift in new[:_SHOWN]
        ]
        if len(new) > _SHOWN:
            shown.append(f"and {len(new) - _SHOWN} more")
        _log.warning(
            "%s: the response differs from its description in %d value(s), at %d new place(s): %s. "
            "The values are kept as they were sent.",
            new[0].operation,
            differences,
            len(new),
            ", ".join(shown),
        )

    def _call(self, hook: Callable[[Drift], object], drifts: Sequence[Drift]) -> None:
        start = monotonic()
        for number, drift in enumerate(drifts, 1):
            try:
                hook(drift)
            except Exception as error:  # noqa: BLE001 - a hook must not fail the call
                # Its message is not logged: it may quote the value.
                self._complain("The drift hook raised %s; it is ignored.", type(error).__name__)
            late = monotonic() - start > _SECONDS
            if late and number < len(drifts):
                self._complain(
                    "The drift hook is slow and delays the call: it does not receive every drift. "
                    "Let it put them into a queue."
                )
            if late or number == _CALLS:
                return

    def _complain(self, text: str, *args: object) -> None:
        if text not in self._complained:
            self._complained.add(text)
            _log.warning(text, *args)


def _shortened(text: str) -> str:
    return text if len(text) <= _LENGTH else f"{text[: _LENGTH - 1]}…"
