"""A response cache in Redis, for all processes of a service."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Self, cast

from sdk.stores.sealing import Sealing
from sdk.transport import Clock
from sdk.transport.errors import InvalidInput, SdkError, StoreUnavailable

from .connection import Connection
from .guard import ForeignValue, Guard
from .namespace import checked_namespace, checked_seconds

if TYPE_CHECKING:
    from redis.asyncio import Redis

Secret = str | bytes | Callable[[], Awaitable[bytes]]

_DAY = 86_400
_SCANNED = 500


class RedisCache:
    """Keeps responses in Redis, encrypted: ``Sdk(cache=RedisCache.from_url(url, secret=...))``.

    With ``Sdk(shared=RedisShared.from_url(url))`` a client has one already. While Redis does not
    respond, calls are made as without a cache.

    Args:
        client: a ``redis.asyncio.Redis``, which is not closed.
        secret: what entries are encrypted with; the same in all processes, at least 16 characters.
        namespace: what all keys begin with.
        keep: how long an entry is kept, in seconds.
        clock: where time comes from; for tests.

    Raises:
        InvalidInput: an argument cannot be used; the text does not show the secret.
    """

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
        """Return a cache with a client of its own; see the arguments of the class."""
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
        self._sealing: Sealing | None = None
        self._secret: Callable[[], Awaitable[bytes]] | None = None
        self._dropping: set[asyncio.Task[None]] = set()
        if callable(secret):
            self._secret = secret
            return
        raw = secret.encode() if isinstance(secret, str) else bytes(secret)
        del secret
        self._sealing = Sealing("cache", raw) if len(raw) >= 16 else None
        del raw
        if self._sealing is None:
            raise InvalidInput("secret must have at least 16 characters.")

    never_waits = True
    """Its operations have a time limit of their own, of 45 ms."""

    async def get(self, key: str) -> bytes | None:
        """Return the value under a key; None if there is none, or Redis does not respond."""
        place = self._prefix + key
        try:
            sealing = await self._sealed()
            command = self._guard.connection.command("GET", place)
            found = await self._guard.run(command, seconds=self._guard.call_seconds, writes=False)
        except SdkError:
            return None
        return sealing.open(place, found) if isinstance(found, bytes) else None

    async def put(self, key: str, value: bytes, seconds: int) -> None:
        """Keep a value for at most so many seconds, and ``keep`` at the most."""
        place = self._prefix + key
        lives = max(1, int(min(seconds, self._keep)))
        try:
            sealing = await self._sealed()
            command = self._guard.connection.command(
                "SET", place, sealing.seal(place, value), "EX", lives
            )
            await self._guard.run(command, seconds=self._guard.call_seconds, writes=True)
        except SdkError:
            return

    async def drop(self, prefix: str) -> None:
        """Forget the values whose keys begin with `prefix`.

        It goes on when the caller does not wait for its end.
        """
        task = asyncio.create_task(self._drop(self._prefix + prefix))
        self._dropping.add(task)
        task.add_done_callback(self._dropping.discard)
        await asyncio.wait({task}, timeout=self._guard.call_seconds)

    async def _drop(self, prefix: str) -> None:
        pattern = "".join(f"\\{each}" if each in "*?[]\\^" else each for each in prefix) + "*"
        cursor: Any = 0
        try:
            while True:
                cursor, keys = await self._command(
                    "SCAN", cursor, "MATCH", pattern, "COUNT", _SCANNED, writes=False
                )
                if keys:
                    await self._command("UNLINK", *keys, writes=True)
                if not int(cursor):
                    return
        except ForeignValue:
            return
        except StoreUnavailable:
            return

    async def aclose(self) -> None:
        """Close the client, unless it was borrowed."""
        await asyncio.gather(*self._dropping, return_exceptions=True)
        await self._guard.connection.aclose()

    async def _command(self, *arguments: str | bytes | float, writes: bool) -> Any:
        command = self._guard.connection.command(*arguments)
        return await self._guard.run(command, seconds=self._guard.call_seconds, writes=writes)

    async def _sealed(self) -> Sealing:
        if self._sealing is None:
            secret = cast("Callable[[], Awaitable[bytes]]", self._secret)
            self._sealing = Sealing("cache", await secret())
        return self._sealing

    def __repr__(self) -> str:
        return f"RedisCache({self._guard.connection.place})"
