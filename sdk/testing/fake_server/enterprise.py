"""Differences of GitHub Enterprise Server."""

from __future__ import annotations

from sdk.github import VERSION_HEADER

from .messages import Refused, Request, not_found, problem

# The roots of the API and of uploads.
_ROOTS = ("/api/v3", "/api/uploads")
_VERSION = "2022-11-28"


def check_enterprise_request(request: Request) -> None:
    """Remove the API's root from the path of a request.

    Raises:
        Refused: 404 for another path, 400 for an API version that the server does not support.
    """
    root = next((each for each in _ROOTS if request.path.startswith(f"{each}/")), None)
    if root is None:
        raise Refused(not_found())
    request.path = request.path.removeprefix(root)
    request.base_url += _ROOTS[0]
    version = request.headers.get(VERSION_HEADER, _VERSION)
    if version != _VERSION:
        message = f"{version!r} is not a supported API version. Supported versions: {_VERSION}"
        raise Refused(problem(400, message))
