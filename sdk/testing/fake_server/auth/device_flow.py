"""The device flow (RFC 8628), with GitHub's limits on polling."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sdk.testing.fake_server.messages import Reply

from .apps import RegisteredApp
from .sign_in_pages import device_page, message_page
from .user_tokens import UserTokens

_SECONDS = 900
_SLOWER_BY = 5
_MOST_DEVICES = 10_000
# As RFC 8628 suggests: no vowels, so that codes contain no words.
_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"

_ERRORS = {
    "authorization_pending": "The authorization request is still pending.",
    "slow_down": "Too many requests have been made in the same timeframe.",
    "expired_token": "The device code has expired.",
    "incorrect_device_code": "The device_code provided is not valid.",
    "access_denied": "The authorization request was denied.",
    "device_flow_disabled": "Device Flow must be explicitly enabled for this App",
}


@dataclass(slots=True)
class _Device:
    app: RegisteredApp
    user_code: str
    scopes: tuple[str, ...]
    expires_at: float
    interval: int
    polled_at: float
    login: str | None = None
    denied: bool = False


class DeviceFlow:
    """Signs users in on a device without a browser.

    Attributes:
        slow_downs: the number of polls that get ``slow_down`` next.
    """

    def __init__(self, users: UserTokens, now: Callable[[], float]) -> None:
        self._users = users
        self._now = now
        self._devices: dict[str, _Device] = {}
        self.slow_downs = 0

    def clear(self) -> None:
        """Remove every device."""
        self._devices.clear()
        self.slow_downs = 0

    def begin(self, app: RegisteredApp, scope: str, base_url: str) -> dict[str, Any]:
        """Return a new pair of codes, or GitHub's error."""
        if not app.seed.device_flow:
            return _error("device_flow_disabled")
        letters = [secrets.choice(_LETTERS) for _ in range(8)]
        user_code = f"{''.join(letters[:4])}-{''.join(letters[4:])}"
        device_code, now = secrets.token_hex(20), self._now()
        interval = app.seed.device_interval
        self._devices[device_code] = _Device(
            app, user_code, tuple(scope.split()), now + _SECONDS, interval, now
        )
        if len(self._devices) > _MOST_DEVICES:
            del self._devices[next(iter(self._devices))]
        return {
            "device_code": device_code,
            "user_code": user_code,
            "verification_uri": f"{base_url}/login/device",
            "expires_in": _SECONDS,
            "interval": interval,
        }

    def poll(self, app: RegisteredApp, device_code: str) -> dict[str, Any]:
        """Return a token, or GitHub's error: pending, slow down, denied or expired."""
        device = self._devices.get(device_code)
        if device is None or device.app is not app:
            return _error("incorrect_device_code")
        now = self._now()
        if device.expires_at <= now:
            return _error("expired_token")
        if device.denied:
            return _error("access_denied")
        early = now - device.polled_at < device.interval
        device.polled_at = now
        if early or self.slow_downs:
            self.slow_downs = max(0, self.slow_downs - 1)
            device.interval += _SLOWER_BY
            return {**_error("slow_down"), "interval": device.interval}
        if device.login is None:
            return _error("authorization_pending")
        del self._devices[device_code]
        scopes = device.scopes if app.seed.oauth_app else ()
        return self._users.issue(app, device.login, scopes)

    def decide(self, user_code: str, login: str | None) -> bool:
        """Authorize a device for a user, or deny it with None; return whether the code is known."""
        wanted = user_code.strip().upper()
        for device in self._devices.values():
            if device.user_code == wanted and device.expires_at > self._now():
                device.login, device.denied = login, login is None
                return True
        return False

    def page(self, fields: dict[str, str]) -> Reply:
        """Respond to ``/login/device``: the page, and the button that was clicked."""
        login, code = fields.get("login") or "octocat", fields.get("user_code", "")
        decision = fields.get("decision", "")
        if decision not in ("authorize", "cancel"):
            return device_page(login, code)
        if not self.decide(code, login if decision == "authorize" else None):
            return device_page(login, code, "This code is not valid, or has expired.")
        if decision == "cancel":
            return message_page("Cancelled", "The device was not authorized.")
        return message_page("All set", "Your device is now connected.")


def _error(code: str) -> dict[str, Any]:
    return {"error": code, "error_description": _ERRORS[code]}
