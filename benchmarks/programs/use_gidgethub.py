"""gidgethub over httpx2: ``use_gidgethub.py TASK URL``."""

from __future__ import annotations

import asyncio
import sys

import httpx2
from clients import PAGE, PATHS
from gidgethub.httpx import GitHubAPI


async def main(task: str, url: str) -> None:
    """Open a client, do the task."""
    from tasks import run

    async with httpx2.AsyncClient() as client:
        github = GitHubAPI(client, "benchmark", base_url=url)
        await run(
            task,
            lambda: github.getitem("/users/octocat"),
            [lambda path=path: github.getitem(path) for path in PATHS],
            lambda: github.getitem(PAGE),
        )


asyncio.run(main(*sys.argv[1:]))
