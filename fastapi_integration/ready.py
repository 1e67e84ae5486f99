"""The GitHub client of an app."""

# No `from __future__ import annotations` here: FastAPI reads these annotations.

from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any, Literal, cast

import httpx
from fastapi import Depends, HTTPException

from sdk import Sdk

from .lifespans import Lifespan
from .shared import SharedClient, check_dependency


class SharedSdk(SharedClient[Sdk]):
    """The app's shared ``Sdk``; with ``Sdk(app=...)`` also as the installations of a GitHub App."""

    def as_installation(
        self,
        which: Callable[..., Any],
        *,
        permissions: Mapping[str, Literal["read", "write", "admin"]] | None = None,
    ) -> Callable[..., Awaitable[Sdk]]:
        """Return a dependency for calls as an installation of the app's GitHub App.

        ::

            def which(owner: str, repo: str) -> str:
                return f"{owner}/{repo}"

            RepoSdk = Annotated[Sdk, Depends(shared_sdk.as_installation(which))]

        Args:
            which: a dependency that returns the installation's id, or ``"owner/repo"``, or None,
                for a 404.
            permissions: limits the permissions of the token.

        Raises:
            TypeError: `which` cannot be called.
        """
        check_dependency(
            "as_installation() takes a dependency that returns an installation's id or "
            '"owner/repo", such as a function of yours',
            which,
        )

        async def sdk_as_installation(
            sdk: Annotated[Sdk, Depends(self)], found: Annotated[Any, Depends(which)]
        ) -> Sdk:
            if found is None:
                raise HTTPException(404, "The app is not installed there.")
            if isinstance(found, str) and "/" in found:
                owner, _, repo = found.partition("/")
                return await sdk.for_repo(owner, repo, permissions=permissions)
            return sdk.as_installation(cast("int", found), permissions=permissions)

        return sdk_as_installation


shared_sdk = SharedSdk(Sdk, key="sdk")
"""The source of ``SdkDep``; in tests, the key for ``app.dependency_overrides``."""

SdkDep = Annotated[Sdk, Depends(shared_sdk)]
"""The app's shared ``Sdk``, as the type of an endpoint's parameter."""

HttpClientDep = Annotated[httpx.AsyncClient, Depends(shared_sdk.http_client)]
"""The HTTP client of ``SdkDep``, for any other URL; it sends no token and stores no cookie."""


def sdk_lifespan(factory: Callable[[], Sdk] = Sdk) -> Lifespan:
    """Open the ``Sdk`` of ``SdkDep`` while the app runs: ``FastAPI(lifespan=sdk_lifespan())``.

    Args:
        factory: builds it, such as ``lambda: Sdk(base_url=os.environ["GITHUB_API_URL"])``.
    """
    return shared_sdk.lifespan_from(factory)


lifespan = shared_sdk.lifespan
"""``sdk_lifespan()`` with its defaults: ``FastAPI(lifespan=lifespan)``."""
