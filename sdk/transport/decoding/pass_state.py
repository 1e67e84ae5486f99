"""What one decoding pass has used up and found so far, for the functions that validators call."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from sys import maxsize
from typing import Final

from .drift import TakesLongError

# Missing fields that are filled: this many, and one for so many bytes of the body. Each takes about
# 90 bytes and 300 ns, so a body of empty objects takes no more than its size suggests.
_GAPS = 50_000
_BYTES_PER_GAP = 8
# Refused values that are marked: this many, and one for so many bytes of the body. A marker takes
# about 60 bytes.
_MARKERS = 50_000
_BYTES_PER_MARKER = 16
# Comparisons of a value with a branch of a schema: this many, and one for so many bytes. Each takes
# about 2 us.
_PAIRS = 20_000
_BYTES_PER_PAIR = 8
# Choices among the branches of unions on an event loop. Each takes 20 to 50 us.
MOST_CHOICES: Final = 1_000
# How often a union may fall back to another branch than the best.
_FALLBACKS = 200


Refused = dict[tuple[int, int], tuple[object, int]]
"""Values that no branch of a union accepts, each with the number of the best branch.

The keys are the ids of the union's `Choice` and of the value.
"""


class TooManyGapsError(Exception):
    """Far more fields are missing than the size of the body suggests."""


class NotParsedError(Exception):
    """A large body has to be parsed first: a value would be copied for each branch of a union."""


@dataclass(slots=True, eq=False, repr=False)
class PassState:
    """The state of one pass over one body.

    Attributes:
        allowed_gaps: how many more missing fields may be filled.
        fallbacks: how many more branches of unions may be tried after the best one.
        any_branch: whether a union may fall back to a branch that recognises fewer keys.
        shells: the ids of the models that may contain markers.
        mismatches: how many values were refused.
        markable: how many of these may be marked.
        selected: the branch that the next union is read as.
        pairs: how many more values and schemas may be compared to choose among the branches of
            unions. Then those that recognise the same keys count as fitting alike.
        refused: what was found out about values of a parsed body, for later passes over it.
    """

    allowed_gaps: int = _GAPS
    fallbacks: int = _FALLBACKS
    any_branch: bool = False
    shells: set[int] = field(default_factory=set[int])
    mismatches: int = 0
    markable: int = _MARKERS
    selected: int | None = None
    pairs: int = _PAIRS
    refused: Refused = field(default_factory=Refused)


class CurrentPass(threading.local):
    """The pass of a thread.

    Attributes:
        state: its state; None for a small body until the state is asked for.
        choices: how many choices among the branches of unions were made for the body.
        most_choices: how many may be made.
    """

    state: PassState | None = None
    choices: int = 0
    most_choices: int = maxsize


running = CurrentPass()
"""The pass that this thread is in. Setting its `state` to None begins one over a small body."""


def begin(
    size: int,
    *,
    any_branch: bool = False,
    refused: Refused | None = None,
) -> PassState:
    """Begin a pass over a body of `size` bytes on this thread.

    Args:
        size: in bytes.
        any_branch: see `PassState`.
        refused: what an earlier pass over the same parsed body found out.
    """
    state = PassState(
        _GAPS + size // _BYTES_PER_GAP,
        any_branch=any_branch,
        markable=_MARKERS + size // _BYTES_PER_MARKER,
        pairs=_PAIRS + size // _BYTES_PER_PAIR,
        refused={} if refused is None else refused,
    )
    running.state = state
    return state


def current() -> PassState:
    """Return the state of the pass that this thread is in."""
    state = running.state
    if state is None:
        state = running.state = PassState()
    return state


def limit_choices(most: int) -> None:
    """Begin to count the choices for one body, of which there may be so many."""
    running.choices = 0
    running.most_choices = most


def count_choice() -> None:
    """Count a choice among the branches of a union; raise TakesLongError after too many."""
    running.choices += 1
    if running.choices > running.most_choices:
        raise TakesLongError
