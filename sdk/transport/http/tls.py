"""The TLS context of the HTTP clients that we build."""

from __future__ import annotations

import os
import ssl
from functools import lru_cache

import httpx

from sdk.transport.errors import InvalidInput


def tls_context(*, http2: bool) -> ssl.SSLContext:
    """Give the one for clients that offer HTTP/2, or for those that do not.

    Certificates are taken from the environment as httpx does.

    Raises:
        InvalidInput: the environment names certificates that cannot be read.
    """
    return _context(http2, os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR"))


@lru_cache(maxsize=4)
def _context(
    http2: bool,  # noqa: ARG001  the pool writes the protocols that it offers into the context
    cert_file: str | None,
    cert_dir: str | None,
) -> ssl.SSLContext:
    # Once for all clients of a process: each costs tens of milliseconds and most of a megabyte.
    try:
        return httpx.create_ssl_context(trust_env=bool(cert_file or cert_dir))
    except OSError as error:
        variable = "SSL_CERT_FILE" if cert_file else "SSL_CERT_DIR"
        raise InvalidInput(
            f"The certificates that {variable} names cannot be read: "
            f"{error.strerror or type(error).__name__}."
        ) from error
