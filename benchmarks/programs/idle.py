"""One caller of the SDK's own client beside idle connections: ``idle.py URL CONNECTIONS``."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from time import process_time as cpu

from report import report

from sdk import Sdk

CALLS = 500
_FILES = Path("/proc/self/fd")


async def main(url: str, connections: int) -> None:
    """Open the connections by a burst of calls; report the CPU time of one call after it."""
    async with Sdk(base_url=url, token=None, max_connections=connections) as sdk:
        # The same connections, without the limits of GitHub's API.
        http = sdk.http_client
        await asyncio.gather(
            *(http.get(f"{url}/users/octocat", timeout=60) for _ in range(connections))
        )
        best = float("inf")
        for _ in range(8):
            begun = cpu()
            for _ in range(CALLS):
                await sdk.users.get("octocat")
            best = min(best, cpu() - begun)
        report(cpu=1e6 * best / CALLS, sockets=_sockets())


def _sockets() -> int:
    return sum("socket:" in str(each.readlink()) for each in _FILES.iterdir() if each.is_symlink())


asyncio.run(main(sys.argv[1], int(sys.argv[2])))
