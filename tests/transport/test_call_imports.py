"""A call imports no HTTP library, which would take a fifth of a program's start."""

from __future__ import annotations

import asyncio
import subprocess
import sys

from tests.transport.servers import HandlerServer

_PROGRAM = """
import asyncio, sys
from sdk import Sdk

async def main():
    async with Sdk(base_url=sys.argv[1], token="a-token") as sdk:
        user = await sdk.users.get("octocat")
    assert user.login == "octocat", user

asyncio.run(main())
print(*{
    "httpx", "httpx2", "httpcore", "httpcore2", "anyio", "h11", "h2",
    # For dates, for the phrases of errors, for the plugins of pydantic.
    "email", "http", "pydantic.plugin._loader",
    # For compressed bodies, for https, for further pages.
    "sdk.transport.http.body", "sdk.transport.http.engine.tls_layer",
    "sdk.transport.pagination.iterators",
} & set(sys.modules))
"""

_USER = b'{"login": "octocat", "id": 1, "type": "User"}'


async def _serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n"
    head += b"date: Sat, 28 Nov 2026 09:58:34 GMT\r\nx-ratelimit-limit: 60\r\n"
    head += b"x-ratelimit-remaining: 59\r\nx-ratelimit-reset: 1795863514\r\n"
    writer.write(head + b"content-length: %d\r\n\r\n" % len(_USER) + _USER)
    await writer.drain()


async def test_a_call_imports_neither_an_http_library_nor_what_it_does_not_need() -> None:
    async with HandlerServer(_serve) as server:
        program = await asyncio.create_subprocess_exec(
            sys.executable, "-c", _PROGRAM, server.url, stdout=subprocess.PIPE
        )
        imported, _ = await program.communicate()
    assert program.returncode == 0
    assert imported.decode().split() == []
