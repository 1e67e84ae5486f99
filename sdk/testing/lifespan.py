"""Runs the lifespan of an ASGI app, as a server does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, MutableMapping
from contextlib import asynccontextmanager
from typing import Any, TypeAlias

AsgiApp: TypeAlias = Callable[..., Any]


@asynccontextmanager
async def lifespan_of(app: AsgiApp) -> AsyncGenerator[dict[str, Any]]:
    """Run an app's lifespan (ASGI, "Lifespan Protocol") around the block, and yield its state."""
    state: dict[str, Any] = {}
    to_app: asyncio.Queue[MutableMapping[str, Any]] = asyncio.Queue()
    from_app: asyncio.Queue[MutableMapping[str, Any] | None] = asyncio.Queue()

    async def run() -> None:
        scope = {"type": "lifespan", "asgi": {"version": "3.0"}, "state": state}
        try:
            await app(scope, to_app.get, from_app.put)
        finally:
            await from_app.put(None)

    task = asyncio.create_task(run())
    try:
        await to_app.put({"type": "lifespan.startup"})
        started = await from_app.get()
        if started is None:
            # An app without lifespan support returns or raises.
            await asyncio.wait([task])
            task.exception()
        elif started["type"] == "lifespan.startup.failed":
            await asyncio.wait([task])
            raise task.exception() or RuntimeError(
                started.get("message") or "The app did not start"
            )
        yield state
        # Any other message is that of an app that takes a lifespan for a request.
        if started is not None and started["type"] == "lifespan.startup.complete":
            await to_app.put({"type": "lifespan.shutdown"})
            ended = await from_app.get()
            await asyncio.wait([task])
            if ended is not None and ended["type"] == "lifespan.shutdown.failed":
                raise task.exception() or RuntimeError(ended.get("message") or "Shutdown failed")
    finally:
        if not task.done():
            task.cancel()
            await asyncio.wait([task])
