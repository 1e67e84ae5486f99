"""Calls with a response cache: ``caching_ours.py BASE_URL CPU|COUNTS COUNT``."""

from __future__ import annotations

import asyncio
import tempfile
import urllib.request
from collections.abc import Mapping
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path

from tasks import Calls, counted, measured, print_measured

from benchmarks import redis_server
from sdk import Sdk
from sdk.auth import TokenAuth
from sdk.stores import MemoryCache, RedisCache, SqliteCache
from sdk.transport import Cache

_SECRET = b"a secret of the benchmark"


class Rotating:
    """Credentials of one installation, whose token changes."""

    identity = "app:1/2"

    def __init__(self, *tokens: str) -> None:
        self._tokens = list(tokens)

    async def headers(self) -> Mapping[str, str]:
        """Return the next token."""
        return {"authorization": f"Bearer {self._tokens.pop(0)}"}


async def cpu(base_url: str, count: int) -> dict[str, dict[str, float]]:
    """Return the microseconds of CPU time of each call with each cache."""
    with tempfile.TemporaryDirectory() as place, redis_server.running() as (redis_url, _):
        caches: dict[str, Cache | None] = {
            "none": None,
            "memory": MemoryCache(),
            "sqlite, sealed": SqliteCache(Path(place) / "cache.db"),
            "redis, sealed": RedisCache.from_url(redis_url, secret=_SECRET),
        }
        async with AsyncExitStack() as stack:
            calls: Calls = {}
            for name, cache in caches.items():
                sdk = Sdk(base_url=base_url, token="t", cache=cache)  # noqa: S106
                await stack.enter_async_context(sdk)
                page = partial(sdk.issues.list_for_repo, "o", "hundred")
                calls[name] = {
                    "small": partial(sdk.users.get, "octocat"),
                    "page, undecoded": partial(sdk.request, "GET", "/repos/o/hundred/issues"),
                    "page": page,
                }
            return await measured(calls, count)


async def counts(base_url: str) -> dict[str, object]:
    """Return the requests that the upstream received in each of the three scenes."""
    counted(base_url)
    auth = Rotating("t1", "t1", "t2", "t2", "t3")
    async with Sdk(base_url=base_url, auth=auth, cache=MemoryCache()) as sdk:
        for _ in range(5):
            await sdk.users.get("octocat")
    rotated = counted(base_url)

    cache = MemoryCache()
    async with Sdk(base_url=base_url, token="one", cache=cache) as sdk:  # noqa: S106
        views = [sdk, sdk.with_options(auth=TokenAuth("two"))]
        for _ in range(10):
            for view in views:
                await view.users.get("octocat")
    by_turns = counted(base_url)

    async with Sdk(base_url=base_url, token="t", cache=MemoryCache()) as sdk:  # noqa: S106
        before = len([issue async for issue in sdk.issues.list_for_repo("o", "full")])
        urllib.request.urlopen(f"{base_url}/_grow").close()  # noqa: S310, ASYNC210  loopback
        after = len([issue async for issue in sdk.issues.list_for_repo("o", "full")])
    return {
        "rotated": rotated,
        "by turns": by_turns,
        "entries": len(cache),
        "behind a full page": f"{before}, then {after}",
    }


asyncio.run(print_measured(cpu, counts))
