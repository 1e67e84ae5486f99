from __future__ import annotations

import pytest

from codegen import facts


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Can be: `low`, `high`", ["low", "high"]),
        ("Can be any combination of: `queued`, `in_progress`.", ["queued", "in_progress"]),
        ("Possible values are: `a-b`,\n`c`, and `d`.", ["a-b", "c", "d"]),
        ("Valid options are `on`, `off` or `broken`.", ["on", "off", "broken"]),
        ('Currently, `"utf-8"` and `"base64"` are supported.', ["utf-8", "base64"]),
        ("An id, or `latest`. Currently only `latest` is supported.", ["latest"]),
        ("A name. Pass in `none` for those without, and `*` for those with any.", ["none", "*"]),
        ("Use `*` to get all, `none` to get the rest, or a name to get one's.", ["*", "none"]),
        ("If the string `*` is passed, any will do.", ["*"]),
        ("Set to `1` or `true` to include them.", ["1", "true"]),
        ("It fails without setting this parameter to `true`, and says so.", ["true"]),
    ],
)
def test_values_to_pass(text, values):
    assert facts.values(text) == values


@pytest.mark.parametrize(
    "text",
    [
        "The branch, for example `main` or `topic`.",
        "A name (e.g., `production`, `staging`).",
        "Use `checks` instead of `contexts` for more control.",
        "**Required** when using `COMMENT` or `CHANGES` for the `event` parameter.",
        "Ignored unless `restricted` is set to `true`.",
        "Set to `null` to take it away.",
        "Use the agent's filename: for `x.agent.md`, use `x`.",
        "To list all, use `GET /things` or `GET /others`.",
        "A time, in the format `YYYY-MM-DD`.",
    ],
)
def test_examples_names_and_formats_are_no_values(text):
    assert facts.values(text) == []


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        ("This parameter expects the format `BASE...HEAD`.", ["BASE...HEAD"]),
        ("By user, in the format of `user:ref` or `org:ref`. For example: `a:b`.",
         ["user:ref", "org:ref"]),
        ("Filters in `slug:value` format, as in `a:b`.", ["slug:value"]),
        ("In [ISO 8601](https://example.com) format: `YYYY-MM-DD`.", ["YYYY-MM-DD"]),
        ("The full reference, formatted as `refs/heads/<name>`, or `refs/tags/<tag>`.",
         ["refs/heads/<name>", "refs/tags/<tag>"]),
        ("For a branch it can be formatted as `refs/heads/<name>`.", []),
        ("In the format that was agreed.", []),
    ],
)  # fmt: skip
def test_the_format_of_a_string(text, forms):
    assert facts.forms(text) == forms


def test_bounds():
    assert facts.bounds("How many (max 50).") == (None, 50)
    assert facts.bounds("An integer between 0 and 43,200 (30 days).") == (0, 43200)
    assert facts.bounds("An integer between `1` and `12`.") == (1, 12)
    assert facts.bounds("A number between 1 and 6 or 0 for none.") == (None, None)
    assert facts.bounds("Line 3 of the file.") == (None, None)


def test_lengths_and_units():
    assert facts.length("The reason. Max 1024 characters.") == 1024
    assert facts.length("Must be 100 characters or fewer.") == 100
    assert facts.length("Must be between 1 and 64 characters.") == 64
    assert facts.length("The maximum description length is 140 characters.") == 140
    assert facts.length("A short text of 3 words.") is None
    assert facts.unit("The time (in minutes) to wait.") == "minutes"
    assert facts.unit("The time to wait.") is None


def test_several_values():
    assert facts.is_list("A comma-separated list of names.")
    assert facts.is_list("A list of comma separated names.")
    assert not facts.is_list("A name without commas.")
