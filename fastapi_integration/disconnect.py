"""Stop working for a caller who has hung up."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from fastapi.requests import Request
from starlette.requests import ClientDisconnect

T = TypeVar("T")


async def until_disconnect(request: Request, awaitable: Awaitable[T]) -> T:
    """Await something while the caller of `request` stays on the line; else cancel it.

    ``user = await until_disconnect(request, sdk.users.get(username))``

    An endpoint that reads the request's body itself must have done so before.

    Raises:
        ClientDisconnect: the caller hung up; ``install_error_handlers`` takes care of it.
    """
    work = asyncio.ensure_future(awaitable)
    hang_up = asyncio.create_task(_hang_up(request))
    try:
        await asyncio.wait((work, hang_up), return_when=asyncio.FIRST_COMPLETED)
        if work.done():
            return work.result()
        raise ClientDisconnect
    finally:
        work.cancel()
        hang_up.cancel()
        # What it holds, such as a connection, is given back before the endpoint goes on.
        await asyncio.gather(work, hang_up, return_exceptions=True)


async def _hang_up(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
