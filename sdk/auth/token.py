"""A token that does not change: a personal access token, ``GITHUB_TOKEN``, a user's own."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from urllib.parse import urlsplit

from sdk.transport.errors import InvalidInput
from sdk.transport.headers import FixedHeaders

_log = logging.getLogger("sdk")

_NO_HEADERS = FixedHeaders({})

_THIS_MACHINE = ("127.0.0.1", "::1", "localhost")


class TokenAuth:
    """Sends ``Authorization: Bearer <token>`` (RFC 6750, 2.1).

    Args:
        token: the token itself, without "Bearer".

    Raises:
        InvalidInput: the token is empty or has a forbidden character; the text never shows it.
    """

    __slots__ = ("_headers", "fixed_headers", "identity")

    def __init__(self, token: str) -> None:
        if wrong := _fault_of(token):
            # The frame of the error must not contain the token.
            del token
            raise InvalidInput(wrong)
        self._headers = FixedHeaders({"authorization": f"Bearer {token}"})
        self.fixed_headers = self._headers
        # Importing it takes 2 ms, which a client without a token need not wait for.
        from hashlib import blake2b

        self.identity = blake2b(token.encode(), digest_size=8).hexdigest()

    async def headers(self) -> Mapping[str, str]:
        """Return the ``authorization`` header."""
        return self._headers

    def __repr__(self) -> str:
        return "TokenAuth(***)"


class TokenFromEnvironment:
    """Sends the token in an environment variable, read once, when the client opens or first calls.

    Without the variable, or with an empty one, no credentials are sent.

    Args:
        variable: the name of the environment variable.
        base_url: the API address. If given, the token is not sent, and a warning is logged, unless
            it is GitHub's own address or the one in ``GITHUB_API_URL``: a GitHub token must not go
            to every address that a program calls.
    """

    __slots__ = ("_auth", "_base_url", "_read", "_variable")

    def __init__(self, variable: str = "GITHUB_TOKEN", *, base_url: str | None = None) -> None:
        self._variable = variable
        self._base_url = base_url
        self._auth: TokenAuth | None = None
        self._read = False

    @property
    def identity(self) -> str:
        """A value that differs between tokens; it is not secret."""
        self.read()
        return "nobody" if self._auth is None else self._auth.identity

    @property
    def fixed_headers(self) -> FixedHeaders | None:
        """The ``authorization`` header, or no header; None before the variable was read."""
        if not self._read:
            return None
        return _NO_HEADERS if self._auth is None else self._auth.fixed_headers

    def read(self) -> None:
        """Read the variable, unless it was read before.

        Raises:
            InvalidInput: its value cannot be a token; the text names the variable, not the value.
        """
        if self._read:
            return
        token = os.environ.get(self._variable, "")
        if token and self._base_url is not None and not is_meant_for(self._base_url):
            _log.warning(
                "The token in %s is not sent to %s, which is neither GitHub's own address nor the "
                "one in GITHUB_API_URL. Pass token= to send one.",
                self._variable,
                self._base_url,
            )
        elif token:
            try:
                self._auth = TokenAuth(token)
            except InvalidInput as error:
                raise InvalidInput(f"Environment variable {self._variable}: {error}") from None
        self._read = True

    async def headers(self) -> Mapping[str, str]:
        """Return the ``authorization`` header; no header if there is no token."""
        self.read()
        return {} if self._auth is None else await self._auth.headers()

    def __repr__(self) -> str:
        return f"TokenFromEnvironment({self._variable!r})"


def is_meant_for(base_url: str) -> bool:
    """Return whether a token in the environment may be sent to this address."""
    parts = urlsplit(base_url)
    host = parts.hostname or ""
    if parts.scheme == "https" and (host == "api.github.com" or host.endswith(".ghe.com")):
        return True
    # GitHub Actions sets both, on GitHub Enterprise Server too.
    is_named = os.environ.get("GITHUB_API_URL", "").rstrip("/") == base_url.rstrip("/")
    return is_named and (parts.scheme == "https" or host in _THIS_MACHINE)


def _fault_of(token: object) -> str | None:
    """Return what is wrong with a token, without showing it; None if it can be sent."""
    if not isinstance(token, str):
        return f"A token is a str, not {type(token).__name__}."
    if not token.strip():
        return "The token is empty. Pass token=None to call without one."
    if token[0] == "$" or token[0] in "\"'" or token[-1] in "\"'":
        return (
            "The token begins with a dollar sign or is in quotes, as a variable that was not "
            'expanded is. Pass the token alone, such as os.environ["GITHUB_TOKEN"].'
        )
    if not token.isascii() or not token.isprintable() or " " in token:
        return (
            "The token holds a space, a line break or a non-ASCII character. Pass the token alone, "
            "without 'Bearer', quotes or a trailing newline."
        )
    return None
