"""Control the apps, tokens and clock of the fake server from a test."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .apps import AppSeed, Installation, RegisteredApp
from .github_auth import GitHubAuth


class AuthControls:
    """The methods of ``StandIn`` for apps, tokens and sign-in."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._given_now = now
        self._offset = 0.0
        self._auth = GitHubAuth(self._now)

    def _now(self) -> float:
        return self._given_now() + self._offset

    @property
    def apps(self) -> Sequence[RegisteredApp]:
        """The registered apps, in the order of their registration."""
        return tuple(self._auth.apps.apps)

    def register_app(self, seed: AppSeed | None = None, **options: Any) -> RegisteredApp:
        """Register a GitHub App or an OAuth App, and return its ids, secrets and key.

        From then on the endpoints of apps require valid credentials, and a token with an app's
        prefix must have been issued by this server.

        Args:
            seed: the app.
            options: the fields of an ``AppSeed``, instead of `seed`.

        Raises:
            ValueError: an app of this name or client ID is registered already.
        """
        return self._auth.apps.register(AppSeed(**options) if seed is None else seed)

    def clock(self, offset: float) -> None:
        """Set the server's clock `offset` seconds ahead of ``now``; negative values set it back.

        It is used for the Date header, the times in a JWT, and the expiry of tokens and codes.
        """
        self._offset = offset

    def revoke(self, token: str) -> None:
        """Revoke a token of any kind: from now on it gets 401."""
        self._auth.tokens.revoke(token)

    def replication(self, *, seconds: float, status: int | None = None) -> None:
        """Refuse each new installation token for some seconds after it was issued.

        Args:
            seconds: the delay; 0 for none.
            status: the status of the refusal. By default 401, and 403 for a token that is limited
                to some repositories or permissions, as GitHub does.
        """
        replication = self._auth.endpoints.replication
        replication.seconds, replication.status = seconds, status

    @property
    def stateless_tokens(self) -> bool:
        """Set whether new installation tokens have the long form, ``ghs_APPID_JWT``."""
        return self._auth.endpoints.stateless

    @stateless_tokens.setter
    def stateless_tokens(self, value: bool) -> None:
        self._auth.endpoints.stateless = value

    def suspend(self, installation_id: int) -> None:
        """Suspend an installation: its tokens get 403, and no new one is issued."""
        self._installation(installation_id).suspended_at = "2026-01-02T03:04:05Z"

    def unsuspend(self, installation_id: int) -> None:
        """End the suspension of an installation."""
        self._installation(installation_id).suspended_at = None

    def uninstall(self, installation_id: int) -> None:
        """Remove an installation: its tokens get 401, and requests for new ones get 404."""
        del self._auth.apps.installations[self._installation(installation_id).id]

    def _installation(self, id: int) -> Installation:
        found = self._auth.apps.installations.get(id)
        if found is None:
            raise ValueError(f"There is no installation {id!r}.")
        return found

    def issue_user_token(
        self, app: RegisteredApp, *, login: str = "octocat", scopes: Sequence[str] = ()
    ) -> dict[str, Any]:
        """Issue a user token without a browser, and return the token endpoint's response."""
        return self._auth.users.issue(app, login, scopes)

    def authorization_code(
        self,
        app: RegisteredApp,
        *,
        login: str = "octocat",
        redirect_uri: str | None = None,
        code_challenge: str | None = None,
        scope: str = "",
    ) -> str:
        """Return a code for the token endpoint, as if a user had authorized the app."""
        return self._auth.oauth.code(app, login, redirect_uri, code_challenge, scope)

    def authorize_device(self, user_code: str, *, login: str = "octocat") -> None:
        """Authorize a device, as a user does at ``/login/device``.

        Raises:
            ValueError: the code is unknown or has expired.
        """
        self._decide(user_code, login)

    def deny_device(self, user_code: str) -> None:
        """Deny a device, like a user who clicks Cancel.

        Raises:
            ValueError: the code is unknown or has expired.
        """
        self._decide(user_code, None)

    def _decide(self, user_code: str, login: str | None) -> None:
        if not self._auth.devices.decide(user_code, login):
            raise ValueError(f"{user_code!r} is not a pending device code, or has expired.")

    def device_slow_down(self, *, times: int = 1) -> None:
        """Respond to the next polls of the device flow with ``slow_down`` and a longer interval."""
        self._auth.devices.slow_downs = times

    def record_delivery(
        self, app: RegisteredApp, event: str, payload: Mapping[str, Any], *, status_code: int = 200
    ) -> int:
        """Add a webhook delivery to the list of an app, and return its id.

        Args:
            app: the app.
            event: the event's name, such as "push".
            payload: the body.
            status_code: the status that the webhook responded with.
        """
        return self._auth.deliveries.record(app, event, payload, status_code).id
