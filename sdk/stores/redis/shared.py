"""``RedisShared``: the state that the processes of a service share."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Self

from sdk.transport import Clock
from sdk.transport.errors import StoreUnavailable
from sdk.transport.refusals import hides_arguments

from .connection import Connection
from .guard import Guard
from .limits import LimitExchange
from .namespace import checked_namespace, checked_seconds
from .tokens import RedisTokens
from .user_tokens import RedisUserTokens
from .values import SealedValues

if TYPE_CHECKING:
    from redis.asyncio import Redis

    from sdk.transport.cache import Cache
    from sdk.transport.shared_state import Limits

    from .inbox import RedisInbox

_DAY = 86_400


class RedisShared:
    """The state that the processes of a service share on Redis.

    ::

        Sdk(app=app, shared=RedisShared.from_url("redis://localhost:6379/0"))

    Clients use it for the tokens of installations (fetched once for all processes), for what is
    known of rate limits, and as a response cache. ``user_tokens()``, ``inbox()`` and
    ``fastapi_integration.RedisSessions`` keep the tokens of users, webhook deliveries and sign-in
    sessions on the same Redis. Secrets and responses are encrypted. Needs the extra ``redis``.

    A client opens it and closes it. Without a client, ``async with shared:`` does that.

    While Redis does not respond, each process goes on alone: calls wait for it at most 50 ms, once
    in 5 seconds.

    Args:
        client: a ``redis.asyncio.Redis``, which is not closed.
        namespace: the prefix of all keys; apps with different namespaces share nothing.
        timeout: how long to wait for Redis, in seconds, where no call waits.
        keep: how long responses are kept, in seconds.
        cache: keep responses.
        tokens: share the tokens of installations.
        limits: share rate limits.
        clock: the source of time, for tests.

    Raises:
        InvalidInput: an argument cannot be used.
    """

    def __init__(
        self,
        client: Redis,
        *,
        namespace: str = "sdk",
        timeout: float = 0.2,
        keep: float = _DAY,
        cache: bool = True,
        tokens: bool = True,
        limits: bool = True,
        clock: Clock = Clock(),  # noqa: B008  immutable
    ) -> None:
        self._prepare(
            Connection.borrowed(client), namespace, timeout, keep, cache, tokens, limits, clock
        )

    @classmethod
    @hides_arguments
    def from_url(
        cls,
        url: str,
        *,
        namespace: str = "sdk",
        timeout: float = 0.2,
        keep: float = _DAY,
        cache: bool = True,
        tokens: bool = True,
        limits: bool = True,
        clock: Clock = Clock(),  # noqa: B008  immutable
    ) -> Self:
        """Return an instance with its own Redis client, which it opens and closes.

        Args:
            url: ``redis://``, ``rediss://`` (TLS) or ``unix://``, with the password if it has one.
            namespace: as for the class, and so are the others.
            timeout: also the limit of its connections.
            keep: see the class.
            cache: see the class.
            tokens: see the class.
            limits: see the class.
            clock: see the class.

        Raises:
            InvalidInput: an argument cannot be used; the text does not show the password.
        """
        made = cls.__new__(cls)
        connection = Connection.from_url(url, checked_seconds("timeout", timeout))
        made._prepare(connection, namespace, timeout, keep, cache, tokens, limits, clock)
        return made

    def _prepare(
        self,
        connection: Connection,
        namespace: str,
        timeout: float,
        keep: float,
        cache: bool,
        tokens: bool,
        limits: bool,
        clock: Clock,
    ) -> None:
        self._namespace = checked_namespace(namespace)
        self._seconds = checked_seconds("timeout", timeout)
        self._keep = checked_seconds("keep", keep)
        self._guard = Guard(connection, clock)
        self._caches = cache
        self._tokens = RedisTokens(self._guard, f"{namespace}:tokens") if tokens else None
        self._limits = LimitExchange(self._guard, namespace, self._seconds) if limits else None
        self._users = 0
        self._attached: set[int] = set()

    @property
    def tokens(self) -> RedisTokens | None:
        """The store for installation tokens; None with ``tokens=False``."""
        return self._tokens

    @property
    def workers(self) -> int:
        """The number of processes that share the limits, this one included."""
        return 1 if self._limits is None else self._limits.workers

    def cache_for(self, secret: Callable[[], Awaitable[bytes]]) -> Cache | None:
        """Return the cache of a client; None with ``cache=False``.

        Args:
            secret: returns a secret that all processes with the client's credentials know.
        """
        if not self._caches:
            return None
        from .cache import RedisCache

        return RedisCache._over(self._guard, self._namespace, self._keep, secret)

    @hides_arguments
    def user_tokens(self, *, secret: str | bytes) -> RedisUserTokens:
        """Return a store for users' tokens: ``UserAuth(app, token, key=..., store=...)``.

        Args:
            secret: the encryption secret, such as the App's client secret.

        Raises:
            InvalidInput: the secret has fewer than 16 characters.
        """
        values = SealedValues(self._guard, f"{self._namespace}:users", secret)
        return RedisUserTokens(values, self._guard.clock, self._seconds)

    @hides_arguments
    def inbox(
        self, *, secret: str | bytes, size: int = 10_000, redelivery_days: float = 3
    ) -> RedisInbox:
        """Return an inbox for webhooks: ``Webhooks(secret=..., inbox=shared.inbox(secret=...))``.

        Args:
            secret: the encryption secret of waiting deliveries, such as the webhook's secret.
            size: how many deliveries may wait; further ones are answered 503.
            redelivery_days: how long a handled delivery is remembered, in days. GitHub redelivers
                for 3 days; GitHub Enterprise Server for 7.

        Raises:
            InvalidInput: the secret has fewer than 16 characters, or a number is out of range.
        """
        from .inbox import RedisInbox

        return RedisInbox(
            self._guard,
            self._namespace,
            self.sealed_values("inbox", secret=secret),
            size=size,
            redelivery_days=redelivery_days,
            seconds=self._seconds,
        )

    def sealed_values(self, kind: str, *, secret: str | bytes) -> SealedValues:
        """Return a store for encrypted values of one kind.

        Args:
            kind: the use of the values; part of their keys.
            secret: the encryption secret.

        Raises:
            InvalidInput: the secret has fewer than 16 characters.
        """
        return SealedValues(self._guard, f"{self._namespace}:{kind}", secret)

    async def __aenter__(self) -> Self:
        self._users += 1
        await self._connect()
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        await self._leave()

    async def attach(self, limits: Limits, scope: str) -> None:
        """Begin to share the limits of a client; clients do this when they open.

        Args:
            limits: the client's rate limits.
            scope: the address of the API that they are for.
        """
        if id(limits) in self._attached:
            return
        self._attached.add(id(limits))
        self._users += 1
        if self._limits is not None:
            await self._limits.attach(limits, scope)
        else:
            await self._connect()

    async def detach(self, limits: Limits) -> None:
        """Stop sharing the limits of a client; the last one closes an owned connection."""
        if id(limits) not in self._attached:
            return
        self._attached.remove(id(limits))
        if self._limits is not None:
            await self._limits.detach(limits)
        await self._leave()

    async def _leave(self) -> None:
        self._users = max(0, self._users - 1)
        if self._users == 0:
            await self._guard.connection.aclose()

    async def _connect(self) -> None:
        """Connect before the first call, which has a shorter time limit."""
        try:
            command = self._guard.connection.command("PING")
            await self._guard.run(command, seconds=self._seconds, writes=False)
        except StoreUnavailable:
            return

    def __repr__(self) -> str:
        return f"RedisShared({self._guard.connection.place}, namespace={self._namespace!r})"
