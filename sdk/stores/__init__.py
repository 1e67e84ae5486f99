"""Where responses and the state of several workers are kept: in memory, on disk, in Redis.

Importing this package loads none of it: each name is loaded when it is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sdk.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from .sealing import Sealing

__all__ = [
    "Sealing",
]

__getattr__, __dir__ = lazy_exports(
    __name__,
    {
        "Sealing": ".sealing",
    },
)
