"""What an app does when it starts and stops, put together from several parts."""

from __future__ import annotations

import inspect
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from typing import Any

Lifespan = Callable[[Any], AbstractAsyncContextManager[Mapping[str, Any]]]
"""What ``FastAPI(lifespan=...)`` takes; the mapping that it gives is the state of each request."""


def combine_lifespans(*lifespans: Callable[[Any], Any]) -> Lifespan:
    """Make one lifespan of several: entered in this order, left in the opposite one.

    Put clients first, so that they outlast what uses them, even if that fails to start or to stop.
    What the lifespans yield is merged; RuntimeError, at startup, if two yield the same key.
    """

    @asynccontextmanager
    async def combined(app: object) -> AsyncGenerator[Mapping[str, Any]]:
        async with AsyncExitStack() as stack:
            state: dict[str, Any] = {}
            for lifespan in lifespans:
                # FastAPI also takes an async generator function without its decorator.
                bare = inspect.isasyncgenfunction(lifespan)
                enter = asynccontextmanager(lifespan) if bare else lifespan
                added: Mapping[str, Any] | None = await stack.enter_async_context(enter(app))
                for key, value in (added or {}).items():
                    if key in state:
                        raise RuntimeError(
                            f"Two of the lifespans yield {key!r}. Pass each lifespan to "
                            "combine_lifespans() once, and give keys of your own other names."
                        )
                    state[key] = value
            yield state

    return combined
