"""The SDK: ``download_ours.py pieces|save URL``."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path
from time import perf_counter
from time import process_time as cpu

from report import report

from sdk import Sdk


async def main(task: str, url: str) -> None:
    """Download twice, and report the second time."""
    async with Sdk(base_url=url, token=None) as sdk:
        with tempfile.TemporaryDirectory() as folder:
            for _ in range(2):
                begun, begun_wall = cpu(), perf_counter()
                download = sdk.repos.download_zipball_archive("o", "r", "main")
                size = 0
                if task == "save":
                    size = await download.save(Path(folder) / "file")
                else:
                    async with download as stream:
                        async for piece in stream:
                            size += len(piece)
                wall = perf_counter() - begun_wall
                used = cpu() - begun
    report(cpu=1000 * used, rate=size / wall / 1e6)


asyncio.run(main(*sys.argv[1:]))
