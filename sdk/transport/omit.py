"""``OMIT``: leave a parameter out of the request, which is not the same as sending ``null``."""

from __future__ import annotations

import enum
from typing import Final, Literal


class Omit(enum.Enum):
    """The type of ``OMIT``, for signatures such as ``state: str | Omit = OMIT``."""

    # An enum with one member: the only sentinel for which type checkers narrow `x is OMIT`.
    OMIT = "OMIT"

    def __repr__(self) -> str:
        return "OMIT"

    def __bool__(self) -> Literal[False]:
        return False


OMIT: Final = Omit.OMIT
"""Leave a parameter out of the request. ``None`` sends ``null``, which clears a field."""
