"""Connections of httpcore2 that are closed on cancellation, and cheap to keep.

httpcore2 closes the socket of a failed TLS handshake, but not of a cancelled one: it stays open
until it is garbage-collected, so an app with short time limits may accumulate sockets.

It also checks every idle connection, twice for every request, for a close by the server, and its
check is the most expensive part of a call once a few dozen connections are idle.

On a connection that several HTTP/2 streams share, a partly written frame breaks all of them, so a
cancelled caller must not interrupt a write.
"""

from __future__ import annotations

import asyncio
import select
import ssl
from collections.abc import Iterable
from contextvars import ContextVar
from typing import Any

import anyio
import httpcore2

WRITTEN_TO: ContextVar[list[httpcore2.AsyncNetworkStream] | None] = ContextVar(
    "written_to", default=None
)
"""The shared connections that the current request was written to."""


class Backend(httpcore2.AsyncNetworkBackend):
    """The network backend of httpcore2, with streams that close on cancellation."""

    def __init__(self) -> None:
        backend: Any = httpcore2.AnyIOBackend
        self._backend: httpcore2.AsyncNetworkBackend = backend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """Connect to a host."""
        return _Stream(
            await self._backend.connect_tcp(host, port, timeout, local_address, socket_options)
        )

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await self._backend.sleep(seconds)


class _Stream(httpcore2.AsyncNetworkStream):
    def __init__(self, stream: httpcore2.AsyncNetworkStream) -> None:
        self._stream = stream
        self._socket: Any = stream.get_extra_info("socket")
        self._poll = None
        # Windows has no poll().
        if self._socket is not None and hasattr(select, "poll"):
            self._poll = select.poll()
            self._poll.register(self._socket, select.POLLIN)
        tls: Any = stream.get_extra_info("ssl_object")
        self._is_shared = tls is not None and tls.selected_alpn_protocol() == "h2"
        self._writing = asyncio.Lock()

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return await self._stream.read(max_bytes, timeout)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        if not self._is_shared:
            await self._stream.write(buffer, timeout)
            return
        written_to = WRITTEN_TO.get()
        if written_to is not None:
            written_to.append(self)
        whole = asyncio.ensure_future(self._write_whole(buffer, timeout))
        whole.add_done_callback(_retrieve)
        await asyncio.shield(whole)

    async def _write_whole(self, buffer: bytes, timeout: float | None) -> None:
        # A cancelled writer has released httpcore2's lock, but is still writing here.
        async with self._writing:
            await self._stream.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        try:
            return _Stream(await self._stream.start_tls(ssl_context, server_hostname, timeout))
        except BaseException:
            with anyio.CancelScope(shield=True):
                await self._stream.aclose()
            raise

    def get_extra_info(self, info: str) -> Any:
        if info == "is_readable" and self._poll is not None:
            # The file descriptor of a closed socket may belong to another one by now.
            return self._socket.fileno() < 0 or bool(self._poll.poll(0))
        return self._stream.get_extra_info(info)


def _retrieve(write: asyncio.Future[None]) -> None:
    # Nothing else closes it if the writer was cancelled.
    if not write.cancelled():
        write.exception()
