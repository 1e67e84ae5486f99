"""The SDK: ``use_ours.py TASK URL [LANE]``; the lane is the HTTP client, if not its own."""

from __future__ import annotations

import asyncio
import contextlib
import sys

from sdk import Sdk


async def main(task: str, url: str, lane: str | None = None) -> None:
    """Open a client, do the task."""
    from tasks import run

    async with contextlib.AsyncExitStack() as stack:
        client = None
        if lane:
            from clients import http_client

            client = await stack.enter_async_context(http_client(lane))
        sdk = await stack.enter_async_context(Sdk(base_url=url, token=None, http_client=client))
        await run(
            task,
            lambda: sdk.users.get("octocat"),
            [
                lambda: sdk.users.get("octocat"),
                lambda: sdk.issues.list_for_repo("o", "r"),
                lambda: sdk.gists.get("1"),
                lambda: sdk.git.get_commit("o", "r", "abc"),
                lambda: sdk.actions.list_workflow_runs_for_repo("o", "r"),
                lambda: sdk.search.repos(q="x"),
                lambda: sdk.activity.list_stargazers_for_repo("o", "r"),
                lambda: sdk.checks.list_for_ref("o", "r", "abc"),
                lambda: sdk.reactions.list_for_issue("o", "r", 1),
                lambda: sdk.licenses.get("mit"),
            ],
            lambda: sdk.issues.list_for_repo("o", "hundred", per_page=100),
        )


asyncio.run(main(*sys.argv[1:]))
