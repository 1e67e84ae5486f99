"""Any JSON serializes back to what was sent, and untouched values equal the strict result."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from sdk.transport.decoding import Decoder
from tests.property_tests import unhurried
from tests.transport.decoding.shapes import (
    Issue,
    IssuePage,
    Label,
    User,
    body,
    dumped,
    issue,
    user,
)

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8).filter(str.isprintable),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)
# pydantic's datetime reads a number in a string as a point in time, and serializes it differently.
UNDATED = JSON.filter(lambda value: not (isinstance(value, str) and any(map(str.isdigit, value))))

ISSUES = Decoder[list[Issue]](list[Issue], operation="issues")
PAGES = Decoder[IssuePage](IssuePage, operation="pages")
CHOICES = Decoder[Any](list[User | Label | Issue | str], operation="choices")
CLEAN = [issue(), issue(id=11)]

LEAVES = [
    ("id",),
    ("title",),
    ("state",),
    ("score",),
    ("user",),
    ("user", "login"),
    ("user", "site_admin"),
    ("assignees",),
    ("assignees", 1),
    ("assignees", 1, "id"),
    ("labels",),
    ("labels", 1, "name"),
    ("created_at",),
    ("reactions", "+1"),
    ("files",),
    ("files", "a.txt"),
    ("files", "a.txt", "login"),
    ("meta",),
]


def changed(sent: Any, path: tuple[Any, ...], value: Any) -> Any:
    result = copy.deepcopy(sent)
    parent = result
    for step in path[:-1]:
        parent = parent[step]
    parent[path[-1]] = value
    return result


@settings(unhurried, max_examples=150)
@given(st.sampled_from(LEAVES), UNDATED)
def test_one_changed_value_changes_nothing_else(path, value):
    sent = changed(CLEAN, (1, *path), value)

    decoded, _ = ISSUES.decode(body(sent))
    expected, _ = ISSUES.decode(body(CLEAN))

    assert dumped(decoded) == sent
    assert decoded[0] == expected[0]
    assert type(decoded[1]) is Issue
    top = path[0]
    for name in Issue.model_fields:
        if name != top:
            assert getattr(decoded[1], name) == getattr(expected[1], name)
            assert type(getattr(decoded[1], name)) is type(getattr(expected[1], name))


@settings(unhurried, max_examples=75)
@given(st.dictionaries(st.sampled_from([*Issue.model_fields, "a", "b"]), UNDATED))
def test_any_object_is_an_issue(sent):
    page = {"total_count": 1, "items": [sent]}

    decoded, _ = PAGES.decode(body(page))

    assert type(decoded.items[0]) is Issue
    assert dumped(decoded) == page


@settings(unhurried, max_examples=75)
@given(st.dictionaries(st.text(max_size=12), JSON, max_size=4), st.sampled_from(range(4)))
def test_unknown_keys_survive_at_any_depth(extra, depth):
    known = {*User.model_fields, *Issue.model_fields, "+1"}
    extra = {key: value for key, value in extra.items() if key not in known}
    sent = [
        issue(**extra),
        issue(user=user(**extra)),
        issue(assignees=[user(), user(**extra)]),
        issue(files={"a": user(**extra)}, title=None),
    ][depth]

    decoded, _ = ISSUES.decode(body([sent]))

    assert dumped(decoded) == [sent]


@settings(unhurried, max_examples=75)
@given(
    st.lists(
        st.dictionaries(
            st.sampled_from([*User.model_fields, *Label.model_fields, *Issue.model_fields]),
            UNDATED,
            max_size=5,
        )
        | UNDATED,
        max_size=4,
    )
)
def test_a_union_loses_nothing_whatever_it_is_sent(sent):
    decoded, _ = CHOICES.decode(body(sent))

    assert dumped(decoded) == sent
