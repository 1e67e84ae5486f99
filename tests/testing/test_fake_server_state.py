"""The fake server keeps what was created, changed and deleted."""

import pytest

from sdk import NotFound, ValidationFailed

HOME = ("octocat", "hello-world")


@pytest.fixture
def api(strict_sdk):
    return strict_sdk


async def test_an_issue_can_be_created_changed_and_read(api):
    issue = await api.issues.create(*HOME, title="New", body="text", labels=["bug", "own"])
    assert (issue.title, issue.state, issue.user.login) == ("New", "open", "octocat")
    assert [label.name for label in issue.labels] == ["bug", "own"]
    assert (await api.issues.get(*HOME, issue.number)).id == issue.id
    assert issue.number in [each.number async for each in api.issues.list_for_repo(*HOME)]
    updated = await api.issues.update(*HOME, issue.number, state="open", labels=["own"])
    assert [label.name for label in updated.labels] == ["own"]
    closed = await api.issues.update(*HOME, issue.number, state="closed", title="Done")
    assert (closed.title, closed.state) == ("Done", "closed")
    assert closed.closed_at is not None
    assert issue.number not in [each.number async for each in api.issues.list_for_repo(*HOME)]
    assert issue.number in [
        each.number async for each in api.issues.list_for_repo(*HOME, state="closed")
    ]


async def test_issue_numbers_ascend_and_ids_differ(api):
    first, second = [await api.issues.create(*HOME, title="x") for _ in range(2)]
    assert second.number == first.number + 1 == 8
    assert first.id != second.id


async def test_comments(api):
    comment = await api.issues.create_comment(*HOME, 1, body="First")
    assert comment.user.login == "octocat"
    assert (await api.issues.get_comment(*HOME, comment.id)).body == "First"
    await api.issues.update_comment(*HOME, comment.id, body="Second")
    assert [each.body async for each in api.issues.list_comments(*HOME, 1)] == [
        "So do I.",
        "Second",
    ]
    await api.issues.delete_comment(*HOME, comment.id)
    assert [each.body async for each in api.issues.list_comments(*HOME, 1)] == ["So do I."]
    with pytest.raises(NotFound):
        await api.issues.get_comment(*HOME, comment.id)


async def test_labels_of_the_repository(api):
    await api.issues.create_label(*HOME, name="help wanted", color="008672")
    assert (await api.issues.get_label(*HOME, "help wanted")).color == "008672"
    with pytest.raises(ValidationFailed) as caught:
        await api.issues.create_label(*HOME, name="bug")
    assert caught.value.errors[0]["code"] == "already_exists"
    await api.issues.update_label(*HOME, "help wanted", new_name="help")
    names = [label.name async for label in api.issues.list_labels_for_repo(*HOME)]
    assert names == ["bug", "documentation", "enhancement", "help"]
    await api.issues.delete_label(*HOME, "bug")
    with pytest.raises(NotFound):
        await api.issues.get_label(*HOME, "bug")


async def test_labels_of_an_issue(api):
    def names(labels):
        return [label.name for label in labels]

    added = await api.issues.add_labels(*HOME, 1, labels=["enhancement", "own"])
    assert names(added) == ["bug", "enhancement", "own"]
    assert names(await api.issues.remove_label(*HOME, 1, "own")) == ["bug", "enhancement"]
    assert names(await api.issues.set_labels(*HOME, 1, labels=["x"])) == ["x"]
    assert names((await api.issues.get(*HOME, 1)).labels) == ["x"]
    await api.issues.remove_all_labels(*HOME, 1)
    assert (await api.issues.get(*HOME, 1)).labels == []
    with pytest.raises(NotFound):
        await api.issues.remove_label(*HOME, 1, "x")


async def test_locking(api):
    await api.issues.lock(*HOME, 1, lock_reason="spam")
    issue = await api.issues.get(*HOME, 1)
    assert (issue.locked, issue.active_lock_reason) == (True, "spam")
    await api.issues.unlock(*HOME, 1)
    assert not (await api.issues.get(*HOME, 1)).locked


async def test_milestones_and_the_issues_that_have_them(api):
    milestone = await api.issues.create_milestone(*HOME, title="1.0")
    issue = await api.issues.create(
        *HOME, title="x", milestone=milestone.number, assignees=["ada-example"]
    )
    assert issue.milestone.number == milestone.number
    assert issue.assignees[0].login == "ada-example"


async def test_a_repository_can_be_created_changed_and_deleted(api):
    repository = await api.repos.create_for_authenticated_user(name="new", private=True)
    assert (repository.full_name, repository.private) == ("octocat/new", True)
    assert repository.owner.login == "octocat"
    names = [each.name async for each in api.repos.list_for_authenticated_user()]
    assert "new" in names
    assert await api.issues.list_for_repo("octocat", "new").collect() == []
    assert (await api.issues.create("octocat", "new", title="First")).number == 1
    changed = await api.repos.update("octocat", "new", name="newer", description="Better")
    assert (changed.full_name, changed.description) == ("octocat/newer", "Better")
    assert (await api.issues.get("octocat", "newer", 1)).title == "First"
    assert len(await api.issues.list_for_repo("octocat", "newer")) == 1
    with pytest.raises(NotFound):
        await api.repos.get("octocat", "new")
    await api.repos.delete("octocat", "newer")
    with pytest.raises(NotFound):
        await api.issues.list_for_repo("octocat", "newer")


async def test_a_repository_name_in_use_is_refused(api):
    with pytest.raises(ValidationFailed):
        await api.repos.create_for_authenticated_user(name="hello-world")


async def test_repositories_of_organizations_and_other_users(api):
    created = await api.repos.create_in_org("octo-org", name="tools")
    assert created.owner.login == "octo-org"
    assert [each.name async for each in api.repos.list_for_org("octo-org")] == [
        "handbook",
        "tools",
    ]
    assert [each.name async for each in api.repos.list_for_user("ada-example")] == ["engine"]
    for missing in (api.repos.list_for_org("none"), api.repos.list_for_user("none")):
        with pytest.raises(NotFound):
            await missing


async def test_gists(api):
    gist = await api.gists.create(files={"a.py": {"content": "1"}, "b.py": {"content": "2"}})
    assert (await api.gists.get(gist.id)).files["a.py"].content == "1"
    changed = await api.gists.update(gist.id, description="d", files={"a.py": None})
    assert (set(changed.files), changed.description) == ({"b.py"}, "d")
    assert gist.id in [each.id async for each in api.gists.list()]
    await api.gists.delete(gist.id)
    with pytest.raises(NotFound):
        await api.gists.get(gist.id)


async def test_pull_requests(api):
    pull = await api.pulls.create(*HOME, title="Change", head="topic", base="main")
    assert not await api.pulls.check_if_merged(*HOME, pull.number)
    assert (await api.pulls.merge(*HOME, pull.number)).merged
    assert await api.pulls.check_if_merged(*HOME, pull.number)
    merged = await api.pulls.get(*HOME, pull.number)
    assert (merged.merged, merged.state) == (True, "closed")


async def test_an_unknown_pull_request_cannot_be_merged(api):
    with pytest.raises(NotFound):
        await api.pulls.merge(*HOME, 99)
    with pytest.raises(NotFound):
        await api.repos.create_in_org("none", name="x")


async def test_stars(api):
    assert not await api.activity.check_repo_is_starred_by_authenticated_user(*HOME)
    await api.activity.star_repo_for_authenticated_user(*HOME)
    assert await api.activity.check_repo_is_starred_by_authenticated_user(*HOME)
    starred = await api.activity.list_repos_starred_by_authenticated_user()
    assert [repository.full_name for repository in starred] == ["octocat/hello-world"]
    await api.activity.unstar_repo_for_authenticated_user(*HOME)
    assert not await api.activity.check_repo_is_starred_by_authenticated_user(*HOME)
    with pytest.raises(NotFound):
        await api.activity.star_repo_for_authenticated_user("octocat", "none")


async def test_stargazers(api):
    new = (await api.repos.create_for_authenticated_user(name="new")).name
    assert await api.activity.list_stargazers_for_repo("octocat", new).collect() == []
    await api.activity.star_repo_for_authenticated_user("octocat", new)
    assert [each.login async for each in api.activity.list_stargazers_for_repo("octocat", new)] == [
        "octocat"
    ]
    assert [each.login async for each in api.activity.list_stargazers_for_repo(*HOME)] == [
        "ada-example",
        "grace-example",
        "linus-example",
    ]
    with pytest.raises(NotFound):
        await api.activity.list_stargazers_for_repo("octocat", "none")


async def test_stars_have_a_date_with_the_star_media_type(api):
    await api.activity.star_repo_for_authenticated_user(*HOME)
    mine = await api.activity.list_repos_starred_by_authenticated_user_with_dates()
    octocats = await api.activity.list_repos_starred_by_user_with_dates("octocat")
    assert mine.items == octocats.items
    assert [star.repo.full_name for star in mine] == ["octocat/hello-world"]
    assert mine[0].starred_at.tzinfo is not None
    others = await api.activity.list_repos_starred_by_user("ada-example")
    dated = await api.activity.list_repos_starred_by_user_with_dates("ada-example")
    assert [star.repo for star in dated] == others.items
    stars = await api.activity.list_stargazers_for_repo_with_dates(*HOME, per_page=2).collect()
    users = await api.activity.list_stargazers_for_repo(*HOME, per_page=2).collect()
    assert [star.user for star in stars] == users


async def test_following(api):
    assert not await api.users.check_person_is_followed_by_authenticated("ada-example")
    await api.users.follow("ada-example")
    assert await api.users.check_person_is_followed_by_authenticated("ada-example")
    followed = await api.users.list_followed_by_authenticated_user()
    assert [user.login for user in followed] == ["ada-example"]
    assert len(await api.users.list_followers_for_user("octocat")) == 7


async def test_the_own_profile_can_be_changed(api):
    await api.users.update_authenticated(name="Mona", bio="Cat")
    for user in (await api.users.me(), await api.users.get("octocat")):
        assert (user.login, user.name, user.bio) == ("octocat", "Mona", "Cat")


async def test_webhooks_variables_and_topics_can_be_changed(api):
    hook = await api.repos.create_webhook(*HOME, config={"url": "https://example.com"})
    changed = await api.repos.update_webhook(*HOME, hook.id, active=False)
    assert (changed.id, changed.active) == (hook.id, False)
    await api.repos.delete_webhook(*HOME, hook.id)
    with pytest.raises(NotFound):
        await api.repos.get_webhook(*HOME, hook.id)
    await api.actions.create_repo_variable(*HOME, name="COLOR", value="red")
    await api.actions.update_repo_variable(*HOME, "COLOR", value="blue")
    variable = await api.actions.get_repo_variable(*HOME, "color")
    assert variable.value == "blue"
    await api.repos.replace_all_topics(*HOME, names=["a", "b"])
    assert (await api.repos.get_all_topics(*HOME)).items == ["a", "b"]


async def test_read_only_objects_exist_under_every_name(api):
    run = await api.actions.get_workflow_run(*HOME, 4711)
    assert run.id == 4711
    assert run == await api.actions.get_workflow_run(*HOME, 4711)


@pytest.mark.parametrize(
    "call",
    [
        lambda api: api.issues.get(*HOME, 99),
        lambda api: api.issues.list_comments(*HOME, 99),
        lambda api: api.issues.create("octocat", "none", title="x"),
        lambda api: api.teams.get_by_name("octo-org", "none"),
        lambda api: api.repos.get_release(*HOME, 99),
        lambda api: api.gists.get("none"),
    ],
)
async def test_objects_that_can_be_created_do_not_exist_before(api, call):
    with pytest.raises(NotFound):
        await call(api)


async def test_a_missing_required_field_is_refused(api):
    with pytest.raises(ValidationFailed) as caught:
        await api.request(
            "POST", "/repos/octocat/hello-world/issues", json={"body": "without a title"}
        )
    assert caught.value.errors == (
        {"resource": "Issue", "field": "title", "code": "missing_field"},
    )


async def test_writing_needs_a_token(http):
    response = await http.post("/repos/octocat/hello-world/issues", json={"title": "x"})
    assert response.status_code == 401


async def test_searches(api):
    found = await api.search.repos(q="engine language:python")
    assert [repository.full_name for repository in found] == ["ada-example/engine"]
    assert [user.login async for user in api.search.users(q="grace")] == ["grace-example"]
    await api.issues.create(*HOME, title="Needle in a haystack")
    issues = await api.search.issues_and_pull_requests(q="needle is:open")
    assert (issues.total_count, issues[0].title) == (1, "Needle in a haystack")
    with pytest.raises(ValidationFailed):
        await api.search.users(q="")
