"""``python -m examples.serve_workers``: two workers of one app, behind one Redis.

It runs ``examples.workers_app`` on a fake GitHub server, and starts a redis-server of its own
if ``REDIS_URL`` is not set.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import signal
import socket
import sys
import tempfile
from asyncio.subprocess import Process
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from sdk.testing import AppSeed, InstallationSeed, StandIn, serve


class Announced:
    """The fake server; it prints a line for each installation token that it issues."""

    def __init__(self, stand_in: StandIn) -> None:
        self._stand_in = stand_in

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer a request."""
        if scope.get("path", "").endswith("/access_tokens"):
            print("Fake GitHub server: issues an installation token", flush=True)
        await self._stand_in(scope, receive, send)


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def redis() -> AsyncGenerator[str]:
    """Run a redis-server while the block runs, and return its address."""
    program = shutil.which("redis-server") or shutil.which("valkey-server")
    if program is None:
        sys.exit("There is no redis-server: install one (Debian: redis-server), or set REDIS_URL.")
    port = free_port()
    with tempfile.TemporaryDirectory() as directory:
        options = ("--bind", "127.0.0.1", "--port", str(port), "--save", "", "--dir", directory)
        async with running(program, *options, "--loglevel", "warning") as server:
            print(f"redis-server: process {server.pid}, redis://127.0.0.1:{port}/0")
            yield f"redis://127.0.0.1:{port}/0"


@asynccontextmanager
async def running(*command: str) -> AsyncGenerator[Process]:
    """Run a program while the block runs."""
    process = await asyncio.create_subprocess_exec(*command, start_new_session=True)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def serve_workers(port: int, workers: int, redis_url: str) -> None:
    """Serve until Ctrl+C."""
    seed = AppSeed(events=("issues",), installations=(InstallationSeed("octocat"),))
    stand_in = StandIn(apps=[seed])
    (registered,) = stand_in.apps
    async with serve(Announced(stand_in)) as api_url:
        registered.webhook_url = f"http://127.0.0.1:{port}/webhooks"
        os.environ["REDIS_URL"] = redis_url
        os.environ["GITHUB_API_URL"] = api_url
        os.environ["GITHUB_APP_CLIENT_ID"] = registered.client_id
        os.environ["GITHUB_APP_PRIVATE_KEY"] = registered.private_key
        os.environ["GITHUB_APP_WEBHOOK_SECRET"] = registered.webhook_secret
        uvicorn = (sys.executable, "-m", "uvicorn", "examples.workers_app:app")
        options = ("--port", str(port), "--workers", str(workers), "--log-level", "warning")
        print(f"Try: curl http://127.0.0.1:{port}/repos/octocat/hello-world/issues")
        issues = f"{api_url}/repos/octocat/hello-world/issues"
        print(f"""and: curl -H "Authorization: Bearer me" -d '{{"title": "It breaks"}}' {issues}""")
        print(f"then: curl {issues}/NUMBER/comments   (Ctrl+C ends it)", flush=True)
        async with running(*uvicorn, *options) as server:
            stopped = asyncio.Event()
            for number in (signal.SIGINT, signal.SIGTERM):
                asyncio.get_running_loop().add_signal_handler(number, stopped.set)
            ends = {asyncio.create_task(stopped.wait()), asyncio.create_task(server.wait())}
            _, rest = await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            for task in rest:
                task.cancel()


async def _run(port: int, workers: int) -> None:
    port = port or free_port()
    url = os.environ.get("REDIS_URL")
    if url:
        await serve_workers(port, workers, url)
    else:
        async with redis() as own:
            await serve_workers(port, workers, own)


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(prog="python -m examples.serve_workers")
    parser.add_argument("--port", type=int, default=8000, help="port; 0 for a free one")
    parser.add_argument("--workers", type=int, default=2, help="number of processes")
    arguments = parser.parse_args()
    asyncio.run(_run(arguments.port, arguments.workers))


if __name__ == "__main__":
    main()
