"""Values that differ from the type are kept as sent and reported; all others are typed."""

from __future__ import annotations

import pickle
from datetime import datetime
from typing import Any, Literal

import pytest

from sdk.transport.decoding import Drift
from tests.transport.decoding.shapes import (
    Issue,
    IssuePage,
    Label,
    User,
    decode,
    dumped,
    issue,
    places,
    user,
    without,
)


@pytest.mark.parametrize(
    ("changes", "path", "kind"),
    [
        ({"title": None}, "title", "null"),
        ({"title": 5}, "title", "wrong_type"),
        ({"id": "10"}, "id", "wrong_type"),
        ({"id": 10.5}, "id", "wrong_type"),
        ({"id": True}, "id", "wrong_type"),
        ({"state": "merged"}, "state", "unknown_value"),
        ({"state": 1}, "state", "wrong_type"),
        ({"created_at": "yesterday"}, "created_at", "malformed"),
        ({"created_at": "2026-13-45T10:00:00Z"}, "created_at", "malformed"),
        ({"created_at": 1700000000}, "created_at", "wrong_type"),
        ({"user": "octocat"}, "user", "wrong_type"),
        ({"user": [user()]}, "user", "wrong_type"),
        ({"user": user(id=None)}, "user.id", "null"),
        ({"assignees": None}, "assignees", "null"),
        ({"assignees": {"0": user()}}, "assignees", "wrong_type"),
        ({"assignees": [user(), None]}, "assignees[1]", "null"),
        ({"assignees": [user(), user(id="x")]}, "assignees[1].id", "wrong_type"),
        ({"labels": ["bug", 7]}, "labels[1]", "wrong_type"),
        ({"labels": ["bug", {"name": 7}]}, "labels[1].name", "wrong_type"),
        ({"files": {'a "b".txt': user(id="x")}}, 'files["a \\"b\\".txt"].id', "wrong_type"),
        ({"files": {"a": None}}, 'files["a"]', "null"),
        ({"reactions": {"+1": "many", "total": 1}}, "reactions.+1", "wrong_type"),
        ({"meta": []}, "meta", "wrong_type"),
    ],
)
def test_one_bad_value_is_kept_and_named(changes, path, kind):
    sent = issue(**changes)

    value, drifts = decode(Issue, sent)

    assert type(value) is Issue
    assert places(drifts) == [(path, kind)]
    assert dumped(value) == sent


@pytest.mark.parametrize(
    ("sent", "path"),
    [
        (without(issue(), "title"), "title"),
        (without(issue(), "assignees"), "assignees"),
        (issue(user=without(user(), "id")), "user.id"),
        (issue(reactions={"total": 1}), "reactions.+1"),
    ],
)
def test_a_missing_field_is_none_and_not_set(sent, path):
    value, drifts = decode(Issue, sent)

    assert places(drifts) == [(path, "missing")]
    assert drifts[0].value is None
    assert dumped(value) == sent


def test_missing_and_null_can_be_distinguished():
    missing, _ = decode(User, {"login": "a"})
    null, _ = decode(User, {"login": "a", "id": None})

    assert missing.id is None
    assert null.id is None
    assert missing.model_fields_set == {"login"}
    assert null.model_fields_set == {"login", "id"}


def test_siblings_of_a_bad_value_keep_their_types():
    sent = issue(title=None, user=user(id="x"), labels=["bug", {"name": "a", "color": 5}])

    value, _ = decode(Issue, sent)

    assert isinstance(value.created_at, datetime)
    assert isinstance(value.user, User)
    assert value.user.login == "octocat"
    assert value.user.id == "x"
    assert isinstance(value.labels[1], Label)
    assert value.labels[1].color == 5
    assert [type(each) for each in value.assignees] == [User, User]


def test_one_drifted_item_does_not_change_the_others():
    clean = [issue(id=number) for number in range(100)]
    sent = [*clean[:50], issue(id=50, state="merged"), *clean[51:]]

    value, drifts = decode(list[Issue], sent)
    expected, _ = decode(list[Issue], clean)

    assert places(drifts) == [("[50].state", "unknown_value")]
    assert value[:50] == expected[:50]
    assert value[51:] == expected[51:]
    assert dumped(value) == sent


def test_a_null_in_a_list_affects_only_that_item():
    value, drifts = decode(list[User], [user(), None, user(id=2)])

    assert [type(each) for each in value] == [User, type(None), User]
    assert places(drifts) == [("[1]", "null")]


def test_drift_in_a_wrapped_list():
    sent = {"total_count": "many", "items": [issue(), issue(user=5)]}

    value, drifts = decode(IssuePage, sent)

    assert places(drifts) == [("total_count", "wrong_type"), ("items[1].user", "wrong_type")]
    assert isinstance(value.items[0], Issue)
    assert dumped(value) == sent


def test_drift_in_a_map():
    value, drifts = decode(dict[str, User], {"a": user(), "b": user(id=None)})

    assert places(drifts) == [('["b"].id', "null")]
    assert isinstance(value["a"], User)


def test_drift_and_unknown_keys_together():
    sent = issue(state=None, new={"a": [None]}, user=user(id=None, new=1))

    value, _ = decode(Issue, sent)

    assert value.model_extra == {"new": {"a": [None]}}
    assert dumped(value) == sent


def test_an_unknown_value_as_the_whole_body_is_kept():
    value, drifts = decode(Literal["a", "b"], "c")

    assert value == "c"
    assert places(drifts) == [("", "unknown_value")]


@pytest.mark.parametrize(
    ("type_", "sent", "expected"),
    [
        (User, user(login=None), "str"),
        (Issue, issue(state="x"), "'open' | 'closed'"),
        (Issue, issue(closed_at="x"), "datetime | None"),
        (Issue, issue(assignees=None), "list[User]"),
        (Issue, issue(labels=[1]), "str | Label"),
        (Issue, issue(files=1), "dict[str, User]"),
        (list[list[list[list[list[int]]]]], [1], "list[list[list[...]]]"),
        (list[Literal["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"]], ["z"], "2 more"),
    ],
)
def test_drift_describes_the_expected_type(type_, sent, expected):
    _, drifts = decode(type_, sent)

    assert drifts[0].expected.endswith(expected)


def test_a_place_is_the_same_for_every_item_and_key():
    paths = ('[3].files["a]\'\\"b"].user.login', '[44].files[""].user.login')

    assert {Drift("o", path, "null", "str").place for path in paths} == {"[].files[].user.login"}


def test_drift_hides_its_value_and_can_be_pickled():
    drift = Drift("o", "token", "wrong_type", "str", ["secret"])

    assert "secret" not in repr(drift)
    assert pickle.loads(pickle.dumps(drift)) == drift
    assert hash(drift)


def test_numbers_are_kept_where_they_are_not_expected():
    sent: dict[str, Any] = issue(title=10**30, user=0.1, created_at=2**63)

    value, _ = decode(Issue, sent)

    assert (value.title, value.user, value.created_at) == (10**30, 0.1, 2**63)
