"""400 concurrent callers over a pool of 100 connections: ``pressure.py URL ours|plain``."""

from __future__ import annotations

import asyncio
import collections
import sys
import time

import httpx
from report import report

from sdk import Sdk

CALLERS = 400


async def main(url: str, who: str) -> None:
    """Call from all at once; report the duration and the failures."""
    failures: collections.Counter[str] = collections.Counter()

    async with Sdk(base_url=url, token=None) as sdk, httpx.AsyncClient() as client:

        async def call() -> None:
            try:
                if who == "ours":
                    await sdk.users.get("octocat")
                else:
                    (await client.get(f"{url}/users/octocat")).json()
            except Exception as error:  # noqa: BLE001  counted by their names
                failures[type(error).__name__] += 1

        begun = time.perf_counter()
        await asyncio.gather(*(call() for _ in range(CALLERS)))
        report(seconds=time.perf_counter() - begun, **failures)


asyncio.run(main(*sys.argv[1:]))
