"""gidgethub over httpx2 or aiohttp: ``use_gidgethub.py TASK URL [aiohttp]``."""

from __future__ import annotations

import asyncio
import sys
from typing import Any

from clients import PAGE, PATHS


def session(lane: str) -> Any:
    """Return the HTTP client, and the class that goes with it."""
    if lane == "aiohttp":
        import aiohttp
        from gidgethub.aiohttp import GitHubAPI as OnAiohttp

        return aiohttp.ClientSession(), OnAiohttp
    import httpx2
    from gidgethub.httpx import GitHubAPI

    return httpx2.AsyncClient(), GitHubAPI


async def main(task: str, url: str, lane: str = "httpx2") -> None:
    """Open a client, do the task."""
    from tasks import run

    client, github_class = session(lane)
    async with client:
        github = github_class(client, "benchmark", base_url=url)
        await run(
            task,
            lambda: github.getitem("/users/octocat"),
            [lambda path=path: github.getitem(path) for path in PATHS],
            lambda: github.getitem(PAGE),
        )


asyncio.run(main(*sys.argv[1:]))
