"""The TLS context of the default HTTP clients."""

from __future__ import annotations

import os
import ssl
from binascii import a2b_base64
from functools import lru_cache

from sdk.transport.errors import InvalidInput

_BEGIN, _END = b"-----BEGIN CERTIFICATE-----", b"-----END CERTIFICATE-----"
# A larger file is left to OpenSSL.
_LARGEST = 2 << 20


def tls_context(*, http2: bool) -> ssl.SSLContext:
    """Return the TLS context for clients with or without HTTP/2.

    Certificates are taken from the environment as httpx does: from ``SSL_CERT_FILE``, else from
    ``SSL_CERT_DIR``, else from the certifi package.

    Raises:
        InvalidInput: the certificates that the environment names cannot be read.
    """
    return _context(http2, os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR"))


def check_certificates() -> None:
    """Raise InvalidInput if the certificates that the environment names cannot be read.

    Their meaning is not looked at before the first HTTPS host: to load the certificates of a
    system takes 15 ms and 2 MB.
    """
    cert_file = os.environ.get("SSL_CERT_FILE")
    if cert_file and not _has_certificates(cert_file):
        tls_context(http2=False)


def _has_certificates(path: str) -> bool:
    """Return whether a file certainly consists of whole certificates in the PEM format."""
    try:
        with open(path, "rb") as file:  # noqa: PTH123  pathlib is not imported for it
            # Not more than its size: `read` reserves as much memory as it is asked for.
            size = min(os.fstat(file.fileno()).st_size, _LARGEST)
            _, *rest = file.read(size + 1).split(_BEGIN)
        certificates = [each.partition(_END) for each in rest]
        return all(end and _is_whole(body) for body, end, _ in certificates) and bool(rest)
    except (OSError, ValueError):
        return False


def _is_whole(body: bytes) -> bool:
    encoded = a2b_base64(body.translate(None, b" \t\r\n"), strict_mode=True)
    # DER: a sequence, the number of bytes of its length, its length.
    size = encoded[1] & 0x7F if len(encoded) > 1 else 0
    length = int.from_bytes(encoded[2 : 2 + size], "big")
    return encoded[:1] == b"\x30" and len(encoded) == 2 + size + length


@lru_cache(maxsize=4)
def _context(http2: bool, cert_file: str | None, cert_dir: str | None) -> ssl.SSLContext:
    # Once per process: each context takes tens of milliseconds and most of a megabyte.
    try:
        if cert_file:
            context = ssl.create_default_context(cafile=cert_file)
        elif cert_dir:
            context = ssl.create_default_context(capath=cert_dir)
        else:
            import certifi

            context = ssl.create_default_context(cafile=certifi.where())
    except OSError as error:
        variable = "SSL_CERT_FILE" if cert_file else "SSL_CERT_DIR"
        raise InvalidInput(
            f"The certificates that {variable} names cannot be read: "
            f"{error.strerror or type(error).__name__}."
        ) from error
    context.set_alpn_protocols(["http/1.1", "h2"] if http2 else ["http/1.1"])
    return context
