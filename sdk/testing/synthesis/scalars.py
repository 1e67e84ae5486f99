"""Single values that match the name of their field, as pure functions of name and number."""

from __future__ import annotations

import hashlib
import ipaddress
import pathlib
import re
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pydantic
from pydantic import networks

from .constraints import Constraints

_EPOCH = datetime(2026, 1, 1, tzinfo=UTC)

_TEXTS = {
    "branch": "main",
    "color": "ededed",
    "content_type": "application/json",
    "email": "user-{n}@example.com",
    "encoding": "base64",
    "etag": 'W/"{n}"',
    "event": "push",
    "full_name": "octo-org/repository-{n}",
    "gravatar_id": "",
    "html_url": "https://github.com/octo-org/{owner}-{n}",
    "language": "Python",
    "login": "user-{n}",
    "node_id": "N_{n}",
    "ref": "refs/heads/main",
    "state": "open",
    "title": "Title {n}",
    "type": "User",
    "url": "https://api.github.com/{owner}/{n}",
    "visibility": "public",
}

_SUFFIXES = (
    ("_at", "time"),
    ("_date", "time"),
    ("_url", "link"),
    ("_href", "link"),
    ("sha", "hash"),
    ("_digest", "hash"),
    ("_oid", "hash"),
    ("_branch", "branch"),
    ("_email", "email"),
    ("_ref", "ref"),
)


def text(name: str, owner: str, number: int) -> str:
    """Return a text for the field `name` of an object called `owner`."""
    template = _TEXTS.get(name)
    if template is not None:
        return template.format(n=number, owner=owner)
    if name in ("date", "oid", "href"):
        name = f"_{name}"
    for suffix, kind in _SUFFIXES:
        if name.endswith(suffix):
            match kind:
                case "time":
                    return moment(number)
                case "link":
                    part = name.removesuffix(suffix).strip("_") or "link"
                    return f"https://api.github.com/{owner}/{number}/{part}"
                case "hash":
                    return hash_of(f"{name}{number}")
                case _:
                    return _TEXTS[kind].format(n=number, owner=owner)
    if name in ("name", "slug", "key", "path", "id", ""):
        return f"{owner or 'text'}-{number}"
    return f"{name.replace('_', ' ')} {number}"


def integer(name: str, number: int) -> int:
    """Return a number: a unique one for names such as ``id``, else 0."""
    return number if name in ("id", "number", "run_number") or name.endswith("_id") else 0


def moment(number: int) -> str:
    """Return a time in GitHub's format: `number` minutes after the start of 2026."""
    # datetime ends in the year 9999.
    minutes = timedelta(minutes=number % 1_000_000_000)
    return (_EPOCH + minutes).isoformat().replace("+00:00", "Z")


def day(number: int) -> str:
    """Return a date in the first quarter of 2026."""
    return (_EPOCH + timedelta(days=number % 90)).date().isoformat()


def hash_of(content: str) -> str:
    """Return a commit hash."""
    return hashlib.sha1(content.encode(), usedforsecurity=False).hexdigest()


def makes(kind: type) -> bool:
    """Return whether ``scalar`` supports this type."""
    return kind in _SPECIAL or kind in _PLAIN or issubclass(kind, _URLS)


def scalar(kind: type, constraints: Constraints, name: str, owner: str, number: int) -> Any:
    """Return a JSON value of a type within constraints."""
    if kind is bool:
        return False
    if kind in _NUMBERS:
        found = constraints.number(integer(name, number), whole=kind not in (float, Decimal))
        return float(found) if kind is float else found
    if kind in (datetime, date):
        within = constraints.moment(timedelta(days=1))
        if within is not None:
            return within.isoformat()
        return moment(number) if kind is datetime else day(number)
    if kind in _TEXTUAL:
        return constraints.text(text(name, owner, number))
    if kind in _SPECIAL:
        return _special(kind, name, number)
    if kind is UUID:
        return _uuid(constraints, number)
    if kind is timedelta:
        return _span(constraints, number)
    return _address(kind, name, number) if issubclass(kind, _URLS) else None


def _address(kind: Any, name: str, number: int) -> str:
    schemes = getattr(getattr(kind, "_constraints", None), "allowed_schemes", None) or ["https"]
    scheme = "https" if "https" in schemes else schemes[0]
    place = "" if scheme == "file" else "user@example.com" if scheme not in _WEB else "example.com"
    return f"{scheme}://{place}/{name or 'link'}-{number}"


def _uuid(constraints: Constraints, number: int) -> str:
    version = constraints.uuid_version or 4
    digits = f"{number % 16**12:012x}"
    return str(UUID(f"00000000-0000-{version}000-8000-{digits}"))


_WEB = ("http", "https", "ws", "wss", "ftp")

_NUMBERS = (int, float, Decimal, pydantic.ByteSize)

_TEXTUAL = (str, bytes, pydantic.SecretStr, pydantic.SecretBytes)

_PLAIN = (*_NUMBERS, *_TEXTUAL, bool, datetime, date, timedelta, UUID)

# pydantic's classes of URLs, and of URLs with several hosts, as databases have.
_URLS = (networks.AnyUrl, networks._BaseMultiHostUrl)

_SPECIAL: dict[Any, str] = {
    time: "12:{minute:02}:00",
    pydantic.AwareDatetime: "{moment}",
    pydantic.NaiveDatetime: "{naive}",
    pydantic.PastDatetime: "{past}T12:00:00Z",
    pydantic.FutureDatetime: "{future}T12:00:00Z",
    pydantic.PastDate: "{past}",
    pydantic.FutureDate: "{future}",
    pydantic.EmailStr: "user-{n}@example.com",
    pydantic.NameEmail: "user-{n}@example.com",
    pathlib.Path: "{name}-{n}",
    pathlib.PurePath: "{name}-{n}",
    re.Pattern: "x{n}",
    ipaddress.IPv4Address: "192.0.2.{host}",
    ipaddress.IPv6Address: "2001:db8::{host:x}",
    ipaddress.IPv4Network: "192.0.2.0/24",
    ipaddress.IPv6Network: "2001:db8::/32",
    ipaddress.IPv4Interface: "192.0.2.{host}/24",
    ipaddress.IPv6Interface: "2001:db8::{host:x}/32",
    networks.IPvAnyAddress: "192.0.2.{host}",
    networks.IPvAnyNetwork: "192.0.2.0/24",
    networks.IPvAnyInterface: "192.0.2.{host}/24",
}


def _special(kind: type, name: str, number: int) -> str:
    return _SPECIAL[kind].format(
        n=number,
        name=name or "path",
        minute=number % 60,
        host=number % 254 + 1,
        moment=moment(number),
        naive=moment(number).removesuffix("Z"),
        # Fixed years, so that the same seed gives the same value on any day.
        past=f"1990{day(number)[4:]}",
        future=f"2990{day(number)[4:]}",
    )


def _span(constraints: Constraints, number: int) -> str:
    within = constraints.moment(timedelta(minutes=1))
    seconds = number if within is None else int(within.total_seconds())
    return f"PT{seconds % 86_400_000}S"
