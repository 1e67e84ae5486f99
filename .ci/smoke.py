"""Import every public name of the installed package and make the quick start's calls.

Run it with ``python -W error``: nothing may warn. ``fastapi_integration`` is used where FastAPI is
installed.
"""

import asyncio
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.util import find_spec

import sdk

for name in sdk.__all__:
    getattr(sdk, name)
if find_spec("fastapi"):
    import fastapi_integration

    for name in fastapi_integration.__all__:
        getattr(fastapi_integration, name)


class Upstream(BaseHTTPRequestHandler):
    """A server that responds to every GET with one small user."""

    def do_GET(self) -> None:
        """Respond with a user, a list or 404."""
        status, body = 200, b'{"login": "octocat", "id": 1}'
        if self.path.startswith("/users/octocat/followers"):
            body = b'[{"login": "mona", "id": 2}]'
        elif self.path != "/users/octocat":
            status, body = 404, b'{"message": "Not Found"}'
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Log nothing."""


async def main(url: str) -> None:
    """Make the calls."""
    async with sdk.Sdk(base_url=url, token=None) as client:
        user = await client.users.get("octocat")
        followers = client.users.list_followers_for_user("octocat")
        logins = [follower.login async for follower in followers]
        missing = None
        try:
            await client.users.get("no-such-user")
        except sdk.NotFound as error:
            missing = error.status
    assert (user.login, logins, missing) == ("octocat", ["mona"], 404)


with HTTPServer(("127.0.0.1", 0), Upstream) as server:
    threading.Thread(target=server.serve_forever, daemon=True).start()
    asyncio.run(main(f"http://127.0.0.1:{server.server_port}"))
    server.shutdown()
print(f"github-sdk {sdk.__version__} works")
