"""Who is told of drift: a hook, the log, counters."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from time import monotonic
from types import MappingProxyType
from typing import NamedTuple

from .drift import Drift, DriftKind

_log = logging.getLogger("sdk")

# Places that are told apart. The descriptions of large APIs have more fields, but not more drift.
_PLACES = 1000
# What one answer may ask of the hook: a page of a hundred items may drift in hundreds of places.
_CALLS = 1000
_SECONDS = 0.05


class DriftKey(NamedTuple):
    """What drift is counted by: the same for all items of a list, and for all answers."""

    operation: str
    place: str
    kind: DriftKind


class DriftReporter:
    """Tells of drift, and never lets whom it tells hurt the call.

    Every drift is given to the hook and counted; the first of each operation, place and kind is
    logged as a WARNING on the logger ``sdk``, without its value.

    The hook is called at once, on the caller's thread. What it raises is logged once and else
    ignored. When it takes longer than 50 ms over one answer, it is not given the rest of it.

    Args:
        hook: called with each drift.
        strict: for the caller's use: whether drift is to be an error.
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
        """How often each place has drifted, a live view; the first 1,000 places are told apart."""
        return MappingProxyType(self._counts)

    def report(self, drifts: Sequence[Drift]) -> None:
        """Tell of what drifted in one answer."""
        for drift in drifts:
            self._count(drift)
        if self._hook is not None:
            self._call(self._hook, drifts)

    def _count(self, drift: Drift) -> None:
        key = DriftKey(drift.operation, drift.place, drift.kind)
        known = self._counts.get(key)
        if known is not None:
            self._counts[key] = known + 1
        elif len(self._counts) < _PLACES:
            self._counts[key] = 1
            _log.warning(
                "%s: the answer differs from its description at %s (%s, expected %s). "
                "It is kept as it was sent.",
                drift.operation,
                key.place or "its top",
                drift.kind,
                drift.expected,
            )
        else:
            self._complain(
                "Answers drift in more than %d places; the others are not told apart.", _PLACES
            )

    def _call(self, hook: Callable[[Drift], object], drifts: Sequence[Drift]) -> None:
        start = monotonic()
        for number, drift in enumerate(drifts, 1):
            try:
                hook(drift)
            except Exception as error:  # noqa: BLE001 - it must not reach the call
                # Its text is not logged: it may quote the value.
                self._complain("The drift hook raised %s; it is ignored.", type(error).__name__)
            late = monotonic() - start > _SECONDS
            if late and number < len(drifts):
                self._complain(
                    "The drift hook is slow and holds up the call: it is not given all drifts. "
                    "Let it put them into a queue."
                )
            if late or number == _CALLS:
                return

    def _complain(self, text: str, *args: object) -> None:
        if text not in self._complained:
            self._complained.add(text)
            _log.warning(text, *args)
