"""The responses for the measured programs: the examples of GitHub's own description."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from codegen import source
from codegen.description import Description

_FILE = source.CACHE.parent / "benchmarks" / f"payloads-{source.VERSION}.json"

# One operation of each of ten resources, with the path that the programs ask for. All are such
# that the example fits its schema: the cost of drift is measured by benchmarks.drift.
_PATHS = {
    "/users/octocat": "users/get-by-username",
    "/repos/o/r/issues": "issues/list-for-repo",
    "/gists/1": "gists/get",
    "/repos/o/r/git/commits/abc": "git/get-commit",
    "/repos/o/r/actions/runs": "actions/list-workflow-runs-for-repo",
    "/search/repositories": "search/repos",
    "/repos/o/r/stargazers": "activity/list-stargazers-for-repo",
    "/repos/o/r/commits/abc/check-runs": "checks/list-for-ref",
    "/repos/o/r/issues/1/reactions": "reactions/list-for-issue",
    "/licenses/mit": "licenses/get",
}
_HUNDRED = "/repos/o/hundred/issues"
_ISSUES = 100


def written() -> Path:
    """Return the file in .cache with the responses by path as JSON; write it if it is missing."""
    if _FILE.is_file():
        return _FILE
    document = source.load()
    description = Description(document)
    examples = {
        operation["operationId"]: operation["responses"]["200"]["content"]["application/json"]
        for item in document["paths"].values()
        for operation in item.values()
        if operation["operationId"] in _PATHS.values()
    }
    responses = {path: _first(description, examples[name]) for path, name in _PATHS.items()}
    issue = responses["/repos/o/r/issues"][0]
    responses[_HUNDRED] = [{**issue, "id": number, "number": number} for number in range(_ISSUES)]
    _FILE.parent.mkdir(parents=True, exist_ok=True)
    _FILE.write_text(json.dumps(responses))
    return _FILE


def _first(description: Description, content: dict[str, Any]) -> Any:
    return description.resolve(next(iter(content["examples"].values())))["value"]
