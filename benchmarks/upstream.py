"""An upstream in a process of its own: plain HTTP/1.1 on a loopback port, fixed responses.

    python -m benchmarks.upstream [--delay SECONDS]

It prints its port, and ends when its standard input does.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator


@contextlib.contextmanager
def running(delay: float = 0.0) -> Iterator[str]:
    """Run it in a process of its own; yield the base URL."""
    server = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.upstream", "--delay", str(delay)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        if server.stdout is None:
            raise RuntimeError("the upstream has no output to name its port on")
        yield f"http://127.0.0.1:{int(server.stdout.readline())}"
    finally:
        server.terminate()
        server.wait()


class _Connection(asyncio.Protocol):
    def __init__(self, responses: dict[bytes, bytes], delay: float) -> None:
        self._responses = responses
        self._delay = delay
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        *heads, self._received = (self._received + data).split(b"\r\n\r\n")
        for head in heads:
            path = head.split(b" ", 2)[1].partition(b"?")[0]
            response = self._responses.get(path, _NOT_FOUND)
            if self._delay:
                asyncio.get_running_loop().call_later(self._delay, self._write, response)
            else:
                self._write(response)

    def _write(self, response: bytes) -> None:
        if not self._transport.is_closing():
            self._transport.write(response)  # type: ignore[attr-defined]


_NOT_FOUND = b"HTTP/1.1 404 Not Found\r\ncontent-length: 2\r\n\r\n{}"


def _response(body: object) -> bytes:
    content = json.dumps(body).encode()
    head = (
        "HTTP/1.1 200 OK\r\n"
        "content-type: application/json; charset=utf-8\r\n"
        "x-github-request-id: 0000:00000:0000000:0000000:00000000\r\n"
        f"content-length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content


async def _serve(delay: float) -> None:
    # Imported here: the process that starts this one must stay small, because its size is part of
    # what the kernel reports about the processes that it measures.
    from benchmarks.payloads import written

    bodies = json.loads(written().read_bytes())
    responses = {path.encode(): _response(body) for path, body in bodies.items()}
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: _Connection(responses, delay), "127.0.0.1", 0, backlog=1024
    )
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--delay", type=float, default=0.0, help="seconds before each response")
    asyncio.run(_serve(parser.parse_args().delay))
