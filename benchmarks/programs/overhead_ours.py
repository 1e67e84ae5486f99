"""What a call costs above httpx and ``.json()``, in memory: ``overhead_ours.py COUNT``."""

from __future__ import annotations

import asyncio
import sys

import httpx
from tasks import compare, user_payload

from sdk import Sdk


async def main(count: int) -> None:
    """Measure; the client is the same one for both."""
    body = user_payload()

    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=body, headers={"content-type": "application/json"})

    async with (
        httpx.AsyncClient(transport=httpx.MockTransport(answer)) as client,
        Sdk(base_url="http://api", token="x", http_client=client) as sdk,  # noqa: S106
    ):

        async def plain() -> object:
            return (await client.get("http://api/users/octocat")).json()

        await compare(plain, lambda: sdk.users.get("octocat"), count)


asyncio.run(main(int(sys.argv[1])))
