"""``python -m examples.report octocat/hello-world``: the issues of repositories, as CSV.

It reads a local fake of GitHub, and needs neither token nor network. With ``--live`` it reads
GitHub, with the token in ``GITHUB_TOKEN`` if there is one.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import sys
from contextlib import AsyncExitStack

from sdk import NotFound, Sdk, SdkError
from sdk.testing import StandIn, serve


async def rows(sdk: Sdk, name: str) -> list[tuple[str, int, str, str]]:
    """Return a row for each issue of a repository; none if there is no such repository."""
    owner, _, repo = name.partition("/")
    issues = sdk.issues.list_for_repo(owner, repo, state="all", per_page=100)
    try:
        return [(name, issue.number, issue.state, issue.title) async for issue in issues]
    except NotFound:
        print(f"{name}: no such repository", file=sys.stderr)
        return []


async def main(names: list[str], *, live: bool = False) -> None:
    """Write the table; all repositories are read at the same time."""
    async with AsyncExitStack() as stack:
        address = None if live else await stack.enter_async_context(serve(StandIn()))
        sdk = await stack.enter_async_context(Sdk(base_url=address))
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(rows(sdk, name)) for name in names]
    table = csv.writer(sys.stdout)
    table.writerow(("repository", "number", "state", "title"))
    for task in tasks:
        table.writerows(task.result())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m examples.report", description=__doc__)
    parser.add_argument("names", nargs="*", default=["octocat/hello-world"], metavar="OWNER/REPO")
    parser.add_argument("--live", action="store_true", help="read GitHub")
    arguments = parser.parse_args()
    try:
        asyncio.run(main(arguments.names, live=arguments.live))
    except* SdkError as failed:
        sys.exit(f"GitHub could not be read: {failed.exceptions[0]}")
