"""Read and verify the headers and body of a delivery, without I/O."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias, cast
from urllib.parse import parse_qs

from sdk.transport.headers import media_type
from sdk.transport.refusals import hides_arguments

from .errors import InvalidDelivery
from .signature import verify_keys

LARGEST_BODY = 25 * 1024 * 1024
"""The largest payload that GitHub sends, in bytes."""

Headers: TypeAlias = Mapping[str, str] | Iterable[tuple[str | bytes, str | bytes]]
"""Headers as frameworks have them: a mapping, or pairs as in ASGI."""

_SIGNATURE = "x-hub-signature-256"
_NEEDED = ("x-github-event", "x-github-delivery", _SIGNATURE)
_KEPT = (
    "x-github-event",
    "x-github-delivery",
    "x-github-hook-id",
    "x-github-hook-installation-target-type",
    "x-github-hook-installation-target-id",
    "x-github-enterprise-version",
)
_LONGEST_HEADER = 1000
# ASGI servers send names as bytes, in lower case.
_WANTED: dict[str | bytes, str] = {
    spelled: name
    for name in (*_KEPT, _SIGNATURE, "content-type")
    for spelled in (name, name.encode())
}


def read_headers(headers: Headers) -> dict[str, str]:
    """Return the headers that matter, names in lower case.

    Raises:
        InvalidDelivery: a required header is missing, or a header is sent twice.
    """
    found: dict[str, str] = {}
    for raw_name, raw_value in _pairs(headers):
        name = _WANTED.get(raw_name) or _WANTED.get(raw_name.lower())
        if name is None:
            continue
        value = raw_value.decode("latin-1") if isinstance(raw_value, bytes) else raw_value
        if name in found or len(value) > _LONGEST_HEADER:
            raise InvalidDelivery(f"The header {name} is sent twice or is too long.")
        found[name] = value.strip()
    missing = [name for name in _NEEDED if not found.get(name)]
    if missing:
        raise InvalidDelivery(f"Missing headers: {', '.join(missing)}.")
    return found


def _pairs(headers: Headers) -> Iterable[tuple[str | bytes, str | bytes]]:
    if hasattr(headers, "items"):
        return cast("Mapping[str, str]", headers).items()
    return cast("Iterable[tuple[str | bytes, str | bytes]]", headers)


def described_by(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the headers that describe the delivery, without the signature."""
    return {name: headers[name] for name in _KEPT if name in headers}


@hides_arguments
def read_body(headers: Mapping[str, str], body: bytes, keys: tuple[bytes, ...]) -> bytes:
    """Return the JSON of a verified body.

    Raises:
        InvalidSignature: the signature does not match.
        InvalidDelivery: the body is too large (413) or of another content type (415).
    """
    if len(body) > LARGEST_BODY:
        raise InvalidDelivery("The payload is larger than 25 MB.", 413)
    verify_keys(body, headers[_SIGNATURE], keys)
    content_type = media_type(headers.get("content-type", ""))
    if content_type == "application/json":
        return body
    if content_type != "application/x-www-form-urlencoded":
        raise InvalidDelivery(
            "The content type must be application/json or application/x-www-form-urlencoded.", 415
        )
    return _form_payload(body)


def _form_payload(body: bytes) -> bytes:
    try:
        text = body.decode("ascii")
        fields = parse_qs(text, strict_parsing=True, errors="strict", max_num_fields=10)
        (payload,) = fields["payload"]
    except (ValueError, KeyError):
        raise InvalidDelivery("The form must have one field named payload.") from None
    return payload.encode()
