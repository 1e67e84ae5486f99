"""Sealed values as Redis keeps them: compressed before they are encrypted."""

from __future__ import annotations

import threading
import zlib
from collections import OrderedDict
from contextlib import suppress

from sdk.stores.sealing import Sealing

# A page of 100 issues has 660 kB: copying that from a socket costs more processor time than
# decompressing it, and Redis keeps and sends a tenth of it.
_LEAST_COMPRESSED = 32_768
_LENGTH_BYTES = 4

BEGINNING = 32
"""The number of bytes that are compared: the nonce, and the start of what is encrypted with it."""

# The largest size of all remembered values, in bytes.
_MOST_OPENED = 8_000_000


class PackedValues:
    """Seals and opens values, and remembers those that were written or opened last.

    A sealed value begins with a random nonce: as long as Redis has the same beginning, it has the
    same value, which need not be sent, decrypted and decompressed again.

    Args:
        sealing: encrypts the values.
    """

    def __init__(self, sealing: Sealing) -> None:
        self._sealing = sealing
        # The beginning of each sealed value, and the value.
        self._opened: OrderedDict[str, tuple[bytes, bytes]] = OrderedDict()
        self._size = 0
        # A cache may serve the event loops of several threads. None of them waits for the lock.
        self._lock = threading.Lock()

    def seal(self, key: str, value: bytes) -> bytes:
        """Return a value as it is kept under `key`."""
        return self._sealing.seal(key, _packed(value))

    def open(self, key: str, sealed: bytes) -> bytes | None:
        """Return the value that was sealed under `key`, and remember it; None for other bytes."""
        packed = self._sealing.open(key, sealed)
        value = None if packed is None else _unpacked(packed)
        if value is not None:
            self.remember(key, sealed, value)
        return value

    def recall(self, key: str) -> tuple[bytes, bytes] | None:
        """Return the beginning of a sealed value, and the value, if they are remembered."""
        found = self._opened.get(key)
        if found is not None:
            # Another thread may have removed it meanwhile.
            with suppress(KeyError):
                self._opened.move_to_end(key)
        return found

    def remember(self, key: str, sealed: bytes, value: bytes) -> None:
        """Remember a value and the beginning of its sealed form."""
        if not self._lock.acquire(blocking=False):
            return
        try:
            self._forget(self._opened.pop(key, None))
            self._opened[key] = sealed[:BEGINNING], value
            self._size += len(value)
            while self._size > _MOST_OPENED:
                self._forget(self._opened.popitem(last=False)[1])
        finally:
            self._lock.release()

    def _forget(self, opened: tuple[bytes, bytes] | None) -> None:
        if opened is not None:
            self._size -= len(opened[1])

    def __repr__(self) -> str:
        return "PackedValues()"


def _packed(value: bytes) -> bytes:
    """Return a value after its length, compressed; a short one is not, and its length is 0."""
    if len(value) < _LEAST_COMPRESSED:
        return bytes(_LENGTH_BYTES) + value
    return len(value).to_bytes(_LENGTH_BYTES, "big") + zlib.compress(value, 1)


def _unpacked(packed: bytes) -> bytes | None:
    """Return the value; None if it was not packed here."""
    length = int.from_bytes(packed[:_LENGTH_BYTES], "big")
    if not length:
        return packed[_LENGTH_BYTES:]
    try:
        # The buffer is allocated once, in its final size.
        return zlib.decompress(memoryview(packed)[_LENGTH_BYTES:], bufsize=length)
    except zlib.error:
        return None
