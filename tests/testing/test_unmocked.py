"""A call without a route fails with the operation's name and the line that adds one."""

from datetime import UTC, datetime
from unittest.mock import ANY

import httpx
import httpx2
import pytest
import respx

from sdk import Sdk
from sdk.testing import GitHubMock, UnmockedCall


@pytest.fixture
def unchecked():
    with GitHubMock() as mock:
        yield mock


LINES = [
    (lambda sdk: sdk.pulls.get_diff("o", "r", 1), 'github.sdk.pulls.get_diff, "o", "r", 1'),
    (lambda sdk: sdk.users.get("octocat"), 'github.sdk.users.get_by_username, "octocat"'),
    (lambda sdk: sdk.users.get(7), "github.sdk.users.get_by_id, 7"),
    (
        lambda sdk: sdk.repos.get_content("o", "r", ""),
        'github.sdk.repos.get_content, "o", "r", ""',
    ),
    (lambda sdk: sdk.users.list(per_page=3), "github.sdk.users.list, per_page=3"),
    (
        lambda sdk: sdk.issues.create("o", "r", title="x", labels=["a"]),
        'github.sdk.issues.create, "o", "r", title="x", labels=["a"]',
    ),
    (
        lambda sdk: sdk.issues.list_for_repo("o", "r", state="open"),
        'github.sdk.issues.list_for_repo, "o", "r", state="open"',
    ),
    (
        lambda sdk: sdk.markdown.render_raw(data="x" * 1000),
        "github.sdk.markdown.render_raw, data=ANY",
    ),
    (
        lambda sdk: sdk.activity.list_notifications_for_authenticated_user(all=True),
        "github.sdk.activity.list_notifications_for_authenticated_user, all=True",
    ),
    (
        lambda sdk: sdk.security_advisories.list_global_advisories(cwes=["79"]),
        'github.sdk.security_advisories.list_global_advisories, cwes="79"',
    ),
    (
        lambda sdk: sdk.agent_tasks.list_tasks_for_repo("o", "r", creator_id=[7]),
        'github.sdk.agent_tasks.list_tasks_for_repo, "o", "r", creator_id=[7]',
    ),
    (
        lambda sdk: sdk.issues.list_for_repo("o", "r", since=datetime(2026, 1, 1, tzinfo=UTC)),
        'github.sdk.issues.list_for_repo, "o", "r", since="2026-01-01T00:00:00Z"',
    ),
    (
        lambda sdk: sdk.repos.upload_release_asset("o", "r", 1, name="a", data=b"x"),
        'github.sdk.repos.upload_release_asset, "o", "r", 1, data="x", name="a"',
    ),
    (lambda sdk: sdk.markdown.render_raw(data="x"), 'github.sdk.markdown.render_raw, data="x"'),
]


@pytest.mark.parametrize(("call", "line"), LINES)
async def test_the_error_names_a_line_that_works(unchecked, call, line):
    with pytest.raises(UnmockedCall, match="and no response is prepared for it") as caught:
        await call(unchecked.sdk)
    written = f"github.on({line}).respond()"
    assert f"\n    {written}\n" in str(caught.value)
    eval(written, {"github": unchecked, "ANY": ANY})  # noqa: S307  the very line, as a user would paste it
    await call(unchecked.sdk)
    assert unchecked.routes[0].called


async def test_the_error_names_the_import_of_any(unchecked):
    with pytest.raises(UnmockedCall, match=r"from unittest\.mock import ANY"):
        await unchecked.sdk.markdown.render_raw(data="x" * 1000)
    with pytest.raises(UnmockedCall) as caught:
        await unchecked.sdk.users.get("x")
    assert "ANY" not in str(caught.value)


DOWNLOADS = [
    lambda sdk: sdk.repos.get_readme_raw("o", "r"),
    lambda sdk: sdk.repos.download_release_asset("o", "r", 1),
    lambda sdk: sdk.repos.download_zipball_archive("o", "r", "main"),
]


@pytest.mark.parametrize("call", DOWNLOADS)
async def test_the_line_for_a_file_returns_bytes(unchecked, call):
    with pytest.raises(UnmockedCall) as caught:
        await call(unchecked.sdk)
    (line,) = [line for line in str(caught.value).splitlines() if "github.on(" in line]
    assert line.endswith('.respond_with(b"...")')
    eval(line, {"github": unchecked})  # noqa: S307  the very line, as a user would paste it
    assert await call(unchecked.sdk) == b"..."


async def test_routes_with_other_arguments_are_listed(unchecked):
    unchecked.on(unchecked.sdk.users.get, "ada")
    with pytest.raises(UnmockedCall, match=r"users/get-by-username\(username='ada'\)"):
        await unchecked.sdk.users.get("octocat")


async def test_routes_with_another_media_type_are_listed(unchecked):
    unchecked.on_any(unchecked.sdk.pulls.get_diff)
    with pytest.raises(UnmockedCall, match=r"pulls/get\(.*\) as application/vnd.github.diff"):
        await unchecked.sdk.pulls.get("o", "r", 1)


async def test_a_path_that_github_does_not_have_is_named(unchecked):
    with pytest.raises(UnmockedCall, match="not one of GitHub's operations"):
        await unchecked.sdk.request("GET", "/no/such/path")


@pytest.mark.parametrize("module", [httpx, httpx2])
async def test_every_http_client_is_caught(unchecked, module):
    async with module.AsyncClient() as client, Sdk(token=None) as sdk:
        with pytest.raises(UnmockedCall):
            await client.get("https://api.github.com/users/octocat")
        with pytest.raises(UnmockedCall):
            await Sdk(http_client=client).users.get("octocat")
        with pytest.raises(UnmockedCall):
            await sdk.users.get("octocat")
    with module.Client() as client, pytest.raises(UnmockedCall):
        client.get("https://api.github.com/users/octocat")
    assert len(unchecked.unexpected) == 4


async def test_httpx2_gets_its_own_responses_and_exceptions(unchecked):
    unchecked.on(unchecked.sdk.users.get, "x").respond(login="x").refuse_connection()
    async with httpx2.AsyncClient() as client:
        assert (await client.get("https://api.github.com/users/x")).json()["login"] == "x"
        with pytest.raises(httpx2.ConnectError):
            await client.get("https://api.github.com/users/x")


async def test_a_swallowed_unmocked_call_fails_the_check(unchecked):
    with pytest.raises(UnmockedCall):
        await unchecked.sdk.users.get("octocat")
    with pytest.raises(AssertionError, match=r"users\.get_by_username"):
        unchecked.check()


async def test_a_route_that_was_never_called_fails_the_check(unchecked):
    unchecked.on(unchecked.sdk.users.get, "octocat")
    with pytest.raises(AssertionError, match="never called: users/get-by-username"):
        unchecked.check()


async def test_other_urls_are_left_to_respx(unchecked):
    unchecked.on(unchecked.sdk.users.get, "x").respond(login="x")
    async with Sdk(token=None) as sdk:
        with respx.mock() as router:
            router.get("https://example.com/").respond(text="theirs")
            assert (await sdk.http_client.get("https://example.com/")).text == "theirs"
            assert (await sdk.users.get("x")).login == "x"
        with pytest.raises(AssertionError, match="is not the API's, and is not mocked"):
            await sdk.http_client.get("https://example.com/")
    with pytest.raises(AssertionError, match=r"example\.com/ is not the API's"):
        unchecked.check()


async def test_in_memory_transports_are_not_intercepted(unchecked):
    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})

    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        assert (await client.get("/")).status_code == 204
    unchecked.check()


async def test_another_base_url_is_mocked():
    with GitHubMock(base_url="https://ghe.example.com/api/v3") as github:
        github.on(github.sdk.users.get, "x").respond(login="x")
        async with Sdk(token=None, base_url="https://ghe.example.com/api/v3/") as sdk:
            assert (await sdk.users.get("x")).login == "x"
            with pytest.raises(UnmockedCall, match="users/list"):
                await sdk.users.list()


async def test_the_patches_are_removed_after_the_block():
    with GitHubMock():
        pass
    assert not httpx.AsyncHTTPTransport.handle_async_request.__module__.startswith("respx")
    assert Sdk().caller.settings.clock.sleep.__module__ == "asyncio.tasks"
