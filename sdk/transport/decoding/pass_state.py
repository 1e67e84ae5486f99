"""What one decoding pass has used up and found so far, for the functions that validators call."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

# Missing fields that are filled: this many, and one for so many bytes of the body. Each takes about
# 90 bytes and 300 ns, so a body of empty objects takes no more than its size suggests.
_GAPS = 50_000
_BYTES_PER_GAP = 8
# How often a union may fall back to another branch than the best.
_FALLBACKS = 200


class TooManyGapsError(Exception):
    """Far more fields are missing than the size of the body suggests."""


@dataclass(slots=True, eq=False, repr=False)
class PassState:
    """The state of one pass over one body.

    Attributes:
        allowed_gaps: how many more missing fields may be filled.
        fallbacks: how many more branches of unions may be tried after the best one.
        any_branch: whether a union may fall back to a branch that recognises fewer keys.
        shells: the ids of the models that may contain markers.
        mismatches: how many values were refused.
    """

    allowed_gaps: int = _GAPS
    fallbacks: int = _FALLBACKS
    any_branch: bool = False
    shells: set[int] = field(default_factory=set[int])
    mismatches: int = 0


class _Current(threading.local):
    def __init__(self) -> None:
        self.state = PassState()


_current = _Current()


def begin(size: int, *, any_branch: bool = False) -> PassState:
    """Begin a pass over a body of `size` bytes on this thread."""
    state = PassState(_GAPS + size // _BYTES_PER_GAP, any_branch=any_branch)
    _current.state = state
    return state


def current() -> PassState:
    """Return the state of the pass that this thread is in."""
    return _current.state
