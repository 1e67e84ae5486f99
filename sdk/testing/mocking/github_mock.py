"""``GitHubMock``: a mock of GitHub's API."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial

from sdk import Sdk
from sdk.github import BASE_URL

from .api_mock import ApiMock

_UPLOADS = "https://uploads.github.com"

_RATE_LIMIT = {
    "x-ratelimit-limit": "5000",
    "x-ratelimit-remaining": "4999",
    "x-ratelimit-used": "1",
    "x-ratelimit-resource": "core",
}


class GitHubMock(ApiMock[Sdk]):
    """A mock of GitHub's API, with the responses that a test declares; see fixture ``github``.

    ::

        def test_profile(github):
            github.on(github.sdk.users.get, "octocat").respond(login="octocat", followers=3)

    While it is active (in a ``with`` block, or as the fixture) it responds to every httpx and
    httpx2 client of this process, connections to other machines are blocked, and clients that are
    created meanwhile use a clock on which waits take no time. ASGI and other in-memory transports
    are not intercepted. Of several active mocks, the one entered last responds first.

    Args:
        base_url: the API's URL, if it is not github.com's; for GitHub Enterprise Server
            ``https://HOST/api/v3``.
        allow_hosts: hosts besides this machine to which connections are allowed.
        assert_all_called: whether ``check`` also fails for a route that was never called.

    Attributes:
        sdk: an open client of this mock, for ``on`` and for the test.
        routes: every route, in the order of their declaration.
        time: the clock, and the waits on it.
        unexpected: errors for calls without a prepared response and for blocked connections.
    """

    def __init__(
        self,
        *,
        base_url: str | None = None,
        allow_hosts: Collection[str] = (),
        assert_all_called: bool = True,
    ) -> None:
        super().__init__(
            partial(Sdk, token=None),
            base_url=base_url,
            allow_hosts=allow_hosts,
            assert_all_called=assert_all_called,
        )
        self.sdk = self.client

    def _addresses(self) -> tuple[str, ...]:
        base_url = self.client.caller.settings.base_url
        return base_url, self.client.dialect.server(_UPLOADS, base_url)

    def _graphql_url(self) -> str:
        base_url = self.client.caller.settings.base_url
        return f"{self.client.dialect.server(BASE_URL, base_url)}/graphql"

    def _headers(self) -> dict[str, str]:
        headers = super()._headers()
        return {
            "content-type": headers["content-type"],
            **_RATE_LIMIT,
            "x-ratelimit-reset": str(int(self.time.now()) + 3600),
            "x-github-request-id": headers["x-request-id"],
        }
