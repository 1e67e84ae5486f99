"""GitHub Enterprise Server: its addresses, its API version, and the operations that it lacks."""

import httpx
import pytest

from sdk import BadRequest, NotFound, Sdk, metadata
from sdk.operations import OPERATIONS
from sdk.testing import StandIn

BASE_URL = "https://ghe.example.com/api/v3"
LACKING = "copilot/list-copilot-seats"


def client(release="3.19", **options):
    transport = httpx.ASGITransport(StandIn(enterprise=release))
    http_client = httpx.AsyncClient(transport=transport)
    return Sdk(token="t", base_url=BASE_URL, http_client=http_client, strict=True, **options)


async def test_calls_pages_and_uploads_reach_the_server():
    async with client() as sdk:
        user = await sdk.users.get("octocat")
        assert user.login == "octocat"
        assert metadata(user).headers["x-github-enterprise-version"] == "enterprise-server@3.19"
        repositories = sdk.repos.list_for_user("octocat", per_page=1)
        assert len([repository async for repository in repositories]) == 3
        release = await sdk.repos.create_release("octocat", "hello-world", tag_name="v1")
        asset = await sdk.repos.upload_release_asset(
            "octocat", "hello-world", release.id, name="a.txt", data=b"content"
        )
        assert asset.name == "a.txt"


async def test_an_operation_that_the_release_lacks_is_named():
    async with client("3.18") as sdk:
        with pytest.raises(NotFound, match=r"3\.18 does not have copilot/list-copilot-seats"):
            await sdk.copilot.list_copilot_seats("o")
        with pytest.raises(NotFound, match="Check the spelling"):
            await sdk.users.get("nobody-of-this-name")


async def test_an_unsupported_version_tells_what_to_choose():
    async with client(api_version="2026-03-10") as sdk:
        with pytest.raises(BadRequest, match=r'Sdk\(api_version="2022-11-28"\)'):
            await sdk.users.get("octocat")


def test_operations_tell_which_releases_have_them():
    assert not OPERATIONS[LACKING].is_on_server("3.19")
    assert not OPERATIONS[LACKING].is_on_server("3.17.2")
    assert OPERATIONS[LACKING].is_on_server("4.0")
    assert OPERATIONS["users/get-by-username"].is_on_server("3.17")
    assert OPERATIONS["issues/list-dependencies-blocking"].is_on_server("3.19")
    assert not OPERATIONS["issues/list-dependencies-blocking"].is_on_server("3.18")
