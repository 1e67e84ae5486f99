"""Serve an ASGI app over HTTP/1.1 on this machine, with connections that can be broken on purpose.

It is for tests only: no TLS, no HTTP/2, no limits. Unlike other servers it closes the connection at
once if the app raises ``ConnectionError``, starts in milliseconds, and needs h11 only.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, MutableMapping
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote

import h11

from sdk.testing.lifespan import lifespan_of

Message = MutableMapping[str, Any]
App = Callable[
    [Message, Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]],
    Awaitable[None],
]

_LOG = logging.getLogger("sdk.testing")

_READ = 64 * 1024
_PATIENCE = 1.0


@asynccontextmanager
async def serve(app: App, *, host: str = "127.0.0.1", port: int = 0) -> AsyncGenerator[str]:
    """Serve `app` while the block runs, and yield its base URL.

    The app's lifespan runs around the block.

    Args:
        app: an ASGI 3 app. If it raises ConnectionError, the connection is closed at once; any
            other error is logged, and the response is a 500.
        host: the address to listen on.
        port: the port; by default a free one.

    Raises:
        OSError: the address is in use.
        TypeError: it is a class, and not an app.
    """
    if isinstance(app, type):
        raise TypeError(f"serve() takes an app, not the class: serve({app.__name__}()).")
    connections: set[asyncio.Task[None]] = set()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101  asyncio runs this in a task of its own
        connections.add(task)
        try:
            await _Connection(app, state, reader, writer).run()
        except (ConnectionError, asyncio.CancelledError):
            # The client has disconnected, or the server is stopping.
            pass
        finally:
            connections.discard(task)
            writer.close()

    async with lifespan_of(app) as state:
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
    """One connection: serves request after request until either side closes it."""

    def __init__(
        self,
        app: App,
        state: dict[str, Any],
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        self._app = app
        self._app_state = state
        self._reader = reader
        self._writer = writer
        self._state = h11.Connection(h11.SERVER)
        self._is_head = False
        self._is_empty = False

    async def run(self) -> None:
        try:
            while await self._serve_one():
                self._state.start_next_cycle()
        except h11.RemoteProtocolError as error:
            await self._refuse(error)

    async def _serve_one(self) -> bool:
        """Serve a request; return whether the connection can be used for another one."""
        event = await self._next_event()
        if not isinstance(event, h11.Request):
            return False
        self._is_head = event.method == b"HEAD"
        await self._exchange(event)
        if self._state.our_state is h11.DONE and self._state.their_state is h11.SEND_BODY:
            # An app need not read the body: a request without one is complete nevertheless.
            self._state.next_event()
        return self._state.our_state is h11.DONE and self._state.their_state is h11.DONE

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
            "state": dict(self._app_state),
        }
        try:
            await self._app(scope, self._receive, self._send)
        except ConnectionError:
            # The bytes sent so far must arrive before the connection is closed.
            with contextlib.suppress(ConnectionError):
                await self._writer.drain()
            raise
        except h11.RemoteProtocolError:
            raise
        except Exception:  # noqa: BLE001  a server outlives whatever its app does
            _LOG.exception("The app failed on %s %s", scope["method"], scope["path"])
        # The app failed, or returned without a response.
        await self._send_error(HTTPStatus.INTERNAL_SERVER_ERROR)

    async def _refuse(self, error: h11.RemoteProtocolError) -> None:
        status = HTTPStatus(error.error_status_hint)
        if status == HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE:
            # If not even the first line is complete, the path is too long.
            first_line_ended = b"\n" in self._state.trailing_data[0]
            status = status if first_line_ended else HTTPStatus.REQUEST_URI_TOO_LONG
        self._is_head = False
        await self._send_error(status)
        # Closing a socket with unread data resets it, and the response would be lost.
        self._writer.write_eof()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_PATIENCE):
                while await self._reader.read(_READ):
                    pass

    async def _send_error(self, status: HTTPStatus) -> None:
        """Send an error response, unless the app has started one."""
        if self._state.our_state not in (h11.IDLE, h11.SEND_RESPONSE):
            return
        body = f"{status.value} {status.phrase}\n".encode()
        headers = {
            "content-type": "text/plain",
            "content-length": str(len(body)),
            "connection": "close",
        }
        self._write(h11.Response(status_code=status, headers=list(headers.items())))
        if not self._is_head:
            self._write(h11.Data(data=body))
        self._write(h11.EndOfMessage())
        await self._writer.drain()

    async def _receive(self) -> Message:
        if self._state.their_state is h11.DONE:
            # An app receives again to wait for the client's disconnect. Data that arrives instead
            # is the next request, and is kept.
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
            status = message["status"]
            self._is_empty = self._is_head or status in (204, 304)
            self._write(h11.Response(status_code=status, headers=message["headers"]))
            return
        # An app may send a body nevertheless, as for a GET; HTTP does not allow one here.
        if message.get("body") and not self._is_empty:
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
