"""githubkit as a GitHub App: ``app_githubkit.py CASE URL APP_ID INSTALLATION``, the key on stdin.

The exit status is the number of callers that failed.
"""

from __future__ import annotations

import asyncio
import sys

from githubkit import GitHub
from githubkit.auth import AppInstallationAuthStrategy


async def main(case: str, url: str, app_id: str, installation: int) -> int:
    """Make the calls of a case: "cold" and "clock" 50 at once, "revoked" 10 after a revocation."""
    auth = AppInstallationAuthStrategy(app_id, sys.stdin.read(), installation)
    async with GitHub(auth, base_url=url, http_cache=False, auto_retry=False) as github:

        async def call() -> None:
            await github.arequest("GET", "/repos/octocat/hello-world/issues")

        count = 50
        if case == "revoked":
            await call()
            await github.arequest("DELETE", "/installation/token")
            count = 10
        results = await asyncio.gather(*(call() for _ in range(count)), return_exceptions=True)
    return sum(isinstance(result, BaseException) for result in results)


_, CASE, URL, APP_ID, INSTALLATION = sys.argv
sys.exit(asyncio.run(main(CASE, URL, APP_ID, int(INSTALLATION))))
