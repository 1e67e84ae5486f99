"""The lifecycle of one HTTP client: who opened it, on which event loop, and who closes it."""

from __future__ import annotations

import asyncio
import itertools
import logging
import warnings
from typing import TYPE_CHECKING

from .errors import ClientClosed, ClientNotOpen, InvalidInput, WrongEventLoop
from .seam import check_client

if TYPE_CHECKING:
    from .seam import HttpClient

logger = logging.getLogger("sdk")
_numbers = itertools.count(1)


class Session:
    """One HTTP client and its connection pool, shared by every client and view built on it.

    With an injected `http_client` it borrows: opening and closing that one stays with its owner.
    Without, it builds its own when it is opened, on the running event loop, and closes it.

    Args:
        http_client: an open ``httpx.AsyncClient`` or ``httpx2.AsyncClient`` to borrow.
        max_connections: size of the pool that it builds itself.
        http2: whether the pool that it builds itself offers HTTP/2 (needs the ``http2`` extra).
    """

    def __init__(
        self,
        http_client: HttpClient | None = None,
        *,
        max_connections: int = 100,
        http2: bool = False,
    ) -> None:
        if max_connections < 1:
            raise InvalidInput(f"max_connections must be at least 1, not {max_connections!r}.")
        self.id = f"sdk-{next(_numbers)}"
        self._borrowed = http_client is not None
        self._client: HttpClient | None = http_client
        self._max_connections = max_connections
        self._http2 = http2
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closed = False
        if http_client is not None:
            check_client(http_client)

    @property
    def is_open(self) -> bool:
        """Whether calls can be made."""
        return self._client is not None and not self._closed and not self._client.is_closed

    def open(self) -> None:
        """Open on the running event loop; does nothing when it is open already.

        Raises:
            ClientClosed: it was closed before; a closed client stays closed.
            WrongEventLoop: it is open on another event loop.
        """
        if self._client is None and not self._closed:
            self._loop = asyncio.get_running_loop()
            # Here and not at the top: httpx and the TLS context are paid for when they are needed.
            from .default_client import build_default_client

            self._client = build_default_client(
                max_connections=self._max_connections, http2=self._http2
            )
            logger.info("Opened HTTP client %s, %d connections", self.id, self._max_connections)
        self.http_client()

    async def aclose(self) -> None:
        """Close what was opened here; a borrowed client is left as it is. May be called twice.

        Raises:
            WrongEventLoop: it is open on another event loop, which still runs.
        """
        if self._borrowed or self._closed:
            return
        client, loop = self._client, self._loop
        if client is None or loop is None:
            self._closed = True
            return
        if loop is not asyncio.get_running_loop() and not loop.is_closed():
            raise _wrong_loop(self.id)
        self._closed = True
        if not loop.is_closed():
            await client.aclose()
        # Nothing can be closed politely on a loop that is gone; its sockets go with the objects.
        self._client = None
        logger.info("Closed HTTP client %s", self.id)

    def http_client(self) -> HttpClient:
        """Give the open client, after checking that it may be used here and now.

        Raises:
            ClientNotOpen, ClientClosed, WrongEventLoop: each names the fix.
        """
        client = self._client
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
        if client is None:
            raise ClientNotOpen(
                f"HTTP client {self.id} is not open. Write `async with Sdk() as sdk:` around the "
                "calls, or `await sdk.open()` before them and `await sdk.aclose()` after; in a "
                "FastAPI app pass `lifespan=` from fastapi_integration."
            )
        loop = asyncio.get_running_loop()
        if self._loop is not loop:
            if self._loop is not None:
                raise _wrong_loop(self.id)
            self._loop = loop
        return client

    # For __del__ of one whose __init__ refused.
    _borrowed = True

    def __del__(self) -> None:
        if not self._borrowed and self._client is not None and not self._closed:
            warnings.warn(
                f"HTTP client {self.id} was never closed. Use `async with`, or `await aclose()`.",
                ResourceWarning,
                source=self,
                stacklevel=1,
            )


def _wrong_loop(name: str) -> WrongEventLoop:
    return WrongEventLoop(
        f"HTTP client {name} was opened on another event loop, and its connections belong to that "
        "loop: open one client per loop, inside the coroutine that runs on it. In tests, give the "
        'fixture and the test one loop (pytest-asyncio: loop_scope="session" on both).'
    )
