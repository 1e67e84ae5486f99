"""Single values that look like what their field is called. Pure functions of name and number."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

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
    """Make up a text for the field `name` of an object called `owner`."""
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
    """Make up a number: one that tells things apart where the name says so, else 0."""
    return number if name in ("id", "number", "run_number") or name.endswith("_id") else 0


def moment(number: int) -> str:
    """Make up a time, in GitHub's form: `number` minutes into 2026."""
    return (_EPOCH + timedelta(minutes=number)).isoformat().replace("+00:00", "Z")


def day(number: int) -> str:
    """Make up a date: `number` days into 2026."""
    return (_EPOCH + timedelta(days=number % 365)).date().isoformat()


def hash_of(content: str) -> str:
    """Make up a commit's hash."""
    return hashlib.sha1(content.encode(), usedforsecurity=False).hexdigest()
