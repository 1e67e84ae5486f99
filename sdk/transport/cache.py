"""Response caches: the interface of a store, and what is kept of a response.

The rules when a stored response may be used are in ``sdk.transport.caching``; a store only keeps
bytes. Stores are in ``sdk.stores``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol, TypeAlias, cast

__all__ = ["Cache", "CacheEntry"]


class Cache(Protocol):
    """Keeps responses as bytes.

    Whatever a method raises counts as a miss and never reaches the caller of the SDK; so does a
    method that takes longer than 50 ms: it is cancelled. The keys hold no secret and nothing that
    can be read; a value may hold private data.

    Optional: ``async def open(self)``, called when the client opens, may take a second. An
    attribute ``never_waits = True`` says that no method ever waits, so that no time limit is set.
    An attribute ``max_decoded`` is the memory in bytes that a client may use for the decoded values
    of its responses, 32 MiB by default; 0 for none.
    """

    async def get(self, key: str) -> bytes | None:
        """Return the value under a key, or None."""
        ...

    async def put(self, key: str, value: bytes, seconds: int) -> None:
        """Keep a value for at most so many seconds; one that is too large may be ignored."""
        ...

    async def drop(self, prefix: str) -> None:
        """Forget the values whose keys begin with `prefix`, which is not empty.

        It is called after a write, and only by clients that use responses without asking the API
        (``fresh_for``).
        """
        ...

    async def aclose(self) -> None:
        """Release what the store holds open, such as files; may be called twice.

        A client closes its cache when it is closed. A cache may be shared by several clients, so
        that one which is used again opens what it needs again.
        """
        ...


# The first byte of a value: another one is a miss, so that the format can change.
_VERSION = b"1"

_LENGTH_BYTES = 4


@dataclass(frozen=True, slots=True)
class CacheEntry:
    """One stored response.

    Attributes:
        etag: its entity tag, as received.
        fingerprint: a hash of the credentials that it was sent to; not a secret.
        predictable: whether the API's formula gave this very tag, so that it can give the tag for
            other credentials (``Dialect.tag``).
        checked_at: when the API last sent or confirmed it, in seconds since the epoch: the time
            before the request was sent.
        stored_at: when it was last written to the store, in seconds since the epoch.
        headers: its headers, without those that are about one exchange only.
        body: its body, decompressed.
    """

    etag: str
    fingerprint: str
    predictable: bool
    checked_at: float
    stored_at: float
    headers: Mapping[str, str]
    body: bytes

    def to_bytes(self) -> bytes:
        """Return the entry as bytes, for a store."""
        head = json.dumps(
            (
                self.etag,
                self.fingerprint,
                self.predictable,
                self.checked_at,
                self.stored_at,
                dict(self.headers),
            ),
            separators=(",", ":"),
        ).encode()
        return b"".join((_VERSION, len(head).to_bytes(_LENGTH_BYTES, "big"), head, self.body))

    @classmethod
    def from_bytes(cls, value: bytes) -> CacheEntry | None:
        """Read an entry; None if the bytes are not an entry of this version."""
        begin = len(_VERSION) + _LENGTH_BYTES
        if value[: len(_VERSION)] != _VERSION or len(value) < begin:
            return None
        end = begin + int.from_bytes(value[len(_VERSION) : begin], "big")
        head = _read_head(value[begin:end])
        return None if head is None else cls(*head, value[end:])


_Head: TypeAlias = tuple[str, str, bool, float, float, Mapping[str, str]]


# The same response is read again and again: 15 us less each time.
@lru_cache(maxsize=256)
def _read_head(head: bytes) -> _Head | None:
    try:
        etag, fingerprint, predictable, checked_at, stored_at, headers = cast(
            "tuple[Any, ...]", json.loads(head)
        )
    except (ValueError, TypeError, RecursionError):
        return None
    if not (isinstance(etag, str) and isinstance(fingerprint, str)):
        return None
    if not (isinstance(checked_at, (int, float)) and isinstance(stored_at, (int, float))):
        return None
    if not isinstance(headers, dict):
        return None
    kept = cast("dict[str, str]", headers)
    return etag, fingerprint, predictable is True, checked_at, stored_at, kept
