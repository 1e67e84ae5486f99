"""Credentials of an API with several security schemes, as generated clients have them."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
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
    """One way to say who is calling, which the client may have no credentials for."""

    given: bool
    """Whether there are credentials."""
    identity: str

    async def headers_for(self, call: AuthCall) -> Mapping[str, str]:
        """Return the headers to send with a call."""
        ...

    async def refused(self, call: AuthCall, response: Response) -> bool:
        """Tell whether a refused call is worth sending again."""
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
        """Tell that nothing else can be sent."""
        return False

    def query(self) -> Mapping[str, str]:
        """Return the query parameters to send."""
        return self._query

    def __repr__(self) -> str:
        return f"{type(self).__name__}({'***' if self.given else None})"


class BearerToken(_Fixed):
    """Sends ``Authorization: Bearer <token>`` (RFC 6750, 2.1), if there is a token.

    Raises:
        InvalidInput: the token holds what no header holds; the text does not show it.
    """

    def __init__(self, token: str | None) -> None:
        _check("The token", token)
        super().__init__(token or "", {"authorization": f"Bearer {token}"} if token else {}, {})


class BasicLogin(_Fixed):
    """Sends a user name and a password (RFC 7617), if there is a user name.

    Raises:
        InvalidInput: the user name holds a colon.
    """

    def __init__(self, username: str | None, password: str | None) -> None:
        if username and ":" in username:
            raise InvalidInput("A user name for Basic authentication holds no colon.")
        pair = f"{username}:{password or ''}"
        encoded = base64.b64encode(pair.encode()).decode()
        super().__init__(pair, {"authorization": f"Basic {encoded}"} if username else {}, {})


class ApiKey(_Fixed):
    """Sends a key in a header, a query parameter or a cookie, if there is a key.

    Raises:
        InvalidInput: the key holds what no header holds; the text does not show it.
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
    """Sends a token that is fetched with a client's id and secret, if there are any.

    See ``sdk.transport.client_credentials.ClientCredentials``.

    Raises:
        InvalidInput: the secret is missing, or `token_url` is no absolute address.
    """

    def __init__(self, client_id: str | None, client_secret: str | None, *, token_url: str) -> None:
        self.given = client_id is not None
        self._auth: oauth.ClientCredentials | None = None
        if client_id is not None:
            self._auth = oauth.ClientCredentials(token_url, client_id, client_secret or "")
        self.identity = self._auth.identity if self._auth else "nobody"

    async def headers_for(self, call: AuthCall) -> Mapping[str, str]:
        """Return the headers to send with a call."""
        return await self._auth.headers_for(call) if self._auth else {}

    async def refused(self, call: AuthCall, response: Response) -> bool:
        """Tell whether a call is worth sending again with another token."""
        return self._auth is not None and await self._auth.refused(call, response)

    def query(self) -> Mapping[str, str]:
        """Return no query parameters."""
        return {}

    def __repr__(self) -> str:
        return f"ClientCredentials({'***' if self.given else None})"


# RFC 6265, 4.1.1: what a cookie's value may hold besides letters and digits.
_COOKIE = "!#$&'()*+-./:<=>?@[]^_`{|}~"
_UNPRINTABLE = re.compile(r"[^\x20-\x7e]")


def _check(what: str, secret: str | None) -> None:
    if secret is None:
        return
    if not isinstance(secret, str):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise InvalidInput(f"{what} must be a str, not {type(secret).__name__}.")
    if _UNPRINTABLE.search(secret) or secret != secret.strip():
        raise InvalidInput(f"{what} holds a line break, a space at an end or a non-ASCII sign.")


class SchemeAuth:
    """Sends what each operation asks for, of the schemes that there are credentials for.

    An operation lists alternatives (``Operation.security``); the first whose schemes all have
    credentials is sent, and nothing if there is none.

    Args:
        schemes: the schemes, by the names that operations call them.
    """

    def __init__(self, schemes: Mapping[str, Scheme]) -> None:
        self._schemes = schemes
        given = [scheme.identity for scheme in schemes.values() if scheme.given]
        self.identity = "+".join(given) or "nobody"
        self._known: dict[tuple[tuple[str, ...], ...] | None, Auth] = {}

    def for_operation(self, operation: Operation[Any]) -> Auth:
        """Return what is sent with an operation's calls."""
        security = operation.security
        if security not in self._known:
            # As many as the description has combinations, which is few.
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
        """Return nothing: what is sent depends on the operation."""
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
