"""The web flow (RFC 6749, 4.1, with PKCE, RFC 7636) and the token endpoint."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from hmac import compare_digest
from typing import Any, cast
from urllib.parse import parse_qsl, urlencode, urlsplit

from sdk.testing.fake_server.messages import Reply, Request

from .apps import AppRegistry, RegisteredApp
from .device_flow import DeviceFlow
from .sign_in_pages import authorize_page, message_page
from .user_tokens import UserTokens

_CODE_SECONDS = 600
_MOST_CODES = 10_000
_DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"

_ERRORS = {
    "incorrect_client_credentials": "The client_id and/or client_secret passed are incorrect.",
    "redirect_uri_mismatch": "The redirect_uri MUST match the registered callback URL.",
    "bad_verification_code": "The code passed is incorrect or expired.",
    "bad_refresh_token": "The refresh token passed is incorrect or expired.",
    "unsupported_grant_type": "The grant type is not supported.",
}
_PAGE = (
    "https://docs.github.com/apps/oauth-apps/troubleshooting-oauth-app-access-token-request-errors"
)


@dataclass(frozen=True, slots=True)
class _Code:
    app: RegisteredApp
    login: str
    redirect_uri: str | None
    challenge: str | None
    scope: str
    expires_at: float


class OAuth:
    """Signs users in to apps."""

    def __init__(
        self,
        apps: AppRegistry,
        users: UserTokens,
        devices: DeviceFlow,
        now: Callable[[], float],
    ) -> None:
        self._apps = apps
        self._users = users
        self._devices = devices
        self._now = now
        self._codes: dict[str, _Code] = {}

    def clear(self) -> None:
        """Remove every code."""
        self._codes.clear()

    # ------------------------------------------------------------ the page

    def authorize(self, request: Request) -> Reply:
        """Respond to ``/login/oauth/authorize``: the page, and the button that was clicked."""
        fields = dict(request.query) if request.method == "GET" else form_of(request)
        decision = fields.pop("decision", "authorize" if fields.pop("auto", "") == "1" else "")
        app = self._apps.find(fields.get("client_id", ""))
        if app is None:
            return message_page("Not Found", "There is no app of this client_id.", 404)
        given = fields.get("redirect_uri")
        target = given or next(iter(app.seed.redirect_uris), None)
        if target is None:
            return message_page("Bad request", "The app has no callback URL: pass redirect_uri.")
        back = {"state": fields["state"]} if "state" in fields else {}
        if not _is_registered(app, target):
            target = app.seed.redirect_uris[0] if app.seed.redirect_uris else ""
            return _redirect(target, _error("redirect_uri_mismatch") | back)
        if fields.get("code_challenge") and fields.get("code_challenge_method") != "S256":
            description = "code_challenge_method must be S256."
            return _redirect(
                target, {"error": "invalid_request", "error_description": description, **back}
            )
        login = fields.get("login") or "octocat"
        if decision == "cancel":
            denied = {
                "error": "access_denied",
                "error_description": "The user has denied your application access.",
            }
            return _redirect(target, {**denied, **back})
        if decision != "authorize":
            return authorize_page(app.seed.name, login, fields.get("scope", ""), fields)
        challenge, scope = fields.get("code_challenge"), fields.get("scope", "")
        code = self.code(app, login, given, challenge, scope)
        return _redirect(target, {"code": code, **back})

    def code(
        self,
        app: RegisteredApp,
        login: str,
        redirect_uri: str | None,
        challenge: str | None,
        scope: str,
    ) -> str:
        """Return a new code, as if the user had authorized the app."""
        code = secrets.token_hex(10)
        expires = self._now() + _CODE_SECONDS
        self._codes[code] = _Code(app, login, redirect_uri, challenge, scope, expires)
        if len(self._codes) > _MOST_CODES:
            del self._codes[next(iter(self._codes))]
        return code

    # ------------------------------------------------------------ the token endpoint

    def token(self, request: Request) -> Reply:
        """Respond to ``POST /login/oauth/access_token``; errors have status 200."""
        fields = form_of(request)
        app = self._apps.find(fields.get("client_id", ""))
        if app is None:
            return formatted(request, _error("incorrect_client_credentials"))
        grant = fields.get("grant_type", "")
        secret = fields.get("client_secret")
        if grant == _DEVICE_GRANT:
            return formatted(request, self._devices.poll(app, fields.get("device_code", "")))
        needs_secret = grant != "refresh_token" or secret is not None
        if needs_secret and not compare_digest((secret or "").encode(), app.client_secret.encode()):
            return formatted(request, _error("incorrect_client_credentials"))
        if grant == "refresh_token":
            renewed = self._users.refresh(app, fields.get("refresh_token", ""))
            return formatted(request, renewed or _error("bad_refresh_token"))
        if grant not in ("", "authorization_code"):
            return formatted(request, _error("unsupported_grant_type"))
        return formatted(request, self._exchange(app, fields))

    def _exchange(self, app: RegisteredApp, fields: Mapping[str, str]) -> dict[str, Any]:
        code = self._codes.get(fields.get("code", ""))
        if code is None or code.app is not app or code.expires_at <= self._now():
            return _error("bad_verification_code")
        given = fields.get("redirect_uri")
        if given is not None and code.redirect_uri is not None and given != code.redirect_uri:
            return _error("redirect_uri_mismatch")
        # A code is valid for one attempt with the right secret.
        del self._codes[fields["code"]]
        if code.challenge is not None:
            verifier = fields.get("code_verifier", "")
            digest = base64.urlsafe_b64encode(sha256(verifier.encode()).digest())
            if digest.decode().rstrip("=") != code.challenge:
                return _error("bad_verification_code")
        scopes = code.scope.replace(",", " ").split() if app.seed.oauth_app else []
        return self._users.issue(app, code.login, scopes)


def form_of(request: Request) -> dict[str, str]:
    """Return the fields of a form, of a JSON body, or of the query if there is no body."""
    if not request.body:
        return dict(request.query)
    if "json" in request.headers.get("content-type", ""):
        body = request.json()
        fields = cast("dict[str, Any]", body) if isinstance(body, dict) else {}
        return {name: str(value) for name, value in fields.items()}
    return dict(parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True))


def formatted(request: Request, body: Mapping[str, Any]) -> Reply:
    """Return a body as JSON if the Accept header asks for it, else as a form, as GitHub does."""
    if "json" in request.headers.get("accept", ""):
        return Reply(200, dict(body))
    content_type = {"content-type": "application/x-www-form-urlencoded; charset=utf-8"}
    return Reply(200, urlencode(body).encode(), content_type)


def _error(code: str) -> dict[str, Any]:
    return {"error": code, "error_description": _ERRORS[code], "error_uri": _PAGE}


def _redirect(target: str, added: Mapping[str, str]) -> Reply:
    if not target:
        return message_page("Bad request", str(added["error_description"]), 400)
    joint = "&" if urlsplit(target).query else "?"
    return Reply(302, b"", {"location": f"{target}{joint}{urlencode(added)}"})


def _is_registered(app: RegisteredApp, redirect_uri: str) -> bool:
    given = urlsplit(redirect_uri)
    if given.scheme not in ("http", "https") or not given.hostname:
        return False
    if not app.seed.redirect_uris:
        return True
    for each in app.seed.redirect_uris:
        known = urlsplit(each)
        if each == redirect_uri:
            return True
        # A program on the user's machine listens on any port (RFC 8252, 7.3).
        loopback = given.hostname == known.hostname == "127.0.0.1" and given.path == known.path
        below = (
            app.seed.oauth_app
            and given.netloc == known.netloc
            and given.path.startswith(f"{known.path.rstrip('/')}/")
        )
        if loopback or below:
            return True
    return False
