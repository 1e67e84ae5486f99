"""The credentials of one installation of a GitHub App."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any, NoReturn, cast

from sdk.auth.app_auth import needs_client
from sdk.auth.errors import InstallationGone, InstallationSuspended, ScopeRefused
from sdk.auth.routes import app_credentials
from sdk.auth.scope import Scope
from sdk.auth.token import TokenAuth
from sdk.transport import Operation, Response
from sdk.transport.errors import (
    CredentialsError,
    Forbidden,
    NotFound,
    RateLimited,
    Unauthorized,
    ValidationFailed,
)
from sdk.transport.renewed_token import RenewedToken
from sdk.transport.shared_state import Fetched

if TYPE_CHECKING:
    from sdk.auth.app_auth import AppAuth
    from sdk.transport import ApiClient, Auth
    from sdk.transport.auth import AuthCall, AuthCaller
    from sdk.transport.clock import Clock
    from sdk.transport.errors import ApiError

# Its own and not the resource's, so that a token imports no models.
_MINT: Operation[Response] = Operation(
    "POST",
    "/app/installations/{installation_id}/access_tokens",
    id="apps/create-installation-access-token",
    returns=Response,
    body=("repositories", "repository_ids", "permissions"),
    repeatable=True,
    reads=True,
)
_REVOKE: Operation[Response] = Operation(
    "DELETE", "/installation/token", id="apps/revoke-installation-access-token", returns=Response
)
_MINT_SECONDS = 30.0
_USUAL_LIFETIME = 3600.0

# A new token needs a moment until all of GitHub's servers know it.
_REPLICATION_SECONDS = 5.0

# An auth is used with one API address, or with a few in tests.
_MOST_HOSTS = 16


class InstallationAuth:
    """Sends a token of one installation; made by ``GitHubApp.installation()``.

    The token is fetched when it is first needed, once for all callers, and renewed before it
    expires. Operations that need the App's JWT are sent with it.
    """

    def __init__(self, app: AppAuth, installation_id: int, scope: Scope) -> None:
        self.identity = f"{app.identity}/{installation_id}"
        self.sees = self.identity if scope.is_all else f"{self.identity}/{scope}"
        self.installation_id = installation_id
        self.scope = scope
        self._app = app
        self._tokens: dict[str, RenewedToken] = {}

    def for_operation(self, operation: Operation[Any]) -> Auth:
        """Return the App's own credentials for operations that need them, else these."""
        needed = app_credentials(operation.path)
        if needed == "jwt":
            return cast("Auth", self._app)
        if needed == "client secret":
            return self._app.for_operation(operation)
        return self

    async def headers(self) -> NoReturn:
        """Raise InvalidInput: a token is fetched by a client."""
        raise needs_client(self)

    async def headers_for(self, call: AuthCall) -> Mapping[str, str]:
        """Return the ``authorization`` header of a call.

        Raises:
            CredentialsError: the token could not be fetched; see the subclasses.
            TransportError, ServerError, RateLimited: the request for the token failed.
        """
        tokens = self._tokens_of(call.caller.settings.base_url)
        held = await tokens.current(call, lambda: self._fetch(call.caller, tokens))
        return {"authorization": f"Bearer {held.token}"}

    def _tokens_of(self, base_url: str) -> RenewedToken:
        tokens = self._tokens.get(base_url)
        if tokens is None:
            if len(self._tokens) >= _MOST_HOSTS:
                del self._tokens[next(iter(self._tokens))]
            tokens = self._tokens[base_url] = RenewedToken()
        return tokens

    async def _fetch(self, caller: AuthCaller, tokens: RenewedToken) -> Fetched:
        """Return the token that processes share, or fetch one."""
        shared = caller.shared_tokens
        if shared is None:
            return await self._mint(caller)
        return await shared.fetch(
            f"{caller.settings.base_url} {self.sees}",
            await self._app.sharing_secret(),
            lambda: self._mint(caller),
            other_than=tokens.newest,
        )

    async def _mint(self, caller: AuthCaller) -> Fetched:
        values = {"installation_id": self.installation_id, **self.scope.body}
        try:
            response: Response = await caller.with_auth(self._app).call(
                _MINT, {"timeout": _MINT_SECONDS}, values
            )
        except RateLimited:
            raise
        except NotFound as error:
            raise self._failed(InstallationGone, "there is no such installation", error) from error
        except ValidationFailed as error:
            raise self._failed(
                ScopeRefused, f"it cannot have {self.scope}: {error.message}", error
            ) from error
        except Forbidden as error:
            if "suspended" in error.message.lower():
                raise self._failed(InstallationSuspended, "it is suspended", error) from error
            raise self._failed(CredentialsError, f"refused: {error.message}", error) from error
        return self._fetched(response, caller.settings.clock)

    def _failed(
        self, error_class: type[CredentialsError], reason: str, response: ApiError
    ) -> CredentialsError:
        return error_class(
            f"No token for installation {self.installation_id} of {self._app!r}: {reason} "
            f"(POST {_MINT.path} was answered {response.status}). {error_class.hint}".rstrip(),
            status=response.status,
            message=response.message,
            request_id=response.request_id,
        )

    def _fetched(self, response: Response, clock: Clock) -> Fetched:
        token, expires_at = _token_in(response)
        if token is None:
            raise CredentialsError(
                f"No token for installation {self.installation_id}: POST {_MINT.path} was answered "
                f"{response.status} without a token.",
                status=response.status,
            )
        if expires_at is None:
            return Fetched(token, _USUAL_LIFETIME)
        # By GitHub's clock, so that a wrong local clock does not matter.
        return Fetched(token, expires_at - (response.headers.date("date") or clock.now()))

    async def refused(self, call: AuthCall, response: Response) -> bool:
        """Return whether to retry the call: with a new token, or after a short wait.

        Raises:
            InstallationSuspended: the installation was suspended since the token was fetched.
        """
        tokens = self._tokens_of(call.caller.settings.base_url)
        held = tokens.held
        if response.status == 403 and b"has been suspended" in response.body.lower():
            tokens.drop()
            raise InstallationSuspended(
                f"Installation {self.installation_id} of {self._app!r} is suspended. "
                f"{InstallationSuspended.hint}",
                status=403,
                request_id=call.caller.settings.dialect.request_id(response.headers),
            )
        if held is None or tokens.was_replaced(call):
            return response.status == 401
        clock = call.caller.settings.clock
        fresh = clock.monotonic() - held.fetched_at < _REPLICATION_SECONDS
        if response.status == 403:
            # GitHub applies the permissions of a scoped token shortly after it returns the token.
            return fresh and not self.scope.is_all and await _waited(call)
        if fresh:
            return await _waited(call)
        if tokens.was_renewed_in(call):
            return False
        tokens.drop()
        return True

    async def revoke(self, client: ApiClient) -> None:
        """Revoke the cached token for a client's API, if there is one.

        Raises:
            SdkError: the request failed. A token that has already expired is not an error.
        """
        tokens = self._tokens.pop(client.caller.settings.base_url, None)
        if tokens is None or tokens.held is None:
            return
        caller = client.caller.with_auth(TokenAuth(tokens.held.token))
        with suppress(Unauthorized):
            await caller.call(_REVOKE, {"timeout": _MINT_SECONDS}, {})

    def __repr__(self) -> str:
        scope = "" if self.scope.is_all else f", {self.scope}"
        return f"InstallationAuth({self._app!r}, {self.installation_id}{scope})"


def _token_in(response: Response) -> tuple[str | None, float | None]:
    try:
        body = response.json()
        token, expires_at = body["token"], body.get("expires_at")
        if not isinstance(token, str) or not token.isascii() or not token.isprintable():
            return None, None
        if not isinstance(expires_at, str):
            return token, None
        return token, datetime.fromisoformat(expires_at).timestamp()
    except (ValueError, KeyError, TypeError, AttributeError):
        return None, None


async def _waited(call: AuthCall) -> bool:
    """Wait for GitHub's servers, longer each time; return False if the deadline leaves no time."""
    wait = 1.0 + call.refusals
    if call.time_left is not None and wait >= call.time_left:
        return False
    await call.caller.settings.clock.sleep(wait)
    return True
