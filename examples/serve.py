"""``python -m examples.serve``: the example service on a fake GitHub server.

It needs neither token nor network. With ``--live`` it talks to GitHub.
"""

from __future__ import annotations

import argparse
import os
import socket
from contextlib import AsyncExitStack

import uvicorn

from examples.app import api_url, app
from examples.running import run
from sdk.testing import StandIn, serve


class Server(uvicorn.Server):
    """A uvicorn server that prints a command to try it, once it accepts connections."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then print the address."""
        await super().startup(sockets)
        if self.started:
            host, port = self.servers[0].sockets[0].getsockname()[:2]
            print(f"Example service on http://{host}:{port}, its docs on http://{host}:{port}/docs")
            print(f"Try: curl http://{host}:{port}/users/octocat   (Ctrl+C ends it)", flush=True)


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(prog="python -m examples.serve", description=__doc__)
    parser.add_argument("--live", action="store_true", help="talk to GitHub")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=8000, help="port; 0 for a free one")
    arguments = parser.parse_args()
    run(_run(arguments.live, arguments.host, arguments.port))


async def _run(live: bool, host: str, port: int) -> None:
    async with AsyncExitStack() as stack:
        if live:
            print(f"Talking to {api_url()}")
        else:
            # The app reads it when it starts.
            os.environ["GITHUB_API_URL"] = await stack.enter_async_context(serve(StandIn()))
            print(f"Talking to a fake GitHub server on {api_url()}")
        await Server(uvicorn.Config(app, host=host, port=port, log_level="warning")).serve()


if __name__ == "__main__":
    main()
