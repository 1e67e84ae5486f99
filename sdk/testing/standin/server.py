"""Serves an ASGI app over HTTP/1.1 on this machine, on a connection that can be broken on purpose.

It is not a web server for the world: no TLS, no HTTP/2, no limits. What it has over one is that an
app which raises ``ConnectionError`` breaks the connection at that very byte, and that it starts in
milliseconds and needs nothing but h11, which the SDK's own HTTP client stands on.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Awaitable, Callable, MutableMapping
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import unquote

import h11

Message = MutableMapping[str, Any]
App = Callable[
    [Message, Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]],
    Awaitable[None],
]

_READ = 64 * 1024


@asynccontextmanager
async def serve(app: App, *, host: str = "127.0.0.1", port: int = 0) -> AsyncGenerator[str]:
    """Serve `app` as long as the block runs, and give its base URL.

    Args:
        app: an ASGI 3 app. One that raises ConnectionError closes the connection where it stands.
        host: the address to listen on.
        port: the port; by default a free one.

    Raises:
        OSError: the address is not free.
    """
    connections: set[asyncio.Task[None]] = set()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101  asyncio runs this in a task of its own
        connections.add(task)
        try:
            await _Connection(app, reader, writer).run()
        except (ConnectionError, h11.RemoteProtocolError, asyncio.CancelledError):
            # The client is gone, spoke something else, or the server ends: nothing is left to say.
            pass
        finally:
            connections.discard(task)
            writer.close()

    server = await asyncio.start_server(connected, host, port)
    try:
        address = server.sockets[0].getsockname()
        name = f"[{address[0]}]" if ":" in address[0] else address[0]
        yield f"http://{name}:{address[1]}"
    finally:
        server.close()
        for task in connections:
            task.cancel()
        await asyncio.gather(*connections, return_exceptions=True)
        await server.wait_closed()


class _Connection:
    """One connection: request after request until either side closes it."""

    def __init__(
        self, app: App, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._app = app
        self._reader = reader
        self._writer = writer
        self._state = h11.Connection(h11.SERVER)

    async def run(self) -> None:
        while True:
            event = await self._next_event()
            if not isinstance(event, h11.Request):
                return
            await self._exchange(event)
            if self._state.our_state is not h11.DONE or self._state.their_state is not h11.DONE:
                return
            self._state.start_next_cycle()

    async def _exchange(self, request: h11.Request) -> None:
        target, _, query = request.target.partition(b"?")
        scope: Message = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": request.http_version.decode(),
            "method": request.method.decode(),
            "scheme": "http",
            "path": unquote(target.decode("ascii", "replace")),
            "raw_path": target,
            "query_string": query,
            "root_path": "",
            "headers": list(request.headers),
            "client": self._writer.get_extra_info("peername"),
            "server": self._writer.get_extra_info("sockname"),
        }
        try:
            await self._app(scope, self._receive, self._send)
        except ConnectionError:
            # What was sent so far arrives before the connection ends.
            with contextlib.suppress(ConnectionError):
                await self._writer.drain()
            raise

    async def _receive(self) -> Message:
        if self._state.their_state is h11.DONE:
            # An app asks again to be told when the client goes away. What comes instead is the next
            # request, and kept for later.
            while data := await self._reader.read(_READ):
                self._state.receive_data(data)
            return {"type": "http.disconnect"}
        event = await self._next_event()
        if isinstance(event, h11.Data):
            return {"type": "http.request", "body": bytes(event.data), "more_body": True}
        if isinstance(event, h11.EndOfMessage):
            return {"type": "http.request", "body": b"", "more_body": False}
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._write(h11.Response(status_code=message["status"], headers=message["headers"]))
            return
        if message.get("body"):
            self._write(h11.Data(data=message["body"]))
        if not message.get("more_body", False):
            self._write(h11.EndOfMessage())
        await self._writer.drain()

    def _write(self, event: h11.Event) -> None:
        data = self._state.send(event)
        if data:
            self._writer.write(data)

    async def _next_event(self) -> h11.Event | None:
        while True:
            event = self._state.next_event()
            if isinstance(event, h11.Event):
                return event
            if event is h11.PAUSED:
                return None
            if self._state.they_are_waiting_for_100_continue:
                self._write(h11.InformationalResponse(status_code=100, headers=[]))
            self._state.receive_data(await self._reader.read(_READ))
