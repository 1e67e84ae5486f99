"""A raw server for our own socket tests: its answers are scripted byte by byte.

::

    async with FaultServer([ok({"id": 1})], [CLOSE]) as server:
        async with Sdk(base_url=server.url) as sdk: ...
    assert server.requests[0].line == "GET /users/octocat HTTP/1.1"

Every request takes the next script, and the last one serves all that come after it. A script is a
list of steps, done in order:

    bytes            sent as they are, and flushed
    Drip(bytes)      sent one byte at a time, each in a packet and a turn of the loop of its own
    asyncio.Event    waited for; set it in the test
    CLOSE            ends the connection politely, what was sent before arrives
    RESET            breaks it, what was sent before may be lost
    HANG             says nothing until the client goes away or the server ends

No step sleeps. The server listens on a free port of 127.0.0.1.
"""

from __future__ import annotations

import asyncio
import contextlib
import enum
import json
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from socket import SO_LINGER, SOL_SOCKET
from typing import Any, Self


class End(enum.Enum):
    """How a script leaves the connection."""

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
    """A request that arrived, whole: its first line, headers (names in lower case) and body."""

    line: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def path(self) -> str:
        """The request target, query included."""
        return self.line.split(" ")[1]


# ------------------------------------------------------------------ scripts for what goes wrong


def ok(body: Any = None, *, status: str = "200 OK", headers: Mapping[str, str] = {}) -> bytes:
    """Give a whole, correct answer with a JSON body."""
    content = b"" if body is None else json.dumps(body).encode()
    return head(status, {"content-length": str(len(content)), **headers}) + content


def head(status: str = "200 OK", headers: Mapping[str, str] = {}) -> bytes:
    """Give the head of a response, blank line included."""
    lines = [f"HTTP/1.1 {status}", "content-type: application/json"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode()


def short_body(sent: bytes = b'{"id": 1', promised: int = 1000) -> Script:
    """Promise more bytes than are sent."""
    return [head(headers={"content-length": str(promised)}), sent, CLOSE]


def cut_chunked(sent: bytes = b'{"id": 1') -> Script:
    """Close in the middle of a chunked body, before its last chunk."""
    chunk = f"{len(sent):x}\r\n".encode() + sent + b"\r\n"
    return [head(headers={"transfer-encoding": "chunked"}), chunk, CLOSE]


def slow_drip(body: Any) -> Script:
    """Give a whole, correct answer one byte at a time."""
    return [Drip(ok(body))]


GARBAGE: Script = [b"\x00\x16\x03\x01 this is not HTTP\r\n\r\n", CLOSE]
NO_RESPONSE: Script = [CLOSE]


# ------------------------------------------------------------------ the server


class FaultServer:
    """Answers by script; an async context manager.

    Attributes:
        url: the base URL, without a slash at its end.
        connections: how many were accepted.
        requests: what arrived, in order.
        arrived: set when the first request arrives.
    """

    def __init__(self, *scripts: Script) -> None:
        self._scripts = scripts or ([ok({})],)
        self._open: set[asyncio.Task[None]] = set()
        self.connections = 0
        self.requests: list[Received] = []
        self.arrived = asyncio.Event()
        self.url = ""

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        self._server.close()
        for task in self._open:
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)
        await self._server.wait_closed()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        try:
            while (request := await _read(reader)) is not None:
                self.requests.append(request)
                self.arrived.set()
                script = self._scripts[min(len(self.requests), len(self._scripts)) - 1]
                if not await _play(script, reader, writer):
                    break
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            self._open.discard(task)
            writer.close()


async def _play(script: Script, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
    """Do the steps; says whether the connection may serve another request."""
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
