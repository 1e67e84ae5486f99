"""The tokens that the fake server issued, with their owner, access and expiry."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from .apps import Installation, RegisteredApp

INSTALLATION_SECONDS = 3600
USER_SECONDS = 28_800
REFRESH_SECONDS = 15_811_200

# The oldest are removed, which bounds the memory of a server that runs for long.
_MOST_TOKENS = 50_000
# GitHub's limit of tokens per user, app and set of scopes.
_MOST_PER_USER = 10

_LETTERS = string.ascii_letters + string.digits


@dataclass(slots=True, kw_only=True)
class Token:
    """A token that was issued.

    Attributes:
        value: the token itself.
        kind: whether it acts for an installation or a user, or renews a user's token.
        app: the app that it was issued to.
        id: a unique number.
        created_at: the time of issue, in seconds since the epoch.
        expires_at: the expiry, in seconds since the epoch; None if it does not expire.
        installation: the installation, for installation tokens.
        permissions: the permissions of an installation token.
        repositories: the names of the repositories that an installation token is limited to.
        login: the user, for the other kinds.
        scopes: the scopes of an OAuth App's token.
        usable_from: the time from which it is accepted, in seconds since the epoch.
        early_status: the status of requests before `usable_from`.
        partner: the refresh token of a user token, or the user token of a refresh token.
    """

    value: str = field(repr=False)
    kind: Literal["installation", "user", "refresh"]
    app: RegisteredApp
    id: int
    created_at: float
    expires_at: float | None
    installation: Installation | None = None
    permissions: Mapping[str, str] = field(default_factory=dict[str, str])
    repositories: Sequence[str] | None = None
    login: str | None = None
    scopes: Sequence[str] = ()
    usable_from: float = 0.0
    early_status: int = 401
    partner: str | None = field(default=None, repr=False)


class TokenStore:
    """Valid and revoked tokens."""

    def __init__(self) -> None:
        self._tokens: dict[str, Token] = {}
        self._revoked: dict[str, None] = {}
        self._last_id = 0

    def next_id(self) -> int:
        """Return an unused id."""
        self._last_id += 1
        return self._last_id

    def add(self, token: Token) -> None:
        """Add a token; of more than ten for one user and app, the oldest is revoked."""
        self._tokens[token.value] = token
        if token.kind == "user":
            alike = [
                each.value
                for each in self.of_user(token.app, str(token.login))
                if tuple(each.scopes) == tuple(token.scopes)
            ]
            for value in alike[:-_MOST_PER_USER]:
                self.revoke(value)
        if len(self._tokens) > _MOST_TOKENS:
            del self._tokens[next(iter(self._tokens))]

    def find(self, value: str, now: float) -> Token | None:
        """Return a valid token; None if it is unknown, expired or revoked."""
        token = self._tokens.get(value)
        if token is None or (token.expires_at is not None and token.expires_at <= now):
            return None
        return token

    def of_user(self, app: RegisteredApp, login: str) -> list[Token]:
        """Return the tokens of an app for a user, the oldest first."""
        return [
            each
            for each in self._tokens.values()
            if each.kind == "user" and each.app is app and each.login == login
        ]

    def revoke(self, value: str) -> None:
        """Revoke a token, and its refresh token if it has one."""
        token = self._tokens.pop(value, None)
        self._revoked[value] = None
        if len(self._revoked) > _MOST_TOKENS:
            del self._revoked[next(iter(self._revoked))]
        if token is not None and token.partner is not None and token.partner in self._tokens:
            self.revoke(token.partner)

    def is_revoked(self, value: str) -> bool:
        """Return whether a token was revoked."""
        return value in self._revoked

    def clear(self) -> None:
        """Remove every token."""
        self._tokens.clear()
        self._revoked.clear()


def random_token(prefix: str) -> str:
    """Return a new token in GitHub's format: a prefix, and 36 letters and digits."""
    return prefix + "".join(secrets.choice(_LETTERS) for _ in range(36))


def stateless_token(app_id: int, expires_at: float) -> str:
    """Return an installation token in the long form: ``ghs_APPID_JWT``, some 520 characters."""
    claims = {"exp": int(expires_at), "jti": secrets.token_hex(16)}
    parts = [
        base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")
        for part in ({"alg": "RS256", "typ": "JWT"}, claims)
    ]
    signature = base64.urlsafe_b64encode(secrets.token_bytes(256)).decode().rstrip("=")
    return f"ghs_{app_id}_{'.'.join([*parts, signature])}"


def hashed(token: str) -> str:
    """Return the hash of a token, as audit logs show it."""
    return base64.b64encode(hashlib.sha256(token.encode()).digest()).decode()
