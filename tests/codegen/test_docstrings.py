from __future__ import annotations

from codegen import docstrings, overrides
from tests.codegen.tiny import TEXT, answering, parameter, read_method, record, taking


def described(name, description, place="query", **schema):
    return {**parameter(name, place, **schema), "description": description}


def arguments(*parameters, body=None):
    operation = {"parameters": list(parameters), "responses": answering(status=204)}
    if body:
        operation["requestBody"] = taking(body)
    lines = docstrings.method(read_method({"POST /things": operation}))
    if "Args:" not in lines:
        return []
    return [line.removeprefix("    ") for line in lines[lines.index("Args:") + 1 :]]


def test_documented_values_are_added_to_the_note_about_an_argument():
    special = "Pass in `none` for those without one, and `*` for those with any."
    assert arguments(described("assignee", special)) == [
        'assignee: login of a user; special values: "none", "*".'
    ]
    assert arguments(described("anything", special)) == ['anything: special values: "none", "*".']
    assert arguments(described("level", "Can be: `low`, `high`")) == [
        'level: known values: "low", "high".'
    ]


def test_documented_values_of_a_body_field_are_added():
    body = record(level={**TEXT, "description": "Can be: `low`, `high`"})
    assert arguments(body=body) == ['level: known values: "low", "high".']


def test_values_in_the_type_or_the_default_are_not_repeated():
    said = "Can be: `low`, `high`"
    assert arguments(described("level", said, type="string", enum=["low", "high"])) == []
    assert arguments(described("level", said, type="string", default="low")) == [
        'level: default "low"; known values: "high".'
    ]


def test_a_string_of_several_values():
    said = "A comma-separated list. Can be: `low`, `high`"
    assert arguments(described("level", said)) == [
        'level: known values: "low", "high"; separate several with commas.'
    ]
    assert arguments(described("labels", "A list of comma separated names.")) == [
        "labels: names of labels, separated by commas."
    ]


def test_limits_are_taken_from_the_text():
    assert arguments(
        described("per_page", "How many (max 50).", type="integer", default=30),
        described("wait", "The time (in minutes) is between 0 and 100.", type="integer"),
        described("reason", "Max 10 characters."),
        described("head", "Text in the format of `user:ref`."),
    ) == [
        "per_page: number of items per page (at most 50; default 30).",
        "wait: 0 to 100 minutes.",
        "reason: at most 10 characters.",
        "head: the branch, tag or commit to end at (format ``user:ref``).",
    ]


def test_declared_limits_take_precedence_over_the_text():
    count = described("count", "How many (max 50).", type="integer", maximum=20)
    assert arguments(count) == ["count: at most 20."]


def test_a_long_line_is_wrapped():
    said = "Can be: " + ", ".join(f"`a-value-{number}`" for number in range(12))
    first, second, *_ = arguments(described("level", said))
    assert len(first) <= 88
    assert second.startswith("    ")


def test_a_note_about_an_operation():
    (operation, note), *_ = overrides.NOTES.items()
    described = {"operationId": operation, "tags": ["issues"], "responses": answering(status=204)}
    lines = docstrings.method(read_method({"GET /issue": described}))
    assert lines[2:5] == ["``GET /issue``", "", note]
