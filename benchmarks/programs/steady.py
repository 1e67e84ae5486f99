"""The memory of a client over COUNT calls by 20 callers: ``steady.py URL COUNT``."""

from __future__ import annotations

import asyncio
import gc
import sys

from report import report, resident

from sdk import Sdk

CALLERS = 20
STEPS = 10


async def main(url: str, count: int) -> None:
    """Call, and report the memory after each tenth of the calls."""
    async with Sdk(base_url=url, token=None) as sdk:

        async def caller() -> None:
            for _ in range(count // STEPS // CALLERS):
                await sdk.users.get("octocat")

        held = {}
        for step in range(1, STEPS + 1):
            await asyncio.gather(*(caller() for _ in range(CALLERS)))
            gc.collect()
            held[f"after_{step * count // STEPS}"] = resident()
        report(**held)


asyncio.run(main(sys.argv[1], int(sys.argv[2])))
