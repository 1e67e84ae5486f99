"""The GitHub Apps and OAuth Apps of the fake server, and their installations."""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

_FIRST_APP = 1_000_001
_FIRST_INSTALLATION = 42_000_001

# The events that the server sends by itself when something happens.
EVENTS = ("issue_comment", "issues", "label", "pull_request", "release", "star")


def _default_permissions() -> Mapping[str, str]:
    return {"contents": "read", "issues": "write", "metadata": "read", "pull_requests": "write"}


@dataclass(frozen=True, slots=True)
class InstallationSeed:
    """An account that has installed an app.

    Attributes:
        account: the login of the user or organization.
        repositories: the names of the repositories that the app may use; None for all.
        permissions: the granted access by permission: "read", "write" or "admin"; None for
            everything that the app asks for.
        suspended: whether the installation is suspended.
    """

    account: str
    repositories: Sequence[str] | None = None
    permissions: Mapping[str, str] | None = None
    suspended: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AppSeed:
    """An app to register at the fake server.

    Attributes:
        name: the app's name, unique among the apps.
        owner: the login of the account that owns the app.
        permissions: the access that a GitHub App asks for, by permission: "read", "write" or
            "admin".
        events: the webhook events that are delivered to the app; by default all that the server
            sends by itself.
        installations: the initial installations.
        webhook_url: the URL for webhook deliveries; None for no deliveries.
        webhook_secret: the secret that signs the deliveries; None for a random one.
        client_id: the client ID, for a program that has one in its settings; None for a random one.
        client_secret: the client secret; None for a random one.
        redirect_uris: the callback URLs; if empty, every URL is accepted.
        expiring_user_tokens: whether user tokens last 8 hours and come with a refresh token.
        device_flow: whether the device flow is enabled.
        device_interval: seconds between two polls of the device flow.
        oauth_app: whether it is an OAuth App, which has scopes and no installations.
        private_key: the PEM text of an RSA private key; None to generate one at its first use.
    """

    name: str = "octo-app"
    owner: str = "octo-org"
    permissions: Mapping[str, str] = field(default_factory=_default_permissions)
    events: Sequence[str] = EVENTS
    installations: Sequence[InstallationSeed] = (
        InstallationSeed("octo-org"),
        InstallationSeed("octocat"),
    )
    webhook_url: str | None = None
    webhook_secret: str | None = field(default=None, repr=False)
    client_id: str | None = None
    client_secret: str | None = field(default=None, repr=False)
    redirect_uris: Sequence[str] = ()
    expiring_user_tokens: bool = True
    device_flow: bool = True
    device_interval: int = 5
    oauth_app: bool = False
    private_key: str | None = field(default=None, repr=False)


class RegisteredApp:
    """An app registered at the fake server, with the values of its settings page.

    Attributes:
        seed: the settings that it was registered with.
        app_id: the App ID.
        client_id: the client ID.
        client_secret: the client secret.
        webhook_secret: the webhook secret.
        webhook_url: the URL for webhook deliveries; None for no deliveries. It may be set later.
        slug: the name in URLs.
        installation_ids: the installations' ids by the login of their account.
    """

    def __init__(self, seed: AppSeed, app_id: int) -> None:
        self.seed = seed
        self.app_id = app_id
        self.slug = seed.name.lower().replace(" ", "-")
        prefix = "Ov23li" if seed.oauth_app else "Iv23li"
        self.client_id = seed.client_id or f"{prefix}{secrets.token_hex(7)}"
        self.client_secret = seed.client_secret or secrets.token_hex(20)
        self.webhook_secret = seed.webhook_secret or secrets.token_hex(16)
        self.webhook_url = seed.webhook_url
        self.installation_ids: dict[str, int] = {}

    @cached_property
    def private_key(self) -> str:
        """The private key, in GitHub's form: PKCS#1 PEM.

        Raises:
            ImportError: the package cryptography is not installed.
        """
        if self.seed.private_key is not None:
            return self.seed.private_key
        from .app_jwt import generate_private_key

        return generate_private_key()

    def installation_id(self, account: str = "octo-org") -> int:
        """Return the id of the installation at an account.

        Raises:
            KeyError: the app is not installed there.
        """
        return self.installation_ids[account]

    def __repr__(self) -> str:
        return f"<RegisteredApp {self.slug!r} {self.client_id}>"


@dataclass(slots=True)
class Installation:
    """An app at an account.

    Attributes:
        id: the installation's id.
        app: the app.
        seed: the account and what it granted.
        suspended_at: the time of the suspension, as ISO 8601; None if it is not suspended.
    """

    id: int
    app: RegisteredApp
    seed: InstallationSeed
    suspended_at: str | None

    @property
    def permissions(self) -> dict[str, str]:
        """The granted permissions."""
        granted = self.seed.permissions
        return dict(self.app.seed.permissions if granted is None else granted)

    def covers(self, owner: str, repo: str) -> bool:
        """Return whether the app may access a repository."""
        if owner.lower() != self.seed.account.lower():
            return False
        names = self.seed.repositories
        return names is None or repo.lower() in map(str.lower, names)


class AppRegistry:
    """The registered apps and their installations."""

    def __init__(self) -> None:
        self.apps: list[RegisteredApp] = []
        self.installations: dict[int, Installation] = {}
        self._ids = itertools.count(_FIRST_INSTALLATION)

    def __bool__(self) -> bool:
        return bool(self.apps)

    def register(self, seed: AppSeed) -> RegisteredApp:
        """Register an app, with the installations of its seed.

        Raises:
            ValueError: an app of this name or client ID is registered already.
        """
        if any(app.seed.name == seed.name for app in self.apps):
            raise ValueError(f"An app named {seed.name!r} is registered already: pass name=...")
        if any(app.client_id == seed.client_id for app in self.apps):
            raise ValueError(f"An app with the client ID {seed.client_id!r} is registered already.")
        app = RegisteredApp(seed, _FIRST_APP + len(self.apps))
        self.apps.append(app)
        if not seed.oauth_app:
            for installation in seed.installations:
                app.installation_ids[installation.account] = next(self._ids)
            self._install(app)
        return app

    def reset(self) -> None:
        """Restore every installation to its seed."""
        self.installations.clear()
        for app in self.apps:
            self._install(app)

    def of(self, app: RegisteredApp) -> Iterator[Installation]:
        """Iterate over the installations of an app."""
        return (each for each in self.installations.values() if each.app is app)

    def find(self, key: Any) -> RegisteredApp | None:
        """Return the app with a client ID or an App ID; None if there is none."""
        text = str(key)
        return next((app for app in self.apps if text in (app.client_id, str(app.app_id))), None)

    def _install(self, app: RegisteredApp) -> None:
        for seed in app.seed.installations:
            number = app.installation_ids.get(seed.account)
            if number is not None:
                suspended = "2026-01-02T03:04:05Z" if seed.suspended else None
                self.installations[number] = Installation(number, app, replace(seed), suspended)
