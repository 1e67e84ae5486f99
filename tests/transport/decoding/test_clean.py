"""Responses that fit their type are what pydantic's own validator returns."""

from __future__ import annotations

import gc
from datetime import UTC, datetime
from importlib.metadata import version
from threading import get_ident
from typing import Any, Literal

import pytest
from pydantic import TypeAdapter

from sdk.transport.decoding import Decoder
from tests.transport.decoding.shapes import (
    Issue,
    IssuePage,
    User,
    body,
    decode,
    dumped,
    issue,
    user,
)


@pytest.mark.parametrize(
    ("type_", "sent"),
    [
        (Issue, issue()),
        (list[Issue], [issue(), issue(id=11)]),
        (list[Issue], []),
        (IssuePage, {"total_count": 1, "items": [issue()]}),
        (dict[str, User], {"a": user()}),
        (dict[str, list[int]], {"a": [1], "b": []}),
        (User | None, None),
        (User | None, user()),
        (Any, {"a": [1, None]}),
        (str, "text"),
        (bool, True),
        (list[str], ["a"]),
        (Literal["a", "b"], "a"),
        (datetime, "2026-03-01T10:00:00Z"),
    ],
)
def test_a_clean_response_equals_what_pydantic_returns(type_, sent):
    value, drifts = decode(type_, sent)

    assert value == TypeAdapter(type_).validate_json(body(sent))
    assert drifts == []


def test_a_model_without_drift_serializes_to_what_was_sent():
    value, _ = decode(Issue, issue())

    assert isinstance(value, Issue)
    assert value.created_at == datetime(2026, 3, 1, 10, tzinfo=UTC)
    assert dumped(value) == issue()


def test_unknown_keys_are_kept_at_any_depth_and_are_not_drift():
    sent = issue(new=[1], user=user(new={"a": None}), labels=[{"name": "a", "new": 1}])

    value, drifts = decode(Issue, sent)

    assert drifts == []
    assert value.model_extra == {"new": [1]}
    assert value.user.model_extra == {"new": {"a": None}}
    assert dumped(value) == sent


@pytest.mark.skipif(
    version("pydantic").startswith(("2.13.", "2.14.0", "2.14.1")),
    reason="pydantic before 2.14.2 drops such a key",
)
def test_a_key_that_is_our_name_of_a_field_is_an_unknown_key():
    sent = {"+1": 1, "total": 2, "plus_one": "not ours"}

    value, drifts = decode(Issue, issue(reactions=sent))

    assert drifts == []
    assert value.reactions.plus_one == 1
    assert dumped(value.reactions) == sent


@pytest.mark.parametrize("number", [2**53 + 1, 10**40, -(2**63), 0.1, 1e-7, 3])
def test_numbers_keep_their_value(number):
    value, drifts = decode(Issue, issue(score=number, meta={"n": number}))

    assert drifts == []
    assert value.score == number
    assert value.meta == {"n": number}


def test_nan_and_infinity_are_accepted():
    value, drifts = Decoder[Any](dict[str, float], operation="o").decode(
        b'{"a": NaN, "b": Infinity}'
    )

    assert not drifts
    assert value["a"] != value["a"]
    assert value["b"] == float("inf")


def test_the_last_of_duplicate_keys_wins():
    value, drifts = Decoder[Any](User, operation="o").decode(b'{"login": 1, "login": "a", "id": 2}')

    assert not drifts
    assert value.login == "a"


@pytest.mark.parametrize("id_", [1, None], ids=["clean", "drifted"])
@pytest.mark.parametrize("collecting", [True, False])
def test_decoding_a_large_body_restores_garbage_collection(collecting, id_):
    large = [issue(id=id_)] * 500
    assert len(body(large)) > 1 << 16
    was = gc.isenabled()
    (gc.enable if collecting else gc.disable)()
    try:
        assert len(decode(list[Issue], large)[0]) == 500
        assert gc.isenabled() is collecting
    finally:
        (gc.enable if was else gc.disable)()


@pytest.mark.parametrize("before", [[], [issue(title=None)]])
@pytest.mark.parametrize("drifting", [0, 1, 300])
def test_a_large_page_is_decoded_without_a_collection(before, drifting):
    decoder = Decoder[Any](list[Issue], operation="issues/list")
    page = body([issue(title=None)] * drifting + [issue()] * (300 - drifting))
    for earlier in (body(before), page):
        decoder.decode(earlier)
    started: list[str] = []
    thread = get_ident()

    def note(phase: str, _: object) -> None:
        if phase == "start" and get_ident() == thread:
            started.append(phase)

    gc.collect()
    gc.callbacks.append(note)
    try:
        decoded = decoder.decode(page)
        collections = len(started)
    finally:
        gc.callbacks.remove(note)

    value, drifts = decoded
    assert (len(value), len(drifts)) == (300, drifting)
    assert collections == 0
