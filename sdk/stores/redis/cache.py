"""A response cache in Redis, for all processes of a service."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Self, TypeVar, cast

from sdk.stores.sealing import Sealing
from sdk.transport import Clock
from sdk.transport.errors import InvalidInput, SdkError, StoreUnavailable

from .connection import Connection
from .guard import Guard
from .namespace import checked_namespace, checked_seconds
from .packing import BEGINNING, PackedValues

if TYPE_CHECKING:
    from redis.asyncio import Redis

T = TypeVar("T")

Secret = str | bytes | Callable[[], Awaitable[bytes]]

_DAY = 86_400
_SCANNED = 500

# Prefixes that wait to be deleted; with more of them, everything is deleted.
_MOST_DROPPED = 1024
# How long closing waits for a search.
_CLOSING_SECONDS = 0.5

# The largest response that is kept, and what encryption adds to it at the most.
_MAX_ENTRY = 4 * 1024 * 1024
_MOST_BYTES = _MAX_ENTRY + 64


class RedisCache:
    """Keeps responses in Redis, encrypted: ``Sdk(cache=RedisCache.from_url(url, secret=...))``.

    With ``Sdk(shared=RedisShared.from_url(url))`` a client has one already. While Redis does not
    respond, calls are made as without a cache. Long values are compressed, and up to 8 MB of those
    that were used last are remembered in memory; Redis is asked each time whether they are current.

    Args:
        client: a ``redis.asyncio.Redis``, which is not closed.
        secret: the encryption secret; the same in all processes, at least 16 characters.
        namespace: the prefix of all keys.
        keep: how long an entry is kept, in seconds.
        clock: the source of time, for tests.

    Raises:
        InvalidInput: an argument cannot be used; the text does not show the secret.
    """

    never_waits = True
    """Its operations have a time limit of their own, of 45 ms."""

    def __init__(
        self,
        client: Redis,
        *,
        secret: str | bytes,
        namespace: str = "sdk",
        keep: float = _DAY,
        clock: Clock = Clock(),  # noqa: B008  immutable
    ) -> None:
        guard = Guard(Connection.borrowed(client), clock)
        self._prepare(guard, checked_namespace(namespace), keep, secret)

    @classmethod
    def from_url(
        cls,
        url: str,
        *,
        secret: str | bytes,
        namespace: str = "sdk",
        keep: float = _DAY,
        clock: Clock = Clock(),  # noqa: B008  immutable
    ) -> Self:
        """Return a cache with its own Redis client; see the arguments of the class."""
        guard = Guard(Connection.from_url(url, 0.2), clock)
        return cls._over(guard, checked_namespace(namespace), keep, secret)

    @classmethod
    def _over(cls, guard: Guard, namespace: str, keep: float, secret: Secret) -> Self:
        made = cls.__new__(cls)
        made._prepare(guard, namespace, keep, secret)
        return made

    def _prepare(self, guard: Guard, namespace: str, keep: float, secret: Secret) -> None:
        self._guard = guard
        self._prefix = f"{namespace}:cache:"
        self._keep = checked_seconds("keep", keep)
        self._sealing: PackedValues | None = None
        self._secret: Callable[[], Awaitable[bytes]] | None = None
        # Prefixes of the keys to delete, and the task that deletes them.
        self._dropped: set[bytes] = set()
        self._dropping: asyncio.Task[None] | None = None
        if callable(secret):
            self._secret = secret
            return
        raw = secret.encode() if isinstance(secret, str) else bytes(secret)
        del secret
        if len(raw) >= 16:
            self._sealing = PackedValues(Sealing("cache", raw))
        del raw
        if self._sealing is None:
            raise InvalidInput("secret must have at least 16 characters.")

    async def get(self, key: str) -> bytes | None:
        """Return the value under a key; None if there is none, or Redis does not respond."""
        guard = self._guard
        try:
            sealing = self._sealing or await self._sealed()
            read = self._read(sealing, self._prefix + key)
            return await guard.run(read, seconds=guard.call_seconds, writes=False)
        except SdkError:
            return None

    async def _read(self, sealing: PackedValues, place: str) -> bytes | None:
        read = self._guard.connection.command
        known = sealing.recall(place)
        if known is not None:
            beginning, value = known
            found = await read("GETRANGE", place, 0, BEGINNING - 1)
            if found == beginning:
                return value
            if not found:
                return None
        # A foreign value may be of any size.
        found = await read("GETRANGE", place, 0, _MOST_BYTES)
        return sealing.open(place, found) if isinstance(found, bytes) else None

    async def put(self, key: str, value: bytes, seconds: int) -> None:
        """Store a value for at most ``seconds`` and ``keep``; values over 4 MiB are not stored."""
        if len(value) > _MAX_ENTRY:
            return
        place = self._prefix + key
        lives = max(1, int(min(seconds, self._keep)))
        try:
            sealing = await self._sealed()
            sealed = sealing.seal(place, value)
            command = self._guard.connection.command("SET", place, sealed, "EX", lives)
            await self._run(command, writes=True)
        except SdkError:
            return
        sealing.remember(place, sealed, value)

    async def drop(self, prefix: str) -> None:
        """Delete the values whose keys begin with `prefix`.

        One background scan serves all pending prefixes. The caller that started it waits for it,
        but no longer than for any other operation.
        """
        self._dropped.add((self._prefix + prefix).encode())
        if len(self._dropped) > _MOST_DROPPED:
            self._dropped = {self._prefix.encode()}
        task = self._dropping
        if task is None or task.done() or task.get_loop() is not asyncio.get_running_loop():
            task = self._dropping = asyncio.create_task(self._drop(), name="sdk cache drop")
            await asyncio.wait({task}, timeout=self._guard.call_seconds)

    async def _drop(self) -> None:
        while self._dropped:
            prefixes, self._dropped = self._dropped, set()
            try:
                await self._search(tuple(prefixes))
            except BaseException as error:
                # Retried at the next call of drop().
                self._dropped |= prefixes
                if isinstance(error, StoreUnavailable):
                    return
                raise

    async def _search(self, prefixes: tuple[bytes, ...]) -> None:
        cursor = -1
        while cursor:
            cursor, keys = await self._run(self._page(max(0, cursor)), writes=False)
            found = [key for key in keys if key.startswith(prefixes)]
            if found:
                await self._run(self._guard.connection.command("UNLINK", *found), writes=True)

    async def _page(self, cursor: int) -> tuple[int, list[bytes]]:
        following, keys = await self._guard.connection.command(
            "SCAN", cursor, "MATCH", f"{self._prefix}*", "COUNT", _SCANNED
        )
        return int(following), [bytes(key) for key in keys]

    async def aclose(self) -> None:
        """Close the client, unless it was borrowed."""
        task, self._dropping = self._dropping, None
        if task is not None and task.get_loop() is asyncio.get_running_loop():
            await asyncio.wait({task}, timeout=_CLOSING_SECONDS)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        await self._guard.connection.aclose()

    async def _run(self, work: Awaitable[T], *, writes: bool) -> T:
        return await self._guard.run(work, seconds=self._guard.call_seconds, writes=writes)

    async def _sealed(self) -> PackedValues:
        if self._sealing is None:
            secret = cast("Callable[[], Awaitable[bytes]]", self._secret)
            self._sealing = PackedValues(Sealing("cache", await secret()))
        return self._sealing

    def __repr__(self) -> str:
        return f"RedisCache({self._guard.connection.place})"
