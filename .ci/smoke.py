"""Imports every public name of the installed package and makes one call, with no pinned version."""

import asyncio
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import fastapi_integration
import sdk

for name in sdk.__all__:
    getattr(sdk, name)
for name in fastapi_integration.__all__:
    getattr(fastapi_integration, name)


class Upstream(BaseHTTPRequestHandler):
    """Answers every GET with one small user."""

    def do_GET(self) -> None:
        """Answer."""
        body = b'{"login": "octocat", "id": 1}'
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


async def main(url: str) -> None:
    """Make one call."""
    async with sdk.Sdk(base_url=url, token=None) as client:
        user = await client.users.get("octocat")
    assert user.login == "octocat", user


with HTTPServer(("127.0.0.1", 0), Upstream) as server:
    threading.Thread(target=server.serve_forever, daemon=True).start()
    asyncio.run(main(f"http://127.0.0.1:{server.server_port}"))
    server.shutdown()
print(f"github-sdk {sdk.__version__} works with the newest of everything")
