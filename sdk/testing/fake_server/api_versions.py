"""The API version that a request asks for."""

from __future__ import annotations

from collections.abc import Sequence

from sdk.github import VERSION_HEADER

from .messages import Refused, Request, problem

# The version that GitHub takes a request without the header for.
DEFAULT_VERSION = "2022-11-28"


def requested_version(request: Request) -> str:
    """Return the API version of a request."""
    return request.headers.get(VERSION_HEADER, DEFAULT_VERSION)


def check_version(request: Request, supported: Sequence[str]) -> None:
    """Refuse a request for a version that is not supported.

    Args:
        request: the request.
        supported: the supported versions, the newest first.

    Raises:
        Refused: 400, in GitHub's words, which name the supported versions.
    """
    version = requested_version(request)
    if version in supported:
        return
    newest, *others = supported
    listed = ", ".join([f'"{newest}" (most recent)', *(f'"{each}"' for each in others)])
    raise Refused(
        problem(
            400,
            'The version you specified in the "X-GitHub-API-Version" request header, '
            f'"{version}", is not a supported version. The following versions are currently '
            f"supported: {listed}.",
        )
    )
