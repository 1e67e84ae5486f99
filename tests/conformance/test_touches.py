"""What was decided by hand, held against what GitHub says."""

from __future__ import annotations

from codegen import touches


def test_pull_requests_are_issues_where_github_says_so(document):
    said = {
        raw["operationId"]
        for item in document["paths"].values()
        for raw in item.values()
        if "considers every pull request an issue" in raw["description"]
    }
    assert said == touches.NOTES.keys()
