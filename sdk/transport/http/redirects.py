"""Decide whether to follow a redirect, and with which request. Pure functions."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

from sdk.transport.urls import Origin, ascii_url, origin, with_origin_of

MOST_REDIRECTS = 5


class Follow(NamedTuple):
    """A redirect that may be followed.

    ``same_origin`` is False if the host, scheme or port is another: then no credentials are
    sent.
    """

    url: str
    method: str
    same_origin: bool


def from_inner_origin(url: str, location: str, origins: frozenset[Origin]) -> str:
    """Return a Location, with the origin of `url` if its own is one of `origins`.

    Args:
        url: the URL of the request.
        location: the Location header of its response.
        origins: what the API calls itself behind a gateway.
    """
    try:
        target = urljoin(url, ascii_url(location))
        return with_origin_of(target, url) if origin(target) in origins else location
    except ValueError:
        return location


def follow(status: int, method: str, url: str, location: str) -> Follow | None:
    """Return the redirect to follow (RFC 9110, 15.4); None if it must not be followed.

    A POST becomes a GET only for a 303, which requires it. A redirect from https to http is not
    followed, nor is one to another origin unless the request is a read.
    """
    if status not in (301, 302, 303, 307, 308) or not location:
        return None
    try:
        target = urljoin(url, ascii_url(location))
        before, after = origin(url), origin(target)
    except ValueError:
        return None
    # A user name or password in the URL would be sent as credentials.
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
