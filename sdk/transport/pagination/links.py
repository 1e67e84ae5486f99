"""The Link header (RFC 8288), and page numbers in addresses. Pure functions."""

from __future__ import annotations

import re

# No part of these can match in two ways, so that no header makes them slow.
_LINK = re.compile(
    r"<(?P<target>[^<>]*)>"
    r"(?P<parameters>(?:\s*;\s*[^\s=;,\"<>]+(?:\s*=\s*(?:\"(?:[^\"\\]|\\.)*\"|[^\s;,\"<>]*))?)*)"
)
_PARAMETER = re.compile(r"([^\s=;,\"<>]+)\s*=\s*(?:\"((?:[^\"\\]|\\.)*)\"|([^\s;,\"<>]*))")

# More digits than any list has pages; int() of an endless run of them is slow.
_NUMBER = re.compile(r"[0-9]{1,9}", re.ASCII)


def parse_links(text: str) -> dict[str, str]:
    """Give the target of each relation, such as ``{"next": ..., "last": ...}``, as it is written.

    Relations are in lower case; the first link of a relation counts.
    """
    targets: dict[str, str] = {}
    for link in _LINK.finditer(text):
        for name, quoted, token in _PARAMETER.findall(link["parameters"]):
            if name.lower() == "rel":
                for relation in (quoted or token).lower().split():
                    targets.setdefault(relation, link["target"].strip())
                break
    return targets


def page_number(url: str) -> int | None:
    """Give the value of the query parameter ``page``; None when it has none, or no number."""
    for parameter in _query(url):
        name, _, value = parameter.partition("=")
        if name == "page":
            return int(value) if _NUMBER.fullmatch(value) else None
    return None


def with_page_number(url: str, number: int) -> str:
    """Give the same address with another ``page``; everything else stays as it is written."""
    address = url.partition("#")[0].partition("?")[0]
    query = (
        f"page={number}" if parameter.partition("=")[0] == "page" else parameter
        for parameter in _query(url)
    )
    return f"{address}?{'&'.join(query)}"


def _query(url: str) -> list[str]:
    return url.partition("#")[0].partition("?")[2].split("&")
