"""``fit`` keeps the given facts that a type accepts and generates the rest."""

from datetime import date, datetime
from typing import Any, Literal

import pytest
from pydantic import BaseModel

from sdk.testing.synthesis import fit


class Label(BaseModel):
    name: str
    color: str = ""


class Milestone(BaseModel):
    number: int


class Thing(BaseModel):
    title: str
    state: Literal["open", "closed"]
    labels: list[str | Label]
    milestone: Milestone | None
    at: datetime
    day: date
    ratio: float
    flag: bool
    extra: dict[str, int]
    anything: Any


def test_values_that_fit_are_kept():
    facts = {
        "title": "x",
        "state": "closed",
        "labels": ["a", {"name": "b", "unknown": 1}],
        "milestone": 3,
        "at": "2026-01-01T00:00:00Z",
        "day": "2026-01-01",
        "ratio": 1,
        "flag": True,
        "extra": {"a": 1, "b": "no"},
        "anything": [1],
        "unknown": 1,
    }
    assert fit(Thing, facts) | {"unknown": 1} == facts | {
        "labels": ["a", {"name": "b"}],
        "milestone": {"number": 3},
        "extra": {"a": 1},
    }


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", 3),
        ("state", "other"),
        ("labels", "a"),
        ("milestone", [1]),
        ("at", "2026-01-01T00:00:00"),
        ("at", "tomorrow"),
        ("day", "yesterday"),
        ("ratio", "1"),
        ("flag", 1),
        ("extra", []),
    ],
)
def test_values_that_do_not_fit_are_generated(field, value):
    made = fit(Thing, {field: value})
    assert made[field] is not value
    Thing.model_validate(made)


def test_null_is_kept_where_the_type_allows_it():
    assert fit(Thing, {"milestone": None})["milestone"] is None
    assert fit(Thing, {"title": None})["title"] is not None


def test_a_name_becomes_an_object_with_that_name():
    assert fit(Label, "bug") == {"name": "bug"}
    assert fit(list[Label], ["bug", 3]) == [{"name": "bug"}]
    assert fit(Milestone, True)["number"] is not True
