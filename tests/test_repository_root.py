"""The root of a repository's content: the one path parameter that may be empty."""

import pytest
import respx

from sdk import InvalidInput, Sdk
from sdk.models import ContentDirectoryItem

CONTENTS = "https://api.github.com/repos/o/r/contents"

README = {
    "type": "file",
    "name": "README.md",
    "path": "README.md",
    "size": 13,
    "sha": "93a078d1c3f76aa1ca11def8f882a06df1d4a01b",
    "url": f"{CONTENTS}/README.md?ref=main",
    "git_url": None,
    "html_url": None,
    "download_url": None,
    "_links": {"self": f"{CONTENTS}/README.md?ref=main", "git": None, "html": None},
}


@respx.mock
async def test_the_empty_path_lists_the_root():
    route = respx.get(f"{CONTENTS}/").respond(json=[README])
    async with Sdk(strict=True) as sdk:
        listed = await sdk.repos.get_content("o", "r", "")
    assert [type(each) for each in listed] == [ContentDirectoryItem]
    assert listed[0].path == "README.md"
    assert str(route.calls.last.request.url) == f"{CONTENTS}/"


@respx.mock
async def test_the_root_of_another_branch():
    route = respx.get(f"{CONTENTS}/").respond(json=[])
    async with Sdk() as sdk:
        assert await sdk.repos.get_content("o", "r", "", ref="dev") == []
    assert str(route.calls.last.request.url) == f"{CONTENTS}/?ref=dev"


@respx.mock
async def test_the_root_can_be_listed_by_operation_id():
    respx.get(f"{CONTENTS}/").respond(json=[README])
    async with Sdk() as sdk:
        listed = await sdk.call("repos/get-content", owner="o", repo="r", path="")
    assert [each.name for each in listed] == ["README.md"]


# GitHub redirects `contents//` and `contents/src/` to a URL without the `ref`: the response would
# be that of the default branch.
@respx.mock
@pytest.mark.parametrize("path", ["/", "//", "src/", "/src", "src//a.py"])
async def test_an_extra_slash_is_refused_and_named(path):
    async with Sdk() as sdk:
        with pytest.raises(InvalidInput, match=r"'path' must not begin or end with a slash") as e:
            await sdk.repos.get_content("o", "r", path, ref="dev")
    assert repr(path) in str(e.value)


@respx.mock
@pytest.mark.parametrize("path", [".", "..", "./", "../issues", "src/../..", "%2e%2e"])
async def test_dot_segments_are_refused(path):
    async with Sdk() as sdk:
        with pytest.raises(InvalidInput, match="'path'"):
            await sdk.repos.get_content("o", "r", path)


@respx.mock
@pytest.mark.parametrize(
    "call",
    [
        lambda sdk: sdk.repos.get_content("", "r", ""),
        lambda sdk: sdk.repos.get_content("o", "", ""),
        lambda sdk: sdk.repos.get_content_raw("o", "r", ""),
        lambda sdk: sdk.repos.create_or_update_file_contents(
            "o", "r", "", message="m", content="Yw=="
        ),
        lambda sdk: sdk.repos.delete_file("o", "r", "", message="m", sha="0" * 40),
        lambda sdk: sdk.repos.get_readme_in_directory("o", "r", ""),
        lambda sdk: sdk.repos.get_branch("o", "r", ""),
        lambda sdk: sdk.repos.download_tarball_archive("o", "r", ""),
        lambda sdk: sdk.git.list_matching_refs("o", "r", ""),
        lambda sdk: sdk.users.get(""),
    ],
)
async def test_an_empty_value_is_refused_everywhere_else(call):
    async with Sdk() as sdk:
        with pytest.raises(InvalidInput, match="is part of the path and must not be empty"):
            await call(sdk)
