"""The compared HTTP clients, and the requested paths."""

from __future__ import annotations

from typing import Any

# One operation of each of ten resources.
PATHS = (
    "/users/octocat",
    "/repos/o/r/issues",
    "/gists/1",
    "/repos/o/r/git/commits/abc",
    "/repos/o/r/actions/runs",
    "/search/repositories?q=x",
    "/repos/o/r/stargazers",
    "/repos/o/r/commits/abc/check-runs",
    "/repos/o/r/issues/1/reactions",
    "/licenses/mit",
)
PAGE = "/repos/o/hundred/issues?per_page=100"


def http_client(lane: str) -> Any:
    """Return a client of one library, with its defaults except for the time limit.

    With 300 callers, plain httpx takes longer than its 5 seconds to assign a connection to each.
    """
    if lane == "aiohttp":
        from httpx_aiohttp import HttpxAiohttpClient

        return HttpxAiohttpClient(timeout=60)
    if lane == "httpx2":
        import httpx2

        return httpx2.AsyncClient(timeout=60)
    import httpx

    return httpx.AsyncClient(timeout=60)
