"""githubkit, its cache off: ``use_githubkit.py TASK URL``."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from typing import Any

from githubkit import GitHub


async def main(task: str, url: str) -> None:
    """Open a client, do the task."""
    from tasks import run

    async with GitHub(base_url=url, http_cache=False) as github:
        rest = github.rest

        def parsed(call: Callable[[], Awaitable[Any]]) -> Callable[[], Awaitable[object]]:
            async def get() -> object:
                return (await call()).parsed_data

            return get

        await run(
            task,
            parsed(lambda: rest.users.async_get_by_username("octocat")),
            [
                parsed(lambda: rest.users.async_get_by_username("octocat")),
                parsed(lambda: rest.issues.async_list_for_repo("o", "r")),
                parsed(lambda: rest.gists.async_get("1")),
                parsed(lambda: rest.git.async_get_commit("o", "r", "abc")),
                parsed(lambda: rest.actions.async_list_workflow_runs_for_repo("o", "r")),
                parsed(lambda: rest.search.async_repos(q="x")),
                parsed(lambda: rest.activity.async_list_stargazers_for_repo("o", "r")),
                parsed(lambda: rest.checks.async_list_for_ref("o", "r", "abc")),
                parsed(lambda: rest.reactions.async_list_for_issue("o", "r", 1)),
                parsed(lambda: rest.licenses.async_get("mit")),
            ],
            parsed(lambda: rest.issues.async_list_for_repo("o", "hundred", per_page=100)),
        )


asyncio.run(main(*sys.argv[1:]))
