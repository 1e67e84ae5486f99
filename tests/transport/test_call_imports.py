"""What a call imports: no HTTP library, which would cost a fifth of the start of a program."""

from __future__ import annotations

import asyncio
import subprocess
import sys

_PROGRAM = """
import asyncio, sys
from sdk import Sdk

async def main():
    async with Sdk(base_url=sys.argv[1], token="a-token") as sdk:
        user = await sdk.users.get("octocat")
    assert user.login == "octocat", user

asyncio.run(main())
print(*{"httpx", "httpx2", "httpcore", "httpcore2", "anyio", "h11", "h2"} & set(sys.modules))
"""

_USER = b'{"login": "octocat", "id": 1, "type": "User"}'


async def _serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n"
    writer.write(head + b"content-length: %d\r\n\r\n" % len(_USER) + _USER)
    await writer.drain()
    writer.close()


async def test_a_call_imports_no_http_library() -> None:
    server = await asyncio.start_server(_serve, "127.0.0.1", 0)
    async with server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        program = await asyncio.create_subprocess_exec(
            sys.executable, "-c", _PROGRAM, url, stdout=subprocess.PIPE
        )
        imported, _ = await program.communicate()
    assert program.returncode == 0
    assert imported.decode().split() == []
