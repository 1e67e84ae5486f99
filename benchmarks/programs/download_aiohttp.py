"""aiohttp: ``download_aiohttp.py pieces|save URL``; it saves with a plain ``write``."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path
from time import perf_counter
from time import process_time as cpu

import aiohttp
from report import report


async def main(task: str, url: str) -> None:
    """Download twice, and report the second time."""
    async with aiohttp.ClientSession() as session:
        with tempfile.TemporaryDirectory() as folder:
            for _ in range(2):
                begun, begun_wall = cpu(), perf_counter()
                size = 0
                async with session.get(f"{url}/repos/o/r/zipball/main") as response:
                    response.raise_for_status()
                    if task == "save":
                        with (Path(folder) / "file").open("wb") as file:
                            async for piece in response.content.iter_any():
                                size += file.write(piece)
                    else:
                        async for piece in response.content.iter_any():
                            size += len(piece)
                wall = perf_counter() - begun_wall
                used = cpu() - begun
    report(cpu=1000 * used, rate=size / wall / 1e6)


asyncio.run(main(*sys.argv[1:]))
