"""Repositories: names in use, renaming, forks, templates, transfers, and URLs that can be read."""

import pytest

from tests.testing.fake_server_requests import H, patch, post, values

BASE_URL = "http://github.test"

# URLs that can only be written to, or that need a value.
NOT_READ = {
    *("blobs_url", "compare_url", "downloads_url", "git_commits_url", "git_refs_url"),
    *("git_tags_url", "merges_url", "statuses_url", "trees_url", "upload_url"),
}


async def test_a_refused_creation_changes_nothing(stand_in):
    before = (await stand_in.get(H)).json()
    await post(stand_in, "/user/repos", 422, name="hello-world", description="Mine", private=True)
    assert (await stand_in.get(H)).json() == before


@pytest.mark.parametrize(
    ("thing", "other", "name"),
    [
        (H, "/repos/octocat/spoon-knife", "name"),
        (f"{H}/labels/bug", f"{H}/labels/documentation", "new_name"),
        (f"{H}/actions/variables/example", f"{H}/actions/variables/example-2", "name"),
    ],
)
async def test_a_name_in_use_is_refused_and_nothing_changes(stand_in, thing, other, name):
    before = [(await stand_in.get(path)).json() for path in (thing, other)]
    response = await patch(stand_in, thing, 422, **{name: other.rpartition("/")[2]})
    assert response["message"] == "Validation Failed"
    await patch(stand_in, thing, 422, **{name: ""})
    assert [(await stand_in.get(path)).json() for path in (thing, other)] == before


async def test_renaming_keeps_everything_else(stand_in):
    renamed = await patch(stand_in, H, name="sk", private=True)
    assert (renamed["full_name"], renamed["private"]) == ("octocat/sk", True)
    assert renamed["visibility"] == "private"
    renamed = await patch(stand_in, "/repos/octocat/sk", name="sk2")
    assert (renamed["name"], renamed["private"]) == ("sk2", True)
    assert await values(stand_in, "/repos/octocat/sk2/issues", "number") == [1, 2, 3]
    issue = (await stand_in.get("/repos/octocat/sk2/issues/1")).json()
    assert issue["title"] == "Found a bug"
    assert (await stand_in.get(issue["labels"][0]["url"])).json() == issue["labels"][0]


async def test_a_repository_of_an_odd_name_is_listed(stand_in):
    made = await post(stand_in, "/user/repos", name="a/b c")
    assert made["full_name"] == "octocat/a-b-c"
    assert "a-b-c" in await values(stand_in, "/user/repos", "name")


async def test_a_deleted_repository_leaves_nothing_to_a_new_one_of_its_name(stand_in):
    for _ in range(2):
        await post(stand_in, "/user/repos", name="new")
        assert await values(stand_in, "/repos/octocat/new/issues", "number") == []
        await post(stand_in, "/repos/octocat/new/issues", title="x")
        await stand_in.delete("/repos/octocat/new")


async def test_urls_in_responses_can_be_read(stand_in):
    gist = await post(stand_in, "/gists", files={"a.py": {"content": "1"}})
    for path in (
        H,
        f"{H}/releases/1",
        f"{H}/pulls/4",
        "/users/octocat",
        "/orgs/octo-org",
        gist["url"],
        "/repos/ada-example/engine",
    ):
        thing = (await stand_in.get(path)).json()
        urls = {
            name: url.partition("{")[0].rstrip("/")
            for name, url in thing.items()
            if name.endswith("_url") and str(url).startswith(BASE_URL) and name not in NOT_READ
        }
        lost = {name: url for name, url in urls.items() if (await stand_in.get(url)).is_error}
        assert not lost
    upload = (await stand_in.get(f"{H}/releases/1")).json()["upload_url"].partition("{")[0]
    assert (await stand_in.post(f"{upload}?name=a.txt", content=b"a")).status_code == 201


async def test_forks(stand_in):
    fork = await post(stand_in, "/repos/ada-example/engine/forks", 202)
    assert (fork["full_name"], fork["fork"]) == ("octocat/engine", True)
    assert fork["parent"]["full_name"] == "ada-example/engine"
    assert await values(stand_in, "/repos/ada-example/engine/forks", "id") == [fork["id"]]
    assert (await stand_in.get("/repos/octocat/engine")).json() == fork
    other = await post(stand_in, f"{H}/forks", 202, organization="octo-org", name="hi")
    assert other["full_name"] == "octo-org/hi"
    assert (await post(stand_in, f"{H}/forks", 202))["name"] == "hello-world-1"
    await post(stand_in, f"{H}/forks", 422, organization="none")


async def test_from_a_template(stand_in):
    path = f"{H}/generate"
    made = await post(stand_in, path, owner="octo-org", name="started", private=True)
    assert (made["full_name"], made["visibility"]) == ("octo-org/started", "private")
    assert (await stand_in.get("/repos/octo-org/started")).json() == made
    await post(stand_in, path, 422, owner="octo-org", name="started")


async def test_a_transfer(stand_in):
    await post(stand_in, f"{H}/transfer", 202, new_owner="octo-org", new_name="moved")
    moved = (await stand_in.get("/repos/octo-org/moved")).json()
    assert (moved["id"], moved["owner"]["login"]) == (1296269, "octo-org")
    assert (await stand_in.get(H)).status_code == 404
    await post(stand_in, "/repos/octo-org/moved/transfer", 422, new_owner="nobody")


@pytest.mark.parametrize("path", ["/repositories", "/organizations", "/users"])
async def test_a_list_with_since_ends(stand_in, path):
    last, seen = 0, []
    for _ in range(20):
        ids = await values(stand_in, f"{path}?since={last}&per_page=2", "id")
        if not ids:
            break
        seen += ids
        last = ids[-1]
    assert ids == []
    assert seen == sorted(set(seen))
