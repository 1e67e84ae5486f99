"""What was said of one thing is true of those that belong to it."""

import httpx
import pytest

from sdk.testing import StandIn

H = "/repos/octocat/hello-world"
HOME = "http://s"


@pytest.fixture
async def api():
    headers = {"authorization": "Bearer x"}
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(StandIn()), base_url=HOME, headers=headers
    ) as client:
        yield client


# What is only written to, or read one by one.
NOT_READ = {
    *("blobs_url", "compare_url", "downloads_url", "git_commits_url", "git_refs_url"),
    *("git_tags_url", "merges_url", "statuses_url", "trees_url", "upload_url"),
}


async def values(api, path, key):
    response = await api.get(path)
    assert response.status_code == 200, response.text
    return [each[key] for each in response.json()]


async def post(api, path, status=201, method="POST", **body):
    response = await api.request(method, path, json=body)
    assert response.status_code == status, response.text
    return response.json() if response.content else None


async def patch(api, path, status=200, **body):
    return await post(api, path, status, "PATCH", **body)


# ---------------------------------------------------------------- names


async def test_a_refused_creation_changes_nothing(api):
    before = (await api.get(H)).json()
    await post(api, "/user/repos", 422, name="hello-world", description="Mine", private=True)
    assert (await api.get(H)).json() == before


@pytest.mark.parametrize(
    ("thing", "other", "name"),
    [
        (H, "/repos/octocat/spoon-knife", "name"),
        (f"{H}/labels/bug", f"{H}/labels/documentation", "new_name"),
        (f"{H}/actions/variables/example", f"{H}/actions/variables/example-2", "name"),
    ],
)
async def test_a_name_in_use_is_refused_and_nothing_changes(api, thing, other, name):
    before = [(await api.get(path)).json() for path in (thing, other)]
    response = await patch(api, thing, 422, **{name: other.rpartition("/")[2]})
    assert response["message"] == "Validation Failed"
    await patch(api, thing, 422, **{name: ""})
    assert [(await api.get(path)).json() for path in (thing, other)] == before


async def test_renaming_keeps_everything_else(api):
    renamed = await patch(api, H, name="sk", private=True)
    assert (renamed["full_name"], renamed["private"]) == ("octocat/sk", True)
    assert renamed["visibility"] == "private"
    renamed = await patch(api, "/repos/octocat/sk", name="sk2")
    assert (renamed["name"], renamed["private"]) == ("sk2", True)
    assert await values(api, "/repos/octocat/sk2/issues", "number") == [1, 2, 3]
    issue = (await api.get("/repos/octocat/sk2/issues/1")).json()
    assert issue["title"] == "Found a bug"
    assert (await api.get(issue["labels"][0]["url"])).json() == issue["labels"][0]


async def test_a_renamed_label_is_the_same_one_everywhere(api):
    made = await post(api, f"{H}/labels", name="own", color="ff0000")
    await post(api, f"{H}/issues/1/labels", 200, labels=["own"])
    for before in (made, (await api.get(f"{H}/labels/bug")).json()):
        after = await patch(api, f"{H}/labels/{before['name']}", new_name=f"{before['name']}2")
        assert after["name"] == f"{before['name']}2"
        same = ("id", "node_id", "color", "description", "default")
        assert [after[key] for key in same] == [before[key] for key in same]
    labels = (await api.get(f"{H}/issues/1")).json()["labels"]
    assert [label["name"] for label in labels] == ["bug2", "own2"]
    assert labels[1]["id"] == made["id"]
    assert (await api.delete(f"{H}/labels/bug2")).status_code == 204
    assert await values(api, f"{H}/issues/1/labels", "name") == ["own2"]


async def test_nested_objects_equal_the_objects_themselves(api):
    issue = (await api.get(f"{H}/issues/1")).json()
    assert issue["labels"] == [(await api.get(f"{H}/labels/bug")).json()]
    assert issue["labels"] == (await api.get(f"{H}/issues/1/labels")).json()
    author = (await api.get("/users/ada-example")).json()
    assert issue["user"].items() <= author.items()


async def test_a_repository_of_an_odd_name_is_listed(api):
    made = await post(api, "/user/repos", name="a/b c")
    assert made["full_name"] == "octocat/a-b-c"
    assert "a-b-c" in await values(api, "/user/repos", "name")


async def test_a_deleted_repository_leaves_nothing_to_a_new_one_of_its_name(api):
    for _ in range(2):
        await post(api, "/user/repos", name="new")
        assert await values(api, "/repos/octocat/new/issues", "number") == []
        await post(api, "/repos/octocat/new/issues", title="x")
        await api.delete("/repos/octocat/new")


# ---------------------------------------------------------------- issues


async def test_fields_that_cannot_be_set_are_ignored(api):
    issue = await post(api, f"{H}/issues", title="x", id=5, state="closed", number=77, locked=True)
    assert (issue["state"], issue["locked"]) == ("open", False)
    assert issue["id"] != 5
    assert issue["number"] != 77


async def test_issues_and_pull_requests_share_their_numbers(api):
    issue = await post(api, f"{H}/issues", title="x")
    pull = await post(api, f"{H}/pulls", title="y", head="topic", base="main")
    assert pull["number"] == issue["number"] + 1
    assert (pull["head"]["ref"], pull["base"]["ref"]) == ("topic", "main")
    assert (await api.get(f"{H}/pulls/{issue['number']}")).status_code == 404
    as_issue = (await api.get(f"{H}/issues/{pull['number']}")).json()
    assert (as_issue["title"], as_issue["id"]) == ("y", pull["id"])
    assert as_issue["pull_request"]["url"] == pull["url"]
    assert pull["number"] in await values(api, f"{H}/issues", "number")
    await post(api, f"{H}/issues/{pull['number']}/labels", 200, labels=["bug"])
    await post(api, f"{H}/issues/{pull['number']}/comments", body="Nice")
    pull = (await api.get(f"{H}/pulls/{pull['number']}")).json()
    assert [label["name"] for label in pull["labels"]] == ["bug"]
    assert await values(api, pull["comments_url"], "body") == ["Nice"]
    await patch(api, f"{H}/issues/{pull['number']}", state="closed")
    assert (await api.get(f"{H}/pulls/{pull['number']}")).json()["state"] == "closed"


async def test_urls_of_an_issue_and_its_comments_can_be_read(api):
    issue = await post(api, f"{H}/issues", title="x", labels=["bug"])
    comment = await post(api, f"{H}/issues/{issue['number']}/comments", body="First")
    assert (await api.get(comment["issue_url"])).json()["number"] == issue["number"]
    assert (await api.get(comment["url"])).json() == comment
    assert await values(api, issue["comments_url"], "body") == ["First"]
    assert (await api.get(issue["repository_url"])).json()["full_name"] == "octocat/hello-world"
    seeded = (await api.get(f"{H}/issues/1")).json()
    assert await values(api, seeded["comments_url"], "body") == ["So do I."]
    [first] = (await api.get(seeded["comments_url"])).json()
    assert (await api.get(first["issue_url"])).json() == seeded


async def test_urls_in_responses_can_be_read(api):
    gist = await post(api, "/gists", files={"a.py": {"content": "1"}})
    for path in (
        H,
        f"{H}/releases/1",
        f"{H}/pulls/4",
        "/users/octocat",
        "/orgs/octo-org",
        gist["url"],
        "/repos/ada-example/engine",
    ):
        thing = (await api.get(path)).json()
        urls = {
            name: url.partition("{")[0].rstrip("/")
            for name, url in thing.items()
            if name.endswith("_url") and str(url).startswith(HOME) and name not in NOT_READ
        }
        lost = {name: url for name, url in urls.items() if (await api.get(url)).is_error}
        assert not lost
    upload = (await api.get(f"{H}/releases/1")).json()["upload_url"].partition("{")[0]
    assert (await api.post(f"{upload}?name=a.txt", content=b"a")).status_code == 201


@pytest.mark.parametrize("path", ["issues", "pulls", "milestones"])
@pytest.mark.parametrize("home", [H, "/repos/octocat/spoon-knife"])
async def test_lists_filter_by_state(api, path, home):
    assert await values(api, f"{home}/{path}?state=closed", "number") == []
    numbers = await values(api, f"{home}/{path}", "number")
    assert len(numbers) == 3
    await patch(api, f"{home}/{path}/{numbers[0]}", state="closed")
    assert await values(api, f"{home}/{path}?state=closed", "number") == numbers[:1]
    assert await values(api, f"{home}/{path}?state=all", "number") == numbers


async def test_assignees_can_be_added_and_removed(api):
    ada = (await api.get("/users/ada-example")).json()
    issue = await post(api, f"{H}/issues", title="x", assignees=["ada-example"])
    assert issue["assignees"][0]["id"] == issue["assignee"]["id"] == ada["id"]
    path = f"{H}/issues/2"
    response = await post(api, f"{path}/assignees", assignees=["ada-example", "nobody"])
    assert (response["number"], response["assignees"][0]["id"]) == (2, ada["id"])
    assert (await api.get(path)).json() == response
    response = await post(api, f"{path}/assignees", assignees=["grace-example", "ada-example"])
    assert [each["login"] for each in response["assignees"]] == ["grace-example", "ada-example"]
    response = await post(api, f"{path}/assignees", 200, "DELETE", assignees=["grace-example"])
    assert [each["login"] for each in response["assignees"]] == ["ada-example"]
    await patch(api, path, 422, assignees=["nobody"])


async def test_reviewers_can_be_requested_and_removed(api):
    path = f"{H}/pulls/4/requested_reviewers"
    response = await post(api, path, reviewers=["ada-example"], team_reviewers=["core"])
    assert (response["number"], response["requested_reviewers"][0]["id"]) == (4, 1001)
    assert (await api.get(f"{H}/pulls/4")).json()["requested_teams"][0]["slug"] == "core"
    asked = (await api.get(path)).json()
    assert [each["login"] for each in asked["users"]] == ["ada-example"]
    await post(api, path, 200, "DELETE", reviewers=["ada-example"])
    assert (await api.get(path)).json()["users"] == []
    await post(api, path, 422, reviewers=["nobody"])


async def test_an_issue_has_the_milestone_of_its_number(api):
    milestone = await post(api, f"{H}/milestones", title="1.0")
    issue = await post(api, f"{H}/issues", title="x", milestone=milestone["number"])
    assert issue["milestone"] == milestone
    await post(api, f"{H}/issues", 422, title="x", milestone=99)


@pytest.mark.parametrize("body", [{"labels": 5}, 5, [None], {"labels": "abc"}, [{"x": 1}], [""]])
@pytest.mark.parametrize("method", ["POST", "PUT"])
async def test_invalid_labels_are_refused(api, method, body):
    before = (await api.get(f"{H}/issues/1/labels")).json()
    response = await api.request(method, f"{H}/issues/1/labels", json=body)
    assert response.status_code == 422
    assert (await api.get(f"{H}/issues/1/labels")).json() == before


async def test_adding_a_sub_issue_returns_the_issue(api):
    issue = await post(api, f"{H}/issues/2/sub_issues", sub_issue_id=1)
    assert issue == (await api.get(f"{H}/issues/2")).json()


# ---------------------------------------------------------------- repositories


async def test_forks(api):
    fork = await post(api, "/repos/ada-example/engine/forks", 202)
    assert (fork["full_name"], fork["fork"]) == ("octocat/engine", True)
    assert fork["parent"]["full_name"] == "ada-example/engine"
    assert await values(api, "/repos/ada-example/engine/forks", "id") == [fork["id"]]
    assert (await api.get("/repos/octocat/engine")).json() == fork
    other = await post(api, f"{H}/forks", 202, organization="octo-org", name="hi")
    assert other["full_name"] == "octo-org/hi"
    assert (await post(api, f"{H}/forks", 202))["name"] == "hello-world-1"
    await post(api, f"{H}/forks", 422, organization="none")


async def test_from_a_template(api):
    path = f"{H}/generate"
    made = await post(api, path, owner="octo-org", name="started", private=True)
    assert (made["full_name"], made["visibility"]) == ("octo-org/started", "private")
    assert (await api.get("/repos/octo-org/started")).json() == made
    await post(api, path, 422, owner="octo-org", name="started")


async def test_a_transfer(api):
    await post(api, f"{H}/transfer", 202, new_owner="octo-org", new_name="moved")
    moved = (await api.get("/repos/octo-org/moved")).json()
    assert (moved["id"], moved["owner"]["login"]) == (1296269, "octo-org")
    assert (await api.get(H)).status_code == 404
    await post(api, "/repos/octo-org/moved/transfer", 422, new_owner="nobody")


# ---------------------------------------------------------------- people


async def test_followers_are_those_who_follow(api):
    assert (await api.put("/user/following/nobody")).status_code == 404
    assert (await api.get("/users/octocat/following/ada-example")).status_code == 404
    assert await values(api, "/users/ada-example/followers", "login") == []
    assert (await api.put("/user/following/ada-example")).status_code == 204
    assert await values(api, "/user/following", "login") == ["ada-example"]
    assert await values(api, "/users/octocat/following", "login") == ["ada-example"]
    assert await values(api, "/users/ada-example/followers", "login") == ["octocat"]
    assert (await api.get("/users/octocat/following/ada-example")).status_code == 204
    assert (await api.get("/users/ada-example/following/octocat")).status_code == 204
    assert (await api.get("/users/nobody/following")).status_code == 404


async def test_stars_are_seen_from_both_sides(api):
    assert (await api.put(f"/user/starred/{H[7:]}")).status_code == 204
    assert await values(api, "/user/starred", "full_name") == ["octocat/hello-world"]
    assert await values(api, "/users/octocat/starred", "full_name") == ["octocat/hello-world"]
    gazers = await values(api, f"{H}/stargazers", "login")
    assert "octocat" in gazers
    for login in gazers:
        assert await values(api, f"/users/{login}/starred", "full_name") == ["octocat/hello-world"]
    await patch(api, H, name="renamed")
    assert await values(api, "/user/starred", "name") == ["renamed"]
    await api.delete("/repos/octocat/renamed")
    assert await values(api, "/user/starred", "name") == []


async def test_stars_with_their_times(api):
    await api.put(f"/user/starred/{H[7:]}")
    dated = {"accept": "application/vnd.github.v3.star+json"}
    for path, part in [("/user/starred", "repo"), (f"{H}/stargazers", "user")]:
        [*_, last] = (await api.get(path, headers=dated)).json()
        assert set(last) == {"starred_at", part}
        assert last["starred_at"].startswith("2")


async def test_people_who_were_added_are_listed_under_their_own_logins(api):
    for path, listed in [
        (f"{H}/collaborators", f"{H}/collaborators"),
        ("/user/blocks", "/user/blocks"),
        ("/orgs/octo-org/blocks", "/orgs/octo-org/blocks"),
        ("/orgs/octo-org/memberships", "/orgs/octo-org/members"),
        ("/orgs/octo-org/teams/example/memberships", "/orgs/octo-org/teams/example/members"),
    ]:
        response = await api.put(f"{path}/margaret-example", json={})
        assert response.status_code in (200, 201, 204), path
        assert (await api.put(f"{path}/nobody", json={})).status_code == 404
        people = (await api.get(listed)).json()
        assert ("margaret-example", 1007) in [(each["login"], each["id"]) for each in people], path
    assert (await api.get(f"{H}/assignees/margaret-example")).status_code == 204
    assert "margaret-example" in await values(api, f"{H}/assignees", "login")
    membership = (await api.get("/orgs/octo-org/memberships/margaret-example")).json()
    assert membership["user"]["id"] == 1007
    assert membership["organization"]["id"] == 4001
    await api.delete("/orgs/octo-org/members/margaret-example")
    assert (await api.get("/orgs/octo-org/members/margaret-example")).status_code == 404


async def test_gists_are_listed_where_they_belong(api):
    gist = await post(api, "/gists", files={"a.py": {"content": "1"}}, public=True)
    hidden = await post(api, "/gists", files={"b.py": {"content": "1"}}, public=False)
    for path in ("/gists", "/users/octocat/gists", "/gists/public"):
        assert gist["id"] in await values(api, path, "id")
        assert (hidden["id"] in await values(api, path, "id")) == (path == "/gists")
    assert await values(api, "/users/ada-example/gists", "id") == []
    assert await values(api, "/gists/starred", "id") == []
    assert (await api.put(f"/gists/{gist['id']}/star")).status_code == 204
    assert await values(api, "/gists/starred", "id") == [gist["id"]]
    await api.delete(f"/gists/{gist['id']}/star")
    assert await values(api, "/gists/starred", "id") == []


async def test_an_updated_gist_file_keeps_its_other_fields(api):
    gist = await post(api, "/gists", files={"a.py": {"content": "one"}})
    path = f"/gists/{gist['id']}"
    changed = await patch(api, path, files={"a.py": {"filename": "b.py"}})
    assert {name: file["content"] for name, file in changed["files"].items()} == {"b.py": "one"}
    changed = await patch(api, path, description="d")
    assert (changed["files"]["b.py"]["content"], changed["files"]["b.py"]["size"]) == ("one", 3)


# ---------------------------------------------------------------- lists that go on by id


@pytest.mark.parametrize("path", ["/repositories", "/organizations", "/users"])
async def test_a_list_with_since_ends(api, path):
    last, seen = 0, []
    for _ in range(20):
        ids = await values(api, f"{path}?since={last}&per_page=2", "id")
        if not ids:
            break
        seen += ids
        last = ids[-1]
    assert ids == []
    assert seen == sorted(set(seen))


async def test_a_search_looks_into_every_repository(api):
    for repository in ("ada-example/engine", "octocat/hello-world"):
        await post(api, f"/repos/{repository}/issues", title="Needle")
    await post(api, f"{H}/pulls", title="Needle", head="a", base="main")
    assert (await api.get("/search/issues?q=needle")).json()["total_count"] == 3
