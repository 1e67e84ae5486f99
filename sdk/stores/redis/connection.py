"""The connection to Redis: an own client or a borrowed one, and commands with plain types."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias, cast
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

from .loop_client import LoopClient

if TYPE_CHECKING:
    from redis.asyncio import Redis

_SCHEMES = ("redis", "rediss", "unix")

# The pool closes connections that failed, and checks an idle one before it is used.
_CHECK_SECONDS = 30

# How many times longer than a command a socket may take.
_ALLOWANCE = 5

# Makes a client whose sockets have this time limit.
_Make: TypeAlias = Callable[[float | None], Any]


class Connection:
    """Commands to one Redis, with their replies as Redis sends them.

    Args:
        make: creates clients, which are closed here, with the time limit of their sockets in
            seconds, or None; or a borrowed client, which is not closed.
        place: the name of the server in logs; it is not secret.
        timeout: the time limit of a subscription's socket, in seconds.
    """

    def __init__(self, make: _Make | Any, place: str, timeout: float | None = None) -> None:
        self._make: _Make | None = make if callable(make) else None
        self._borrowed: Any = None if callable(make) else make
        self._timeout = timeout
        # The connections of one loop cannot be used, or closed, on another one.
        self._clients: WeakKeyDictionary[asyncio.AbstractEventLoop, LoopClient] = (
            WeakKeyDictionary()
        )
        self._subscribing: WeakKeyDictionary[asyncio.AbstractEventLoop, Any] = WeakKeyDictionary()
        self.place = place

    @classmethod
    def from_url(cls, url: str, timeout: float) -> Connection:
        """Return a connection, which closes its clients, to ``redis://``, ``rediss://``, ``unix://``.

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
        return cls(make, place, timeout * _ALLOWANCE)

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
    def _client(self) -> LoopClient:
        loop = asyncio.get_running_loop()
        found = self._clients.get(loop)
        if found is None:
            # The guard limits the time of commands. A limit of the socket would cost a task and a
            # timer more for each write and read, a third of the processor time of a command.
            client = self._borrowed if self._make is None else self._make(None)
            found = LoopClient(client, owned=self._make is not None)
            self._clients[loop] = found
        return found

    async def command(self, *arguments: str | bytes | float) -> Any:
        """Send one command."""
        return await self._client.command(arguments)

    async def commands(self, *several: Sequence[str | bytes | float]) -> list[Any]:
        """Send several commands at once; the error of a failed one is returned as its reply."""
        return await self._client.commands(several)

    def subscription(self) -> Any:
        """Return an object that subscribes to channels, on a separate connection."""
        loop = asyncio.get_running_loop()
        client = self._subscribing.get(loop, self._borrowed)
        if client is None:
            # No guard limits what a subscription waits for.
            client = self._subscribing[loop] = cast("_Make", self._make)(self._timeout)
        return client.pubsub(ignore_subscribe_messages=True)

    async def aclose(self) -> None:
        """Close the clients that are owned; a later use opens them again."""
        loop = asyncio.get_running_loop()
        if self._make is None:
            return
        found = self._clients.pop(loop, None)
        if found is not None:
            await found.client.aclose()
        subscribing = self._subscribing.pop(loop, None)
        if subscribing is not None:
            await subscribing.aclose()


def _maker(url: str, timeout: float) -> _Make:
    make = cast("Any", redis_asyncio.Redis).from_url
    # The package's own limits are 4 to 20 seconds. The guard's are shorter; these leave room for a
    # process that is held up.
    return lambda socket_timeout: make(
        url,
        socket_timeout=socket_timeout,
        socket_connect_timeout=timeout * _ALLOWANCE,
        retry=None,
        health_check_interval=_CHECK_SECONDS,
        # The replies are the same in all versions of the package.
        protocol=2,
    )


def _works(make: _Make) -> bool:
    """Return whether a client can be created, without connecting."""
    try:
        make(None)
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
