"""Models and responses like those of a large API, for the tests in this folder."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from sdk.transport.decoding import Decoder


class Model(BaseModel):
    model_config = ConfigDict(extra="allow", validate_by_name=True, validate_by_alias=True)


class User(Model):
    login: str
    id: int
    site_admin: bool = False
    name: str | None = None


class Label(Model):
    name: str | None = None
    color: str | None = None


class Reactions(Model):
    plus_one: int = Field(alias="+1")
    total: int


class Issue(Model):
    id: int
    title: str
    state: Literal["open", "closed"]
    score: int | float | None = None
    user: User | None
    assignees: list[User]
    labels: list[str | Label]
    created_at: datetime
    closed_at: datetime | None = None
    reactions: Reactions | None = None
    files: dict[str, User] = Field(default_factory=dict)
    meta: dict[str, Any] | None = None


class IssuePage(Model):
    total_count: int
    items: list[Issue]


def user(**changes: Any) -> dict[str, Any]:
    return {"login": "octocat", "id": 1, "site_admin": False, **changes}


def issue(**changes: Any) -> dict[str, Any]:
    return {
        "id": 10,
        "title": "Crash",
        "state": "open",
        "score": 1.5,
        "user": user(),
        "assignees": [user(), user(login="hubot", id=2)],
        "labels": ["bug", {"name": "help", "color": "fff"}],
        "created_at": "2026-03-01T10:00:00Z",
        "closed_at": None,
        "reactions": {"+1": 2, "total": 3},
        "files": {"a.txt": user()},
        "meta": {"anything": [1, None, {"deep": True}]},
        **changes,
    }


def without(sent: dict[str, Any], *keys: str) -> dict[str, Any]:
    return {key: value for key, value in sent.items() if key not in keys}


def body(sent: Any) -> bytes:
    return json.dumps(sent).encode()


def decode(type_: Any, sent: Any) -> tuple[Any, list[Any]]:
    """Decode what a server would send, and return the value and the drift."""
    value, drifts = Decoder[Any](type_, operation="issues/get").decode(body(sent))
    return value, list(drifts)


def places(drifts: Any) -> list[tuple[str, str]]:
    return [(drift.path, drift.kind) for drift in drifts]


def dumped(value: Any, type_: Any = Any) -> Any:
    """Serialize the value to JSON again, by the names of the API."""
    adapter = TypeAdapter(type_)
    return adapter.dump_python(
        value, by_alias=True, exclude_unset=True, mode="json", warnings=False
    )
