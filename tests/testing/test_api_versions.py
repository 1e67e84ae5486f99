"""The fake server responds in the API version that was requested."""

import httpx
import pytest

from sdk import Response, Sdk, metadata
from sdk.testing import StandIn

OLD, NEW = "2022-11-28", "2026-03-10"


def client(version):
    transport = httpx.ASGITransport(StandIn())
    return Sdk(
        token="t",
        http_client=httpx.AsyncClient(transport=transport),
        base_url="http://stand-in",
        api_version=version,
        strict=True,
    )


async def new_pull_request(sdk):
    return await sdk.pulls.create("octocat", "hello-world", head="topic", base="main", title="t")


CALLS = [
    ("rate", lambda sdk: sdk.rate_limit.get()),
    ("has_downloads", lambda sdk: sdk.repos.get("octocat", "hello-world")),
    ("use_squash_pr_title_as_default", lambda sdk: sdk.repos.get("octocat", "hello-world")),
    ("merge_commit_sha", new_pull_request),
    ("assignee", lambda sdk: sdk.issues.get("octocat", "hello-world", 1)),
    ("authorizations_url", lambda sdk: sdk.meta.get_root()),
    ("hub_url", lambda sdk: sdk.meta.get_root()),
]


@pytest.mark.parametrize(("field", "call"), CALLS, ids=[field for field, _ in CALLS])
async def test_a_field_is_sent_in_the_old_version_only(field, call):
    async with client(OLD) as sdk:
        assert field in (await call(sdk)).model_fields_set
    async with client(NEW) as sdk:
        found = await call(sdk)
        assert field not in found.model_fields_set
        assert getattr(found, field) is None


async def test_statuses_of_success_are_those_of_the_version():
    for version, status in ((OLD, 204), (NEW, 202)):
        async with client(version) as sdk:
            path = "/app/installations/1"
            response = await sdk.request("DELETE", path, returns=Response)
        assert response.status == status


@pytest.mark.parametrize("version", [OLD, NEW])
async def test_the_repositories_of_a_migration_match_both_versions(version):
    async with client(version) as sdk:
        migrations = sdk.migrations
        started = await migrations.start_for_authenticated_user(
            repositories=["octocat/hello-world"]
        )
        found = await migrations.get_status_for_authenticated_user(started.id)
    assert found.id == started.id
    kinds = {"Repository", "SimpleRepository"}
    assert {type(repository).__name__ for repository in found.repositories} <= kinds


async def test_the_response_names_the_version():
    async with client(NEW) as sdk:
        headers = metadata(await sdk.users.get("octocat")).headers
    assert headers["x-github-api-version-selected"] == NEW


async def test_the_mock_responds_in_the_version_too(github):
    github.on_any(github.sdk.rate_limit.get).respond()
    github.on_any(github.sdk.issues.list_for_repo).respond({"number": 1}, count=1)
    for version, sent in ((OLD, True), (NEW, False)):
        sdk = github.sdk.with_options(api_version=version)
        assert ("rate" in (await sdk.rate_limit.get()).model_fields_set) is sent
        issues = await sdk.issues.list_for_repo("o", "r")
        assert [("assignee" in issue.model_fields_set) for issue in issues] == [sent, sent]
