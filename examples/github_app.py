"""A GitHub App that greets: ``python -m examples.github_app``.

It runs on a local fake GitHub server, with its own App, and needs neither token nor network. With
``--live`` it is the App in the environment, see ``GitHubApp.from_env``, and only lists the
repositories of its installations.
"""

from __future__ import annotations

import argparse
import asyncio

from sdk import GitHubApp, Sdk
from sdk.auth.errors import InstallationSuspended
from sdk.testing import AppSeed, StandIn, serve


async def tour(sdk: Sdk) -> None:
    """Print the App's name, and the repositories of each of its installations."""
    me = await sdk.apps.get_authenticated()
    print(f"I am {me.name if me else 'nobody'}.")
    async for installation in sdk.apps.list_installations():
        theirs = sdk.as_installation(installation.id)
        try:
            page = await theirs.apps.list_repos_accessible_to_installation()
        except InstallationSuspended:
            print(f"Installation {installation.id} is suspended.")
            continue
        names = ", ".join(repo.full_name for repo in page.items)
        print(f"Installation {installation.id}: {names}")


async def greet(sdk: Sdk, owner: str, repo: str) -> None:
    """Open an issue, with a token that has no other permission."""
    one = await sdk.for_repo(owner, repo, permissions={"issues": "write"})
    issue = await one.issues.create(owner, repo, title="Hello from an App")
    print(f"Opened {owner}/{repo}#{issue.number}: {issue.title}")


async def main(*, live: bool = False) -> None:
    """Run the tour, and open an issue on the fake server."""
    if live:
        async with Sdk(app=GitHubApp.from_env()) as sdk:
            await tour(sdk)
        return
    github = StandIn(apps=[AppSeed(name="greeter")])
    registered = github.apps[0]
    app = GitHubApp(client_id=registered.client_id, private_key=registered.private_key)
    async with serve(github) as address, Sdk(app=app, base_url=address) as sdk:
        await tour(sdk)
        await greet(sdk, "octocat", "hello-world")
    tokens = github.requests["apps/create-installation-access-token"]
    print(f"That took {tokens} installation tokens.")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m examples.github_app", description=__doc__)
    parser.add_argument("--live", action="store_true", help="be your own App at GitHub")
    asyncio.run(main(live=parser.parse_args().live))
