"""GitHub's OAuth web flow (RFC 6749) with PKCE (RFC 7636), and requests that manage user tokens."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlencode

from sdk.auth.errors import CodeRefused, CredentialsError
from sdk.auth.jwt import base64url
from sdk.auth.oauth_arguments import (
    checked_client_id,
    checked_redirect,
    checked_scopes,
    is_word,
)
from sdk.auth.oauth_requests import (
    ACCESS_TOKEN,
    WEBSITE,
    json_object,
    post_form,
    raise_refusal,
)
from sdk.auth.user_token import UserToken, reset_token_in, user_token_in
from sdk.transport import ApiClient, Operation, Response
from sdk.transport.credentials import Basic, SecretFields
from sdk.transport.errors import InvalidInput, NotFound
from sdk.transport.refusals import hides_arguments

if TYPE_CHECKING:
    from sdk.transport.auth import AuthCaller

_APPLICATION = "/applications/{client_id}"
_CHECK: Operation[Response] = Operation(
    "POST", f"{_APPLICATION}/token", id="apps/check-token", returns=Response, body=("access_token",)
)
_RESET: Operation[Response] = Operation(
    "PATCH",
    f"{_APPLICATION}/token",
    id="apps/reset-token",
    returns=Response,
    body=("access_token",),
)
_DELETE: Operation[Response] = Operation(
    "DELETE",
    f"{_APPLICATION}/token",
    id="apps/delete-token",
    returns=Response,
    body=("access_token",),
)
_DELETE_GRANT: Operation[Response] = Operation(
    "DELETE",
    f"{_APPLICATION}/grant",
    id="apps/delete-authorization",
    returns=Response,
    body=("access_token",),
)

# GitHub's codes are valid for 10 minutes, and a sign-in takes no longer.
SIGN_IN_SECONDS = 600


@dataclass(frozen=True, slots=True)
class SignIn:
    """A sign-in in progress; keep it in the user's session until GitHub redirects back.

    Attributes:
        url: where to send the user's browser.
        state: the value to expect in the callback's query.
        verifier: the PKCE verifier, sent with the code (RFC 7636).
    """

    url: str = field(repr=False)
    state: str = field(repr=False)
    verifier: str = field(repr=False)


class OAuthApp:
    """An OAuth App, or a GitHub App in its role of signing users in.

    Args:
        client_id: the client id.
        client_secret: the client secret; None for the device flow alone.
        redirect_uri: where GitHub sends users back to, as in the App's settings.
        scopes: the scopes that an OAuth App requests; a GitHub App has permissions instead.

    Raises:
        InvalidInput: an argument cannot be used; the text does not show the secret.
    """

    @hides_arguments
    def __init__(
        self,
        client_id: str,
        client_secret: str | None,
        *,
        redirect_uri: str | None = None,
        scopes: Sequence[str] = (),
    ) -> None:
        self._client_secret = client_secret
        self.client_id = checked_client_id(client_id)
        if self._client_secret is not None and not is_word(self._client_secret):
            raise InvalidInput(
                "client_secret holds a space or a line break, or is empty. Pass None without one."
            )
        self.redirect_uri = checked_redirect(redirect_uri)
        self.scopes = checked_scopes(scopes)
        self.auth: Basic | None = (
            Basic(self.client_id, self._client_secret) if self._client_secret else None
        )

    def begin(
        self,
        client: ApiClient,
        *,
        state: str | None = None,
        verifier: str | None = None,
        redirect_uri: str | None = None,
        prompt: Literal["select_account"] | None = None,
        login: str | None = None,
        allow_signup: bool | None = None,
    ) -> SignIn:
        """Return a sign-in: the address to send the user's browser to, and the state to keep.

        Args:
            client: a client of the GitHub to sign in at.
            state: a value of your own to recognise the callback by; random by default.
            verifier: a PKCE verifier of your own; random by default.
            redirect_uri: in place of the App's own.
            prompt: let the user choose an account even if there is only one.
            login: the account to suggest.
            allow_signup: whether users may create a GitHub account during the sign-in.
        """
        state = secrets.token_urlsafe(32) if state is None else state
        verifier = secrets.token_urlsafe(48) if verifier is None else verifier
        fields = {
            "client_id": self.client_id,
            "redirect_uri": checked_redirect(redirect_uri) or self.redirect_uri,
            "scope": " ".join(self.scopes) or None,
            "state": state,
            "code_challenge": code_challenge(verifier),
            "code_challenge_method": "S256",
            "prompt": prompt,
            "login": login,
            "allow_signup": None if allow_signup is None else str(allow_signup).lower(),
        }
        query = urlencode({name: value for name, value in fields.items() if value is not None})
        website = client.caller.settings.dialect.server(WEBSITE, client.base_url)
        return SignIn(f"{website}/login/oauth/authorize?{query}", state, verifier)

    async def finish(
        self,
        client: ApiClient,
        sign_in: SignIn,
        *,
        code: str,
        state: str,
        redirect_uri: str | None = None,
    ) -> UserToken:
        """Exchange the callback's code for the user's token.

        Args:
            client: an open client of the same GitHub.
            sign_in: the return value of ``begin``.
            code: from the callback's query.
            state: from the callback's query; compared with the one of `sign_in`.
            redirect_uri: the one that was passed to ``begin``.

        Raises:
            CodeRefused: the state does not match, or the code cannot be used.
            SignInRefused: GitHub refused for another reason; see the subclasses.
        """
        fields = SecretFields(code=code, code_verifier=sign_in.verifier)
        is_same = hmac.compare_digest(sign_in.state.encode(), str(state).encode())
        # An exception's traceback keeps the frames, and with them the secrets.
        del code, state
        if not is_same:
            raise CodeRefused(
                "The callback's state is not that of this sign-in: it belongs to another browser, "
                f"or is forged. {CodeRefused.hint}",
                error="state_mismatch",
            )
        redirect_uri = redirect_uri or self.redirect_uri
        if redirect_uri:
            fields["redirect_uri"] = redirect_uri
        return await self.exchange(client.caller, fields)

    async def refresh(self, client: ApiClient, token: UserToken) -> UserToken:
        """Exchange a refresh token for a new pair; the old pair stops working at once.

        ``UserAuth`` does this when it is needed, once for all callers.

        Raises:
            SignInExpired: the refresh token was used, has expired or was revoked.
        """
        return await self.renew(client.caller, token)

    async def renew(self, caller: AuthCaller, token: UserToken) -> UserToken:
        """As ``refresh``, for a call's credentials."""
        if token.refresh_token is None:
            raise InvalidInput("This token has no refresh token: it does not expire.")
        fields = SecretFields(grant_type="refresh_token", refresh_token=token.refresh_token)
        return await self.exchange(caller, fields)

    async def exchange(self, caller: AuthCaller, fields: Mapping[str, str]) -> UserToken:
        """Request a token (RFC 6749, 3.2); GitHub sends errors with status 200.

        Raises:
            SignInRefused: GitHub refused; see the subclasses.
        """
        form = SecretFields(client_id=self.client_id, **fields)
        if self._client_secret is not None:
            form["client_secret"] = self._client_secret
        response = await post_form(caller, ACCESS_TOKEN, form)
        body = json_object(response)
        raise_refusal(body, ACCESS_TOKEN)
        token = user_token_in(body, response.headers.date("date") or caller.settings.clock.now())
        if token is None:
            del body
            raise CredentialsError(
                f"POST {ACCESS_TOKEN.path} was answered {response.status} without a token.",
                status=response.status,
            )
        return token

    async def is_valid(self, client: ApiClient, token: str) -> bool:
        """Return whether GitHub still accepts a user's token."""
        fields = self._fields(token)
        del token
        try:
            await self._manage(client, _CHECK, fields)
        except NotFound:
            return False
        return True

    async def reset_token(self, client: ApiClient, token: str) -> UserToken:
        """Replace a user's token by a new one; the old one stops working at once.

        The new one has no refresh token.

        Raises:
            NotFound: it is not a valid token of this App.
        """
        fields = self._fields(token)
        del token
        body = json_object(await self._manage(client, _RESET, fields))
        found = reset_token_in(body)
        del body
        if found is None:
            raise CredentialsError(f"PATCH {_RESET.path} was answered without a token.")
        return found

    async def delete_token(self, client: ApiClient, token: str) -> None:
        """Revoke a user's token. A token that is no longer valid is not an error."""
        fields = self._fields(token)
        del token
        await self._end(client, _DELETE, fields)

    async def delete_grant(self, client: ApiClient, token: str) -> None:
        """Revoke the user's authorization of the App, and with it all of the user's tokens."""
        fields = self._fields(token)
        del token
        await self._end(client, _DELETE_GRANT, fields)

    def _fields(self, token: str) -> SecretFields:
        return SecretFields(client_id=self.client_id, access_token=token)

    async def _end(
        self, client: ApiClient, operation: Operation[Response], fields: SecretFields
    ) -> None:
        with suppress(NotFound):
            await self._manage(client, operation, fields)

    async def _manage(
        self, client: ApiClient, operation: Operation[Response], fields: SecretFields
    ) -> Response:
        if self.auth is None:
            raise InvalidInput("This needs the App's client_secret.")
        response: Response = await client.caller.with_auth(self.auth).call(operation, None, fields)
        return response

    def __repr__(self) -> str:
        return f"OAuthApp({self.client_id!r}, ***)"


def code_challenge(verifier: str) -> str:
    """Return the S256 challenge of a PKCE verifier (RFC 7636, 4.2)."""
    return base64url(sha256(verifier.encode()).digest())
