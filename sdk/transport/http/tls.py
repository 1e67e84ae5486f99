"""The TLS context of the default HTTP clients."""

from __future__ import annotations

import os
import ssl
from functools import lru_cache

from sdk.transport.errors import InvalidInput


def tls_context(*, http2: bool) -> ssl.SSLContext:
    """Return the TLS context for clients with or without HTTP/2.

    Certificates are taken from the environment as httpx does: from ``SSL_CERT_FILE``, else from
    ``SSL_CERT_DIR``, else from the certifi package.

    Raises:
        InvalidInput: the certificates that the environment names cannot be read.
    """
    return _context(http2, os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR"))


def check_certificates() -> None:
    """Raise InvalidInput if the certificates that the environment names cannot be read."""
    if os.environ.get("SSL_CERT_FILE") or os.environ.get("SSL_CERT_DIR"):
        tls_context(http2=False)


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
