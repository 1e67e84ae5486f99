"""The operations that need the credentials of the App itself, whatever the client's credentials."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

# "You must use a JWT to access this endpoint", in GitHub's description: 22 operations.
_WITH_JWT = re.compile(
    r"/app(/.*)?"
    r"|/(orgs|users|enterprises)/[^/]+/installation"
    r"|/repos/[^/]+/[^/]+/installation"
    r"|/marketplace_listing/.*"
)
# Basic authentication with client id and client secret: 5 operations.
_WITH_CLIENT_SECRET = re.compile(r"/applications/[^/]+/(grant|token|token/scoped)")


@lru_cache(maxsize=4096)
def app_credentials(path: str) -> Literal["jwt", "client secret"] | None:
    """Return which credentials of the App a path needs; None if it takes the client's own.

    The path may be a route template or have its values filled in, as in ``sdk.request()``.
    """
    if _WITH_JWT.fullmatch(path):
        return "jwt"
    if _WITH_CLIENT_SECRET.fullmatch(path):
        return "client secret"
    return None
