"""The signature of a delivery: HMAC-SHA256 over the bytes of the body.

Source: https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable

from sdk.transport.refusals import hides_arguments

_PREFIX = b"sha256="


@hides_arguments
def sign(body: bytes, secret: str | bytes) -> str:
    """Return the ``X-Hub-Signature-256`` header of a body: ``sha256=`` and 64 hex digits.

    Raises:
        InvalidInput: the secret is empty, or `body` is not bytes.
    """
    (key,) = secret_keys(secret)
    return f"sha256={hmac.digest(key, _checked(body), 'sha256').hex()}"


@hides_arguments
def verify(body: bytes, signature: str | None, secret: str | bytes | Iterable[str | bytes]) -> None:
    """Check that `signature` was made from `body` with one of the secrets.

    Args:
        body: the body as it was received, not parsed and serialized again.
        signature: the ``X-Hub-Signature-256`` header, or None if there is none. A signature
            with SHA-1 (``X-Hub-Signature``) is not accepted.
        secret: the webhook's secret; several while it is being changed.

    Raises:
        InvalidSignature: the signature is missing, malformed or wrong.
        InvalidInput: there is no secret or an empty one, or `body` is not bytes.
    """
    verify_keys(_checked(body), signature, secret_keys(secret))


@hides_arguments
def verify_keys(body: bytes, signature: str | None, keys: tuple[bytes, ...]) -> None:
    """Verify with keys from ``secret_keys``; raises InvalidSignature."""
    # A signature with characters outside ASCII must not reach compare_digest() as a str: that
    # raises TypeError. Every key is tried, so that the time does not depend on which one matches.
    given = (signature or "").encode("utf-8", "replace")
    matches = [
        hmac.compare_digest(_PREFIX + hmac.digest(key, body, "sha256").hex().encode(), given)
        for key in keys
    ]
    if True not in matches:
        from .errors import InvalidSignature

        raise InvalidSignature("The signature does not match the body.")


def secret_keys(secret: str | bytes | Iterable[str | bytes] | None) -> tuple[bytes, ...]:
    """Return the secrets as bytes.

    Raises:
        InvalidInput: there is none, or one is empty or of another type.
    """
    given = [secret] if isinstance(secret, str | bytes) else list(secret or ())
    for each in given:
        if not isinstance(each, str | bytes):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise _invalid(f"A webhook secret is a str or bytes, not {type(each).__name__}.")
    keys = tuple(each.encode() if isinstance(each, str) else bytes(each) for each in given)
    if not keys or b"" in keys:
        raise _invalid(
            "A webhook secret is needed, and must not be empty: without it anyone can send "
            "deliveries. Set one in the webhook's settings and pass it as secret=."
        )
    return keys


def _checked(body: bytes) -> bytes:
    if isinstance(body, bytes):  # pyright: ignore[reportUnnecessaryIsInstance]
        return body
    raise _invalid(
        f"The body must be the bytes that were received, not {type(body).__name__}: JSON that is "
        "parsed and serialized again has another signature. In FastAPI, use await request.body()."
    )


def _invalid(message: str) -> Exception:
    from sdk.transport.errors import InvalidInput

    return InvalidInput(message)
