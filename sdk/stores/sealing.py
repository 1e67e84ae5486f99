"""Encryption of values that are stored outside the process."""

from __future__ import annotations

import hashlib
import os

from sdk.transport.errors import InvalidInput
from sdk.transport.refusals import hides_arguments

# The first byte of a sealed value; other values begin with another byte.
_VERSION = b"\x01"

# The nonce length of AES-GCM (NIST SP 800-38D, 8.2.2); random, so that processes need no agreement.
_NONCE_BYTES = 12

_KEY_BYTES = 32


class Sealing:
    """Encrypts and authenticates values with AES-256-GCM.

    A value can be opened only with the same purpose and secret and under the same key: one that
    was moved to another key, changed, or written by others is not opened.

    Args:
        purpose: the use of the values, such as ``"responses"``; values of one purpose cannot be
            opened as those of another.
        secret: any secret with the strength of a key, such as an App's private key or 32 random
            bytes. A password is too weak: the key is derived with one BLAKE2b hash.

    Raises:
        InvalidInput: the secret is empty, or the ``cryptography`` package is missing.
    """

    __slots__ = ("_cipher", "_errors")

    @hides_arguments
    def __init__(self, purpose: str, secret: str | bytes) -> None:
        raw = secret.encode() if isinstance(secret, str) else bytes(secret)
        if not raw:
            raise InvalidInput("The secret to encrypt with is empty.")
        try:
            from cryptography.exceptions import InvalidTag
            from cryptography.hazmat.primitives.ciphers.aead import AESGCM
        except ImportError as error:
            raise InvalidInput(
                "Encryption needs the package cryptography: pip install 'github-sdk[cache]'."
            ) from error
        named = purpose.encode()
        material = len(named).to_bytes(4, "big") + named + raw
        self._cipher = AESGCM(hashlib.blake2b(material, digest_size=_KEY_BYTES).digest())
        self._errors = (InvalidTag, ValueError)

    def seal(self, key: str, value: bytes) -> bytes:
        """Return the encrypted value, to be stored under `key`."""
        nonce = os.urandom(_NONCE_BYTES)
        return b"".join((_VERSION, nonce, self._cipher.encrypt(nonce, value, key.encode())))

    def open(self, key: str, sealed: bytes) -> bytes | None:
        """Return the value that was sealed under `key`; None for anything else."""
        begin = len(_VERSION) + _NONCE_BYTES
        if sealed[: len(_VERSION)] != _VERSION or len(sealed) < begin:
            return None
        nonce = sealed[len(_VERSION) : begin]
        try:
            # A view: a page of 400 kB is not copied once more.
            return self._cipher.decrypt(nonce, memoryview(sealed)[begin:], key.encode())
        except self._errors:
            return None

    def __repr__(self) -> str:
        return "Sealing()"
