"""Credentials for an API with several security schemes, for generated clients."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import quote

from sdk.transport import NoAuth
from sdk.transport import client_credentials as oauth
from sdk.transport.errors import InvalidInput

if TYPE_CHECKING:
    from sdk.transport import Auth, Operation, Response
    from sdk.transport.auth import AuthCall

__all__ = ["ApiKey", "BasicLogin", "BearerToken", "ClientCredentials", "SchemeAuth"]


class Scheme(Protocol):
    """A security scheme, with or without credentials."""

    given: bool
    """Whether there are credentials."""
    identity: str

    async def headers_for(self, call: AuthCall) -> Mapping[str, str]:
        """Return the headers to send with a call."""
        ...

    async def refused(self, call: AuthCall, response: Response) -> bool:
        """Return whether to retry a refused call."""
        ...

    def query(self) -> Mapping[str, str]:
        """Return the query parameters to send."""
        ...


class _Fixed:
    """Credentials that do not change."""

    def __init__(self, secret: str, headers: Mapping[str, str], query: Mapping[str, str]) -> None:
        self.given = bool(headers or query)
        digest = hashlib.blake2b(secret.encode(), digest_size=8).hexdigest()
        self.identity = digest if self.given else "nobody"
        self._headers = headers
        self._query = query

    async def headers_for(self, call: AuthCall) -> Mapping[str, str]:  # noqa: ARG002  always the same
        """Return the headers to send with a call."""
        return self._headers

    async def refused(self, call: AuthCall, response: Response) -> bool:  # noqa: ARG002  as above
        """Return False: there are no other credentials to send."""
        return False

    def query(self) -> Mapping[str, str]:
        """Return the query parameters to send."""
        return self._query

    def __repr__(self) -> str:
        return f"{type(self).__name__}({'***' if self.given else None})"


class BearerToken(_Fixed):
    """Sends ``Authorization: Bearer <token>`` (RFC 6750, 2.1), if there is a token.

    Raises:
        InvalidInput: the token has characters that a header cannot hold; the text does not show it.
    """

    def __init__(self, token: str | None) -> None:
        _check("The token", token)
        super().__init__(token or "", {"authorization": f"Bearer {token}"} if token else {}, {})


class BasicLogin(_Fixed):
    """Sends a user name and a password (RFC 7617), if there is a user name.

    Raises:
        InvalidInput: the user name has a colon.
    """

    def __init__(self, username: str | None, password: str | None) -> None:
        if username and ":" in username:
            raise InvalidInput("A user name for Basic authentication cannot have a colon.")
        pair = f"{username}:{password or ''}"
        encoded = base64.b64encode(pair.encode()).decode()
        super().__init__(pair, {"authorization": f"Basic {encoded}"} if username else {}, {})


class ApiKey(_Fixed):
    """Sends a key in a header, a query parameter or a cookie, if there is a key.

    Raises:
        InvalidInput: the key has characters that a header cannot hold; the text does not show it.
    """

    def __init__(
        self,
        key: str | None,
        *,
        header: str | None = None,
        query: str | None = None,
        cookie: str | None = None,
    ) -> None:
        _check("The key", key)
        headers: dict[str, str] = {}
        if key and header:
            headers = {header.lower(): key}
        elif key and cookie:
            headers = {"cookie": f"{cookie}={quote(key, safe=_COOKIE)}"}
        super().__init__(key or "", headers, {query: key} if key and query else {})


class ClientCredentials:
    """Sends a token that is fetched with a client id and secret, if they are given.

    See ``sdk.transport.client_credentials.ClientCredentials``.

    Raises:
        InvalidInput: the secret is missing, or `token_url` is not an absolute URL.
    """

    def __init__(
        self,
        client_id: str | None,
        client_secret: str | None,
        *,
        token_url: str,
        scopes: Sequence[str] = (),
    ) -> None:
        self.given = client_id is not None
        self._auth: oauth.ClientCredentials | None = None
        if client_id is not None:
            self._auth = oauth.ClientCredentials(token_url, client_id, client_secret or "", scopes)
        self.identity = self._auth.identity if self._auth else "nobody"

    async def headers_for(self, call: AuthCall) -> Mapping[str, str]:
        """Return the headers to send with a call."""
        return await self._auth.headers_for(call) if self._auth else {}

    async def refused(self, call: AuthCall, response: Response) -> bool:
        """Return whether to retry a call with another token."""
        return self._auth is not None and await self._auth.refused(call, response)

    def query(self) -> Mapping[str, str]:
        """Return no query parameters."""
        return {}

    def __repr__(self) -> str:
        return f"ClientCredentials({'***' if self.given else None})"


# RFC 6265, 4.1.1: the characters that a cookie's value may have besides letters and digits.
_COOKIE = "!#$&'()*+-./:<=>?@[]^_`{|}~"
_UNPRINTABLE = re.compile(r"[^\x20-\x7e]")


def _check(what: str, secret: str | None) -> None:
    if secret is None:
        return
    if not isinstance(secret, str):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise InvalidInput(f"{what} must be a str, not {type(secret).__name__}.")
    if _UNPRINTABLE.search(secret) or secret != secret.strip():
        raise InvalidInput(
            f"{what} holds a line break, a leading or trailing space or a non-ASCII character."
        )


class SchemeAuth:
    """Sends the credentials that each operation requires.

    An operation lists alternatives (``Operation.security``); the first whose schemes all have
    credentials is sent; if there is none, no credentials are sent.

    Args:
        schemes: the schemes, by the names used in ``Operation.security``.
    """

    def __init__(self, schemes: Mapping[str, Scheme]) -> None:
        self._schemes = schemes
        given = [scheme.identity for scheme in schemes.values() if scheme.given]
        self.identity = "+".join(given) or "nobody"
        self._known: dict[tuple[tuple[str, ...], ...] | None, Auth] = {}

    def for_operation(self, operation: Operation[Any]) -> Auth:
        """Return the credentials for an operation's calls."""
        security = operation.security
        if security not in self._known:
            # Bounded by the number of combinations in the description, which is small.
            self._known[security] = self._chosen(security)
        return self._known[security]

    def _chosen(self, security: tuple[tuple[str, ...], ...] | None) -> Auth:
        if security is None:
            usable = _singles(self._schemes)
        else:
            usable = [each for each in security if all(self._has(name) for name in each)]
        if not usable or not usable[0]:
            return NoAuth()
        return _Together([self._schemes[name] for name in usable[0]])

    def _has(self, name: str) -> bool:
        return name in self._schemes and self._schemes[name].given

    async def headers(self) -> Mapping[str, str]:
        """Return no headers: the credentials depend on the operation."""
        return {}

    def __repr__(self) -> str:
        return f"SchemeAuth({', '.join(self._schemes)})"


def _singles(schemes: Mapping[str, Scheme]) -> list[tuple[str, ...]]:
    return [(name,) for name, scheme in schemes.items() if scheme.given]


class _Together:
    """Several schemes whose credentials are sent with the same request."""

    def __init__(self, schemes: list[Scheme]) -> None:
        self._schemes = schemes
        self.identity = "+".join(scheme.identity for scheme in schemes)

    async def headers(self) -> Mapping[str, str]:
        return {}

    async def headers_for(self, call: AuthCall) -> Mapping[str, str]:
        found: dict[str, str] = {}
        for scheme in self._schemes:
            for name, value in (await scheme.headers_for(call)).items():
                both = name == "cookie" and name in found
                found[name] = f"{found[name]}; {value}" if both else value
        return found

    async def refused(self, call: AuthCall, response: Response) -> bool:
        return any([await scheme.refused(call, response) for scheme in self._schemes])

    def query(self) -> Mapping[str, str]:
        found: dict[str, str] = {}
        for scheme in self._schemes:
            found |= scheme.query()
        return found

    def __repr__(self) -> str:
        return f"_Together({self._schemes!r})"
