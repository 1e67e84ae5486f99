"""Read the private key of a GitHub App, in the formats in which keys are stored.

GitHub's files are PKCS#1 PEM. In practice a key also comes as PKCS#8, on one line with the line
breaks written as backslash and n, with spaces for line breaks, in quotes, or in base64.
"""

from __future__ import annotations

import base64
import binascii
import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

# The largest key files are a few kilobytes.
_MOST_BYTES = 64 * 1024

_LEAST_BITS = 2048

_HINT = (
    "Pass the PEM file that GitHub gives when a private key is generated on the App's settings "
    'page: private_key=Path("app.pem"), or its text.'
)
_DAMAGED = f"private_key is damaged: its content is not a private key. {_HINT}"
_NO_SUCH_FORM = f"private_key is not a private key in PEM form. {_HINT}"

_BLOCK = re.compile(r"-----BEGIN ([A-Z0-9 ]+)-----((?:(?!-----).)*)-----END \1-----", re.DOTALL)
_LOOKS_LIKE_PATH = re.compile(r"^(~|\.{0,2}/|[A-Za-z]:\\)|\.(pem|key|der|txt)$", re.IGNORECASE)

# Other PEM blocks, by the label in their first line.
_OTHER_KINDS = {
    "PUBLIC KEY": "the public key; the App needs the private one",
    "RSA PUBLIC KEY": "the public key; the App needs the private one",
    "CERTIFICATE": "a certificate; the App needs the private key",
    "OPENSSH PRIVATE KEY": (
        "an OpenSSH key; an App's key is PEM (ssh-keygen -p -m PEM converts an RSA key)"
    ),
    "ENCRYPTED PRIVATE KEY": (
        "encrypted with a passphrase; decrypt it first (openssl rsa -in app.pem -out plain.pem)"
    ),
    "EC PRIVATE KEY": "an EC key; GitHub Apps use RSA",
    "DSA PRIVATE KEY": "a DSA key; GitHub Apps use RSA",
}


class PrivateKey:
    """An RSA key that signs for a GitHub App.

    Attributes:
        fingerprint: the public fingerprint, as the App's settings page shows it.
    """

    __slots__ = ("_key", "fingerprint")

    def __init__(self, key: RSAPrivateKey) -> None:
        from cryptography.hazmat.primitives.hashes import SHA256, Hash
        from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

        self._key = key
        digest = Hash(SHA256())
        digest.update(
            key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        )
        self.fingerprint = f"SHA256:{base64.b64encode(digest.finalize()).decode()}"

    async def sign(self, data: bytes) -> bytes:
        """Return the RS256 signature of the data (RFC 7518, 3.3)."""
        return self._sign(data)

    def _sign(self, data: bytes) -> bytes:
        from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
        from cryptography.hazmat.primitives.hashes import SHA256

        return self._key.sign(data, PKCS1v15(), SHA256())

    def works(self) -> bool:
        """Return whether a signature of this key verifies; it does not if the key is damaged.

        It replaces OpenSSL's own check, which takes a hundred times as long.
        """
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
        from cryptography.hazmat.primitives.hashes import SHA256

        try:
            self._key.public_key().verify(self._sign(b"check"), b"check", PKCS1v15(), SHA256())
        except (InvalidSignature, ValueError, OverflowError):
            return False
        return True

    def __repr__(self) -> str:
        return f"PrivateKey({self.fingerprint})"


class Unusable(NamedTuple):
    """Why a private key cannot be used, and what to do; it never shows the key."""

    reason: str


def read_private_key(source: object) -> PrivateKey | Unusable:
    """Read a private key from a file (``Path``), text or bytes.

    Problems are returned and not raised: a traceback would keep the frames that hold the key.
    """
    if isinstance(source, PrivateKey):
        return source
    if isinstance(source, Path):
        return _from_file(source.expanduser())
    if isinstance(source, bytes):
        return _from_bytes(source)
    if isinstance(source, str):
        return _from_text(source)
    return Unusable(
        f"private_key must be text, bytes, a Path, or an async function that signs, not "
        f"{type(source).__name__}. {_HINT}"
    )


def _from_file(path: Path) -> PrivateKey | Unusable:
    try:
        with path.open("rb") as file:
            content = file.read(_MOST_BYTES + 1)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        return Unusable(f"The private key file {str(path)!r} cannot be read: {reason}.")
    found = _from_bytes(content)
    if isinstance(found, Unusable):
        reason = found.reason.replace("private_key is", "It is", 1)
        return Unusable(f"Private key file {str(path)!r}: {reason}")
    return found


def _from_bytes(content: bytes) -> PrivateKey | Unusable:
    if content.startswith(b"0\x82"):
        return _load(content)
    try:
        return _from_text(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return Unusable(_NO_SUCH_FORM)


def _from_text(text: str) -> PrivateKey | Unusable:
    if len(text) > _MOST_BYTES:
        return Unusable(f"private_key is too long to be a private key. {_HINT}")
    text = text.strip().strip("\"'").strip()
    if not text:
        return Unusable(f"private_key is empty. {_HINT}")
    text = text.replace("\\r", "").replace("\\n", "\n")
    if "-----BEGIN" in text:
        return _from_pem(text)
    return _from_base64(text)


def _from_pem(text: str) -> PrivateKey | Unusable:
    if "ENCRYPTED" in text:
        return Unusable(f"private_key is {_OTHER_KINDS['ENCRYPTED PRIVATE KEY']}.")
    blocks = {match[1]: match[2] for match in _BLOCK.finditer(text)}
    label = next((name for name in ("RSA PRIVATE KEY", "PRIVATE KEY") if name in blocks), None)
    if label is None:
        return Unusable(_other_kind(text, blocks))
    body = "".join(blocks[label].split())
    try:
        return _load(base64.b64decode(body, validate=True))
    except (binascii.Error, ValueError):
        return Unusable(_DAMAGED)


def _other_kind(text: str, blocks: dict[str, str]) -> str:
    for label in blocks:
        if label in _OTHER_KINDS:
            return f"private_key is {_OTHER_KINDS[label]}."
    if "-----END" not in text:
        return (
            "private_key is cut off: it has a BEGIN line, and its END line is missing. An "
            "environment file often keeps the first line only: write the key on one line with "
            "\\n for the line breaks, or in base64, or pass a Path."
        )
    return _NO_SUCH_FORM


def _from_base64(text: str) -> PrivateKey | Unusable:
    if text.startswith("ssh-"):
        return Unusable(f"private_key is {_OTHER_KINDS['PUBLIC KEY']}.")
    try:
        content = base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        content = b""
    if b"-----BEGIN" in content[:200]:
        return _from_pem(content.decode("latin-1"))
    if content.startswith(b"0\x82"):
        return _load(content)
    if _LOOKS_LIKE_PATH.search(text):
        return Unusable(
            "private_key is the path of a file, as a str. Pass Path(...): a str is read as the "
            "key itself."
        )
    return Unusable(_NO_SUCH_FORM)


def _load(der: bytes) -> PrivateKey | Unusable:
    try:
        from cryptography.exceptions import UnsupportedAlgorithm
        from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
        from cryptography.hazmat.primitives.serialization import load_der_private_key
    except ImportError:
        return Unusable(
            "A GitHub App's key needs the cryptography package: install github-sdk[app]."
        )
    try:
        # OpenSSL's check of the numbers blocks for tens of milliseconds; works() is as good.
        loaded = load_der_private_key(der, None, unsafe_skip_rsa_key_validation=True)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return Unusable(_DAMAGED)
    if not isinstance(loaded, RSAPrivateKey):
        kind = type(loaded).__name__.removesuffix("PrivateKey")
        return Unusable(f"private_key is a key of the kind {kind}; GitHub Apps use RSA.")
    if loaded.key_size < _LEAST_BITS:
        return Unusable(
            f"private_key has {loaded.key_size} bits; RS256 needs {_LEAST_BITS} (RFC 7518, 3.3)."
        )
    key = PrivateKey(loaded)
    return (
        key
        if key.works()
        else Unusable(f"private_key is damaged: its numbers are inconsistent. {_HINT}")
    )
