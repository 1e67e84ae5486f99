"""Check the JWT that a GitHub App signs (RS256, RFC 7519), and generate its private key."""

from __future__ import annotations

import base64
import json
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from sdk.testing.fake_server.messages import Refused, problem

if TYPE_CHECKING:
    from .apps import AppRegistry, RegisteredApp

_LONGEST_LIFE = 600

_UNREADABLE = "A JSON web token could not be decoded"
_ISSUED = (
    "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was "
    "issued"
)
_EXPIRED = (
    "'Expiration time' claim ('exp') must be a numeric value representing the future time at "
    "which the assertion expires"
)
_TOO_LONG = "'Expiration time' claim ('exp') is too far in the future"


def looks_like_jwt(token: str) -> bool:
    """Return whether a token has the three parts of a JWT."""
    return token.count(".") == 2 and not token.startswith("ghs_")


def app_of_jwt(token: str, apps: AppRegistry, now: float) -> RegisteredApp:
    """Return the app that signed a JWT.

    The signature is checked if the package cryptography is installed.

    Raises:
        Refused: 401, the JWT is not valid at this time; 404, its issuer is not an app.
    """
    head, payload, signature = token.split(".")
    header, claims = _decoded(head), _decoded(payload)
    if header.get("alg") != "RS256":
        raise _refused(_UNREADABLE)
    app = apps.find(claims.get("iss"))
    if app is None or app.seed.oauth_app:
        raise Refused(problem(404, "Integration not found"))
    if not _is_signed_by(app.private_key, f"{head}.{payload}", signature):
        raise _refused(_UNREADABLE)
    issued, expires = claims.get("iat"), claims.get("exp")
    if type(issued) is not int or issued > now:
        raise _refused(_ISSUED)
    if type(expires) is not int or expires <= now:
        raise _refused(_EXPIRED)
    if expires > now + _LONGEST_LIFE:
        raise _refused(_TOO_LONG)
    return app


def generate_private_key() -> str:
    """Generate an RSA private key of 2048 bits, as PKCS#1 PEM.

    Raises:
        ImportError: the package cryptography is not installed.
    """
    try:
        from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
        from cryptography.hazmat.primitives.serialization import (
            Encoding,
            NoEncryption,
            PrivateFormat,
        )
    except ImportError:
        raise ImportError(
            "The fake server needs cryptography to generate an app's private key: install "
            "github-sdk[app], or pass AppSeed(private_key=...)."
        ) from None
    key = generate_private_key(65537, 2048)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    return pem.decode()


def _is_signed_by(private_key: str, signed: str, signature: str) -> bool:
    try:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
        from cryptography.hazmat.primitives.hashes import SHA256
    except ImportError:
        return True
    try:
        _public_key(private_key).verify(_bytes(signature), signed.encode(), PKCS1v15(), SHA256())
    except InvalidSignature:
        return False
    return True


@cache
def _public_key(private_key: str) -> Any:
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    return load_pem_private_key(private_key.encode(), None).public_key()


def _decoded(part: str) -> dict[str, Any]:
    try:
        value: Any = json.loads(_bytes(part))
    except ValueError:
        raise _refused(_UNREADABLE) from None
    if not isinstance(value, dict):
        raise _refused(_UNREADABLE)
    return cast("dict[str, Any]", value)


def _bytes(part: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    except ValueError:
        raise _refused(_UNREADABLE) from None


def _refused(message: str) -> Refused:
    return Refused(problem(401, message))
