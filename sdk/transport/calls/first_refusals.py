"""Credentials that were refused for the first time, and may only be too new."""

from __future__ import annotations

import os
from collections.abc import Mapping
from hashlib import blake2b

# Seconds until the call is sent again. GitHub's servers learn of a new token one after the other,
# within a second or two.
DELAY = 1.0

_MOST = 256


class FirstRefusals:
    """Remembers which headers were refused, as hashes, so that each is tried again only once.

    Args:
        most: how many are remembered; the oldest is forgotten first.
    """

    __slots__ = ("_key", "_most", "_seen")

    def __init__(self, most: int = _MOST) -> None:
        self._key = os.urandom(16)
        self._most = most
        self._seen: dict[bytes, None] = {}

    def is_first(self, headers: Mapping[str, str]) -> bool:
        """Return whether these headers were not refused before, and remember them."""
        text = "\n".join(f"{name}: {headers[name]}" for name in sorted(headers))
        known = blake2b(text.encode(), key=self._key, digest_size=16).digest()
        if known in self._seen:
            return False
        self._seen[known] = None
        if len(self._seen) > self._most:
            del self._seen[next(iter(self._seen))]
        return True
