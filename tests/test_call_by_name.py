"""Operations by GitHub's own names."""

import re

import httpx
import pytest
import respx

from sdk import ConnectFailed, InvalidInput, NotFound, Page, Paged, Sdk
from sdk.operations import OPERATIONS
from sdk.transport.download import Download
from tests.transport.support import Upstream

API = "https://api.github.com"


@respx.mock
async def test_one_object():
    route = respx.get(f"{API}/users/octocat").respond(json={"login": "octocat", "id": 1})
    async with Sdk() as sdk:
        user = await sdk.call("users/get-by-username", username="octocat")
    assert user.login == "octocat"
    assert route.call_count == 1


@respx.mock
async def test_a_list_is_awaited_for_one_page_and_iterated_for_all():
    url = f"{API}/repos/o/r/labels"
    link = f'<{url}?page=2>; rel="next"'
    respx.get(url, params={"page": 2}).respond(json=[{"id": 2, "name": "b"}])
    respx.get(url).respond(json=[{"id": 1, "name": "a"}], headers={"link": link})

    async with Sdk() as sdk:
        labels = sdk.call("issues/list-labels-for-repo", owner="o", repo="r")
        assert isinstance(labels, Paged)
        assert isinstance(await labels, Page)
        assert [label.name async for label in labels] == ["a", "b"]


@respx.mock
async def test_a_file_is_a_download(tmp_path):
    respx.get(f"{API}/repos/o/r/zipball/main").respond(
        302, headers={"location": "https://codeload.github.com/o/r/legacy.zip/main"}
    )
    respx.get("https://codeload.github.com/o/r/legacy.zip/main").respond(content=b"PK")

    async with Sdk() as sdk:
        archive = sdk.call("repos/download-zipball-archive", owner="o", repo="r", ref="main")
        assert isinstance(archive, Download)
        assert await archive.save(tmp_path / "r.zip") == 2


@respx.mock
async def test_a_file_is_uploaded(tmp_path):
    path = tmp_path / "a.zip"
    path.write_bytes(b"PK")
    route = respx.post("https://uploads.github.com/repos/o/r/releases/1/assets").respond(
        201, json={"id": 7, "name": "a.zip"}
    )
    async with Sdk() as sdk:
        asset = await sdk.call(
            "repos/upload-release-asset",
            owner="o",
            repo="r",
            release_id=1,
            name="a.zip",
            data=path,
            **{"content-type": "application/zip"},
        )
    assert asset.id == 7
    request = route.calls.last.request
    assert request.content == b"PK"
    assert request.headers["content-type"] == "application/zip"


@respx.mock
async def test_options_of_the_call():
    route = respx.get(f"{API}/users/octocat").respond(404, json={"message": "Not Found"})
    async with Sdk() as sdk:
        with pytest.raises(NotFound):
            await sdk.call(
                "users/get-by-username",
                username="octocat",
                options={"headers": {"x-mark": "1"}, "extra_query": {"a": "b"}},
            )
    assert route.calls.last.request.headers["x-mark"] == "1"
    assert route.calls.last.request.url.query == b"a=b"


@pytest.mark.parametrize("name", ["enterprise-team", "enterprise_team"])
@respx.mock
async def test_github_s_names_and_ours_are_both_accepted(name):
    route = respx.get(f"{API}/enterprises/e/teams/t/memberships").respond(json=[])
    async with Sdk() as sdk:
        await sdk.call("enterprise-team-memberships/list", enterprise="e", **{name: "t"})
    assert route.called


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("users/get-by-user-name", "users/get-by-username"),
        ("users.get_by_username", "users/get-by-username"),
        ("Users/Get-By-Username", "users/get-by-username"),
        ("issues/list-for-repos", "issues/list-for-repo"),
        ("get-by-username", "users/get-by-username"),
    ],
)
async def test_an_unknown_id_is_refused_with_similar_ids(wrong, right):
    with pytest.raises(InvalidInput, match=re.escape(repr(right))):
        Sdk(token=None).call(wrong)


async def test_an_id_that_resembles_none_is_refused_with_the_place_of_the_list():
    with pytest.raises(
        InvalidInput, match=r"no operation 'xyzzy'\. All ids are in sdk\.operations"
    ):
        Sdk(token=None).call("xyzzy")


async def test_an_unknown_parameter_is_refused_with_github_s_names():
    with pytest.raises(InvalidInput, match="no parameter 'user'; it has 'username'"):
        Sdk(token=None).call("users/get-by-username", user="octocat")
    with pytest.raises(InvalidInput, match="'enterprise', 'enterprise-team', 'per_page', 'page'"):
        Sdk(token=None).call("enterprise-team-memberships/list", team="x")


async def test_a_missing_parameter_is_named():
    with pytest.raises(InvalidInput, match="needs 'repo'"):
        Sdk(token=None).call("issues/list-for-repo", owner="o")


async def test_a_parameter_named_options_is_passed_as_options_():
    with pytest.raises(InvalidInput, match="options_="):
        Sdk(token=None).call(
            "orgs/create-issue-field", org="o", name="n", data_type="text", options=[]
        )


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
async def test_every_operation_is_sent_with_its_method_and_path():
    upstream = Upstream(httpx.ConnectError("far enough"))
    async with Sdk(token=None, http_client=upstream.http_client(), retry=None, pacing=None) as sdk:
        for info in OPERATIONS.values():
            values = {
                parameter.github_name: f"{parameter.github_name}~"
                for parameter in info.parameters
                if parameter.place == "path" or (parameter.required and parameter.place != "header")
            }
            with pytest.raises(ConnectFailed):
                await sdk.call(info.id, **values)
            request = upstream.last
            assert request.method == info.method
            assert request.url.path == re.sub(r"\{([\w-]+)\}", r"\1~", info.path), info.id
    assert len(upstream.requests) == len(OPERATIONS) == 1223
