"""JSON Web Tokens signed with RS256 (RFC 7515, RFC 7519): the part that a GitHub App needs."""

from __future__ import annotations

import base64
import json
from collections.abc import Awaitable, Callable, Mapping

Sign = Callable[[bytes], Awaitable[bytes]]
"""Returns the RSASSA-PKCS1-v1_5 signature, with SHA-256, of its argument."""

_HEADER = {"alg": "RS256", "typ": "JWT"}


async def encode_jwt(claims: Mapping[str, int | str], sign: Sign) -> str:
    """Return the signed token in its compact form."""
    signing_input = f"{_part(_HEADER)}.{_part(claims)}"
    signature = await sign(signing_input.encode())
    return f"{signing_input}.{base64url(signature)}"


def base64url(data: bytes) -> str:
    """Encode bytes for a URL, without padding (RFC 7515, 2)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _part(value: Mapping[str, int | str]) -> str:
    return base64url(json.dumps(value, separators=(",", ":")).encode())
