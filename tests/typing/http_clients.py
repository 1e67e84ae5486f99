# pyright: strict, reportUnnecessaryTypeIgnoreComment=true
"""Which HTTP clients can be passed in; it is checked, not run."""

from __future__ import annotations

import httpx
import httpx2

from sdk import Sdk


async def clients() -> None:
    Sdk(http_client=httpx.AsyncClient())
    Sdk(http_client=httpx2.AsyncClient())
    Sdk(http_client=httpx.Client())  # type: ignore[arg-type]
    Sdk(http_client=httpx2.Client())  # type: ignore[arg-type]
    async with Sdk() as sdk:
        await sdk.http_client.get("https://example.com/")
