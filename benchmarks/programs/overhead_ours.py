"""The overhead of a call over httpx and ``.json()``: ``overhead_ours.py COUNT [own]``."""

from __future__ import annotations

import asyncio
import sys

import httpx
from tasks import compare, user_payload

from sdk import Sdk
from sdk.transport.http.default_client import DefaultClient


async def main(count: int, *, own: bool) -> None:
    """Measure; with `own` the SDK sends its calls as with its default client."""
    body = user_payload()

    def response(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=body, headers={"content-type": "application/json"})

    transport = httpx.MockTransport(response)
    client_class = DefaultClient if own else httpx.AsyncClient
    async with (
        httpx.AsyncClient(transport=transport) as plain_client,
        client_class(transport=transport) as client,
        Sdk(base_url="http://api", token="x", http_client=client) as sdk,  # noqa: S106
    ):

        async def plain() -> object:
            return (await plain_client.get("http://api/users/octocat")).json()

        await compare(plain, lambda: sdk.users.get("octocat"), count)


asyncio.run(main(int(sys.argv[1]), own="own" in sys.argv))
