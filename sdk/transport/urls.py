"""URLs: the origin of one, and the check of a base URL."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TypeAlias
from urllib.parse import quote, urlsplit

from .errors import InvalidInput

# RFC 3986, 2.2: what a URL is written in, "%" included, besides letters, digits and "-._~".
_URL_CHARACTERS = "%:/?#[]@!$&'()*+,;="


Origin: TypeAlias = tuple[str, str, int | None]
"""Scheme, host and port."""


# What may be a token instead of an address has none of these.
_ADDRESS = re.compile(r"[.:/]|localhost")
_VARIABLE = re.compile(r"\$[A-Z][A-Z0-9_]*")


def shown(url: str) -> str:
    """Return an address without what may be secret in it; "" if it may be a secret itself."""
    plain = re.split(r"[?#]", url, maxsplit=1)[0].rpartition("@")[2]
    return plain if _ADDRESS.search(plain) else ""


def origin(url: str) -> Origin:
    """Return scheme, host and port of a URL (RFC 6454, 4)."""
    parts = urlsplit(url)
    scheme = parts.scheme.lower()
    port = parts.port if parts.port is not None else {"http": 80, "https": 443}.get(scheme)
    return scheme, (parts.hostname or "").lower(), port


def host_of(url: str) -> str:
    """Return the host of a URL, with its port if that is not the scheme's default."""
    scheme, host, port = origin(url)
    host = f"[{host}]" if ":" in host else host
    return host if port in (None, {"http": 80, "https": 443}.get(scheme)) else f"{host}:{port}"


def ascii_url(text: str) -> str:
    """Return a URL or a reference from a header with non-ASCII bytes and spaces percent-encoded.

    Headers are decoded as Latin-1, so that each character is one byte as it was sent.
    """
    if text.isascii() and " " not in text:
        return text
    return quote(text.encode("latin-1", "replace"), safe=_URL_CHARACTERS)


def checked_origins(urls: Iterable[str]) -> frozenset[Origin]:
    """Return the origins of base URLs.

    Raises:
        InvalidInput: it is a str, or one of them is not a base URL.
    """
    if not isinstance(urls, (str, Iterable)):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise InvalidInput(f"link_origins must be a list of addresses, not {type(urls).__name__}.")
    if isinstance(urls, str):
        raise InvalidInput(
            f"link_origins must be a list: write link_origins=[{shown(urls) or '...'!r}]."
        )
    return frozenset(origin(check_base_url(url)) for url in urls)


def with_origin_of(url: str, other: str) -> str:
    """Return `url` with the scheme, host and port of `other`."""
    parts = urlsplit(other)
    return urlsplit(url)._replace(scheme=parts.scheme, netloc=parts.netloc).geturl()


def check_base_url(url: str) -> str:
    """Return a base URL without a slash at its end.

    Raises:
        InvalidInput: it is not an absolute http or https URL, or has a query or user information.
    """
    if not isinstance(url, str):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise InvalidInput(f"base_url must be a str, not {type(url).__name__}.")
    if _VARIABLE.fullmatch(url):
        # The default of generated clients whose address is in the environment.
        raise InvalidInput(
            f"base_url is not known: the environment variable {url[1:]} is not set. Set it, or "
            "pass base_url=."
        )
    try:
        parts = urlsplit(url)
        valid = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        valid, parts = False, None
    if not valid or parts is None or not url.isascii() or not url.isprintable() or " " in url:
        refused = shown(url)
        raise InvalidInput(
            "base_url must be an http:// or https:// address such as https://api.example.com"
            + (f", not {refused!r}." if refused else ".")
        )
    if parts.username or parts.password or not {"?", "#"}.isdisjoint(url):
        raise InvalidInput(
            "base_url must hold no user name, password, query or fragment. Pass a token as token= "
            "or auth=."
        )
    return url.rstrip("/")
