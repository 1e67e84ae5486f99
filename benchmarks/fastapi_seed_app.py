"""The app that ``fastapi_seed`` measures: one endpoint, its HTTP client kept in several ways.

Environment: ``SEED_VARIANT``, one of the names in VARIANTS below; ``SEED_API``, the API's address.
"""

import os
import resource
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Any

import aiohttp
import httpx
from fastapi import Depends, FastAPI, Request
from pydantic import BaseModel

from fastapi_integration import HttpClientDep, SdkDep, sdk_lifespan
from sdk import Sdk

VARIANT = os.environ["SEED_VARIANT"]
API = os.environ["SEED_API"]
USER = f"{API}/users/octocat"


class Card(BaseModel):
    """The response of every variant."""

    login: str
    name: str | None


def card(user: Any) -> Card:
    """Return a card from a user's JSON."""
    return Card(login=user["login"], name=user["name"])


async def no_call() -> Card:
    """Make no call, to measure FastAPI and uvicorn alone."""
    return Card(login="octocat", name=None)


async def per_request() -> Card:
    """Create a client for every request."""
    async with httpx.AsyncClient() as client:
        return card((await client.get(USER)).json())


async def through_aiohttp(request: Request) -> Card:
    """Use a session of aiohttp that all requests share."""
    async with request.state.session.get(USER) as response:
        response.raise_for_status()
        return card(await response.json())


async def shared_session(request: Request) -> aiohttp.ClientSession:
    """Return the session of aiohttp, as a dependency."""
    session: aiohttp.ClientSession = request.state.session
    return session


async def through_aiohttp_dependency(
    session: Annotated[aiohttp.ClientSession, Depends(shared_session)],
) -> Card:
    """Use the same session, from a dependency like ``SdkDep``."""
    async with session.get(USER) as response:
        response.raise_for_status()
        return card(await response.json())


class Wrapper:
    """A global client with start and stop, the well-known pattern."""

    client: httpx.AsyncClient | None = None

    def start(self) -> None:
        """Create the client."""
        self.client = httpx.AsyncClient()

    async def stop(self) -> None:
        """Close the client."""
        if self.client is not None:
            await self.client.aclose()

    def __call__(self) -> httpx.AsyncClient:
        """Return the client."""
        if self.client is None:
            raise RuntimeError("not started")
        return self.client


wrapper = Wrapper()


async def module_global() -> Card:
    """Use the global client."""
    return card((await wrapper().get(USER)).json())


async def through_sdk(sdk: SdkDep) -> Card:
    """Call a method of the SDK."""
    user = await sdk.users.get("octocat")
    return Card(login=user.login, name=user.name)


async def through_raw(http: HttpClientDep) -> Card:
    """Use the plain client under the SDK."""
    return card((await http.get(USER)).json())


@asynccontextmanager
async def wrapped(_app: FastAPI) -> AsyncGenerator[None]:
    """Start and stop the global client."""
    wrapper.start()
    yield
    await wrapper.stop()


@asynccontextmanager
async def with_session(_app: FastAPI) -> AsyncGenerator[dict[str, aiohttp.ClientSession]]:
    """Open the session of aiohttp."""
    async with aiohttp.ClientSession() as session:
        yield {"session": session}


def sdk_on_aiohttp() -> Sdk:
    """Return an Sdk that sends its requests through aiohttp."""
    from httpx_aiohttp import AiohttpTransport

    return Sdk(base_url=API, http_client=httpx.AsyncClient(transport=AiohttpTransport()))


ours = sdk_lifespan(lambda: Sdk(base_url=API))
VARIANTS: dict[str, tuple[Any, Any]] = {
    "none": (no_call, None),
    "per-request": (per_request, None),
    "global": (module_global, wrapped),
    "aiohttp": (through_aiohttp, with_session),
    "aiohttp-dep": (through_aiohttp_dependency, with_session),
    "sdk": (through_sdk, ours),
    "sdk-raw": (through_raw, ours),
    "sdk-aiohttp": (through_sdk, sdk_lifespan(sdk_on_aiohttp)),
}
endpoint, lifespan = VARIANTS[VARIANT]
app = FastAPI(lifespan=lifespan)
app.get("/user")(endpoint)


@app.get("/cost")
def cost() -> dict[str, float]:
    """Return the CPU seconds that this process has used, and its memory in MiB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return {"cpu": time.process_time(), "rss": pages * resource.getpagesize() / 2**20}
