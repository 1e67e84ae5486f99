"""The origin and target of a request, and its head in bytes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import quote, urlsplit

from sdk.transport.errors import InvalidInput
from sdk.transport.headers import FixedHeaders

_DEFAULT_PORTS = {"http": 80, "https": 443}
# The characters of a request target (RFC 3986, 2), with brackets and others that lenient servers
# accept, but without any that could end the request line.
_TARGET = re.compile(r"[!-~]+")
_SAFE = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"


class Origin(NamedTuple):
    """The scheme, host and port of a connection.

    Attributes:
        secure: whether it uses TLS.
        host: the name or address, in ASCII and without brackets.
        port: the port.
        authority: the value of the Host header.
    """

    secure: bool
    host: str
    port: int
    authority: str


def split_url(url: str) -> tuple[Origin, str]:
    """Return the origin and the request target of an absolute URL.

    Raises:
        InvalidInput: it is not a valid http or https URL.
    """
    # Behind "https://": the slashes of the scheme are not the path.
    end = url.find("/", 8)
    origin = _known.get(url[:end]) if end > 0 else None
    if origin is None:
        end = min([place for mark in "/?#" if (place := url.find(mark, 8)) >= 0], default=len(url))
        origin = _origin(url[:end])
    target = url[end:]
    if "#" in target:
        target = target.partition("#")[0]
    if not target.startswith("/"):
        target = f"/{target}"
    if not (target.isascii() and target.isprintable()) or " " in target:
        target = quote(target, safe=_SAFE)
    return origin, target


# What the URLs of most calls begin with; looking it up takes a tenth of reading it.
_known: dict[str, Origin] = {}
_MOST_KNOWN = 256


def _origin(base: str) -> Origin:
    origin = _read_origin(base)
    if len(_known) >= _MOST_KNOWN:
        _known.clear()
    _known[base] = origin
    return origin


def _read_origin(base: str) -> Origin:
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
    # idna is a dependency of httpx, and implements the current rules, unlike Python's own codec.
    import idna

    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except UnicodeError:
        raise InvalidInput("The host of the URL is not valid.") from None


def write_head(
    method: str,
    target: str,
    authority: str,
    headers: Mapping[str, str],
    added: Mapping[str, str],
    framing: str,
) -> bytes:
    """Return the head of a request.

    Args:
        method: the method.
        target: the path and the query.
        authority: the Host header, unless the headers have one.
        headers: the headers.
        added: further headers, of other names.
        framing: the line that says where the body ends, with its CRLF; ``""`` without a body.

    Raises:
        InvalidInput: a header contains a character that is not allowed.
    """
    lines = _lines(headers) + _lines(added) if added else _lines(headers)
    host = "" if "host" in headers or "host" in added else f"host: {authority}\r\n"
    head = f"{method} {target} HTTP/1.1\r\n{host}{lines}{framing}\r\n"
    expected = len(headers) + len(added) + bool(host) + bool(framing) + 2
    if head.count("\n") != expected or head.count("\r") != expected or "\0" in head:
        raise InvalidInput("A header of the request contains a line break or a NUL.")
    try:
        return head.encode("latin-1")
    except UnicodeEncodeError:
        raise InvalidInput(
            "A header of the request contains a character that is not Latin-1."
        ) from None


def _lines(headers: Mapping[str, str]) -> str:
    if not isinstance(headers, FixedHeaders):
        return "".join([f"{name}: {value}\r\n" for name, value in headers.items()])
    if headers.lines is None:
        headers.lines = "".join([f"{name}: {value}\r\n" for name, value in headers.items()])
    return headers.lines
