"""All decisions made by hand; everything else follows from the description."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class MergedMethod:
    """A method that calls one operation for a string and another one for an int."""

    tag: str
    name: str
    argument: str
    text: str
    number: str
    summary: str
    meaning: str
    """The line about the argument."""


MERGED = [
    MergedMethod(
        tag="users",
        name="get",
        argument="id",
        text="users/get-by-username",
        number="users/get-by-id",
        summary="Get a user or an organization, by login or by account id.",
        meaning="a login, or the account id as an int, which does not change with the login.",
    ),
]


@dataclass(frozen=True)
class Variant:
    """A method that requests another media type of an operation.

    `returns` is "str", "bytes", or "declared" for the type that the description declares.
    """

    operation: str
    name: str
    accept: str
    returns: str
    summary: str
    items: str = ""
    """The component of its items, if the description declares their list for JSON, beside the usual
    one, and mentions the media type in its text only."""


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
        "repos/compare-commits",
        "compare_commits_diff",
        _DIFF,
        "str",
        "Compare two commits, as a diff.",
    ),
    Variant(
        "repos/compare-commits",
        "compare_commits_patch",
        _PATCH,
        "str",
        "Compare two commits, as a patch.",
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
        "List the users who starred a repository, and when.",
        items="stargazer",
    ),
]

# Second names of methods, where GitHub's own is too long or too vague.
ALIASES = {
    "users/get-authenticated": "me",
    "search/issues-and-pull-requests": "issues",
    "actions/create-workflow-dispatch": "run_workflow",
}

# Names of methods where GitHub's own has no verb, or belongs to another resource.
NAMES = {
    "codespaces/codespace-machines-for-authenticated-user": (
        "list_codespace_machines_for_authenticated_user"
    ),
    "codespaces/pre-flight-with-repo-for-authenticated-user": (
        "get_defaults_for_repo_for_authenticated_user"
    ),
    "codespaces/repo-machines-for-authenticated-user": "list_repo_machines_for_authenticated_user",
    "copilot/copilot-content-exclusion-for-organization": (
        "get_copilot_content_exclusion_for_organization"
    ),
    **{
        f"copilot/{name}": f"get_{name.replace('-', '_')}"
        for name in (
            "copilot-enterprise-one-day-usage-metrics",
            "copilot-enterprise-repos-one-day-report",
            "copilot-enterprise-usage-metrics",
            "copilot-enterprise-user-teams-one-day-report",
            "copilot-organization-one-day-usage-metrics",
            "copilot-organization-repos-one-day-report",
            "copilot-organization-usage-metrics",
            "copilot-organization-user-teams-one-day-report",
            "copilot-organization-users-one-day-usage-metrics",
            "copilot-organization-users-usage-metrics",
            "copilot-users-one-day-usage-metrics",
            "copilot-users-usage-metrics",
        )
    },
    "dependabot/repository-access-for-enterprise": "get_repository_access_for_enterprise",
    "dependabot/repository-access-for-org": "get_repository_access_for_org",
    "dependency-graph/diff-range": "compare_dependencies",
    "meta/root": "get_root",
    "orgs/custom-properties-for-repos-create-or-update-organization-definition": (
        "create_or_update_custom_property"
    ),
    "orgs/custom-properties-for-repos-create-or-update-organization-definitions": (
        "create_or_update_custom_properties"
    ),
    "orgs/custom-properties-for-repos-create-or-update-organization-values": (
        "create_or_update_custom_property_values"
    ),
    "orgs/custom-properties-for-repos-delete-organization-definition": "delete_custom_property",
    "orgs/custom-properties-for-repos-get-organization-definition": "get_custom_property",
    "orgs/custom-properties-for-repos-get-organization-definitions": "list_custom_properties",
    "orgs/custom-properties-for-repos-get-organization-values": "list_custom_property_values",
    "repos/codeowners-errors": "list_codeowners_errors",
    "repos/custom-properties-for-repos-create-or-update-repository-values": (
        "create_or_update_custom_property_values"
    ),
    "repos/custom-properties-for-repos-get-repository-values": "list_custom_property_values",
    "pull-request-stacks/add": "add_to_stack",
    "pull-request-stacks/create": "create_stack",
    "pull-request-stacks/get": "get_stack",
    "pull-request-stacks/list": "list_stacks",
}

# The meaning of an empty path parameter, by operation and parameter. An entry has two
# conditions, which `poe conformance` checks: GitHub's text says that the parameter may be left out,
# and recorded traffic has a response for the path that ends in a slash. All other parameters refuse
# an empty value, since most paths that end in a slash do not exist or are another operation's.
# The text says the same about `ref` in archives and matching refs, but no response was recorded,
# and GitHub's template `archive_url` omits the slash, unlike `contents_url`.
EMPTY = {("repos/get-content", "path"): "the root"}

# Operations that return one object whose list has several pages: the key of the list, and whether
# the method returns the object with the items of all pages. A commit has at most 3,000 files, which
# are 10 pages; a comparison can have any number of commits.
PAGED_OBJECTS = {
    "repos/compare-commits": ("commits", False),
    "repos/compare-commits-with-basehead": ("commits", False),
    "repos/get-commit": ("files", True),
}

# Operations that respond with 202 and without content while GitHub computes the response. The
# description declares 202 for the first three of them only.
COMPUTED = {
    "repos/get-code-frequency-stats",
    "repos/get-commit-activity-stats",
    "repos/get-contributors-stats",
    "repos/get-participation-stats",
    "repos/get-punch-card-stats",
}

# Facts about an operation that neither its name nor its types show.
_PULLS_TOO = "Pull requests are issues too: their ``pull_request`` is set."
NOTES = {
    "issues/get": _PULLS_TOO,
    "issues/list": _PULLS_TOO,
    "issues/list-for-authenticated-user": _PULLS_TOO,
    "issues/list-for-org": _PULLS_TOO,
    "issues/list-for-repo": _PULLS_TOO,
}

# Values of ``event`` that identify a model. The description declares ``event`` as any text; the
# values are those of GitHub's page on issue event types. An event without fields of its own has the
# model of a change of state.
_EVENTS = {
    "AddedToProjectIssueEvent": ("added_to_project",),
    "AssignedIssueEvent": ("assigned",),
    "BlockedByAddedIssueEvent": ("blocked_by_added",),
    "BlockedByRemovedIssueEvent": ("blocked_by_removed",),
    "BlockingAddedIssueEvent": ("blocking_added",),
    "BlockingRemovedIssueEvent": ("blocking_removed",),
    "ConvertedNoteToIssueIssueEvent": ("converted_note_to_issue",),
    "DemilestonedIssueEvent": ("demilestoned",),
    "IssueTypeAddedIssueEvent": ("issue_type_added",),
    "IssueTypeChangedIssueEvent": ("issue_type_changed",),
    "IssueTypeRemovedIssueEvent": ("issue_type_removed",),
    "LabeledIssueEvent": ("labeled",),
    "LockedIssueEvent": ("locked",),
    "MilestonedIssueEvent": ("milestoned",),
    "MovedColumnInProjectIssueEvent": ("moved_columns_in_project",),
    "ParentIssueAddedIssueEvent": ("parent_issue_added",),
    "ParentIssueRemovedIssueEvent": ("parent_issue_removed",),
    "RemovedFromProjectIssueEvent": ("removed_from_project",),
    "RenamedIssueEvent": ("renamed",),
    "ReviewDismissedIssueEvent": ("review_dismissed",),
    "ReviewRequestRemovedIssueEvent": ("review_request_removed",),
    "ReviewRequestedIssueEvent": ("review_requested",),
    "StateChangeIssueEvent": (
        "closed",
        "convert_to_draft",
        "head_ref_deleted",
        "head_ref_restored",
        "mentioned",
        "merged",
        "pinned",
        "ready_for_review",
        "referenced",
        "reopened",
        "subscribed",
        "unpinned",
        "unsubscribed",
    ),
    "SubIssueAddedIssueEvent": ("sub_issue_added",),
    "SubIssueRemovedIssueEvent": ("sub_issue_removed",),
    "TimelineAssignedIssueEvent": ("assigned",),
    "TimelineCommentEvent": ("commented",),
    "TimelineCommitCommentedEvent": ("commit-commented",),
    "TimelineCommittedEvent": ("committed",),
    "TimelineCrossReferencedEvent": ("cross-referenced",),
    "TimelineLineCommentedEvent": ("line-commented",),
    "TimelineReviewedEvent": ("reviewed",),
    "TimelineUnassignedIssueEvent": ("unassigned",),
    "UnassignedIssueEvent": ("unassigned",),
    "UnlabeledIssueEvent": ("unlabeled",),
}
STANDS_FOR = {model: {"event": values} for model, values in _EVENTS.items()}
