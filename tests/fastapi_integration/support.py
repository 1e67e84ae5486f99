"""An upstream API with special users, and apps on uvicorn."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import httpx
import uvicorn

from sdk import Sdk
from sdk.testing import StandIn, serve

ROOT = Path(__file__).parents[2]


class Upstream:
    """The fake server on a free port, with some special users.

    ``/users/slow`` responds when ``release`` is set; ``/users/whoami`` has the caller's token as
    its login and tries to set it as a cookie; ``/users/down`` is a 503 with a secret.
    """

    def __init__(self):
        self.requests = []
        self.connections = set()
        self.waiting = asyncio.Event()
        self.release = asyncio.Event()
        self.hung_up = asyncio.Event()
        self.url = ""
        self._stand_in = StandIn()
        self._stack = AsyncExitStack()

    async def __aenter__(self):
        self.url = await self._stack.enter_async_context(serve(self))
        return self

    async def __aexit__(self, *exc_info):
        await self._stack.aclose()

    async def __call__(self, scope, receive, send):
        if scope["type"] == "lifespan":
            await self._stand_in(scope, receive, send)
            return
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        self.requests.append((scope["path"], headers))
        self.connections.add(tuple(scope["client"]))
        match scope["path"]:
            case "/users/slow":
                self.waiting.set()
                if not await self._wait(receive):
                    self.hung_up.set()
                    raise ConnectionResetError
            case "/users/whoami":
                await receive()
                token = headers.get("authorization", "").removeprefix("Bearer ")
                await asyncio.sleep(0.005)
                body = {**self._octocat(), "login": token}
                await respond(send, 200, body, {"set-cookie": f"session={token}"})
                return
            case "/users/down":
                await receive()
                await respond(send, 503, {"message": "s3cret trouble in rack 12"})
                return
            case _:
                await self._stand_in(scope, receive, send)
                return
        await respond(send, 200, self._octocat())

    async def _wait(self, receive):
        """Wait for ``release``; return False if the client disconnected before."""
        await receive()
        hang_up = asyncio.ensure_future(receive())
        released = asyncio.ensure_future(self.release.wait())
        done, pending = await asyncio.wait((hang_up, released), return_when=asyncio.FIRST_COMPLETED)
        for task in pending:
            task.cancel()
        await asyncio.gather(*pending, return_exceptions=True)
        return released in done

    def _octocat(self):
        return {"login": "octocat", "id": 1}


async def respond(send, status, body, headers=None):
    content = json.dumps(body).encode()
    head = {"content-type": "application/json", "content-length": str(len(content))}
    raw = [(name.encode(), value.encode()) for name, value in {**head, **(headers or {})}.items()]
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": content})


def answering(respond_to):
    """Return a factory of an Sdk that calls `respond_to` instead of the network."""
    return lambda: Sdk(
        http_client=httpx.AsyncClient(transport=httpx.MockTransport(respond_to)), retry=None
    )


def octocat(request):
    return httpx.Response(200, json={"login": "octocat", "id": 583231})


@asynccontextmanager
async def running(app, **config):
    """Run an app under uvicorn, on this event loop."""
    server = uvicorn.Server(
        uvicorn.Config(app, port=0, lifespan="on", log_level="critical", **config)
    )
    task = asyncio.create_task(server.serve())
    while not server.started:
        assert not task.done(), "the app did not start"
        await asyncio.sleep(0.005)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
            yield client
    finally:
        server.should_exit = True
        await task


class Process:
    """A process of ``python -m uvicorn``, with its output."""

    def __init__(self, *arguments, cwd=ROOT, **environment):
        self._arguments = arguments
        self._cwd = cwd
        self._environment = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
        self.output = ""
        self._changed = asyncio.Event()

    async def __aenter__(self):
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            *self._arguments,
            cwd=self._cwd,
            env=self._environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
        )
        self._reader = asyncio.create_task(self._read())
        return self

    async def __aexit__(self, *exc_info):
        if self._process.returncode is None:
            # The whole process group of this test, with its workers.
            os.killpg(self._process.pid, signal.SIGKILL)
        await self._process.wait()
        await self._reader

    async def _read(self):
        async for line in self._process.stdout:
            self.output += line.decode()
            self._changed.set()
        self._changed.set()

    async def saw(self, text, times=1):
        """Wait until the output contains `text` so many times."""
        async with asyncio.timeout(20):
            while self.output.count(text) < times:
                assert not self._reader.done(), f"ended without {text!r}:\n{self.output}"
                self._changed.clear()
                await self._changed.wait()

    async def url(self):
        await self.saw("Uvicorn running on ")
        return self.output.partition("Uvicorn running on ")[2].split()[0]

    def send(self, number):
        self._process.send_signal(number)

    def terminate(self):
        self.send(signal.SIGTERM)

    async def ended(self):
        """Wait for the end; return the exit status."""
        async with asyncio.timeout(20):
            status = await self._process.wait()
            await self._reader
        return status
