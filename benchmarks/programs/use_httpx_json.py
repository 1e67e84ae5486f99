"""An HTTP client and ``.json()``: ``use_httpx_json.py TASK URL [LANE]``, lanes as in use_ours."""

from __future__ import annotations

import asyncio
import sys

from clients import PAGE, PATHS, http_client


async def main(task: str, url: str, lane: str = "httpx") -> None:
    """Open a client, do the task."""
    from tasks import run

    async with http_client(lane) as client:

        async def get(path: str) -> object:
            return (await client.get(url + path)).raise_for_status().json()

        await run(
            task,
            lambda: get("/users/octocat"),
            [lambda path=path: get(path) for path in PATHS],
            lambda: get(PAGE),
        )


asyncio.run(main(*sys.argv[1:]))
