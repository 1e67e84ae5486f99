"""The overhead of a call of githubkit, cache off: ``overhead_githubkit.py COUNT [parsed]``."""

from __future__ import annotations

import asyncio
import sys

import httpx
from githubkit import GitHub
from tasks import compare, user_payload


async def main(count: int, *, parsed: bool) -> None:
    """Measure; with `parsed`, its model is built too."""
    body = user_payload()

    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=body, headers={"content-type": "application/json"})

    transport = httpx.MockTransport(answer)
    options = {"base_url": "http://api/", "http_cache": False, "async_transport": transport}
    async with (
        httpx.AsyncClient(transport=transport) as client,
        GitHub("x", **options) as github,
    ):

        async def plain() -> object:
            return (await client.get("http://api/users/octocat")).json()

        async def dressed() -> object:
            response = await github.rest.users.async_get_by_username("octocat")
            return response.parsed_data if parsed else response.json()

        await compare(plain, dressed, count)


asyncio.run(main(int(sys.argv[1]), parsed="parsed" in sys.argv))
