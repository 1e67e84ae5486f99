"""A server for socket tests whose responses are scripted byte by byte.

::

    async with FaultServer([ok({"id": 1})], [CLOSE]) as server:
        async with Sdk(base_url=server.url) as sdk: ...
    assert server.requests[0].line == "GET /users/octocat HTTP/1.1"

Each request is answered by the next script, and all later requests by the last one. A script is a
list of steps:

    bytes            are sent and flushed
    Drip(bytes)      sends one byte per packet and per turn of the event loop
    asyncio.Event    waits until the test sets it
    CLOSE            closes the connection after everything was sent
    RESET            resets the connection; data that was sent before may be lost
    HANG             sends nothing until the client disconnects or the server ends

No step sleeps.
"""

from __future__ import annotations

import asyncio
import contextlib
import enum
import json
import ssl
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from socket import SO_LINGER, SOL_SOCKET
from typing import Any

from tests.local_server import LocalServer


class End(enum.Enum):
    """How a script ends the connection."""

    CLOSE = "close"
    RESET = "reset"
    HANG = "hang"


CLOSE, RESET, HANG = End.CLOSE, End.RESET, End.HANG


@dataclass(frozen=True)
class Drip:
    """Bytes that arrive one at a time."""

    data: bytes


Step = bytes | Drip | asyncio.Event | End
Script = Sequence[Step]


@dataclass(frozen=True)
class Received:
    """A received request: its first line, headers (names in lower case) and body."""

    line: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def path(self) -> str:
        """The request target, query included."""
        return self.line.split(" ")[1]


# ------------------------------------------------------------------ scripts for what goes wrong


def ok(body: Any = None, *, status: str = "200 OK", headers: Mapping[str, str] = {}) -> bytes:
    """Return a complete, valid response with a JSON body."""
    content = b"" if body is None else json.dumps(body).encode()
    return head(status, {"content-length": str(len(content)), **headers}) + content


def head(status: str = "200 OK", headers: Mapping[str, str] = {}) -> bytes:
    """Return the head of a response with its blank line."""
    lines = [f"HTTP/1.1 {status}", "content-type: application/json"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode()


def short_body(sent: bytes = b'{"id": 1', promised: int = 1000) -> Script:
    """Return a response whose Content-Length is larger than its body."""
    return [head(headers={"content-length": str(promised)}), sent, CLOSE]


def cut_chunked(sent: bytes = b'{"id": 1') -> Script:
    """Return a chunked response that is closed before its last chunk."""
    chunk = f"{len(sent):x}\r\n".encode() + sent + b"\r\n"
    return [head(headers={"transfer-encoding": "chunked"}), chunk, CLOSE]


def slow_drip(body: Any) -> Script:
    """Return a complete, valid response that is sent one byte at a time."""
    return [Drip(ok(body))]


GARBAGE: Script = [b"\x00\x16\x03\x01 this is not HTTP\r\n\r\n", CLOSE]
NO_RESPONSE: Script = [CLOSE]


# ------------------------------------------------------------------ the server


class FaultServer(LocalServer):
    """Responds by script; an async context manager.

    Attributes:
        requests: the received requests, in order.
        arrived: set when the first request arrives.
    """

    def __init__(self, *scripts: Script, context: ssl.SSLContext | None = None) -> None:
        super().__init__(context)
        self._scripts = scripts or ([ok({})],)
        self.requests: list[Received] = []
        self.arrived = asyncio.Event()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while (request := await _read(reader)) is not None:
            self.requests.append(request)
            self.arrived.set()
            script = self._scripts[min(len(self.requests), len(self._scripts)) - 1]
            if not await _play(script, reader, writer):
                break


async def _play(script: Script, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
    """Run the steps; return whether the connection can serve another request."""
    for step in script:
        match step:
            case bytes():
                writer.write(step)
                await writer.drain()
            case Drip(data):
                for position in range(len(data)):
                    writer.write(data[position : position + 1])
                    await writer.drain()
                    # One turn of the loop lets the client, on the same loop, read this byte alone.
                    await asyncio.sleep(0)
            case asyncio.Event():
                await step.wait()
            case End.CLOSE:
                return False
            case End.RESET:
                # Lingering for zero seconds is what makes closing send RST rather than FIN.
                linger = struct.pack("ii", 1, 0)
                writer.get_extra_info("socket").setsockopt(SOL_SOCKET, SO_LINGER, linger)
                writer.transport.abort()
                return False
            case End.HANG:
                await reader.read()
                return False
    return True


async def _read(reader: asyncio.StreamReader) -> Received | None:
    with contextlib.suppress(asyncio.IncompleteReadError):
        raw = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        line, *rest = raw.strip().split("\r\n")
        headers = {
            name.strip().lower(): value.strip()
            for name, _, value in (part.partition(":") for part in rest)
        }
        if "chunked" in headers.get("transfer-encoding", ""):
            body = await _read_chunks(reader)
        else:
            body = await reader.readexactly(int(headers.get("content-length", "0")))
        return Received(line, headers, body)
    return None


async def _read_chunks(reader: asyncio.StreamReader) -> bytes:
    body = b""
    while size := int((await reader.readuntil(b"\r\n")).strip(), 16):
        body += await reader.readexactly(size)
        await reader.readexactly(2)
    await reader.readexactly(2)
    return body
