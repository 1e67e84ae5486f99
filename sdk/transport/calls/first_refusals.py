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
    """Remembers when headers were first refused, as hashes, so that they are not tried forever.

    Args:
        most: how many are remembered; the oldest is forgotten first.
    """

    __slots__ = ("_key", "_most", "_seen")

    def __init__(self, most: int = _MOST) -> None:
        self._key = os.urandom(16)
        self._most = most
        self._seen: dict[bytes, float] = {}

    def may_be_new(self, headers: Mapping[str, str], now: float) -> bool:
        """Return whether headers are refused for the first time, or were within the last second.

        Calls that use a new token at the same time are refused together.

        Args:
            headers: the headers that were refused.
            now: the time on the monotonic clock, in seconds.
        """
        text = "\n".join(f"{name}: {headers[name]}" for name in sorted(headers))
        known = blake2b(text.encode(), key=self._key, digest_size=16).digest()
        first = self._seen.setdefault(known, now)
        if len(self._seen) > self._most:
            del self._seen[next(iter(self._seen))]
        return now - first < DELAY
