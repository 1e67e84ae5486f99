"""A user's token, and the interface of a store for it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, TypeGuard, cast

from sdk.transport.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class UserToken:
    """The token pair that GitHub issued for a user; its repr shows no token.

    Attributes:
        token: the user's access token.
        expires_at: when it expires, in seconds since the epoch; None if it does not.
        refresh_token: exchanged once for the next pair; None if the token does not expire.
        refresh_expires_at: when the refresh token expires, in seconds since the epoch.
        scopes: the scopes granted to an OAuth App; empty for a GitHub App.
    """

    token: str = field(repr=False)
    expires_at: float | None = None
    refresh_token: str | None = field(default=None, repr=False)
    refresh_expires_at: float | None = None
    scopes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not is_token(self.token):
            raise InvalidInput("The token is empty, or holds a space or a line break.")

    def as_dict(self) -> dict[str, Any]:
        """Return the fields, secrets included, for storage; ``UserToken.from_dict`` reads them."""
        return {
            "token": self.token,
            "expires_at": self.expires_at,
            "refresh_token": self.refresh_token,
            "refresh_expires_at": self.refresh_expires_at,
            "scopes": list(self.scopes),
        }

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> UserToken:
        """Return the token that ``as_dict`` wrote."""
        return cls(
            token=fields["token"],
            expires_at=fields.get("expires_at"),
            refresh_token=fields.get("refresh_token"),
            refresh_expires_at=fields.get("refresh_expires_at"),
            scopes=tuple(fields.get("scopes") or ()),
        )


class TokenStore(Protocol):
    """A store for users' tokens that all processes of a service share.

    Stored tokens must be encrypted at rest; ``UserToken.as_dict`` returns the value to store.
    """

    async def read(self, key: str) -> UserToken | None:
        """Return the token that was last saved; None if there is none."""
        ...

    async def save(self, key: str, token: UserToken) -> None:
        """Save a token, replacing the previous one."""
        ...

    def lock(self, key: str) -> AbstractAsyncContextManager[object]:
        """Return a lock that only one process holds at a time."""
        ...


def user_token_in(body: Mapping[str, Any], now: float) -> UserToken | None:
    """Return the token in GitHub's response to a sign-in or renewal; None if it has none.

    Args:
        body: the fields of the response.
        now: GitHub's time, from which the lifetimes are counted.
    """
    token, refresh_token = body.get("access_token"), body.get("refresh_token")
    if not is_token(token):
        return None
    scope = body.get("scope")
    return UserToken(
        token=token,
        expires_at=_moment(body.get("expires_in"), now),
        refresh_token=refresh_token if is_token(refresh_token) else None,
        refresh_expires_at=_moment(body.get("refresh_token_expires_in"), now),
        scopes=tuple(scope.replace(",", " ").split()) if isinstance(scope, str) else (),
    )


def reset_token_in(body: Mapping[str, Any]) -> UserToken | None:
    """Return the token in GitHub's response to a reset; None if it has none.

    That response has other fields than the one to a sign-in, and no refresh token.
    """
    token, scopes = body.get("token"), body.get("scopes")
    if not is_token(token):
        return None
    listed = cast("list[object]", scopes) if isinstance(scopes, list) else []
    return UserToken(
        token=token,
        expires_at=_timestamp(body.get("expires_at")),
        scopes=tuple(scope for scope in listed if isinstance(scope, str)),
    )


def is_token(value: object) -> TypeGuard[str]:
    """Return whether a value can be sent as a token."""
    return (
        isinstance(value, str)
        and bool(value)
        and value.isascii()
        and value.isprintable()
        and " " not in value
    )


def _moment(seconds: object, now: float) -> float | None:
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float, str)):
        return None
    try:
        return now + float(seconds)
    except ValueError:
        return None


def _timestamp(text: object) -> float | None:
    """Return a time in ISO 8601 as seconds since the epoch; None for anything else."""
    try:
        return datetime.fromisoformat(text).timestamp() if isinstance(text, str) else None
    except (ValueError, OverflowError):
        return None
