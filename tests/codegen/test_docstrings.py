from __future__ import annotations

from codegen import docstrings, touches
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


def test_values_that_github_names_are_added_to_what_an_argument_means():
    special = "Pass in `none` for those without one, and `*` for those with any."
    assert arguments(described("assignee", special)) == [
        'assignee: login of a user; GitHub also names "none", "*".'
    ]
    assert arguments(described("anything", special)) == ['anything: GitHub also names "none", "*".']
    assert arguments(described("level", "Can be: `low`, `high`")) == [
        'level: GitHub names "low", "high".'
    ]


def test_values_of_a_field_of_the_body_are_too():
    body = record(level={**TEXT, "description": "Can be: `low`, `high`"})
    assert arguments(body=body) == ['level: GitHub names "low", "high".']


def test_values_that_the_type_or_the_default_says_are_not():
    said = "Can be: `low`, `high`"
    assert arguments(described("level", said, type="string", enum=["low", "high"])) == []
    assert arguments(described("level", said, type="string", default="low")) == [
        'level: "low" if not given; GitHub also names "high".'
    ]


def test_several_values_in_one_text():
    said = "A comma-separated list. Can be: `low`, `high`"
    assert arguments(described("level", said)) == [
        'level: GitHub names "low", "high"; several are separated by commas.'
    ]
    assert arguments(described("labels", "A list of comma separated names.")) == [
        "labels: names of labels, separated by commas."
    ]


def test_limits_that_only_the_text_has():
    assert arguments(
        described("per_page", "How many (max 50).", type="integer", default=30),
        described("wait", "The time (in minutes) is between 0 and 100.", type="integer"),
        described("reason", "Max 10 characters."),
        described("head", "Text in the format of `user:ref`."),
    ) == [
        "per_page: how many items come in a page (at most 50; 30 if not given).",
        "wait: 0 to 100 minutes.",
        "reason: at most 10 characters.",
        "head: the branch, tag or commit to end at (in the form ``user:ref``).",
    ]


def test_declared_limits_come_before_those_of_the_text():
    size = described("size", "How many (max 50).", type="integer", maximum=20)
    assert arguments(size) == ["size: at most 20."]


def test_a_long_line_is_broken():
    said = "Can be: " + ", ".join(f"`a-value-{number}`" for number in range(12))
    first, second, *_ = arguments(described("level", said))
    assert len(first) <= 88
    assert second.startswith("    ")


def test_a_note_made_by_hand():
    (operation, note), *_ = touches.NOTES.items()
    described = {"operationId": operation, "tags": ["issues"], "responses": answering(status=204)}
    lines = docstrings.method(read_method({"GET /issue": described}))
    assert lines[2:5] == ["``GET /issue``", "", note]
