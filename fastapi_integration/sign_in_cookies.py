"""The cookies of sign-in: their content, and how they are bound to one browser."""

from __future__ import annotations

import base64
import binascii
import hmac
import re
from collections.abc import Mapping
from hashlib import sha256
from typing import NamedTuple

from fastapi import Response

# A browser may have several unfinished sign-ins, in several tabs.
MOST_FLOWS = 5

_LONGEST_PATH = 2000


class Flow(NamedTuple):
    """An unfinished sign-in of this browser."""

    state: str
    return_to: str
    ends: int


class SignInCookies:
    """A writer and reader of the cookies.

    Args:
        secret: signs them; at least 32 characters.
        secure: whether the app uses https; otherwise cookies have neither the prefix nor Secure.
    """

    def __init__(self, secret: str, *, secure: bool) -> None:
        self._key = sha256(b"github-sdk sign-in\0" + secret.encode()).digest()
        self._secure = secure
        prefix = "__Host-" if secure else ""
        self.session_name = f"{prefix}gh-session"
        self._flow_prefix = f"{prefix}gh-signin-"

    def verifier(self, state: str) -> str:
        """Return the PKCE verifier of a state, so that it need not be in a cookie."""
        return _base64url(self._mac("pkce", state))

    def set_flow(self, response: Response, flow: Flow, seconds: int) -> None:
        """Bind a sign-in to this browser."""
        parts = [flow.state, _base64url(flow.return_to.encode()), str(flow.ends)]
        value = ".".join((*parts, _base64url(self._mac("flow", *parts))))
        self._set(response, self._flow_name(flow.state), value, seconds)

    def flow(self, cookies: Mapping[str, str], state: str, now: float) -> Flow | None:
        """Return the sign-in of a callback's state, if it was started in this browser."""
        if not re.fullmatch(r"[A-Za-z0-9_-]{20,100}", state):
            return None
        parts = cookies.get(self._flow_name(state), "").split(".")
        if len(parts) != 4:
            return None
        *signed, mac = parts
        if not hmac.compare_digest(mac.encode(), _base64url(self._mac("flow", *signed)).encode()):
            return None
        if not hmac.compare_digest(signed[0].encode(), state.encode()) or int(signed[2]) <= now:
            return None
        try:
            return_to = base64.urlsafe_b64decode(f"{signed[1]}===").decode()
        except (binascii.Error, UnicodeDecodeError):
            return None
        return Flow(signed[0], return_to, int(signed[2]))

    def end_flow(self, response: Response, state: str) -> None:
        """Delete the cookie of a sign-in."""
        self._delete(response, self._flow_name(state))

    def drop_old_flows(self, response: Response, cookies: Mapping[str, str]) -> None:
        """Delete the cookies of sign-ins if there are too many."""
        names = [name for name in cookies if name.startswith(self._flow_prefix)]
        for name in names[: max(0, len(names) - MOST_FLOWS + 1)]:
            self._delete(response, name)

    def set_session(self, response: Response, session_id: str, seconds: int) -> None:
        """Set the cookie of the session."""
        self._set(response, self.session_name, session_id, seconds)

    def end_session(self, response: Response) -> None:
        """Delete the cookie of the session."""
        self._delete(response, self.session_name)

    def session_key(self, cookies: Mapping[str, str]) -> str | None:
        """Return the key of this browser's session in the store."""
        session_id = cookies.get(self.session_name)
        return None if not session_id else hash_of(session_id)

    def _flow_name(self, state: str) -> str:
        return f"{self._flow_prefix}{state[:8]}"

    def _mac(self, *parts: str) -> bytes:
        return hmac.digest(self._key, "\0".join(parts).encode(), sha256)

    def _set(self, response: Response, name: str, value: str, seconds: int) -> None:
        response.set_cookie(
            name,
            value,
            max_age=seconds,
            path="/",
            secure=self._secure,
            httponly=True,
            samesite="lax",
        )

    def _delete(self, response: Response, name: str) -> None:
        response.delete_cookie(name, path="/", secure=self._secure, httponly=True, samesite="lax")


def hash_of(session_id: str) -> str:
    """Return the hash under which a session is stored: it cannot be used to sign in."""
    return sha256(session_id.encode()).hexdigest()


def is_own_path(return_to: str) -> bool:
    """Return whether a browser takes this for a path of the app itself.

    Browsers read a backslash as a slash, and drop tabs and line breaks.
    """
    return (
        return_to.startswith("/")
        and not return_to.startswith(("//", "/\\"))
        and return_to.isprintable()
        and len(return_to) <= _LONGEST_PATH
    )


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
