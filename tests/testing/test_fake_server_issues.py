"""Issues, labels, milestones, assignees and reviewers: every response shows the same objects."""

import pytest

from tests.testing.fake_server_requests import H, patch, post, values


async def test_a_renamed_label_is_the_same_one_everywhere(stand_in):
    made = await post(stand_in, f"{H}/labels", name="own", color="ff0000")
    await post(stand_in, f"{H}/issues/1/labels", 200, labels=["own"])
    for before in (made, (await stand_in.get(f"{H}/labels/bug")).json()):
        after = await patch(stand_in, f"{H}/labels/{before['name']}", new_name=f"{before['name']}2")
        assert after["name"] == f"{before['name']}2"
        same = ("id", "node_id", "color", "description", "default")
        assert [after[key] for key in same] == [before[key] for key in same]
    labels = (await stand_in.get(f"{H}/issues/1")).json()["labels"]
    assert [label["name"] for label in labels] == ["bug2", "own2"]
    assert labels[1]["id"] == made["id"]
    assert (await stand_in.delete(f"{H}/labels/bug2")).status_code == 204
    assert await values(stand_in, f"{H}/issues/1/labels", "name") == ["own2"]


async def test_nested_objects_equal_the_objects_themselves(stand_in):
    issue = (await stand_in.get(f"{H}/issues/1")).json()
    assert issue["labels"] == [(await stand_in.get(f"{H}/labels/bug")).json()]
    assert issue["labels"] == (await stand_in.get(f"{H}/issues/1/labels")).json()
    author = (await stand_in.get("/users/ada-example")).json()
    assert issue["user"].items() <= author.items()


async def test_fields_that_cannot_be_set_are_ignored(stand_in):
    issue = await post(
        stand_in, f"{H}/issues", title="x", id=5, state="closed", number=77, locked=True
    )
    assert (issue["state"], issue["locked"]) == ("open", False)
    assert issue["id"] != 5
    assert issue["number"] != 77


async def test_issues_and_pull_requests_share_their_numbers(stand_in):
    issue = await post(stand_in, f"{H}/issues", title="x")
    pull = await post(stand_in, f"{H}/pulls", title="y", head="topic", base="main")
    assert pull["number"] == issue["number"] + 1
    assert (pull["head"]["ref"], pull["base"]["ref"]) == ("topic", "main")
    assert (await stand_in.get(f"{H}/pulls/{issue['number']}")).status_code == 404
    as_issue = (await stand_in.get(f"{H}/issues/{pull['number']}")).json()
    assert (as_issue["title"], as_issue["id"]) == ("y", pull["id"])
    assert as_issue["pull_request"]["url"] == pull["url"]
    assert pull["number"] in await values(stand_in, f"{H}/issues", "number")
    await post(stand_in, f"{H}/issues/{pull['number']}/labels", 200, labels=["bug"])
    await post(stand_in, f"{H}/issues/{pull['number']}/comments", body="Nice")
    pull = (await stand_in.get(f"{H}/pulls/{pull['number']}")).json()
    assert [label["name"] for label in pull["labels"]] == ["bug"]
    assert await values(stand_in, pull["comments_url"], "body") == ["Nice"]
    await patch(stand_in, f"{H}/issues/{pull['number']}", state="closed")
    assert (await stand_in.get(f"{H}/pulls/{pull['number']}")).json()["state"] == "closed"


async def test_urls_of_an_issue_and_its_comments_can_be_read(stand_in):
    issue = await post(stand_in, f"{H}/issues", title="x", labels=["bug"])
    comment = await post(stand_in, f"{H}/issues/{issue['number']}/comments", body="First")
    assert (await stand_in.get(comment["issue_url"])).json()["number"] == issue["number"]
    assert (await stand_in.get(comment["url"])).json() == comment
    assert await values(stand_in, issue["comments_url"], "body") == ["First"]
    assert (await stand_in.get(issue["repository_url"])).json()[
        "full_name"
    ] == "octocat/hello-world"
    seeded = (await stand_in.get(f"{H}/issues/1")).json()
    assert await values(stand_in, seeded["comments_url"], "body") == ["So do I."]
    [first] = (await stand_in.get(seeded["comments_url"])).json()
    assert (await stand_in.get(first["issue_url"])).json() == seeded


@pytest.mark.parametrize("path", ["issues", "pulls", "milestones"])
@pytest.mark.parametrize("home", [H, "/repos/octocat/spoon-knife"])
async def test_lists_filter_by_state(stand_in, path, home):
    assert await values(stand_in, f"{home}/{path}?state=closed", "number") == []
    numbers = await values(stand_in, f"{home}/{path}", "number")
    assert len(numbers) == 3
    await patch(stand_in, f"{home}/{path}/{numbers[0]}", state="closed")
    assert await values(stand_in, f"{home}/{path}?state=closed", "number") == numbers[:1]
    assert await values(stand_in, f"{home}/{path}?state=all", "number") == numbers


async def test_assignees_can_be_added_and_removed(stand_in):
    ada = (await stand_in.get("/users/ada-example")).json()
    issue = await post(stand_in, f"{H}/issues", title="x", assignees=["ada-example"])
    assert issue["assignees"][0]["id"] == issue["assignee"]["id"] == ada["id"]
    path = f"{H}/issues/2"
    response = await post(stand_in, f"{path}/assignees", assignees=["ada-example", "nobody"])
    assert (response["number"], response["assignees"][0]["id"]) == (2, ada["id"])
    assert (await stand_in.get(path)).json() == response
    response = await post(stand_in, f"{path}/assignees", assignees=["grace-example", "ada-example"])
    assert [each["login"] for each in response["assignees"]] == ["grace-example", "ada-example"]
    response = await post(stand_in, f"{path}/assignees", 200, "DELETE", assignees=["grace-example"])
    assert [each["login"] for each in response["assignees"]] == ["ada-example"]
    await patch(stand_in, path, 422, assignees=["nobody"])


async def test_reviewers_can_be_requested_and_removed(stand_in):
    path = f"{H}/pulls/4/requested_reviewers"
    response = await post(stand_in, path, reviewers=["ada-example"], team_reviewers=["core"])
    assert (response["number"], response["requested_reviewers"][0]["id"]) == (4, 1001)
    assert (await stand_in.get(f"{H}/pulls/4")).json()["requested_teams"][0]["slug"] == "core"
    asked = (await stand_in.get(path)).json()
    assert [each["login"] for each in asked["users"]] == ["ada-example"]
    await post(stand_in, path, 200, "DELETE", reviewers=["ada-example"])
    assert (await stand_in.get(path)).json()["users"] == []
    await post(stand_in, path, 422, reviewers=["nobody"])


async def test_an_issue_has_the_milestone_of_its_number(stand_in):
    milestone = await post(stand_in, f"{H}/milestones", title="1.0")
    issue = await post(stand_in, f"{H}/issues", title="x", milestone=milestone["number"])
    assert issue["milestone"] == milestone
    await post(stand_in, f"{H}/issues", 422, title="x", milestone=99)


@pytest.mark.parametrize("body", [{"labels": 5}, 5, [None], {"labels": "abc"}, [{"x": 1}], [""]])
@pytest.mark.parametrize("method", ["POST", "PUT"])
async def test_invalid_labels_are_refused(stand_in, method, body):
    before = (await stand_in.get(f"{H}/issues/1/labels")).json()
    response = await stand_in.request(method, f"{H}/issues/1/labels", json=body)
    assert response.status_code == 422
    assert (await stand_in.get(f"{H}/issues/1/labels")).json() == before


async def test_adding_a_sub_issue_returns_the_issue(stand_in):
    issue = await post(stand_in, f"{H}/issues/2/sub_issues", sub_issue_id=1)
    assert issue == (await stand_in.get(f"{H}/issues/2")).json()


async def test_a_search_looks_into_every_repository(stand_in):
    for repository in ("ada-example/engine", "octocat/hello-world"):
        await post(stand_in, f"/repos/{repository}/issues", title="Needle")
    await post(stand_in, f"{H}/pulls", title="Needle", head="a", base="main")
    assert (await stand_in.get("/search/issues?q=needle")).json()["total_count"] == 3
