"""httpx and models written by hand: ``use_httpx_model.py TASK URL``."""

from __future__ import annotations

import asyncio
import sys
from typing import Any, TypeVar

import httpx
from clients import PAGE
from hand_models import (
    CheckRuns,
    Commit,
    Gist,
    Issue,
    License,
    Reaction,
    Repositories,
    SimpleUser,
    User,
    WorkflowRuns,
)
from pydantic import TypeAdapter

T = TypeVar("T")


async def main(task: str, url: str) -> None:
    """Open a client, do the task."""
    from tasks import run

    adapters: dict[object, TypeAdapter[Any]] = {}

    async with httpx.AsyncClient(base_url=url) as client:

        async def get(path: str, type_: type[T]) -> T:
            response = (await client.get(path)).raise_for_status()
            if type_ not in adapters:
                adapters[type_] = TypeAdapter(type_)
            return adapters[type_].validate_json(response.content)

        await run(
            task,
            lambda: get("/users/octocat", User),
            [
                lambda: get("/users/octocat", User),
                lambda: get("/repos/o/r/issues", list[Issue]),
                lambda: get("/gists/1", Gist),
                lambda: get("/repos/o/r/git/commits/abc", Commit),
                lambda: get("/repos/o/r/actions/runs", WorkflowRuns),
                lambda: get("/search/repositories?q=x", Repositories),
                lambda: get("/repos/o/r/stargazers", list[SimpleUser]),
                lambda: get("/repos/o/r/commits/abc/check-runs", CheckRuns),
                lambda: get("/repos/o/r/issues/1/reactions", list[Reaction]),
                lambda: get("/licenses/mit", License),
            ],
            lambda: get(PAGE, list[Issue]),
        )


asyncio.run(main(*sys.argv[1:]))
