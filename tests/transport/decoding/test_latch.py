"""Responses that drift steadily are read once, not twice."""

from __future__ import annotations

from typing import Any

import pytest

from sdk.transport.decoding import Decoder
from sdk.transport.decoding.decoder import Latch
from tests.transport.decoding.shapes import Issue, body, issue, places

CLEAN = body(issue())
DRIFTED = body(issue(state="merged"))


def after(*responses: bool) -> bool:
    latch = Latch()
    for drifted in responses:
        latch.note(drifted=drifted)
    return latch.closed


@pytest.mark.parametrize(
    ("responses", "closed"),
    [
        ([], False),
        ([True], False),
        ([True, True], True),
        ([True, False, True], False),
        ([True, True, False], False),
        ([True] * 10, True),
        ([True] * 10 + [False], True),
        ([True] * 10 + [False] * 3, False),
        ([False] * 10 + [True, True], True),
    ],
)
def test_two_drifted_in_a_row_close_it_and_clean_ones_open_it(responses, closed):
    assert after(*responses) is closed


@pytest.fixture
def counted(monkeypatch):
    """Count the passes of the strict validator."""
    decoder = Decoder[Any](Issue, operation="o")
    decoder.decode(CLEAN)
    validators = decoder._validators
    passes: list[bytes] = []
    strict = validators.strict
    monkeypatch.setattr(validators, "strict", lambda sent: (passes.append(sent), strict(sent))[1])
    return decoder, passes


def test_steady_drift_costs_one_pass(counted):
    decoder, passes = counted

    for _ in range(10):
        value, drifts = decoder.decode(DRIFTED)
        assert value.state == "merged"
        assert places(drifts) == [("state", "unknown_value")]

    assert len(passes) == 2


def test_clean_responses_after_drift_are_checked_by_the_strict_validator(counted):
    decoder, passes = counted
    for _ in range(10):
        decoder.decode(DRIFTED)
    passes.clear()

    results = [decoder.decode(CLEAN) for _ in range(10)]

    assert len(passes) == 10
    assert all(value == results[0][0] and len(drifts) == 0 for value, drifts in results)
