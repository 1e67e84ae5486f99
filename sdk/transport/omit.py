"""``OMIT``: "do not send this", which is not the same as ``None`` (send ``null``)."""

from __future__ import annotations

import enum
from typing import Final, Literal, TypeAlias


class _Omit(enum.Enum):
    # A one-member enum, because type checkers narrow `x is OMIT` for it and for no other sentinel.
    OMIT = "OMIT"

    def __repr__(self) -> str:
        return "OMIT"

    def __bool__(self) -> Literal[False]:
        return False


Omit: TypeAlias = Literal[_Omit.OMIT]
"""The type of ``OMIT``, for signatures such as ``state: str | Omit = OMIT``."""

OMIT: Final = _Omit.OMIT
"""Leaves a parameter out of the request. ``None`` sends ``null``, which clears a field."""
