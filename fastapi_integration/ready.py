"""The client of the GitHub API for an app, ready-made."""

# No `from __future__ import annotations` here: FastAPI reads these annotations.

from collections.abc import Callable
from typing import Annotated

import httpx
from fastapi import Depends

from sdk import Sdk

from .lifespans import Lifespan
from .shared import SharedClient

shared_sdk = SharedClient(Sdk, key="sdk")
"""Where ``SdkDep`` comes from; in tests, the key for ``app.dependency_overrides``."""

SdkDep = Annotated[Sdk, Depends(shared_sdk)]
"""The app's one ``Sdk``, as the type of an endpoint's parameter."""

HttpClientDep = Annotated[httpx.AsyncClient, Depends(shared_sdk.http_client)]
"""The HTTP client under ``SdkDep``, for any other URL: it carries no token and keeps no cookie."""


def sdk_lifespan(factory: Callable[[], Sdk] = Sdk) -> Lifespan:
    """Open the ``Sdk`` of ``SdkDep`` while the app runs: ``FastAPI(lifespan=sdk_lifespan())``.

    Args:
        factory: builds it, such as ``lambda: Sdk(base_url=os.environ["GITHUB_API_URL"])``.
    """
    return shared_sdk.lifespan_from(factory)


lifespan = shared_sdk.lifespan
"""``FastAPI(lifespan=lifespan)``: the same, ready-made."""
