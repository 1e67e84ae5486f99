"""Sends a call over the engine, with no object of httpx in between."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from .adapter import FOREIGN_HEADERS
from .engine.exchange import Exchange, Limits

if TYPE_CHECKING:
    from sdk.transport.request.body import Content

    from .engine.client import Engine


async def send_directly(
    engine: Engine,
    method: str,
    url: str,
    headers: Mapping[str, str],
    content: bytes | Content | None,
    timeout: Mapping[str, float | None],
    *,
    foreign: bool,
    most_bytes: int | None,
) -> Exchange:
    """Send one request and return its response; the caller closes it.

    With `most_bytes` its body is read, else it is streamed. With `foreign`, for a redirect to
    another origin, only headers that say nothing of the caller go along.

    Raises:
        TransportError: no complete response arrived.
        InvalidInput: the request is not legal HTTP.
    """
    if foreign:
        headers = {name: value for name, value in headers.items() if name in FOREIGN_HEADERS}
    limits = Limits(timeout["connect"], timeout["read"], timeout["write"], timeout["pool"])
    exchange = Exchange(method, limits, most_bytes=most_bytes)
    try:
        await engine.send(exchange, url, headers, content)
    finally:
        # Frames outlive a failed call in its traceback, and a header may hold a token.
        del headers, url
    return exchange
