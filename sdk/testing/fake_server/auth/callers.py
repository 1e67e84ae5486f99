"""Authenticate requests, and check what their callers may access."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from hmac import compare_digest
from urllib.parse import unquote

from sdk.operations import OperationInfo
from sdk.testing.fake_server.messages import Refused, Reply, Request, not_found, problem

from .app_jwt import app_of_jwt, looks_like_jwt
from .apps import AppRegistry, RegisteredApp
from .tokens import Token, TokenStore

_ISSUED_HERE = ("ghs_", "ghu_", "gho_", "ghr_")

_OWN_APP = frozenset(
    {"apps/get-org-installation", "apps/get-repo-installation", "apps/get-user-installation"}
)
_BY_BASIC = frozenset(
    {
        "apps/check-token",
        "apps/delete-authorization",
        "apps/delete-token",
        "apps/reset-token",
        "apps/scope-token",
    }
)

_REPOSITORY = re.compile(r"/repos/(?P<owner>[^/]+)/(?P<repo>[^/]+)(?:/(?P<part>[^/]+))?")

# The permission that each part of a repository needs.
_PERMISSIONS = {
    "actions": "actions",
    "branches": "contents",
    "commits": "contents",
    "contents": "contents",
    "deployments": "deployments",
    "git": "contents",
    "hooks": "repository_hooks",
    "issues": "issues",
    "labels": "issues",
    "milestones": "issues",
    "pulls": "pull_requests",
    "releases": "contents",
    "statuses": "statuses",
}
_LEVELS = ("read", "write", "admin")


@dataclass(frozen=True, slots=True)
class Caller:
    """The authenticated caller of a request.

    Attributes:
        login: the user, or an app's bot; None without credentials.
        counted_as: the key of the caller's rate limit.
        token: the token, if this server issued it.
        app: the app that sent its JWT.
        client: the app that sent its client ID and secret.
    """

    login: str | None = None
    counted_as: str = ""
    token: Token | None = None
    app: RegisteredApp | None = None
    client: RegisteredApp | None = None


def caller_of(request: Request, apps: AppRegistry, tokens: TokenStore, now: float) -> Caller:
    """Return the caller of a request.

    Raises:
        Refused: 401, the credentials are not valid.
    """
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    token = token.strip()
    if not scheme:
        return Caller()
    if scheme.lower() not in ("bearer", "token", "basic") or token.startswith("bad"):
        raise _refused()
    if scheme.lower() == "basic":
        return _by_secret(token, apps)
    if tokens.is_revoked(token):
        raise _refused()
    issued = tokens.find(token, now)
    if issued is not None:
        return _by_token(issued, apps, now)
    if apps and looks_like_jwt(token):
        if scheme.lower() != "bearer":
            raise _refused("A JSON web token could not be decoded")
        app = app_of_jwt(token, apps, now)
        return Caller(f"{app.slug}[bot]", f"app {app.app_id}", app=app)
    if apps and token.startswith(_ISSUED_HERE):
        raise _refused()
    return Caller("octocat", "octocat")


def _by_secret(encoded: str, apps: AppRegistry) -> Caller:
    try:
        client_id, _, secret = base64.b64decode(encoded).decode().partition(":")
    except ValueError:
        client_id = secret = ""
    app = apps.find(client_id)
    if app is None or client_id != app.client_id:
        return Caller("octocat", "octocat")
    if not compare_digest(secret.encode(), app.client_secret.encode()):
        raise _refused()
    return Caller(f"{app.slug}[bot]", f"client {client_id}", client=app)


def _by_token(token: Token, apps: AppRegistry, now: float) -> Caller:
    if token.kind == "refresh":
        raise _refused()
    if now < token.usable_from:
        if token.early_status == 401:
            raise _refused()
        raise Refused(problem(403, "Resource not accessible by integration"))
    if token.installation is None:
        return Caller(token.login, str(token.login), token=token)
    installation = apps.installations.get(token.installation.id)
    if installation is None:
        raise _refused()
    if installation.suspended_at is not None:
        raise Refused(problem(403, "This installation has been suspended"))
    return Caller(f"{token.app.slug}[bot]", f"installation {installation.id}", token=token)


def check_access(caller: Caller, info: OperationInfo, request: Request) -> Reply | None:
    """Return the error response if the caller may not use an operation; None if it may."""
    if needs_jwt(info):
        by_secret = caller.client is not None and info.path.startswith("/marketplace_listing/")
        if caller.app is None and not by_secret:
            return problem(401, "A JSON web token could not be decoded")
        return None
    if info.id in _BY_BASIC:
        if caller.client is None:
            return problem(401, "Bad credentials")
        return None if caller.client.client_id == request.values["client_id"] else not_found()
    if caller.app is not None:
        return problem(401, "Bad credentials")
    token = caller.token
    is_installation = token is not None and token.kind == "installation"
    if info.path.startswith("/installation/") and not is_installation:
        return problem(403, "You must authenticate with an installation access token")
    if token is None or token.installation is None:
        return None
    if info.id != "users/get-by-id" and (info.path == "/user" or info.path.startswith("/user/")):
        return problem(403, "Resource not accessible by integration")
    return _check_repository(token, info, request)


def needs_jwt(info: OperationInfo) -> bool:
    """Return whether an operation is called with a GitHub App's JWT."""
    return (
        info.id in _OWN_APP
        or info.path.startswith(("/app/", "/marketplace_listing/"))
        or (info.path == "/app")
    )


def _check_repository(token: Token, info: OperationInfo, request: Request) -> Reply | None:
    found = _REPOSITORY.match(unquote(request.path))
    if found is None or token.installation is None:
        return None
    owner, repo, part = found["owner"], found["repo"], found["part"] or ""
    inside = token.installation.covers(owner, repo) and (
        token.repositories is None or repo.lower() in map(str.lower, token.repositories)
    )
    if info.method == "GET" and not inside:
        # Public repositories may be read by anyone.
        return None
    needed = _PERMISSIONS.get(part)
    if needed is None:
        return None if inside else problem(403, "Resource not accessible by integration")
    level = "read" if info.method == "GET" else "write"
    granted = token.permissions.get(needed)
    is_granted = granted in _LEVELS and _LEVELS.index(granted) >= _LEVELS.index(level)
    if inside and (is_granted or info.method == "GET"):
        return None
    return problem(
        403,
        "Resource not accessible by integration",
        headers={"x-accepted-github-permissions": f"{needed}={level}"},
    )


def _refused(message: str = "Bad credentials") -> Refused:
    return Refused(problem(401, message))
