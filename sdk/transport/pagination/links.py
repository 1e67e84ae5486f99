"""The Link header (RFC 8288), and page numbers in URLs. Pure functions."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

from sdk.transport.urls import ascii_url

# A real header has a few hundred characters. The rest of a longer one is ignored.
_LONGEST_HEADER = 16 * 1024

# One token at a time, each begun by a character that begins no other: the time is linear.
_TARGET = re.compile(r"<([^<>]*)>")
_PARAMETER = re.compile(
    r"""\s*;\s*([^\s=;,"<>]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;,"<>]*)))?"""
)

# More digits than any list has pages; int() of an endless run of them is slow.
_NUMBER = re.compile(r"[0-9]{1,9}", re.ASCII)


def parse_links(text: str) -> dict[str, str]:
    """Return the target of each relation, such as ``{"next": ..., "last": ...}``, as written.

    Relations are in lower case; the first link of a relation counts.
    """
    text = text[:_LONGEST_HEADER]
    targets: dict[str, str] = {}
    link = _TARGET.search(text)
    while link is not None:
        relations, end = _relations(text, link.end())
        for relation in relations:
            targets.setdefault(relation, link[1].strip())
        link = _TARGET.search(text, end)
    return targets


def _relations(text: str, position: int) -> tuple[list[str], int]:
    """Return the relations among the parameters that begin at `position`, and their end."""
    relations: list[str] | None = None
    while parameter := _PARAMETER.match(text, position):
        name, quoted, token = parameter.groups()
        if name.lower() == "rel" and relations is None:
            relations = (quoted or token or "").lower().split()
        position = parameter.end()
    return relations or [], position


def page_number(url: str) -> int | None:
    """Return the query parameter ``page``; None when there is none, or it is not a number."""
    for parameter in _query(url):
        name, _, value = parameter.partition("=")
        if name == "page":
            return int(value) if _NUMBER.fullmatch(value) else None
    return None


def with_page_number(url: str, number: int) -> str:
    """Return the same URL with another ``page``; everything else stays as written."""
    address = url.partition("#")[0].partition("?")[0]
    query = (
        f"page={number}" if parameter.partition("=")[0] == "page" else parameter
        for parameter in _query(url)
    )
    return f"{address}?{'&'.join(query)}"


def _query(url: str) -> list[str]:
    return url.partition("#")[0].partition("?")[2].split("&")


def resolved(base: str, link: str) -> str | None:
    """Return the absolute URL of `link`; None when it is not valid or must not be followed."""
    if " " in link or not (link := ascii_url(link)).isprintable():
        return None
    try:
        url = urljoin(base, link)
        # Asking for the port checks it.
        parts, port = urlsplit(url), urlsplit(url).port
    except ValueError:
        return None
    # A user name in it would take the place of the credentials.
    return None if "@" in parts.netloc or port == 0 else url


def host_in(link: str) -> str:
    """Return the host of a link, with its port, for an error text."""
    try:
        return urlsplit(link).netloc.rpartition("@")[2]
    except ValueError:
        return "not an address"
