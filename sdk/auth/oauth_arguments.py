"""Checks of the arguments of ``OAuthApp``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast
from urllib.parse import urlsplit

from sdk.transport.errors import InvalidInput


def is_word(text: object) -> bool:
    """Return whether a value is printable ASCII without spaces, and not empty."""
    return (
        isinstance(text, str)
        and text.isascii()
        and text.isprintable()
        and " " not in text
        and bool(text)
    )


def checked_client_id(client_id: object) -> str:
    """Return a client id of letters and digits."""
    if not isinstance(client_id, str) or not client_id.isascii() or not client_id.isalnum():
        # Not shown: a secret may have been pasted in its place.
        raise InvalidInput(
            "client_id is the client id of the App's settings page, letters and digits such as "
            "Iv23liAbc123."
        )
    return client_id


def checked_redirect(redirect_uri: object) -> str | None:
    """Return a callback URL without a fragment, or None."""
    if redirect_uri is None:
        return None
    parts = urlsplit(redirect_uri) if isinstance(redirect_uri, str) else None
    if parts is None or parts.scheme not in ("http", "https") or not parts.netloc or parts.fragment:
        raise InvalidInput(
            "redirect_uri is the callback URL of the App's settings, such as "
            "https://app.example.com/login/callback."
        )
    return cast("str", redirect_uri)


def checked_scopes(scopes: object) -> tuple[str, ...]:
    """Return scopes that are words."""
    if isinstance(scopes, str) or not isinstance(scopes, Sequence):
        raise InvalidInput(f'scopes must be a list such as ["repo"], not {type(scopes).__name__}.')
    for number, name in enumerate(cast("Sequence[object]", scopes), 1):
        if not is_word(name):
            # Not shown: a secret may have been pasted in its place.
            raise InvalidInput(f"A scope is a word without spaces; number {number} is not.")
    return tuple(cast("Sequence[str]", scopes))
