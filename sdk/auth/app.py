"""``GitHubApp``: an App, its key, and the credentials of its installations."""

from __future__ import annotations

import asyncio
import inspect
import logging
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from sdk.auth.app_auth import AppAuth
from sdk.auth.installation import InstallationAuth
from sdk.auth.jwt import Sign
from sdk.auth.keys import PrivateKey, Unusable, read_private_key
from sdk.auth.lookup import InstallationLookup
from sdk.auth.scope import Level, Scope
from sdk.transport.credentials import Basic
from sdk.transport.errors import InvalidInput, SdkError
from sdk.transport.refusals import hides_arguments

if TYPE_CHECKING:
    from sdk.auth.oauth import OAuthApp
    from sdk.transport import ApiClient

logger = logging.getLogger("sdk")

_MOST_INSTALLATIONS = 4096


class GitHubApp:
    """A GitHub App: ``Sdk(app=GitHubApp(client_id="Iv23...", private_key=Path("app.pem")))``.

    One object may serve any number of clients; it keeps the tokens of its installations.

    Args:
        client_id: the App's client id, which GitHub recommends over its id.
        app_id: the App's id, a number, in place of `client_id`.
        private_key: a PEM file as a ``Path``, its text (also on one line, or in base64), or an
            async function that returns the RS256 signature of the bytes it is given, for a key
            that stays in a vault.
        client_secret: needed to sign users in, and to check and revoke their tokens.
        webhook_secret: the secret of the webhook; several during a rotation.
        revoke_at_close: revoke the tokens of the installations when their client closes.

    Raises:
        InvalidInput: an argument cannot be used; the text names the fix, and never the value.
    """

    @hides_arguments
    def __init__(
        self,
        *,
        client_id: str | None = None,
        app_id: int | str | None = None,
        private_key: str | bytes | Path | PrivateKey | Sign,
        client_secret: str | None = None,
        webhook_secret: str | Sequence[str] | None = None,
        revoke_at_close: bool = False,
    ) -> None:
        self.issuer = ""
        key = private_key if _signs(private_key) else read_private_key(private_key)
        self._client_secret = client_secret
        self._webhook_secrets = webhook_secret
        self.issuer = _issuer(client_id, app_id)
        self.client_id = client_id
        self.revoke_at_close = revoke_at_close
        if isinstance(key, Unusable):
            raise InvalidInput(key.reason)
        self._key = key if isinstance(key, PrivateKey) else None
        self._check_secrets()
        client = (
            Basic(client_id, self._client_secret) if client_id and self._client_secret else None
        )
        sign = key.sign if isinstance(key, PrivateKey) else cast("Sign", key)
        self.auth = AppAuth(self.issuer, sign, self.fingerprint, client)
        self._installations: dict[tuple[int, Scope], InstallationAuth] = {}
        self.lookup = InstallationLookup(self.auth)

    @classmethod
    def from_env(cls, prefix: str = "GITHUB_APP_", *, revoke_at_close: bool = False) -> GitHubApp:
        """Read an App from environment variables.

        ``GITHUB_APP_CLIENT_ID`` or ``GITHUB_APP_ID``; ``GITHUB_APP_PRIVATE_KEY`` or
        ``GITHUB_APP_PRIVATE_KEY_PATH``; and, if they are set, ``GITHUB_APP_CLIENT_SECRET`` and
        ``GITHUB_APP_WEBHOOK_SECRET``.

        Args:
            prefix: the prefix of the variables' names.
            revoke_at_close: as for ``GitHubApp()``.

        Raises:
            InvalidInput: a variable is missing or cannot be used; the text names it.
        """
        client_id, app_id = _one_of(prefix, "CLIENT_ID", "ID")
        text, path = _one_of(prefix, "PRIVATE_KEY", "PRIVATE_KEY_PATH")
        key = read_private_key(Path(path) if path else text)
        # The frame of an error must not hold the key.
        del text
        if isinstance(key, Unusable):
            name = f"{prefix}PRIVATE_KEY_PATH" if path else f"{prefix}PRIVATE_KEY"
            raise InvalidInput(f"Environment variable {name}: {key.reason}")
        return cls(
            client_id=client_id,
            app_id=app_id,
            private_key=key,
            client_secret=os.environ.get(f"{prefix}CLIENT_SECRET") or None,
            webhook_secret=os.environ.get(f"{prefix}WEBHOOK_SECRET") or None,
            revoke_at_close=revoke_at_close,
        )

    @property
    def fingerprint(self) -> str | None:
        """The key's public fingerprint, as the App's settings page shows it.

        None if signatures come from a function, for example from a vault.
        """
        return None if self._key is None else self._key.fingerprint

    @property
    def webhook_secrets(self) -> tuple[str, ...]:
        """The secrets with which GitHub signs the App's webhooks, the newest first."""
        secrets = self._webhook_secrets
        if secrets is None:
            return ()
        return (secrets,) if isinstance(secrets, str) else tuple(secrets)

    def installation(
        self,
        installation_id: int,
        *,
        repositories: Sequence[str] | None = None,
        repository_ids: Sequence[int] | None = None,
        permissions: Mapping[str, Level] | None = None,
    ) -> InstallationAuth:
        """Return the credentials of an installation; the same object for the same arguments.

        Args:
            installation_id: the installation's id, as in webhooks and ``list_installations()``.
            repositories: names of the repositories to limit the token to, without the owner.
            repository_ids: the same by id.
            permissions: the permissions to limit the token to, such as ``{"issues": "read"}``.

        Raises:
            InvalidInput: an argument cannot be used; the text names the fix.
        """
        if (
            not isinstance(installation_id, int)  # pyright: ignore[reportUnnecessaryIsInstance]
            or isinstance(installation_id, bool)
            or installation_id < 1
        ):
            raise InvalidInput(
                f"An installation id is a whole number such as 42, not {installation_id!r}. For a "
                'repository write `await sdk.for_repo("owner", "repo")`.'
            )
        key = installation_id, Scope.of(repositories, repository_ids, permissions)
        known = self._installations.get(key)
        if known is None:
            if len(self._installations) >= _MOST_INSTALLATIONS:
                # Drop the oldest; callers that hold it can still use it.
                del self._installations[next(iter(self._installations))]
            known = self._installations[key] = InstallationAuth(self.auth, *key)
        return known

    def oauth(self, *, redirect_uri: str | None = None) -> OAuthApp:
        """Return the ``OAuthApp`` that signs users in to this App.

        Args:
            redirect_uri: where GitHub sends users back to, as in the App's settings.

        Raises:
            InvalidInput: the App was made without `client_id`.
        """
        from sdk.auth.oauth import OAuthApp

        if self.client_id is None:
            raise InvalidInput(
                "Signing users in needs the App's client_id=, beside or for app_id=."
            )
        return OAuthApp(self.client_id, self._client_secret, redirect_uri=redirect_uri)

    async def revoke_tokens(self, client: ApiClient) -> None:
        """Revoke all cached tokens for a client's API; failures are logged."""
        auths = list(self._installations.values())
        results = await asyncio.gather(
            *(auth.revoke(client) for auth in auths), return_exceptions=True
        )
        for auth, result in zip(auths, results, strict=True):
            if isinstance(result, SdkError):
                logger.warning("The token of %r could not be revoked: %s", auth, result)
            elif isinstance(result, BaseException):
                raise result

    def _check_secrets(self) -> None:
        secret = self._client_secret
        if secret is not None and (not isinstance(secret, str) or not secret.strip()):  # pyright: ignore[reportUnnecessaryIsInstance]
            del secret
            raise InvalidInput("client_secret is empty or not a str. Leave it out to have none.")
        secrets = self._webhook_secrets
        listed: Sequence[Any] = [secrets] if isinstance(secrets, str) else (secrets or ())
        usable = all(isinstance(one, str) and bool(one.strip()) for one in listed)
        del secret, secrets, listed
        if not usable:
            raise InvalidInput("webhook_secret is empty or not a str. Leave it out to have none.")

    def __repr__(self) -> str:
        return f"GitHubApp({self.issuer!r})"


def _signs(private_key: object) -> bool:
    return callable(private_key) and not inspect.isclass(private_key)


def _issuer(client_id: str | None, app_id: int | str | None) -> str:
    if client_id is not None and app_id is not None:
        raise InvalidInput(
            "Pass either client_id or app_id, not both; GitHub recommends client_id."
        )
    if client_id is not None:
        if not isinstance(client_id, str) or not client_id.isascii() or not client_id.isalnum():  # pyright: ignore[reportUnnecessaryIsInstance]
            # Not shown: a secret may have been pasted in its place.
            raise InvalidInput(
                "client_id is the client id of the App's settings page, letters and digits such as "
                "Iv23liAbc123."
            )
        return client_id
    if app_id is None:
        raise InvalidInput("Pass client_id= (or app_id=) from the App's settings page.")
    number = str(app_id).strip()
    if isinstance(app_id, bool) or not (number.isascii() and number.isdigit()):
        raise InvalidInput("app_id is a number such as 12345. A client id is passed as client_id=.")
    return number


def _one_of(prefix: str, first: str, second: str) -> tuple[str | None, str | None]:
    """Read two environment variables, exactly one of which must be set."""
    names = f"{prefix}{first}", f"{prefix}{second}"
    values = [os.environ.get(name) or None for name in names]
    found = len([value for value in values if value])
    if found == 1:
        return values[0], values[1]
    values.clear()
    if found:
        raise InvalidInput(f"Set one of {names[0]} and {names[1]}, not both.")
    raise InvalidInput(f"Set the environment variable {names[0]} or {names[1]}.")
