"""Measures how long the event loop is busy between its turns."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


@asynccontextmanager
async def loop_steps() -> AsyncIterator[list[float]]:
    """Yield a list that receives the seconds between turns of the event loop."""
    loop = asyncio.get_running_loop()
    steps: list[float] = []

    async def measure() -> None:
        last = loop.time()
        while True:
            await asyncio.sleep(0)
            now = loop.time()
            steps.append(now - last)
            last = now

    task = asyncio.create_task(measure())
    try:
        yield steps
    finally:
        task.cancel()
