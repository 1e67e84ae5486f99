"""Removes the credentials of a call from what an API says about it."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from sdk.transport.auth import auth_for, query_of

if TYPE_CHECKING:
    from sdk.transport.auth import Auth, AuthCall
    from sdk.transport.errors import DecodeError

# Shorter values occur in ordinary words.
_SHORTEST = 6
_DEEPEST = 20

# Headers of credentials whose value is not secret.
_PUBLIC = frozenset({"accept", "content-type", "date", "host", "user-agent"})


def secrets_of(headers: Mapping[str, str], query: Mapping[str, str]) -> list[str]:
    """Return the secret values of credentials, the longest first.

    Args:
        headers: the headers that were sent for the credentials.
        query: the query parameters that were sent for them.
    """
    found: set[str] = set(query.values())
    for name, value in headers.items():
        if name.lower() not in _PUBLIC:
            found.update(_parts(name.lower(), value))
    return sorted((each for each in found if len(each) >= _SHORTEST), key=len, reverse=True)


def redacted(value: Any, secrets: Sequence[str], depth: int = 0) -> Any:
    """Return text, or the lists and objects of JSON with text in them, without the secrets."""
    if isinstance(value, str):
        for secret in secrets:
            value = value.replace(secret, "***")
        return value
    if depth >= _DEEPEST:
        return value
    if isinstance(value, dict):
        items = cast("dict[Any, Any]", value).items()
        return {
            redacted(key, secrets, depth + 1): redacted(each, secrets, depth + 1)
            for key, each in items
        }
    if isinstance(value, (list, tuple)):
        each_redacted = [
            redacted(each, secrets, depth + 1) for each in cast("list[Any] | tuple[Any]", value)
        ]
        return tuple(each_redacted) if isinstance(value, tuple) else each_redacted
    return value


def may_tell_errors(body: bytes) -> bool:
    """Return whether a successful response may hold errors, which may repeat the credentials."""
    return b'"errors"' in body or b'"message"' in body


def redacted_body(body: bytes, secrets: Sequence[str]) -> bytes:
    """Return the body of a response without the secrets."""
    for secret in secrets:
        body = body.replace(secret.encode(), b"***")
    return body


def hide_credentials(error: DecodeError, call: AuthCall, auth: Auth) -> None:
    """Remove the credentials that a successful response repeats in its request id or media type."""
    secrets = secrets_of(call.sent, query_of(auth_for(auth, call.operation)))
    error.args = redacted(error.args, secrets)
    error.request_id = redacted(error.request_id, secrets)
    error.content_type = redacted(error.content_type, secrets)


def _parts(name: str, value: str) -> Iterator[str]:
    yield value
    if name == "cookie":
        for pair in value.split(";"):
            yield pair.partition("=")[2].strip()
        return
    scheme, found, rest = value.partition(" ")
    if not found:
        return
    yield rest
    if scheme.lower() == "basic":
        try:
            yield base64.b64decode(rest).decode().partition(":")[2]
        except (binascii.Error, ValueError):
            return
