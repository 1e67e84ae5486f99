"""Where a request goes, and its head in bytes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import quote, urlsplit

from sdk.transport.errors import InvalidInput

_DEFAULT_PORTS = {"http": 80, "https": 443}
# What a request target may be made of (RFC 3986, 2), brackets and the like of lenient servers
# included. What it must not hold is what could end the request line.
_TARGET = re.compile(r"[!-~]+")
_SAFE = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"


class Origin(NamedTuple):
    """Scheme, host and port that connections are made to.

    Attributes:
        secure: whether it speaks TLS.
        host: name or address, in ASCII and without brackets.
        port: the port.
        authority: what the Host header says.
    """

    secure: bool
    host: str
    port: int
    authority: str


def split_url(url: str) -> tuple[Origin, str]:
    """Return the origin of an absolute URL, and the target that is asked of it.

    Raises:
        InvalidInput: it is no http or https URL.
    """
    start = url.find("://")
    end = len(url)
    for mark in "/?#":
        found = url.find(mark, start + 3, end)
        if found >= 0:
            end = found
    origin = _origin(url[:end])
    target = url[end:]
    if "#" in target:
        target = target.partition("#")[0]
    if not target.startswith("/"):
        target = f"/{target}"
    if not _TARGET.fullmatch(target):
        target = quote(target, safe=_SAFE)
    return origin, target


@lru_cache(maxsize=256)
def _origin(base: str) -> Origin:
    try:
        parts = urlsplit(base)
        port, host = parts.port, parts.hostname
    except ValueError:
        raise InvalidInput("The URL is not valid.") from None
    scheme = parts.scheme.lower()
    if scheme not in _DEFAULT_PORTS or not host:
        raise InvalidInput("The URL must begin with http:// or https:// and name a host.")
    host = _ascii(host)
    default = _DEFAULT_PORTS[scheme]
    name = f"[{host}]" if ":" in host else host
    authority = name if port in (None, default) else f"{name}:{port}"
    return Origin(scheme == "https", host, default if port is None else port, authority)


def _ascii(host: str) -> str:
    if host.isascii():
        if not _TARGET.fullmatch(host):
            raise InvalidInput("The host of the URL is not valid.")
        return host
    # It comes with httpx, and knows today's rules, which Python's own codec does not.
    import idna

    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except UnicodeError:
        raise InvalidInput("The host of the URL is not valid.") from None


def write_head(
    method: str, target: str, authority: str, headers: Mapping[str, str], framing: str
) -> bytes:
    """Return the head of a request.

    Args:
        method: the method.
        target: the path and the query.
        authority: the Host header, unless the headers have one.
        headers: the headers.
        framing: the line that says where the body ends, with its CRLF; ``""`` without a body.

    Raises:
        InvalidInput: a header holds what would split the request.
    """
    lines = "".join([f"{name}: {value}\r\n" for name, value in headers.items()])
    host = "" if "host" in headers else f"host: {authority}\r\n"
    head = f"{method} {target} HTTP/1.1\r\n{host}{lines}{framing}\r\n"
    expected = len(headers) + bool(host) + bool(framing) + 2
    if head.count("\n") != expected or head.count("\r") != expected or "\0" in head:
        raise InvalidInput("A header of the request holds a line break or a NUL.")
    try:
        return head.encode("latin-1")
    except UnicodeEncodeError:
        raise InvalidInput(
            "A header of the request holds a character that is not Latin-1."
        ) from None
