"""The overhead of a call of gidgethub over httpx2: ``overhead_gidgethub.py COUNT``."""

from __future__ import annotations

import asyncio
import sys

import httpx2
from gidgethub.httpx import GitHubAPI
from tasks import compare, user_payload


async def main(count: int) -> None:
    """Measure; the client is the same one for both."""
    body = user_payload()

    def response(_: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, content=body, headers={"content-type": "application/json"})

    async with httpx2.AsyncClient(transport=httpx2.MockTransport(response)) as client:
        github = GitHubAPI(client, "benchmark", oauth_token="x", base_url="http://api")  # noqa: S106

        async def plain() -> object:
            return (await client.get("http://api/users/octocat")).json()

        await compare(plain, lambda: github.getitem("/users/octocat"), count)


asyncio.run(main(int(sys.argv[1])))
