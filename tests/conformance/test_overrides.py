"""Compares the decisions made by hand with GitHub's text."""

from __future__ import annotations

from codegen import overrides


def test_pull_requests_are_issues_where_github_says_so(document):
    said = {
        raw["operationId"]
        for item in document["paths"].values()
        for raw in item.values()
        if "considers every pull request an issue" in raw["description"]
    }
    assert said == overrides.NOTES.keys()
