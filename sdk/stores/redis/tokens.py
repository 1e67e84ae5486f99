"""Installation tokens that one process fetches for all processes."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, cast

from sdk.transport.errors import StoreUnavailable
from sdk.transport.shared_state import Fetched

from .guard import ForeignValue, Guard
from .locks import LOCK_SECONDS, LOOK_SECONDS, Locks
from .values import MOST_BYTES, SealedValues

# A token is not used in the last 5 minutes of its lifetime.
_UNUSED_SECONDS = 300.0

_MOST_SECRETS = 64

Mint = Callable[[], Awaitable[Fetched]]


class RedisTokens:
    """Stores installation tokens, encrypted with a key derived from the App's private key.

    Args:
        guard: runs the commands.
        prefix: the prefix of all keys.
    """

    def __init__(self, guard: Guard, prefix: str) -> None:
        self._guard = guard
        self._prefix = prefix
        self._locks = Locks(guard)
        self._values: OrderedDict[bytes, SealedValues] = OrderedDict()

    async def fetch(self, name: str, secret: bytes, mint: Mint, *, other_than: str) -> Fetched:
        """Return the token that a process has fetched, or fetch one for all processes.

        While another process fetches one, look for it every 30 ms. When Redis fails, return what
        `mint` returns.

        Args:
            name: identifies the token; it is not secret.
            secret: the same in all processes that may use the token, and unknown to others.
            mint: fetches a token.
            other_than: a token that was refused or is about to expire; "" for none.
        """
        clock, values = self._guard.clock, self._values_of(secret)
        lock = f"{values.key(name)}:lock"
        waits_until = clock.monotonic() + 2 * LOCK_SECONDS
        try:
            while True:
                found = await self._read(values, name, other_than)
                if found is not None:
                    return found
                owner = await self._locks.take(lock)
                if owner is not None or clock.monotonic() >= waits_until:
                    break
                await clock.sleep(LOOK_SECONDS)
        except StoreUnavailable:
            return await mint()
        try:
            return await self._minted(values, name, mint, other_than)
        finally:
            if owner is not None:
                await self._locks.release(lock, owner)

    async def _minted(
        self, values: SealedValues, name: str, mint: Mint, other_than: str
    ) -> Fetched:
        with suppress(StoreUnavailable):
            # It may have been stored between the last read and the lock.
            found = await self._read(values, name, other_than)
            if found is not None:
                return found
        fetched = await mint()
        lives = (fetched.lifetime or 0.0) - _UNUSED_SECONDS
        if lives > 0:
            with suppress(StoreUnavailable):
                await values.put(name, _encoded(fetched), lives)
        return fetched

    async def _read(self, values: SealedValues, name: str, other_than: str) -> Fetched | None:
        key = values.key(name)
        # Redis measures the remaining lifetime, because the clocks of two machines may differ.
        replies = await self._guard.run(
            self._guard.connection.commands(("GETRANGE", key, 0, MOST_BYTES), ("PTTL", key)),
            seconds=self._guard.call_seconds,
            writes=False,
        )
        try:
            self._guard.check_reply(replies[0], writes=False)
        except ForeignValue:
            return None
        self._guard.check_reply(replies[1], writes=False)
        content = values.open(name, replies[0])
        left = (replies[1] if isinstance(replies[1], int) else 0) / 1000 + _UNUSED_SECONDS
        found = None if content is None else _decoded(content, left)
        return None if found is None or found.token == other_than else found

    def _values_of(self, secret: bytes) -> SealedValues:
        values = self._values.get(secret)
        if values is None:
            values = self._values[secret] = SealedValues(self._guard, self._prefix, secret)
            if len(self._values) > _MOST_SECRETS:
                self._values.popitem(last=False)
        return values


def _encoded(fetched: Fetched) -> bytes:
    return json.dumps([fetched.token, fetched.lifetime]).encode()


def _decoded(content: bytes, left: float) -> Fetched | None:
    token, lifetime = cast("list[Any]", json.loads(content))
    if left <= _UNUSED_SECONDS:
        return None
    return Fetched(token, lifetime, max(0.0, lifetime - left))
