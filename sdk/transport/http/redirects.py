"""Whether to follow a redirect, and with what. Pure functions."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

from sdk.transport.urls import ascii_url, origin

MOST_REDIRECTS = 5


class Follow(NamedTuple):
    """A redirect that may be followed.

    ``same_origin`` is False when it leads to another host, scheme or port: then nothing that
    proves who is calling goes along.
    """

    url: str
    method: str
    same_origin: bool


def follow(status: int, method: str, url: str, location: str) -> Follow | None:
    """Decide on a redirect (RFC 9110, 15.4); None when it must not be followed.

    A POST is never turned into a GET, except by 303, which asks for just that. https never leads to
    http, and a request with an effect never leads to another origin.
    """
    if status not in (301, 302, 303, 307, 308) or not location:
        return None
    try:
        target = urljoin(url, ascii_url(location))
        before, after = origin(url), origin(target)
    except ValueError:
        return None
    # A name or password in the address would go out as credentials that nobody here gave.
    if after[0] not in ("http", "https") or not after[1] or "@" in urlsplit(target).netloc:
        return None
    if before[0] == "https" and after[0] == "http":
        return None
    if status == 303 and method != "HEAD":
        method = "GET"
    elif status in (301, 302) and method == "POST":
        return None
    if before != after and method not in ("GET", "HEAD"):
        return None
    return Follow(target.partition("#")[0], method, before == after)
