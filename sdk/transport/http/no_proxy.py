"""The hosts that the environment excludes from its proxies (``NO_PROXY``).

The formats of curl, Go and requests are supported: names with or without a leading dot, addresses,
networks, ``[::1]``, ``*``, each with an optional port, and httpx's ``scheme://host``. Any other
entry is ignored, as other programs do: it may be meant for one of them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Self

import httpx

_Network = IPv4Network | IPv6Network

_DEFAULT_PORTS = {"http": 80, "https": 443}
_ENTRY = re.compile(
    r"(?:(?P<scheme>\w+)://)?"
    r"(?:\[(?P<bracketed>[^]]*)\](?P<prefix>/\d+)?|(?P<plain>[^:]*))"
    r"(?::(?P<port>\d{1,5}))?/?"
)


@dataclass(frozen=True)
class _Rule:
    """One entry: a network, or a name; ``""`` matches every host."""

    name: str = ""
    network: _Network | None = None
    subdomains: bool = False
    itself: bool = True
    port: int | None = None
    scheme: str | None = None

    def matches(self, url: httpx.URL) -> bool:
        if self.scheme not in (None, "all", url.scheme):
            return False
        if self.port not in (None, url.port or _DEFAULT_PORTS.get(url.scheme)):
            return False
        host = url.host.rstrip(".").lower()
        if self.network is not None:
            return _is_in(host, self.network)
        if not self.name or (self.itself and host == self.name):
            return True
        return self.subdomains and host.endswith(f".{self.name}")


class NoProxy:
    """The hosts that are called without a proxy."""

    def __init__(self, rules: tuple[_Rule, ...]) -> None:
        self._rules = rules

    @classmethod
    def parse(cls, value: str) -> Self:
        """Parse the value of ``NO_PROXY``; commas or spaces separate its entries."""
        rules = (_rule(entry) for entry in re.split(r"[,\s]+", value) if entry)
        return cls(tuple(rule for rule in rules if rule is not None))

    @property
    def excludes_all(self) -> bool:
        """Return whether no call uses a proxy."""
        return _Rule() in self._rules

    def excludes(self, url: httpx.URL) -> bool:
        """Return whether the URL is called without a proxy."""
        return any(rule.matches(url) for rule in self._rules)


def _rule(entry: str) -> _Rule | None:
    if entry == "*":
        return _Rule()
    # None of the colons of an IPv6 address without brackets starts a port.
    network = _network(entry)
    if network is not None:
        return _Rule(network=network)
    found = _ENTRY.fullmatch(entry)
    if found is None:
        return None
    port = int(found["port"]) if found["port"] else None
    scheme = found["scheme"].lower() if found["scheme"] else None
    if found["bracketed"] is not None:
        network = _network(found["bracketed"] + (found["prefix"] or ""))
        return None if network is None else _Rule(network=network, port=port, scheme=scheme)
    plain = found["plain"].rstrip("/")
    network = _network(plain)
    if network is not None:
        return _Rule(network=network, port=port, scheme=scheme)
    return _name_rule(plain, port=port, scheme=scheme)


def _name_rule(text: str, *, port: int | None, scheme: str | None) -> _Rule | None:
    if text == "*" or (not text and scheme):
        return _Rule(port=port, scheme=scheme)
    bare = text.removeprefix("*").lstrip(".").rstrip(".")
    name = _normal(bare)
    if name is None:
        return None
    # ".example.com" and "*.example.com" exclude only the hosts below the name, a URL only its host.
    below_only = text.startswith((".", "*."))
    return _Rule(
        name,
        subdomains=below_only or not (scheme or name == "localhost"),
        itself=not below_only,
        port=port,
        scheme=scheme,
    )


def _normal(name: str) -> str | None:
    """Return the name in the form of ``httpx.URL.host``, or None if it is not a host name."""
    if not name or re.search(r"[/?#@\\%*]", name):
        return None
    try:
        return httpx.URL(f"http://{name}").host.lower() or None
    except (httpx.InvalidURL, ValueError):
        return None


def _network(text: str) -> _Network | None:
    try:
        return ip_network(text.partition("%")[0], strict=False)
    except ValueError:
        return None


def _is_in(host: str, network: _Network) -> bool:
    # As in curl, Go and requests, names are not resolved to compare their addresses.
    try:
        return ip_address(host.partition("%")[0]) in network
    except ValueError:
        return False
