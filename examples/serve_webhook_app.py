"""``python -m examples.serve_webhook_app``: the example App on a fake GitHub server.

It needs neither a registered App nor network. Open an issue at the fake server, with the command
that it prints, and the App comments on it.
"""

from __future__ import annotations

import argparse
import os
import socket

import uvicorn

from examples.running import run
from sdk.testing import AppSeed, InstallationSeed, StandIn, serve
from sdk.testing.fake_server.auth import RegisteredApp


class Server(uvicorn.Server):
    """A uvicorn server that registers its URL as the App's webhook, and prints how to try it."""

    def __init__(self, config: uvicorn.Config, registered: RegisteredApp, api_url: str) -> None:
        super().__init__(config)
        self._registered = registered
        self._api_url = api_url

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then print the commands."""
        await super().startup(sockets)
        if not self.started:
            return
        host, port = self.servers[0].sockets[0].getsockname()[:2]
        self._registered.webhook_url = f"http://{host}:{port}/webhooks"
        issues = f"{self._api_url}/repos/octocat/hello-world/issues"
        print(f"Fake GitHub server on {self._api_url}")
        print(f"The App receives webhooks on {self._registered.webhook_url}")
        print(f"""Try: curl -H "Authorization: Bearer me" -d '{{"title": "It breaks"}}' {issues}""")
        print(f"then: curl {issues}/NUMBER/comments   (Ctrl+C ends it)", flush=True)


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(prog="python -m examples.serve_webhook_app")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=8000, help="port; 0 for a free one")
    arguments = parser.parse_args()
    run(_run(arguments.host, arguments.port))


async def _run(host: str, port: int) -> None:
    seed = AppSeed(events=("issues",), installations=(InstallationSeed("octocat"),))
    stand_in = StandIn(apps=[seed])
    (registered,) = stand_in.apps
    async with serve(stand_in) as api_url:
        # The app reads them when it is imported and when it starts.
        os.environ["GITHUB_API_URL"] = api_url
        os.environ["GITHUB_APP_CLIENT_ID"] = registered.client_id
        os.environ["GITHUB_APP_PRIVATE_KEY"] = registered.private_key
        os.environ["GITHUB_APP_WEBHOOK_SECRET"] = registered.webhook_secret
        from examples.webhook_app import app

        config = uvicorn.Config(app, host=host, port=port, log_level="warning")
        await Server(config, registered, api_url).serve()
        await stand_in.deliveries_sent()


if __name__ == "__main__":
    main()
