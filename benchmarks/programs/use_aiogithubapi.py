"""aiogithubapi on aiohttp: ``use_aiogithubapi.py TASK URL``."""

from __future__ import annotations

import asyncio
import sys

from aiogithubapi import GitHubAPI
from clients import PAGE, PATHS


async def main(task: str, url: str) -> None:
    """Open a client, do the task."""
    from tasks import run

    async with GitHubAPI(base_url=url) as github:

        async def get(path: str) -> object:
            return (await github.generic(path)).data

        await run(
            task,
            lambda: get("/users/octocat"),
            [lambda path=path: get(path) for path in PATHS],
            lambda: get(PAGE),
        )


asyncio.run(main(*sys.argv[1:]))
