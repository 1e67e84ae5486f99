"""The few decisions made by hand, all of them: everything else follows from the description."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ById:
    """A method that takes text or a number and calls one operation or the other."""

    tag: str
    name: str
    argument: str
    text: str
    number: str
    summary: str
    meaning: str
    """What the argument is."""


MERGED = [
    ById(
        tag="users",
        name="get",
        argument="id",
        text="users/get-by-username",
        number="users/get-by-id",
        summary="Get a user or an organization, by login or by account id.",
        meaning="a login, or as an int the account id, which renaming does not change.",
    ),
]


@dataclass(frozen=True)
class Variant:
    """The same operation asked for another media type, as a method of its own.

    `returns` is "str", "bytes", or "declared" for what the description says of this media type.
    """

    operation: str
    name: str
    accept: str
    returns: str
    summary: str
    items: str = ""
    """The component of its items, where the description has a list of them for JSON, beside the
    usual one, and names the media type in its text only."""


_DIFF, _PATCH = "application/vnd.github.diff", "application/vnd.github.patch"
_RAW = "application/vnd.github.raw+json"
_STARS = "application/vnd.github.v3.star+json"

VARIANTS = [
    Variant("repos/get-commit", "get_commit_diff", _DIFF, "str", "Get a commit as a diff."),
    Variant("repos/get-commit", "get_commit_patch", _PATCH, "str", "Get a commit as a patch."),
    Variant(
        "repos/get-commit",
        "get_commit_sha",
        "application/vnd.github.sha",
        "str",
        "Get the SHA of a commit, and nothing else.",
    ),
    Variant(
        "repos/compare-commits-with-basehead",
        "compare_commits_with_basehead_diff",
        _DIFF,
        "str",
        'Compare two commits, given as "BASE...HEAD", as a diff.',
    ),
    Variant(
        "repos/compare-commits-with-basehead",
        "compare_commits_with_basehead_patch",
        _PATCH,
        "str",
        'Compare two commits, given as "BASE...HEAD", as a patch.',
    ),
    Variant("repos/get-content", "get_content_raw", _RAW, "bytes", "Get the bytes of a file."),
    Variant(
        "repos/get-readme",
        "get_readme_raw",
        _RAW,
        "bytes",
        "Get the bytes of a repository's README.",
    ),
    Variant(
        "repos/get-release-asset",
        "download_release_asset",
        "application/octet-stream",
        "bytes",
        "Download a release asset.",
    ),
    Variant("git/get-blob", "get_blob_raw", _RAW, "bytes", "Get the bytes of a blob."),
    Variant("pulls/get", "get_diff", _DIFF, "str", "Get a pull request as a diff."),
    Variant("pulls/get", "get_patch", _PATCH, "str", "Get a pull request as a patch."),
    Variant(
        "code-scanning/get-analysis",
        "get_analysis_sarif",
        "application/sarif+json",
        "declared",
        "Get an analysis in the SARIF format.",
    ),
    Variant(
        "code-scanning/get-codeql-database",
        "download_codeql_database",
        "application/zip",
        "bytes",
        "Download a CodeQL database.",
    ),
    Variant(
        "activity/list-repos-starred-by-authenticated-user",
        "list_repos_starred_by_authenticated_user_with_dates",
        _STARS,
        "declared",
        "List the repositories that the authenticated user starred, and when.",
    ),
    Variant(
        "activity/list-repos-starred-by-user",
        "list_repos_starred_by_user_with_dates",
        _STARS,
        "declared",
        "List the repositories that a user starred, and when.",
        items="starred-repository",
    ),
    Variant(
        "activity/list-stargazers-for-repo",
        "list_stargazers_for_repo_with_dates",
        _STARS,
        "declared",
        "List the stargazers of a repository, and when they starred it.",
        items="stargazer",
    ),
]

# Second names of methods, where GitHub's own says too much or too little.
ALIASES = {
    "users/get-authenticated": "me",
    "search/issues-and-pull-requests": "issues",
    "actions/create-workflow-dispatch": "run_workflow",
}

# Names of methods whose operations GitHub files under another tag than their own name says.
NAMES = {
    "pull-request-stacks/add": "add_to_stack",
    "pull-request-stacks/create": "create_stack",
    "pull-request-stacks/get": "get_stack",
    "pull-request-stacks/list": "list_stacks",
}

# What an empty value of a path parameter stands for, by operation and parameter. An entry needs
# both: GitHub's text says that the parameter may be left out, and recorded traffic has an answer to
# the path that then ends in a slash (`poe conformance` looks for both). Everything else refuses an
# empty value, since most paths with a slash at their end are not there or another operation's. The
# text says it of `ref` in archives and matching refs too, but no answer was recorded, and GitHub's
# template `archive_url` drops the slash with it, where `contents_url` keeps it.
EMPTY = {("repos/get-content", "path"): "the root"}

# What surprises who calls an operation, and neither its name nor its types say.
_PULLS_TOO = "Pull requests are issues too: those have ``pull_request`` set."
NOTES = {
    "issues/get": _PULLS_TOO,
    "issues/list": _PULLS_TOO,
    "issues/list-for-authenticated-user": _PULLS_TOO,
    "issues/list-for-org": _PULLS_TOO,
    "issues/list-for-repo": _PULLS_TOO,
}
