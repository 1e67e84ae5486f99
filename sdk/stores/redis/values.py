"""Encrypted values under hashed keys."""

from __future__ import annotations

import hashlib
from contextlib import AbstractAsyncContextManager
from typing import cast

from sdk.stores.sealing import Sealing
from sdk.transport.errors import InvalidInput

from .guard import ForeignValue, Guard
from .locks import Locks

_LEAST_SECRET = 16

MOST_BYTES = 1024 * 1024
"""The longest sealed value that is read: a foreign one may be of any size."""


class SealedValues:
    """Values of one kind, encrypted with a key that is derived from a secret.

    The names of keys depend on the secret too, so that two apps do not share entries.

    Args:
        guard: runs the commands.
        prefix: the prefix of all keys.
        secret: the same in all processes; at least 16 characters.

    Raises:
        InvalidInput: the secret is too short; the text does not show it.
    """

    def __init__(self, guard: Guard, prefix: str, secret: str | bytes) -> None:
        raw = secret.encode() if isinstance(secret, str) else bytes(secret)
        del secret
        is_long_enough = len(raw) >= _LEAST_SECRET
        self._hash_key = hashlib.blake2b(raw, digest_size=32, person=b"keys").digest()
        self._guard = guard
        self._prefix = prefix
        self._sealing = Sealing(prefix.rpartition(":")[2], raw) if is_long_enough else None
        del raw
        if self._sealing is None:
            raise InvalidInput(
                f"secret must have at least {_LEAST_SECRET} characters, such as the client secret "
                "of the App."
            )
        self._locks = Locks(guard)

    def key(self, name: str) -> str:
        """Return the key of the value with this name."""
        digest = hashlib.blake2b(name.encode(), key=self._hash_key, digest_size=16)
        return f"{self._prefix}:{digest.hexdigest()}"

    def seal(self, name: str, value: bytes) -> bytes:
        """Return the encrypted value."""
        return cast("Sealing", self._sealing).seal(self.key(name), value)

    def open(self, name: str, sealed: object) -> bytes | None:
        """Return the value that was sealed for this name; None for anything else."""
        if not isinstance(sealed, bytes):
            return None
        return cast("Sealing", self._sealing).open(self.key(name), sealed)

    async def get(self, name: str, *, seconds: float | None = None) -> bytes | None:
        """Return a value; None if there is none, or it was written with another secret.

        Raises:
            StoreUnavailable: Redis failed.
        """
        command = self._guard.connection.command("GETRANGE", self.key(name), 0, MOST_BYTES)
        try:
            found = await self._guard.run(
                command, seconds=seconds or self._guard.call_seconds, writes=False
            )
        except ForeignValue:
            return None
        return self.open(name, found)

    async def put(
        self, name: str, value: bytes, lives: float, *, seconds: float | None = None
    ) -> None:
        """Store a value for a number of seconds.

        Raises:
            StoreUnavailable: Redis failed.
        """
        milliseconds = max(1, int(lives * 1000))
        command = self._guard.connection.command(
            "SET", self.key(name), self.seal(name, value), "PX", milliseconds
        )
        await self._guard.run(command, seconds=seconds or self._guard.call_seconds, writes=True)

    async def delete(self, name: str, *, seconds: float | None = None) -> None:
        """Delete a value.

        Raises:
            StoreUnavailable: Redis failed.
        """
        command = self._guard.connection.command("DEL", self.key(name))
        await self._guard.run(command, seconds=seconds or self._guard.call_seconds, writes=True)

    def lock(self, name: str) -> AbstractAsyncContextManager[None]:
        """Return the lock of a name, which only one process holds at a time."""
        return self._locks.holding(f"{self.key(name)}:lock")
