"""Whether answers drift so steadily that trying the strict pass first is a waste."""

from __future__ import annotations

_CERTAIN = 4
_LIKELY = 2


class Latch:
    """A saturating counter, as in branch prediction: two drifted answers in a row close it.

    The tolerant pass tells drifted answers from clean ones as surely as the strict pass does, so a
    closed latch needs no sampling: each clean answer counts towards opening it again.
    """

    __slots__ = ("_weight",)

    def __init__(self) -> None:
        self._weight = 0

    @property
    def closed(self) -> bool:
        """Whether the next answer will most likely drift."""
        return self._weight >= _LIKELY

    def note(self, *, drifted: bool) -> None:
        """Count one answer."""
        step = 1 if drifted else -1
        self._weight = min(_CERTAIN, max(0, self._weight + step))
