"""A response cache in the memory of the process."""

from __future__ import annotations

from collections import OrderedDict

from sdk.transport.clock import Clock
from sdk.transport.options import check_counts

# The overhead of an entry besides its key and value, as measured on 64-bit Python.
_OVERHEAD = 300

_MIB = 1024 * 1024
_MOST_DECODED = 32 * _MIB


class MemoryCache:
    """Keeps responses in memory, for a script or a single worker.

    When it is full, the least recently used responses are removed. Several clients of one thread
    may share it.

    Args:
        max_bytes: the maximum memory to use, in bytes. A client uses up to half as much again, and
            32 MiB at most, for the decoded values of responses that it reads often.
        max_entry: the largest response to keep, in bytes.
        clock: the source of time, for tests.

    Raises:
        InvalidInput: a size is not a whole number of 1 or more.
    """

    # No time limit is needed.
    never_waits = True

    def __init__(
        self,
        max_bytes: int = 64 * _MIB,
        *,
        max_entry: int = 4 * _MIB,
        clock: Clock = Clock(),  # noqa: B008  immutable
    ) -> None:
        check_counts(1, max_bytes=max_bytes, max_entry=max_entry)
        self._max_bytes = max_bytes
        self._max_entry = min(max_entry, max_bytes)
        self.max_decoded = min(_MOST_DECODED, max_bytes // 2)
        self._now = clock.monotonic
        # Each value with its expiry on the monotonic clock; the most recently used one is last.
        self._entries: OrderedDict[str, tuple[float, bytes]] = OrderedDict()
        self._size = 0

    @property
    def size(self) -> int:
        """The memory in use, in bytes."""
        return self._size

    def __len__(self) -> int:
        return len(self._entries)

    async def get(self, key: str) -> bytes | None:
        """Return the value under a key, or None."""
        entry = self._entries.get(key)
        if entry is None:
            return None
        until, value = entry
        if self._now() >= until:
            self._remove(key)
            return None
        self._entries.move_to_end(key)
        return value

    async def put(self, key: str, value: bytes, seconds: int) -> None:
        """Store a value for a number of seconds, unless it is too large."""
        self._remove(key)
        size = _size(key, value)
        if size > self._max_entry:
            return
        self._entries[key] = self._now() + seconds, value
        self._size += size
        while self._size > self._max_bytes:
            self._remove(next(iter(self._entries)))

    async def drop(self, prefix: str) -> None:
        """Delete the values whose keys begin with `prefix`."""
        for key in [key for key in self._entries if key.startswith(prefix)]:
            self._remove(key)

    async def aclose(self) -> None:
        """Do nothing: the responses are kept for as long as this object."""

    def _remove(self, key: str) -> None:
        entry = self._entries.pop(key, None)
        if entry is not None:
            self._size -= _size(key, entry[1])

    def __repr__(self) -> str:
        return f"<MemoryCache, {len(self)} responses, {self._size / _MIB:.1f} MiB>"


def _size(key: str, value: bytes) -> int:
    return len(key) + len(value) + _OVERHEAD
