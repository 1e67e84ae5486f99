"""The floor: an ``asyncio.Protocol``, llhttp and ``json.loads``, without the features of a client.

    use_protocol.py TASK URL

There are no limits, errors or queue: each caller has a connection.
"""

from __future__ import annotations

import asyncio
import json
import ssl
import sys
from typing import Any
from urllib.parse import urlsplit

import httptools
from clients import PAGE, PATHS


class Connection(asyncio.Protocol):
    """A connection that sends a request and reads its response."""

    def connection_made(self, transport: Any) -> None:
        """Store the transport."""
        self._transport = transport
        self._parser = httptools.HttpResponseParser(self)

    def data_received(self, data: bytes) -> None:
        """Parse received data."""
        self._parser.feed_data(data)

    def on_body(self, body: bytes) -> None:
        """Store a piece of the body."""
        self._pieces.append(body)

    def on_message_complete(self) -> None:
        """Wake the caller."""
        self._done.set_result(None)

    async def get(self, head: bytes) -> object:
        """Return the decoded response."""
        self._pieces: list[bytes] = []
        self._done = asyncio.get_running_loop().create_future()
        self._transport.write(head)
        await self._done
        return json.loads(b"".join(self._pieces))


async def main(task: str, url: str) -> None:
    """Run the task."""
    from tasks import run

    parts = urlsplit(url)
    context = ssl.create_default_context() if parts.scheme == "https" else None
    loop = asyncio.get_running_loop()
    idle: list[Connection] = []

    async def get(path: str) -> object:
        if idle:
            connection = idle.pop()
        else:
            _, connection = await loop.create_connection(
                Connection, parts.hostname or "", parts.port or 443, ssl=context
            )
        head = (
            f"GET {path} HTTP/1.1\r\nhost: {parts.netloc}\r\naccept: application/json\r\n"
            "user-agent: floor\r\n\r\n"
        )
        result = await connection.get(head.encode())
        idle.append(connection)
        return result

    await run(
        task,
        lambda: get("/users/octocat"),
        [lambda path=path: get(path) for path in PATHS],
        lambda: get(PAGE),
    )


asyncio.run(main(*sys.argv[1:]))
