"""Combine the lifespans of several parts of an app."""

from __future__ import annotations

import inspect
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from typing import Any

from starlette.applications import Starlette

Lifespan = Callable[[Any], AbstractAsyncContextManager[Mapping[str, Any]]]
"""The type of ``FastAPI(lifespan=...)``; the yielded mapping is the state of each request."""


def combine_lifespans(*lifespans: Callable[[Any], Any]) -> Lifespan:
    """Combine several lifespans: entered in this order, left in reverse order.

    Put clients first, so that they are closed after the parts that use them, even if those fail to
    start or to stop. The mappings that the lifespans yield are merged.

    Raises:
        TypeError: one of them is not a function, such as a list, an app or a SharedClient.
        RuntimeError: at startup, two lifespans yield the same key.
    """
    for each in lifespans:
        if callable(getattr(each, "lifespan", None)):
            raise TypeError(
                f"combine_lifespans() takes lifespans, not {each!r}: write "
                "combine_lifespans(shared.lifespan), or sdk_lifespan() for SdkDep."
            )
        if not callable(each) or isinstance(each, Starlette):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise TypeError(
                "combine_lifespans() takes the lifespans one by one, not "
                f"{type(each).__name__}: combine_lifespans(first, second)."
            )

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
