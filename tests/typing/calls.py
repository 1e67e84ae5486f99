# pyright: strict, reportUnnecessaryTypeIgnoreComment=true
"""What type checkers make of generated methods; it is checked, not run."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any, assert_type

from sdk import OMIT, Download, Page, Paged, Sdk
from sdk.models import (
    Autolink,
    Codespace,
    Commit,
    CommitComparison,
    Issue,
    IssueLabel,
    IssueType,
    ParticipationStats,
    PrivateUser,
    PublicUser,
    ReleaseAsset,
    Repository,
    SimpleUser,
    Stargazer,
    StarredRepository,
    TeamRepository,
    WorkflowRun,
)
from sdk.models.webhooks import WebhookPing
from sdk.types import ChecksCreateOutput


async def calls(sdk: Sdk) -> None:
    # One value, a union, two names for one method.
    assert_type(await sdk.users.get("octocat"), PrivateUser | PublicUser)
    assert_type(await sdk.users.get(583231), PrivateUser | PublicUser)
    assert_type(await sdk.users.me(), PrivateUser | PublicUser)

    # Lists in pages, plain and wrapped; the class has a method called `list`.
    assert_type(sdk.users.list(), Paged[SimpleUser])
    assert_type(await sdk.users.list(per_page=5), Page[SimpleUser])
    runs = sdk.actions.list_workflow_runs_for_repo("o", "r", status="failure")
    async for run in runs:
        assert_type(run, WorkflowRun)
    assert_type(await sdk.repos.list_for_authenticated_user(), Page[Repository])

    # The body of a page, and objects with a paged list.
    assert_type((await sdk.repos.get_combined_status_for_ref("o", "r", "m")).body.state, str)
    assert_type((await sdk.users.list()).body, list[SimpleUser])
    comparison = sdk.repos.compare_commits("o", "r", "a", "b")
    assert_type(await comparison, CommitComparison)
    async for commit in comparison:
        assert_type(commit, Commit)
    assert_type(await sdk.repos.get_commit("o", "r", "m"), Commit)
    assert_type((await sdk.repos.get_commit("o", "r", "m").first_page()).body, Commit)
    assert_type(
        await sdk.repos.get_participation_stats("o", "r", wait=30), ParticipationStats | None
    )

    # Lists that come whole, in a class with a method called `list` and in one without.
    assert_type(await sdk.orgs.list_issue_types("o"), list[IssueType])
    assert_type(await sdk.repos.list_autolinks("o", "r"), list[Autolink])

    # Yes or no, nothing, a value or nothing, a file, text, a map.
    assert_type(await sdk.pulls.check_if_merged("o", "r", 1), bool)
    assert_type(await sdk.gists.star("id"), None)
    assert_type(
        await sdk.teams.check_permissions_for_repo_in_org("o", "t", "o", "r"), TeamRepository | None
    )
    archive = sdk.repos.download_tarball_archive("o", "r", "main")
    assert_type(archive, Download)
    assert_type(await archive, bytes)
    assert_type(await sdk.repos.get_commit_diff("o", "r", "main"), str)
    assert_type(await sdk.repos.list_languages("o", "r"), dict[str, int])
    assert_type(await sdk.code_scanning.get_analysis_sarif("o", "r", 1), dict[str, Any])
    starred = sdk.activity.list_repos_starred_by_authenticated_user_with_dates()
    assert_type(starred, Paged[StarredRepository])
    theirs = sdk.activity.list_repos_starred_by_user_with_dates("octocat")
    assert_type(theirs, Paged[StarredRepository])
    assert_type(sdk.activity.list_repos_starred_by_user("octocat"), Paged[Repository])
    assert_type(sdk.activity.list_stargazers_for_repo_with_dates("o", "r"), Paged[Stargazer])
    assert_type(sdk.activity.list_stargazers_for_repo("o", "r"), Paged[SimpleUser])

    # What is sent: literals, times, nested dictionaries, null and nothing, files.
    await sdk.issues.update("o", "r", 1, state="closed", milestone=None, title=OMIT)
    sdk.issues.list_for_repo("o", "r", since=datetime.now(UTC))
    output: ChecksCreateOutput = {"title": "t", "summary": "s"}
    await sdk.checks.create("o", "r", name="n", head_sha="s", output=output)
    await sdk.codespaces.create_for_authenticated_user(pull_request={
        "pull_request_number": 1, "repository_id": 2,
    })  # fmt: skip
    assert_type(
        await sdk.repos.upload_release_asset("o", "r", 1, name="n", data=Path("a.zip")),
        ReleaseAsset,
    )
    assert_type(
        await sdk.codespaces.create_with_repo_for_authenticated_user("o", "r"),
        Codespace,
    )


async def mistakes(sdk: Sdk) -> None:
    await sdk.users.get()  # type: ignore[call-arg]
    await sdk.issues.update("o", "r", 1, state="shut")  # type: ignore[arg-type]
    await sdk.issues.create("o", "r", titel="t")  # type: ignore[call-arg]
    await sdk.checks.create("o", "r", name="n", head_sha="s", output={"title": "t"})  # type: ignore[arg-type]


def models(issue: Issue, ping: WebhookPing) -> None:
    assert_type(issue.title, str)
    assert_type(issue.labels, list[str | IssueLabel])
    assert_type(issue.closed_at, datetime | None)
    assert_type(issue.user, SimpleUser | None)
    assert_type(ping.zen, str | None)
