"""Drift is counted, logged once and passed to the hook; a failing hook does not fail the call."""

from __future__ import annotations

import logging

import pytest

from sdk.transport.decoding import Drift, DriftReporter, Drifts
from sdk.transport.decoding import reporter as reporter_module


def drift(path="[3].user.login", kind="null", operation="issues/get", value="s3cret"):
    return Drift(operation, path, kind, "str", value)


@pytest.fixture
def logged(caplog):
    caplog.set_level(logging.DEBUG, logger="sdk")
    return caplog


def test_the_hook_receives_every_drift_in_order():
    seen: list[Drift] = []
    drifts = [drift(), drift("[4].user.login"), drift("id")]

    DriftReporter(seen.append).report(drifts)

    assert seen == drifts


def test_one_warning_for_each_response_with_new_places(logged):
    reporter = DriftReporter()

    for _ in range(3):
        reporter.report([drift("[0].id"), drift("[1].id"), drift("[1].id", "missing")])
    reporter.report([drift("[0].id", operation="issues/list")])

    assert [record.levelname for record in logged.records] == ["WARNING"] * 2
    assert {record.name for record in logged.records} == {"sdk"}
    assert "[].id (null, expected str)" in logged.text
    assert "issues/list" in logged.text


def test_no_value_and_no_key_of_a_map_is_logged(logged):
    DriftReporter().report([drift('files["s3cret"].size')])

    assert "files[].size" in logged.text
    assert "s3cret" not in logged.text


def test_drift_of_the_whole_response_is_named(logged):
    DriftReporter().report([drift("")])

    assert "the top level (null" in logged.text


def test_counters_count_how_often_each_place_drifted():
    reporter = DriftReporter()
    reporter.report([drift("[0].id"), drift("[1].id")])
    reporter.report([drift("[7].id")])

    assert dict(reporter.counts) == {("issues/get", "[].id", "null"): 3}
    with pytest.raises(TypeError):
        reporter.counts["x"] = 1  # type: ignore[index]


def test_memory_and_log_are_bounded(logged):
    reporter = DriftReporter()
    for number in range(1_500):
        reporter.report([drift(f"field_{number}")])

    assert len(reporter.counts) == 1_000
    assert len(logged.records) == 1_001
    assert "more than 1000 places" in logged.records[-1].getMessage()


def test_an_exception_of_the_hook_is_logged_once_without_its_message(logged):
    def hook(drift):
        raise ValueError(drift.value)

    reporter = DriftReporter(hook)
    for _ in range(3):
        reporter.report([drift(), drift("id")])

    complaints = [text for text in logged.messages if "hook" in text]
    assert complaints == ["The drift hook raised ValueError; it is ignored."]
    assert "s3cret" not in logged.text
    assert sum(reporter.counts.values()) == 6


def test_a_keyboard_interrupt_in_the_hook_is_not_swallowed():
    def hook(drift):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        DriftReporter(hook).report([drift()])


def test_a_slow_hook_is_not_called_for_the_rest_of_a_response(logged, monkeypatch):
    seen: list[Drift] = []
    monkeypatch.setattr(reporter_module, "monotonic", lambda: 0.03 * len(seen))

    def hook(drift):
        seen.append(drift)  # which takes 30 ms

    reporter = DriftReporter(hook)
    for _ in range(2):
        reporter.report([drift(f"[{number}].id") for number in range(100)])

    assert len(seen) == 4
    assert sum(reporter.counts.values()) == 200
    assert len([text for text in logged.messages if "slow" in text]) == 1


def test_the_hook_is_called_a_thousand_times_per_response_at_most():
    seen: list[Drift] = []

    DriftReporter(seen.append).report([drift()] * 5_000)

    assert len(seen) == 1_000


def test_the_log_names_the_first_places_and_counts_the_others(logged):
    places = [drift(f"[{number}].field_{number}") for number in range(99)]

    DriftReporter().report(Drifts(places, omitted=1_000))

    (message,) = logged.messages
    assert "in 1099 value(s), at 99 new place(s): [].field_0 (null, expected str)" in message
    assert "and 96 more" in message
    assert "field_3 " not in message


def test_a_response_without_a_new_place_is_not_logged(logged):
    reporter = DriftReporter()
    reporter.report([drift("[0].id"), drift("[0].name")])
    reporter.report([drift("[5].name")])
    reporter.report([drift("[7].id")])

    assert len(logged.messages) == 1


def test_long_names_are_cut_off_in_the_log(logged):
    DriftReporter().report([drift("a" * 10_000)])

    assert len(logged.messages[0]) < 1_000
