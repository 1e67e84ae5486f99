"""Cancel the work for a client that has disconnected."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TypeVar, cast

from fastapi.requests import HTTPConnection, Request
from fastapi.websockets import WebSocket, WebSocketDisconnect
from starlette.requests import ClientDisconnect

T = TypeVar("T")


async def until_disconnect(connection: Request | WebSocket, awaitable: Awaitable[T]) -> T:
    """Await something, and cancel it if the client disconnects before it is done.

    ``user = await until_disconnect(request, sdk.users.get(username))``

    An endpoint that reads the request's body itself must do so before. Messages that arrive on a
    websocket meanwhile are dropped.

    Args:
        connection: the request, or an accepted websocket.
        awaitable: the work.

    Raises:
        ClientDisconnect: the client of a request disconnected; ``install_error_handlers`` handles
            it.
        WebSocketDisconnect: the websocket was closed by its client; FastAPI handles it.
    """
    work = asyncio.ensure_future(awaitable)
    disconnected = asyncio.create_task(_disconnect(connection))
    try:
        await asyncio.wait((work, disconnected), return_when=asyncio.FIRST_COMPLETED)
        if work.done():
            return work.result()
        raise disconnected.result()
    finally:
        work.cancel()
        disconnected.cancel()
        # Wait until a connection that the work used is back in its pool.
        await asyncio.gather(work, disconnected, return_exceptions=True)


async def _disconnect(connection: HTTPConnection) -> Exception:
    receive = cast("Request | WebSocket", connection).receive
    while True:
        message = await receive()
        match message["type"]:
            case "http.disconnect":
                return ClientDisconnect()
            case "websocket.disconnect":
                return WebSocketDisconnect(message.get("code") or 1005, message.get("reason"))
            case _:
                continue
