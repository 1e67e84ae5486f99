"""OAuth 2.0 client credentials (RFC 6749, 4.4), for a service that calls an API as itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NoReturn, cast
from urllib.parse import quote_plus, urlsplit

from .auth import NoAuth
from .credentials import Basic, SecretFields
from .errors import ApiError, CredentialsError, InvalidInput
from .operation import Operation
from .refusals import hides_arguments
from .renewed_token import RenewedToken
from .response.response import Response
from .shared_state import Fetched

if TYPE_CHECKING:
    from .auth import AuthCall, AuthCaller

_FETCH_SECONDS = 30.0
_THIS_MACHINE = ("127.0.0.1", "::1", "localhost")


class ClientCredentials:
    """A bearer token that is fetched with a client id and a client secret.

    The token is fetched at the first call, once for all callers, renewed before it expires, and
    fetched once more if the API refuses it.

    ::

        auth = ClientCredentials(
            "https://login.example.com/oauth/token", client_id, client_secret, ["invoices"]
        )
        billing = Billing(auth=auth)

    Args:
        token_url: the URL of the token endpoint.
        client_id: the client's id.
        client_secret: the client's secret.
        scopes: the scopes of the token.
        extra: other fields of the request, such as ``{"audience": "billing"}``.
        secret_in_body: send the id and the secret as fields of the request, for servers that do not
            support Basic authentication (RFC 6749, 2.3.1).

    Raises:
        InvalidInput: an argument is not valid; the error does not show the secret.
    """

    @hides_arguments
    def __init__(
        self,
        token_url: str,
        client_id: str,
        client_secret: str,
        scopes: Sequence[str] = (),
        *,
        extra: Mapping[str, str] | None = None,
        secret_in_body: bool = False,
    ) -> None:
        self._basic = _basic(client_id, client_secret)
        form = SecretFields(
            grant_type="client_credentials", **_scope(scopes), **_checked_extra(extra)
        )
        if secret_in_body:
            form.update(client_id=client_id, client_secret=client_secret)
        self._secret_in_body = secret_in_body
        self._form = form
        if self._basic is None:
            raise InvalidInput("client_id and client_secret must be text that is not empty.")
        server, path = _split(token_url)
        self._token_url = token_url
        self.identity = f"client:{server}{path}:{client_id}:{' '.join(sorted(scopes))}"
        self._operation: Operation[Response] = Operation(
            "POST",
            path,
            id="oauth2/token",
            server=server,
            body="form",
            media="application/x-www-form-urlencoded",
            accept="application/json",
            returns=Response,
            repeatable=True,
            reads=True,
        )
        self._token = RenewedToken()

    async def headers(self) -> NoReturn:
        """Raise CredentialsError: only a client can fetch a token."""
        raise InvalidInput("ClientCredentials needs a client: pass it as auth= to one.")

    async def headers_for(self, call: AuthCall) -> Mapping[str, str]:
        """Return the ``authorization`` header of a call.

        Raises:
            CredentialsError: the server refused the client.
            TransportError, ApiError: no token could be fetched.
        """
        held = await self._token.current(call, lambda: self._fetch(call.caller))
        return {"authorization": f"Bearer {held.token}"}

    async def refused(self, call: AuthCall, response: Response) -> bool:
        """Return whether the call can be sent again with another token."""
        if response.status != 401 or call.refusals:
            return False
        if not self._token.was_replaced(call):
            self._token.drop()
        return True

    async def _fetch(self, caller: AuthCaller) -> Fetched:
        auth = NoAuth() if self._secret_in_body or self._basic is None else self._basic
        try:
            response: Response = await caller.with_auth(auth, own_headers=False).call(
                self._operation, {"timeout": _FETCH_SECONDS}, {"form": self._form}
            )
        except ApiError as error:
            if error.status not in (400, 401, 403):
                raise
            raise CredentialsError(
                f"{self._token_url} refused the client ({error.status}: {error.message}). Check "
                "client_id, client_secret and scopes.",
                status=error.status,
                message=error.message,
                request_id=error.request_id,
            ) from error
        return self._fetched(response)

    def _fetched(self, response: Response) -> Fetched:
        try:
            body: Any = response.json()
        except ValueError:
            body = None
        fields = cast("dict[str, Any]", body) if isinstance(body, dict) else {}
        token, lifetime = fields.get("access_token"), fields.get("expires_in")
        kind = str(fields.get("token_type", "bearer")).lower()
        if not isinstance(token, str) or not token.isascii() or not token.isprintable():
            token = None
        if token is None or kind != "bearer":
            # Without the body, which may contain a token.
            raise CredentialsError(
                f"{self._token_url} answered {response.status} without a bearer token.",
                status=response.status,
            )
        if isinstance(lifetime, bool) or not isinstance(lifetime, (int, float)):
            return Fetched(token, None)
        return Fetched(token, float(lifetime))

    def __repr__(self) -> str:
        # Without an address if it was refused.
        return f"ClientCredentials({getattr(self, '_token_url', None)!r}, ***)"


def _basic(client_id: object, client_secret: object) -> Basic | None:
    if not isinstance(client_id, str) or not isinstance(client_secret, str):
        return None
    if not client_id or not client_secret:
        return None
    # Both are form-encoded first (RFC 6749, 2.3.1).
    return Basic(quote_plus(client_id), quote_plus(client_secret))


def _scope(scopes: object) -> dict[str, str]:
    if isinstance(scopes, str) or not isinstance(scopes, Sequence):
        raise InvalidInput(f'scopes must be a list such as ["read"], not {type(scopes).__name__}.')
    names = cast("Sequence[object]", scopes)
    for number, name in enumerate(names, 1):
        if not isinstance(name, str) or not name or " " in name:
            # Not shown: a secret may have been pasted in its place.
            raise InvalidInput(f"A scope is a word without spaces; number {number} is not.")
    return {"scope": " ".join(cast("Sequence[str]", names))} if names else {}


def _checked_extra(extra: object) -> dict[str, str]:
    if extra is None:
        return {}
    if not isinstance(extra, Mapping):
        raise InvalidInput(f"extra must be a mapping of names to text, not {type(extra).__name__}.")
    fields = dict(cast("Mapping[str, str]", extra))
    for name, value in fields.items():
        if not isinstance(name, str) or not isinstance(value, str):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise InvalidInput(f"The value of {name!r} in extra must be a str.")
    return fields


def _split(token_url: object) -> tuple[str, str]:
    try:
        parts = urlsplit(token_url) if isinstance(token_url, str) else None
        host = None if parts is None else parts.hostname
    except ValueError:
        parts = host = None
    if parts is None or not host or parts.scheme not in ("http", "https"):
        raise InvalidInput("token_url must be an address such as https://login.example.com/token.")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise InvalidInput(
            "token_url must hold no user name, password, query or fragment. Pass fields of the "
            "request as extra=."
        )
    if parts.scheme == "http" and host not in _THIS_MACHINE:
        raise InvalidInput("token_url must begin with https://: a secret is sent to it.")
    if "{" in parts.path:
        raise InvalidInput("token_url must hold no braces.")
    return f"{parts.scheme}://{parts.netloc}", parts.path or "/"
