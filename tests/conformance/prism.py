"""Prism, a server made of nothing but GitHub's description: it judges requests by it."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx

_GITHUB = {"api.github.com", "uploads.github.com"}

_PATIENCE = 120.0
"""Seconds that it may take to read the description."""


class Prism(httpx.AsyncBaseTransport):
    """Sends every request to one address, whatever its host, and keeps what was objected to it."""

    def __init__(self, port: int) -> None:
        self._address = {"scheme": "http", "host": "127.0.0.1", "port": port}
        self._transport = httpx.AsyncHTTPTransport()
        self.objections: list[str] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.host not in _GITHUB:
            # Where a download redirects to is no part of the description.
            return httpx.Response(200)
        request.url = request.url.copy_with(**self._address)
        if request.headers["accept"] == "application/vnd.github+json":
            # GitHub asks for this one everywhere; its description has "application/json".
            request.headers["accept"] = "application/json, */*"
        response = await self._transport.handle_async_request(request)
        await response.aread()
        self.objections = list(_objections(response))
        return response

    async def aclose(self) -> None:
        await self._transport.aclose()


# Read from the text: where there are many, the JSON is cut short.
_VIOLATION = re.compile(r'"location":\["request"[^]]*\],"severity":"Error".*?"message":"(.*?)"}')


def _objections(response: httpx.Response) -> Iterator[str]:
    if response.headers.get("content-type") == "application/problem+json":
        problem = response.json()
        for entry in problem.get("validation", [{"message": problem["detail"]}]):
            place = ".".join(map(str, entry.get("location", ())))
            yield f"{problem['title']}, {place}: {entry['message']}"
    yield from _VIOLATION.findall(response.headers.get("sl-violations", ""))


@contextlib.contextmanager
def serving(package: Path, document: Path, log: Path) -> Iterator[int]:
    """Serve the description on a free port of the loopback interface; give the port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    script = str(package / "dist" / "index.js")
    node = shutil.which("node") or "node"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [node, script, "mock", str(document), "-h", "127.0.0.1", "-p", str(port)],
            stdout=output,
            stderr=subprocess.STDOUT,
            # A group of its own: where node comes as a Python package, what is started here is a
            # script that starts the real one, and both have to end.
            start_new_session=True,
        )
        try:
            _wait(server, port, log)
            yield port
        finally:
            os.killpg(server.pid, signal.SIGTERM)
            server.wait()


def _wait(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        if server.poll() is not None:
            break
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.2)
    raise RuntimeError(f"Prism does not listen: {log.read_text()[-2000:]}")
