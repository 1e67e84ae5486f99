"""How other APIs sign what they send: for ``fastapi_integration.webhook_payload``."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

from sdk.transport.refusals import hides_arguments

from .errors import InvalidSignature
from .signature import secret_keys

_WRONG = "The signature does not match the body."
_LONGEST_SIGNATURE = 1000
_MOST_SIGNATURES = 10


class SignatureScheme(Protocol):
    """Checks that a request comes from an API."""

    def verify(self, headers: Mapping[str, str], body: bytes) -> None:
        """Check a request by its headers and the bytes of its body.

        Args:
            headers: names in lower case, or a mapping that ignores case.
            body: the body as it was received.

        Raises:
            InvalidSignature: the request is not the API's.
        """
        ...


@dataclass(frozen=True)
class HmacSignature:
    """An HMAC of the body in a header, as many APIs send it.

    Attributes:
        secret: the secret shared with the API; several while it is being changed.
        header: the header that holds the signature.
        prefix: what precedes the signature, such as "sha256=".
        digest: the hash function.
        encoding: how the signature is written.
    """

    secret: str | bytes | Iterable[str | bytes]
    header: str
    prefix: str = ""
    digest: Literal["sha256", "sha384", "sha512"] = "sha256"
    encoding: Literal["hex", "base64"] = "hex"

    def __post_init__(self) -> None:
        """Raise InvalidInput if there is no secret."""
        object.__setattr__(self, "secret", secret_keys(self.secret))

    def __repr__(self) -> str:
        return f"{type(self).__name__}(header={self.header!r}, digest={self.digest!r})"

    def verify(self, headers: Mapping[str, str], body: bytes) -> None:
        """Check the signature; raises InvalidSignature."""
        given = headers.get(self.header.lower(), "")
        if not given.startswith(self.prefix) or len(given) > _LONGEST_SIGNATURE:
            raise InvalidSignature(_WRONG)
        sent = given[len(self.prefix) :].strip()
        if self.encoding == "hex":
            sent = sent.lower()
        made = [self._signature(key, body) for key in secret_keys(self.secret)]
        if not _is_any(sent, made):
            raise InvalidSignature(_WRONG)

    def _signature(self, key: bytes, body: bytes) -> bytes:
        signature = hmac.digest(key, body, self.digest)
        return signature.hex().encode() if self.encoding == "hex" else base64.b64encode(signature)


@dataclass(frozen=True)
class StandardSignature:
    """The signature of Standard Webhooks, in ``webhook-signature``.

    Attributes:
        secret: the secret, "whsec_..."; several while it is being changed.
        tolerance: how old a request may be, or how far in the future, in seconds.
        now: the time, in seconds since the epoch.
    """

    secret: str | Iterable[str]
    tolerance: float = 300.0
    now: Callable[[], float] = time.time

    def __post_init__(self) -> None:
        """Raise InvalidInput if there is no secret, or one is not base64."""
        keys = tuple(_standard_key(each) for each in secret_keys(self.secret))
        object.__setattr__(self, "secret", keys)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(tolerance={self.tolerance!r})"

    def verify(self, headers: Mapping[str, str], body: bytes) -> None:
        """Check the signature and the time; raises InvalidSignature."""
        name, sent_at = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
        if not (sent_at.isascii() and sent_at.isdigit() and len(sent_at) < 20):
            raise InvalidSignature("The header webhook-timestamp is not a number.")
        if abs(self.now() - int(sent_at)) > self.tolerance:
            raise InvalidSignature("The request was signed too long ago, or in the future.")
        signed = b".".join([name.encode(), sent_at.encode(), body])
        made = [
            base64.b64encode(hmac.digest(key, signed, hashlib.sha256))
            for key in secret_keys(self.secret)
        ]
        given = headers.get("webhook-signature", "")[:_LONGEST_SIGNATURE].split()
        versions = [each.partition(",") for each in given[:_MOST_SIGNATURES]]
        matches = [_is_any(sent, made) for version, _, sent in versions if version == "v1"]
        if True not in matches:
            raise InvalidSignature(_WRONG)


if not TYPE_CHECKING:
    # The frame of the generated method has the secret among its local variables.
    HmacSignature.__init__ = hides_arguments(HmacSignature.__init__)
    StandardSignature.__init__ = hides_arguments(StandardSignature.__init__)


def _is_any(sent: str, made: list[bytes]) -> bool:
    # All are compared, so that the time does not depend on which one matches.
    return True in [hmac.compare_digest(each, sent.encode("utf-8", "replace")) for each in made]


def _standard_key(secret: bytes) -> bytes:
    from sdk.transport.errors import InvalidInput

    try:
        return base64.b64decode(secret.removeprefix(b"whsec_"), validate=True)
    except (binascii.Error, ValueError):
        raise InvalidInput("A secret of Standard Webhooks is whsec_ and base64.") from None
