"""Who is calling: the one thing that an authentication scheme has to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from .errors import InvalidInput


class Auth(Protocol):
    """Gives the headers that prove who is calling.

    It is asked anew for every attempt, last of all, so that a token which expired during a wait is
    not sent. The headers go to the API's own origin only, never along a redirect to another host.
    Its ``repr`` must not show a secret.

    Calls share what is known of the rate limits by the attribute ``identity``, a str that tells one
    credential from another and is no secret; without it, by this very object: one that is made for
    each request needs an ``identity``. With the attribute ``on_behalf``, set to True, errors know
    that the credentials were an end user's, as with ``OnBehalf``.
    """

    async def headers(self) -> Mapping[str, str]:
        """Give the headers for one request, such as ``{"authorization": "Bearer ..."}``."""
        ...


class NoAuth:
    """Sends no credentials."""

    identity = "nobody"

    async def headers(self) -> Mapping[str, str]:
        """Give no headers."""
        return {}

    def __repr__(self) -> str:
        return "NoAuth()"


class OnBehalf:
    """Sends the credentials of the end user that a call is made for, not the application's own.

    Errors of such calls say so (``SdkError.on_behalf``): a refused token is then that user's to
    renew, and a rate limit is theirs.

    Args:
        auth: gives the user's credentials.
    """

    __slots__ = ("_auth",)

    on_behalf = True

    def __init__(self, auth: Auth) -> None:
        self._auth = auth

    @property
    def identity(self) -> str:
        """The identity of the user's credentials."""
        return identity_of(self._auth)

    async def headers(self) -> Mapping[str, str]:
        """Give the user's headers."""
        return await self._auth.headers()

    def __repr__(self) -> str:
        return f"OnBehalf({self._auth!r})"


def checked_auth(auth: Auth | None) -> Auth:
    """Give the credentials; nobody's for None.

    Raises:
        InvalidInput: it is a token, a class, or anything else that gives no headers.
    """
    if auth is None:
        return NoAuth()
    if isinstance(auth, type) or not callable(getattr(auth, "headers", None)):
        kind = f"the class {auth.__name__}" if isinstance(auth, type) else type(auth).__name__
        raise InvalidInput(
            f"auth must be an object with an async method headers(), not {kind}. For a token "
            'write TokenAuth("...").'
        )
    return auth


def identity_of(auth: Auth) -> str:
    """Give what tells a credential from another; no secret."""
    named: str | None = getattr(auth, "identity", None)
    return named or f"{type(auth).__qualname__}@{id(auth)}"
