"""The lifecycle of one HTTP client: opening, event loop, closing."""

from __future__ import annotations

import asyncio
import itertools
import logging
import os
import sys
import warnings
from typing import TYPE_CHECKING, Any, cast

from sdk.transport.errors import ClientClosed, ClientNotOpen, WrongEventLoop
from sdk.transport.options import check_counts

from .adapter import check_client
from .engine.timers import Deadlines, Limit

if TYPE_CHECKING:
    from collections.abc import Callable

    from .adapter import HttpClient
    from .engine.client import Engine
    from .own_client import OwnClient

logger = logging.getLogger("sdk")
_numbers = itertools.count(1)

# How long closing waits for work in the background that it cancelled.
_MOST_SECONDS = 1.0


class Session:
    """One HTTP client and its connection pool, shared by every client and view built on it.

    An injected `http_client` is borrowed: its owner opens and closes it. Otherwise the session
    builds its own when it is opened, on the running event loop, and closes it.

    Args:
        http_client: an open ``httpx.AsyncClient`` or ``httpx2.AsyncClient`` to borrow.
        max_connections: the size of its own pool.
        http2: whether its own pool offers HTTP/2 (needs the ``http2`` extra).
    """

    def __init__(
        self,
        http_client: HttpClient | None = None,
        *,
        max_connections: int = 100,
        http2: bool = False,
    ) -> None:
        check_counts(1, max_connections=max_connections)
        self.id = f"sdk-{next(_numbers)}"
        self._borrowed = http_client is not None
        self._client: HttpClient | None = http_client
        self._own: OwnClient | None = None
        self._max_connections = max_connections
        self._http2 = http2
        self._loop: asyncio.AbstractEventLoop | None = None
        self._process = 0
        self._closed = False
        self._deadlines: Deadlines | None = None
        self._background: dict[asyncio.Task[Any], Callable[[], bool]] = {}
        if http_client is not None:
            check_client(http_client)

    @property
    def is_open(self) -> bool:
        """Whether calls can be made."""
        return self._is_built and not self.is_closed

    @property
    def is_closed(self) -> bool:
        """Whether it was closed."""
        client = self._client if self._own is None else self._own.face
        return self._closed or (client is not None and client.is_closed)

    @property
    def _is_built(self) -> bool:
        return self._client is not None or self._own is not None

    def open(self) -> None:
        """Open on the running event loop; do nothing if it is open.

        Raises:
            ClientClosed: it was closed before; a closed client stays closed.
            WrongEventLoop: it is open on another event loop.
        """
        if not self._is_built and not self._closed:
            self._bind(running_loop())
            # Imported here, because it is not needed with an injected client.
            from .own_client import OwnClient

            self._own = OwnClient(max_connections=self._max_connections, http2=self._http2)
            logger.info("Opened HTTP client %s, %d connections", self.id, self._max_connections)
        self.check()

    async def aclose(self) -> None:
        """Close its own client; a borrowed one stays open. May be called twice.

        Running calls of its own client end with ClientClosed, also those that wait before a retry:
        they must neither delay a shutdown nor continue on a closed pool. Work in the background
        ends with either client.

        Raises:
            WrongEventLoop: it is open on another event loop that is still running.
        """
        if self._background:
            await self._end_background()
        if self._borrowed or self._closed:
            return
        client, loop = self._own, self._loop
        if client is None or loop is None:
            self._closed = True
            return
        inherited = self._process != os.getpid()
        if loop is not asyncio.get_running_loop() and not loop.is_closed() and not inherited:
            raise _wrong_loop(self.id)
        self._closed = True
        if not loop.is_closed() and not inherited:
            if self._deadlines is not None:
                self._deadlines.expire_all()
                self._deadlines.close()
            await client.aclose()
        # Connections cannot be shut down on a closed loop; the garbage collector closes their
        # sockets. Nor in a forked process, where they belong to the parent process.
        self._own = None
        logger.info("Closed HTTP client %s", self.id)

    def until_closed(self, task: asyncio.Task[Any], is_awaited: Callable[[], bool]) -> None:
        """Cancel a task of this event loop in ``aclose``, unless a call waits for it then."""
        if task not in self._background:
            self._background[task] = is_awaited
            task.add_done_callback(lambda done: self._background.pop(done, None))

    async def _end_background(self) -> None:
        loop = asyncio.get_running_loop()
        ended = [
            task
            for task, is_awaited in self._background.items()
            if task.get_loop() is loop and not is_awaited()
        ]
        for task in ended:
            task.cancel()
        if ended:
            await asyncio.wait(ended, timeout=_MOST_SECONDS)

    def http_client(self) -> HttpClient:
        """Return the open ``httpx`` client, after checking that it can be used on this event loop.

        Raises:
            ClientNotOpen, ClientClosed, WrongEventLoop: each names the fix.
        """
        own = self.check()
        return cast("HttpClient", self._client) if own is None else own.httpx_client()

    def sender(self) -> HttpClient | Engine:
        """Return the engine or the client to send a call with, after the same checks."""
        own = self.check()
        if own is None:
            return cast("HttpClient", self._client)
        if own.engine is not None and own.face is None and "httpx" not in sys.modules:
            # Nobody can have patched or customized what is not imported.
            return own.engine
        return own.sender()

    def check(self) -> OwnClient | None:
        """Raise the error of ``http_client`` if calls cannot be made; return its own client."""
        own = self._own
        client = self._client if own is None else own.face
        if self._closed or (client is not None and client.is_closed):
            raise ClientClosed(
                f"HTTP client {self.id} is closed. "
                + (
                    "The http_client that you passed in was closed by its owner: close it after "
                    "the last call."
                    if self._borrowed
                    else "Make the call inside `async with`, or build a new client: a closed one "
                    "is not opened again."
                )
            )
        if client is None and own is None:
            raise ClientNotOpen(
                f"HTTP client {self.id} is not open. Write `async with Sdk() as sdk:` around the "
                "calls, or `await sdk.open()` before them and `await sdk.aclose()` after; in a "
                "FastAPI app pass `lifespan=` from fastapi_integration."
            )
        loop = running_loop()
        if self._loop is None:
            self._bind(loop)
        elif self._process != os.getpid():
            raise WrongEventLoop(
                f"HTTP client {self.id} was opened before this process was forked, and its "
                "connections belong to the process that opened it: open one client per process, "
                "after the fork."
            )
        elif self._loop is not loop:
            raise _wrong_loop(self.id)
        return own

    def limit(self, seconds: float | None) -> Limit:
        """Return the time limit of a call; closing ends the call by it.

        It expires on the running event loop, whether the session may be used there or not.

        Raises:
            WrongEventLoop: asyncio does not run here.
        """
        loop = running_loop()
        deadlines = self._deadlines
        if deadlines is None or deadlines.loop is not loop:
            deadlines = Deadlines(loop)
            if self._loop is None or self._loop is loop:
                self._deadlines = deadlines
        return Limit(deadlines, seconds)

    def closed_during_call(self) -> ClientClosed:
        """Return the error of a call that was ended by closing."""
        return ClientClosed(
            f"HTTP client {self.id} was closed while the call was under way. Wait for the calls, "
            "such as by `async with asyncio.TaskGroup()`, before you close it"
        )

    def _bind(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._process = os.getpid()

    # For __del__ if __init__ raised.
    _borrowed = True

    def __del__(self) -> None:
        if self._borrowed or self._own is None or self._closed:
            return
        if self._process == os.getpid():
            warnings.warn(
                f"HTTP client {self.id} was never closed. Use `async with`, or `await aclose()`.",
                ResourceWarning,
                source=self,
                stacklevel=1,
            )


def running_loop() -> asyncio.AbstractEventLoop:
    """Return the running event loop; raises WrongEventLoop if asyncio does not run here."""
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        pass
    raise WrongEventLoop(
        "The client needs a running asyncio event loop. Call it inside of a coroutine that "
        "asyncio.run() runs; other event loops, such as trio's, are not supported."
    )


def _wrong_loop(name: str) -> WrongEventLoop:
    return WrongEventLoop(
        f"HTTP client {name} was opened on another event loop, and its connections belong to that "
        "loop: open one client per loop, inside the coroutine that runs on it. In a web app, write "
        "`async def` endpoints without asyncio.run(). In tests, write `with TestClient(app)`, and "
        'give the fixture and the test one loop (pytest-asyncio: loop_scope="session" on both).'
    )
