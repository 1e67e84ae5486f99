"""The connection to Redis: an own client or a borrowed one, and commands with plain types."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from sdk.transport.errors import InvalidInput

try:
    import redis.asyncio as redis_asyncio
    from redis import exceptions
except ImportError as error:
    raise InvalidInput(
        "State on Redis needs the redis package: install github-sdk[redis]."
    ) from error

if TYPE_CHECKING:
    from redis.asyncio import Redis

_SCHEMES = ("redis", "rediss", "unix")

# The pool closes connections that failed, and checks an idle one before it is used.
_CHECK_SECONDS = 30


class Connection:
    """Commands to one Redis, with their replies as Redis sends them.

    Args:
        make: creates a client, which is closed here; or a borrowed client, which is not.
        place: the name of the server in logs; it is not secret.
    """

    def __init__(self, make: Callable[[], Any] | Any, place: str) -> None:
        self._make: Callable[[], Any] | None = make if callable(make) else None
        self._borrowed: Any = None if callable(make) else make
        # The connections of one loop cannot be used, or closed, on another one.
        self._own: WeakKeyDictionary[asyncio.AbstractEventLoop, Any] = WeakKeyDictionary()
        self.place = place

    @classmethod
    def from_url(cls, url: str, timeout: float) -> Connection:
        """Return a connection that it owns to ``redis://``, ``rediss://`` or ``unix://``.

        Raises:
            InvalidInput: the address cannot be used; the text does not show it.
        """
        place = _place(url)
        if place is None:
            raise InvalidInput(
                "url is the address of a Redis server, such as redis://localhost:6379/0 or "
                "rediss://user:password@redis.example.com:6380."
            )
        make = _maker(url, timeout)
        if not _works(make):
            raise InvalidInput(
                "url cannot be used: check the port, the number of the database, and that a "
                "password with special characters is percent-encoded."
            )
        return cls(make, place)

    @classmethod
    def borrowed(cls, client: Redis) -> Connection:
        """Return a connection over a client that the caller closes.

        Raises:
            InvalidInput: it is not a ``redis.asyncio.Redis``, or decodes replies to text.
        """
        if not isinstance(client, redis_asyncio.Redis):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise InvalidInput(
                f"client must be a redis.asyncio.Redis, not {type(client).__name__}. With an "
                "address write from_url(...)."
            )
        anything = cast("Any", client)
        settings: dict[str, Any] = anything.connection_pool.connection_kwargs
        if settings.get("decode_responses"):
            raise InvalidInput(
                "The client decodes replies to text, and stored values are bytes: create it "
                "without decode_responses=True."
            )
        return cls(anything, f"{settings.get('host', 'redis')}:{settings.get('port', '')}")

    @property
    def client(self) -> Any:
        """The client to use on the running event loop."""
        if self._borrowed is not None:
            return self._borrowed
        loop = asyncio.get_running_loop()
        own = self._own.get(loop)
        if own is None:
            own = self._own[loop] = cast("Callable[[], Any]", self._make)()
        return own

    async def command(self, *arguments: str | bytes | float) -> Any:
        """Send one command."""
        return await self.client.execute_command(*arguments)

    async def commands(self, *several: Sequence[str | bytes | float]) -> list[Any]:
        """Send several commands at once; the error of a failed one is returned as its reply."""
        pipeline = self.client.pipeline(transaction=False)
        for arguments in several:
            pipeline.execute_command(*arguments)
        replies: list[Any] = await pipeline.execute(raise_on_error=False)
        return replies

    def subscription(self) -> Any:
        """Return an object that subscribes to channels, on a separate connection."""
        return self.client.pubsub(ignore_subscribe_messages=True)

    async def aclose(self) -> None:
        """Close the client if it is owned; a later use opens it again."""
        own = self._own.pop(asyncio.get_running_loop(), None)
        if own is not None:
            await own.aclose()


def _maker(url: str, timeout: float) -> Callable[[], Any]:
    make = cast("Any", redis_asyncio.Redis).from_url
    # Without these, a server that does not answer holds calls up for 4 to 20 seconds. The guard's
    # time limits are shorter; they make allowance for a process that is held up.
    return lambda: make(
        url,
        socket_timeout=timeout * 5,
        socket_connect_timeout=timeout * 5,
        retry=None,
        health_check_interval=_CHECK_SECONDS,
        # The replies are the same in all versions of the package.
        protocol=2,
    )


def _works(make: Callable[[], Any]) -> bool:
    """Return whether a client can be created, without connecting."""
    try:
        make()
    except (ValueError, TypeError, exceptions.RedisError):
        return False
    return True


def _place(url: object) -> str | None:
    try:
        parts = urlsplit(url) if isinstance(url, str) else None
        port = None if parts is None else parts.port
    except ValueError:
        return None
    if parts is None or parts.scheme not in _SCHEMES:
        return None
    if parts.scheme == "unix":
        return parts.path or None
    return f"{parts.hostname or 'localhost'}:{port or 6379}"
