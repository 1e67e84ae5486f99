"""Differences of GitHub Enterprise Server."""

from __future__ import annotations

from sdk.operations import OperationInfo
from sdk.transport.urls import check_base_url

from .messages import Refused, Request, not_found

# The roots of the API and of uploads.
_API = "/api/v3"
_ROOTS = (_API, "/api/uploads")
_GRAPHQL = "/api/graphql"


class EnterpriseServer:
    """A release of GitHub Enterprise Server.

    Args:
        release: such as "3.19".
        link_origin: the origin that URLs in responses name, if it is not that of the request.

    Attributes:
        api_versions: the versions of the REST API that it supports.
    """

    api_versions = ("2022-11-28",)

    def __init__(self, release: str, link_origin: str | None) -> None:
        self._release = release
        self._link_origin = None if link_origin is None else check_base_url(link_origin)

    @property
    def headers(self) -> dict[str, str]:
        """The headers that name the release."""
        return {"x-github-enterprise-version": f"enterprise-server@{self._release}"}

    def route(self, request: Request) -> None:
        """Replace the path of a request by the one that api.github.com has.

        Raises:
            Refused: 404, the path belongs neither to the REST API, nor to uploads, nor to GraphQL.
        """
        root = next((each for each in _ROOTS if request.path.startswith(f"{each}/")), None)
        if request.path == _GRAPHQL:
            request.path = "/graphql"
        elif root is None or request.path == f"{_API}/graphql":
            raise Refused(not_found())
        else:
            request.path = request.path.removeprefix(root)
        request.base_url = (self._link_origin or request.base_url) + _API

    def has(self, info: OperationInfo) -> bool:
        """Return whether the release has an operation."""
        return info.is_on_server(self._release)
