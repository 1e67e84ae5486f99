"""Issue user tokens: at sign-in, by the device flow, and by refresh."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from .apps import RegisteredApp
from .tokens import REFRESH_SECONDS, USER_SECONDS, Token, TokenStore, random_token


class UserTokens:
    """Issuer of user tokens."""

    def __init__(self, tokens: TokenStore, now: Callable[[], float]) -> None:
        self._tokens = tokens
        self._now = now

    def issue(self, app: RegisteredApp, login: str, scopes: Sequence[str] = ()) -> dict[str, Any]:
        """Issue a token, and return the body of GitHub's token endpoint."""
        now, expires = self._now(), app.seed.expiring_user_tokens and not app.seed.oauth_app
        token = Token(
            value=random_token("gho_" if app.seed.oauth_app else "ghu_"),
            kind="user",
            app=app,
            id=self._tokens.next_id(),
            created_at=now,
            expires_at=now + USER_SECONDS if expires else None,
            login=login,
            scopes=tuple(scopes),
        )
        body: dict[str, Any] = {
            "access_token": token.value,
            "token_type": "bearer",
            "scope": ",".join(scopes),
        }
        if expires:
            refresh = Token(
                value=random_token("ghr_"),
                kind="refresh",
                app=app,
                id=self._tokens.next_id(),
                created_at=now,
                expires_at=now + REFRESH_SECONDS,
                login=login,
                scopes=tuple(scopes),
                partner=token.value,
            )
            token.partner = refresh.value
            self._tokens.add(refresh)
            body |= {
                "expires_in": USER_SECONDS,
                "refresh_token": refresh.value,
                "refresh_token_expires_in": REFRESH_SECONDS,
            }
        self._tokens.add(token)
        return body

    def refresh(self, app: RegisteredApp, value: str) -> dict[str, Any] | None:
        """Exchange a refresh token, and revoke the old pair; None if it is not valid."""
        token = self._tokens.find(value, self._now())
        if token is None or token.kind != "refresh" or token.app is not app:
            return None
        self._tokens.revoke(value)
        return self.issue(app, str(token.login), token.scopes)
