"""Entries that were read lately: a page of a list is large, and cutting out its body copies it."""

from __future__ import annotations

from collections import OrderedDict

from sdk.transport.cache import CacheEntry

_MOST_ENTRIES = 1024


class ParsedEntries:
    """Remembers entries by their keys, as long as the store has the same bytes.

    Args:
        max_bytes: the memory that they may take.
    """

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._parsed: OrderedDict[str, tuple[bytes, CacheEntry]] = OrderedDict()
        self._size = 0

    def read(self, key: str, value: bytes) -> CacheEntry | None:
        """Return ``CacheEntry.from_bytes(value)``.

        Args:
            key: the key that the value was stored under.
            value: the value.
        """
        known = self._parsed.get(key)
        if known is not None:
            if known[0] == value:
                self._parsed.move_to_end(key)
                return known[1]
            self._forget(key)
        entry = CacheEntry.from_bytes(value)
        if entry is not None and len(value) <= self._max_bytes:
            self._parsed[key] = value, entry
            self._size += len(value)
            while self._size > self._max_bytes or len(self._parsed) > _MOST_ENTRIES:
                self._forget(next(iter(self._parsed)))
        return entry

    def _forget(self, key: str) -> None:
        value, _ = self._parsed.pop(key)
        self._size -= len(value)
