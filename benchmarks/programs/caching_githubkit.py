"""Calls of githubkit with its cache: ``caching_githubkit.py BASE_URL CPU|COUNTS COUNT``."""

# githubkit is installed in a separate environment.

from __future__ import annotations

import asyncio
import urllib.request
from contextlib import AsyncExitStack

from githubkit import GitHub
from tasks import Call, Calls, counted, measured, print_measured


async def cpu(base_url: str, count: int) -> dict[str, dict[str, float]]:
    """Return the microseconds of CPU time of each call with each cache."""
    async with AsyncExitStack() as stack:
        calls: Calls = {}
        for name, cached in {"none": False, "its own": True}.items():
            github = GitHub("t", base_url=f"{base_url}/", http_cache=cached)
            await stack.enter_async_context(github)
            calls[name] = lanes(github)
        return await measured(calls, count)


def lanes(github: GitHub) -> dict[str, Call]:
    """Return the three calls."""
    users, issues = github.rest.users, github.rest.issues

    async def small() -> object:
        return (await users.async_get_by_username("octocat")).parsed_data

    async def undecoded() -> object:
        return (await issues.async_list_for_repo("o", "hundred")).content

    async def page() -> object:
        return (await issues.async_list_for_repo("o", "hundred")).parsed_data

    return {"small": small, "page, undecoded": undecoded, "page": page}


async def counts(base_url: str) -> dict[str, object]:
    """Return the requests that the upstream received in each of the three scenes."""
    counted(base_url)
    for token in ("t1", "t1", "t2", "t2", "t3"):
        async with GitHub(token, base_url=f"{base_url}/") as github:
            await github.rest.users.async_get_by_username("octocat")
    rotated = counted(base_url)
    async with (
        GitHub("one", base_url=f"{base_url}/") as one,
        GitHub("two", base_url=f"{base_url}/") as two,
    ):
        for _ in range(10):
            for github in (one, two):
                await github.rest.users.async_get_by_username("octocat")
        by_turns = counted(base_url)

        async def items() -> int:
            rest = one.rest.paginate(one.rest.issues.async_list_for_repo, owner="o", repo="full")
            return len([issue async for issue in rest])

        before = await items()
        urllib.request.urlopen(f"{base_url}/_grow").close()  # noqa: S310, ASYNC210  loopback
        after = await items()
    return {
        "rotated": rotated,
        "by turns": by_turns,
        "behind a full page": f"{before}, then {after}",
    }


asyncio.run(print_measured(cpu, counts))
