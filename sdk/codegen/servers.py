"""Derive the client's address arguments from the declared servers."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from sdk.codegen import names
from sdk.codegen.document import Document


@dataclass(frozen=True)
class Addresses:
    """Where the API can be, as the client's arguments."""

    by_name: Mapping[str, str]
    """Templates by the names that ``server=`` takes, the default first; none for no address."""
    variables: Mapping[str, tuple[str, str, tuple[str, ...]]]
    """By argument: the name in the template, the default, the allowed values (() for any)."""


def addresses(document: Document, taken: Collection[str], chosen: str = "") -> Addresses:
    """Return the absolute addresses of the API, and their variables.

    `chosen` is the address that the settings say, if any.
    """
    if chosen:
        return Addresses({"chosen": chosen.rstrip("/")}, {})
    by_name: dict[str, str] = {}
    variables: dict[str, tuple[str, str, tuple[str, ...]]] = {}
    used = set(taken)
    for server in document.servers:
        url = server.url.strip().rstrip("/")
        if not _is_address(server.usual.strip().rstrip("/")):
            continue
        if url in by_name.values():
            continue
        said = "_".join(names.words(server.description)[:4])
        name = names.free(said or f"server_{len(by_name) + 1}", by_name)
        by_name[name] = url
        for wire, (default, allowed) in server.variables.items():
            if f"{{{wire}}}" in url and all(wire != known[0] for known in variables.values()):
                argument = names.free(names.argument(wire), used)
                used.add(argument)
                variables[argument] = (wire, default, allowed)
    return Addresses(by_name, variables)


def _is_address(url: str) -> bool:
    if not url.isascii() or re.search(r"[\s{}\\]", url):
        return False
    try:
        parts = urlsplit(url)
        named = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    extra = parts.query or parts.fragment or "@" in parts.netloc
    return parts.scheme in {"http", "https"} and named and not extra
