"""What tests of stores have in common."""

import asyncio


async def until(condition, seconds=5.0):
    """Wait for something that another task or process brings about."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110  there is nothing that would tell
            await asyncio.sleep(0.005)
