"""What an exception keeps alive: its chain and the frames of its tracebacks."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from types import FrameType


def chain(failure: BaseException) -> list[BaseException]:
    """List an exception with all its causes and contexts."""
    found: list[BaseException] = []
    rest: list[BaseException | None] = [failure]
    while rest:
        one = rest.pop()
        if one is not None and one not in found:
            found.append(one)
            rest += [one.__cause__, one.__context__]
    return found


def frames(failure: BaseException) -> Iterator[FrameType]:
    """Yield the frames of an exception's tracebacks, except those of the tests."""
    for one in chain(failure):
        for frame, _ in traceback.walk_tb(one.__traceback__):
            if "/tests/" not in frame.f_code.co_filename:
                yield frame
