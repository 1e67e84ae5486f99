"""Read the body of a webhook, within bounds of size and time."""

from __future__ import annotations

import asyncio

from starlette.requests import Request
from starlette.types import Receive

from sdk.webhooks.reading import LARGEST_BODY

# GitHub sends a payload at once, and times out after 10 seconds.
_READ_SECONDS = 10.0

_TOO_LARGE = (413, "The payload is larger than 25 MB.")
_TOO_SLOW = (408, "The payload did not arrive in time.")
_CLOSED = (400, "The connection was closed.")
_BAD_LENGTH = (400, "The Content-Length header is not a number.")


async def read_body(request: Request) -> bytes | tuple[int, str]:
    """Return the body, or the status and text to answer with."""
    announced = [value for name, value in request.scope["headers"] if name == b"content-length"]
    for length in announced:
        if not length.isdigit():
            return _BAD_LENGTH
        if len(length) > 10 or int(length) > LARGEST_BODY:
            return _TOO_LARGE
    try:
        async with asyncio.timeout(_READ_SECONDS):
            return await _read_capped(request.receive)
    except TimeoutError:
        return _TOO_SLOW


async def _read_capped(receive: Receive) -> bytes | tuple[int, str]:
    pieces: list[bytes] = []
    size = 0
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            # Nobody reads the response.
            return _CLOSED
        piece: bytes = message.get("body", b"")
        size += len(piece)
        if size > LARGEST_BODY:
            return _TOO_LARGE
        pieces.append(piece)
        more = message.get("more_body", False)
    return b"".join(pieces)
