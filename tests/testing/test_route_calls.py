"""Which calls match a route, and the assertions about them."""

from datetime import UTC, datetime
from unittest.mock import ANY

import pytest

from sdk import OMIT, ApiClient, Operation, Resource
from sdk.models import ContentDirectoryItem, ContentFile
from sdk.testing import GitHubMock, fake


async def test_arguments_in_the_types_of_the_signature(github, sdk):
    since = datetime(2026, 1, 1, tzinfo=UTC)
    route = github.on_any(sdk.issues.list_for_repo)
    await sdk.issues.list_for_repo("o", "r", since=since, per_page=5, labels="a,b")
    assert route.last_call.arguments == {
        "owner": "o",
        "repo": "r",
        "since": since,
        "per_page": 5,
        "labels": "a,b",
    }


async def test_arguments_in_the_body(github, sdk):
    route = github.on_any(sdk.issues.update)
    await sdk.issues.update("o", "r", 3, title="x", assignee=None, labels=["a"])
    assert route.last_call.arguments == {
        "owner": "o",
        "repo": "r",
        "issue_number": 3,
        "title": "x",
        "assignee": None,
        "labels": ["a"],
    }


async def test_typed_assertions(github, sdk):
    route = github.on_any(sdk.issues.create)
    route.assert_not_called()
    await sdk.issues.create("o", "r", title="x", labels=["a"])
    route.assert_called_once()
    route.assert_called_once_with("o", "r", title="x", labels=["a"])
    route.assert_called_with("o", "r", title=ANY, labels=ANY)
    with pytest.raises(AssertionError, match=r"title='y'.* but was: .*title='x'"):
        route.assert_called_with("o", "r", title="y", labels=["a"])
    with pytest.raises(AssertionError, match="but was"):
        route.assert_called_with("o", "r", title="x")
    await sdk.issues.create("o", "r", title="z")
    route.assert_any_call("o", "r", title="x", labels=["a"])
    with pytest.raises(AssertionError, match="2 times"):
        route.assert_called_once()
    with pytest.raises(AssertionError, match="was called"):
        route.assert_not_called()


async def test_assertions_without_any_call(sdk):
    with GitHubMock(assert_all_called=False) as github:
        route = github.on(github.sdk.users.get, "x")
        for assertion in (route.assert_called, route.assert_called_once):
            with pytest.raises(AssertionError, match="users/get-by-username"):
                assertion()
        assert (route.called, route.call_count) == (False, 0)


async def test_arguments_choose_the_route(github, sdk):
    opened = github.on(sdk.issues.list_for_repo, "o", "r", state="open")
    closed = github.on(sdk.issues.list_for_repo, "o", "r", state="closed", per_page=ANY)
    await sdk.issues.list_for_repo("o", "r", state="open", per_page=3)
    await sdk.issues.list_for_repo("o", "r", state="closed")
    assert (opened.call_count, closed.call_count) == (1, 1)


async def test_the_media_type_chooses_the_route(github, sdk):
    github.on_any(sdk.pulls.get_diff).respond_with("diff --git")
    github.on_any(sdk.pulls.get).respond(title="x")
    activity = sdk.activity
    github.on_any(activity.list_repos_starred_by_authenticated_user).respond({"name": "a"})
    github.on_any(activity.list_repos_starred_by_authenticated_user_with_dates).respond(
        {"starred_at": "2026-01-02T03:04:05Z", "repo": {"name": "b"}}
    )
    assert await sdk.pulls.get_diff("o", "r", 1) == "diff --git"
    assert (await sdk.pulls.get("o", "r", 1)).title == "x"
    (repository,) = await activity.list_repos_starred_by_authenticated_user()
    (star,) = await activity.list_repos_starred_by_authenticated_user_with_dates()
    assert (repository.name, star.repo.name, star.starred_at.day) == ("a", "b", 2)


async def test_an_undeclared_media_type_matches_the_usual_method(github, sdk):
    github.on_any(sdk.issues.get).respond(body_html="<p>x</p>")
    html = {"headers": {"accept": "application/vnd.github.html+json"}}
    assert (await sdk.issues.get("o", "r", 1, options=html)).body_html == "<p>x</p>"


async def test_fields_of_the_body_choose_the_route(github, sdk):
    bug = github.on(sdk.issues.create, ANY, ANY, title="bug", body=None)
    other = github.on_any(sdk.issues.create)
    github.routes.reverse()
    await sdk.issues.create("o", "r", title="bug", body=None, labels=["x"])
    await sdk.issues.create("o", "r", title="bug")
    assert (bug.call_count, other.call_count) == (1, 1)


async def test_an_omitted_argument_matches_any_value(github, sdk):
    github.on(sdk.issues.create, "o", "r", title="x", body=OMIT)
    await sdk.issues.create("o", "r", title="x", body="text")


@pytest.mark.parametrize("name", ["a b", "ü", "a/b", "a%2Fb", "#1?x"])
async def test_values_that_need_encoding(github, sdk, name):
    route = github.on(sdk.issues.get_label, "o", "r", name).respond(name=name)
    assert (await sdk.issues.get_label("o", "r", name)).name == name
    assert route.last_call.arguments["name"] == name


async def test_paths_of_several_segments(github, sdk):
    route = github.on(sdk.repos.get_branch, "o", "r", "feature/x").respond(name="feature/x")
    assert (await sdk.repos.get_branch("o", "r", "feature/x")).name == "feature/x"
    route.assert_called_once_with("o", "r", "feature/x")


async def test_the_empty_path_is_the_root_of_a_repository(github, sdk):
    root = github.on(sdk.repos.get_content, "o", "r", "").respond_with(
        [fake(ContentDirectoryItem, name="src", type="dir")]
    )
    file = github.on(sdk.repos.get_content, "o", "r", "src").respond_with(fake(ContentFile))
    listed = await sdk.repos.get_content("o", "r", "")
    assert [(each.name, each.type) for each in listed] == [("src", "dir")]
    assert isinstance(await sdk.repos.get_content("o", "r", "src"), ContentFile)
    root.assert_called_once_with("o", "r", "")
    assert root.last_call.arguments == {"owner": "o", "repo": "r", "path": ""}
    file.assert_called_once_with("o", "r", "src")


async def test_any_path_may_be_the_root(github, sdk):
    route = github.on_any(sdk.repos.get_content).respond_with([])
    assert await sdk.repos.get_content("o", "r", "") == []
    route.assert_called_once_with(ANY, ANY, ANY)


async def test_lists_in_the_query(github, sdk):
    route = github.on_any(sdk.security_advisories.list_global_advisories)
    await sdk.security_advisories.list_global_advisories(cwes=["79", "89"], is_withdrawn=True)
    route.assert_called_once_with(cwes=["79", "89"], is_withdrawn=True)
    assert route.last_call.arguments["is_withdrawn"] is True


async def test_uploads_go_to_their_own_server(github, sdk):
    route = github.on_any(sdk.repos.upload_release_asset).respond(name="a.txt")
    await sdk.repos.upload_release_asset("o", "r", 1, name="a.txt", data=b"content")
    assert route.last_call.url.startswith("https://uploads.github.com/")
    assert route.last_call.content == b"content"


def test_wrong_arguments_are_refused_at_once(github, sdk):
    with pytest.raises(TypeError, match="missing 1 required"):
        github.on(sdk.issues.get, "o", "r")
    with pytest.raises(TypeError, match="such as sdk"):
        github.on(print, "x")


async def test_an_own_api_on_the_same_transport(github):
    get_invoice = Operation("GET", "/invoices/{invoice_id}", id="invoices/get", returns=dict)

    class Invoices(Resource):
        async def get(self, invoice_id: str) -> dict[str, int]:
            return await self._call(get_invoice, invoice_id=invoice_id)

    class Billing(ApiClient):
        base_url = "https://billing.example.com/v1"

    async with Billing() as billing:
        invoices = Invoices(billing)
        route = github.on(invoices.get, "i-1").respond_with({"amount": 3})
        assert await invoices.get("i-1") == {"amount": 3}
    assert route.last_call.arguments == {"invoice_id": "i-1"}


async def test_forms_and_whole_bodies_of_an_own_api(github):
    log_in = Operation(
        *("POST", "/login"), body=("user", "tags"), media="application/x-www-form-urlencoded"
    )
    replace = Operation("PUT", "/things", body="things", returns=dict)

    class Things(Resource):
        async def log_in(self, user: str, tags: list[str]) -> None:
            await self._call(log_in, user=user, tags=tags)

        async def replace(self, things: list[int]) -> dict[str, int]:
            return await self._call(replace, things=things)

        async def nothing(self) -> None:
            """Make no call."""

    class Shop(ApiClient):
        base_url = "https://shop.example.com"

    async with Shop() as shop:
        things = Things(shop)
        logged_in = github.on(things.log_in, "ada", ["a", "b"])
        replaced = github.on(things.replace, [1, 2])
        await things.log_in("ada", ["a", "b"])
        await things.replace([1, 2])
        logged_in.assert_called_once_with("ada", ["a", "b"])
        replaced.assert_called_once_with([1, 2])
        with pytest.raises(TypeError, match="makes no call"):
            github.on(things.nothing)


async def test_calls_of_all_routes(github, sdk):
    github.on(sdk.users.get, "a")
    github.on(sdk.users.get, "b")
    await sdk.users.get("a")
    await sdk.users.get("b")
    assert [call.arguments["username"] for call in github.calls] == ["a", "b"]


async def test_uploads_by_their_data(github, sdk, tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(b"content")
    upload = sdk.repos.upload_release_asset
    route = github.on_any(upload)
    chosen = github.on(upload, "o", "r", 1, name="a", data=path)
    with path.open("rb") as file:
        for data in (path, file, b"content", bytearray(b"content"), "content"):
            await upload("o", "r", 1, name="a", data=data)
            chosen.assert_called_with("o", "r", 1, name="a", data=data)
        file.seek(3)
        await upload("o", "r", 1, name="a", data=file)
        file.seek(3)
        route.assert_called_once_with("o", "r", 1, name="a", data=file)
        with pytest.raises(AssertionError, match="but was"):
            route.assert_called_with("o", "r", 1, name="a", data=path)
    await upload("o", "r", 1, name="a", data=path, content_type="text/plain")
    with pytest.raises(AssertionError, match="but was"):
        chosen.assert_called_with("o", "r", 1, name="a", data=path)
    chosen.assert_called_with("o", "r", 1, name="a", data=path, content_type="text/plain")


async def test_an_upload_that_can_be_read_only_once(github, sdk):
    async def pieces():
        yield b"content"

    route = github.on_any(sdk.repos.upload_release_asset)
    await sdk.repos.upload_release_asset("o", "r", 1, name="a", data=pieces())
    route.assert_called_once_with("o", "r", 1, name="a", data=b"content")
    with pytest.raises(TypeError, match="expect the bytes, or ANY"):
        route.assert_called_once_with("o", "r", 1, name="a", data=pieces())


async def test_any_inside_of_an_argument_matches_every_value(github, sdk):
    route = github.on(sdk.issues.create, "o", "r", title="x", labels=["a", ANY])
    run = github.on(sdk.checks.create, "o", "r", name="x", head_sha="1", output={"title": ANY})
    advisories = github.on(sdk.security_advisories.list_global_advisories, cwes=["79", ANY])
    await sdk.issues.create("o", "r", title="x", labels=["a", "b"])
    await sdk.checks.create("o", "r", name="x", head_sha="1", output={"title": "t"})
    await sdk.security_advisories.list_global_advisories(cwes=["79", "89"])
    route.assert_called_once_with("o", "r", title="x", labels=[ANY, "b"])
    run.assert_called_once_with("o", "r", name="x", head_sha="1", output={"title": ANY})
    advisories.assert_called_once_with(cwes=ANY)


async def test_a_route_replaced_by_a_later_one_need_not_be_called(sdk):
    with GitHubMock() as github:
        users = github.sdk.users
        github.on(users.get, "ada")
        github.on(users.get, "ada").respond(name="Ada")
        github.on(users.list_followers_for_user, "ada", per_page=3)
        github.on_any(users.list_followers_for_user)
        await users.get("ada")
        await users.list_followers_for_user("ada")
        github.check()
        github.on(users.get, "bob")
        github.on(users.get_by_username, "ada")
        with pytest.raises(
            AssertionError, match=r"never called: [^,]*'bob'[^,]*, [^,]*'ada'[^,]*$"
        ):
            github.check()
