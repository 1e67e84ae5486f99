"""aiohttp, untyped or with models by hand: ``use_aiohttp.py TASK URL [model]``."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

import aiohttp
from clients import PAGE, PATHS


async def main(task: str, url: str, lane: str = "json") -> None:
    """Open a client, do the task."""
    from tasks import run

    parse_user: Any = json.loads
    parse_page: Any = json.loads
    if lane == "model":
        from hand_models import Issue, User
        from pydantic import TypeAdapter

        parse_user = TypeAdapter(User).validate_json
        parse_page = TypeAdapter(list[Issue]).validate_json

    connector = aiohttp.TCPConnector(limit=100)
    async with aiohttp.ClientSession(connector=connector) as session:

        async def get(path: str, parse: Any = json.loads) -> object:
            async with session.get(url + path) as response:
                response.raise_for_status()
                return parse(await response.read())

        await run(
            task,
            lambda: get("/users/octocat", parse_user),
            [lambda path=path: get(path) for path in PATHS],
            lambda: get(PAGE, parse_page),
        )


asyncio.run(main(*sys.argv[1:]))
