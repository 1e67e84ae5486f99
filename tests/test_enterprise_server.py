"""GitHub Enterprise Server: its addresses, and the operations that it lacks."""

import httpx
import pytest

from sdk import DecodeError, GitHubApp, NotFound, Redirected, Sdk, metadata
from sdk.auth import OAuthApp, UserAuth, sign_in_on_device
from sdk.operations import OPERATIONS
from sdk.testing import AppSeed, InstallationSeed, StandIn
from tests.transport.support import FakeClock

BASE_URL = "https://ghe.example.com/api/v3"
INNER = "https://ghes.internal:8443"
LACKING = "copilot/list-copilot-seats"


class Server:
    """A fake server of a release, and the addresses that were requested."""

    def __init__(self, release="3.19", **options):
        self.app = StandIn(enterprise=release, **options)
        self.urls = []

    async def note(self, request):
        self.urls.append(str(request.url).partition("?")[0])

    def sdk(self, **options):
        http_client = httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app), event_hooks={"request": [self.note]}
        )
        options = {"token": "t", **options} if "app" not in options else options
        return Sdk(**{"base_url": BASE_URL, "http_client": http_client, "strict": True, **options})


async def test_calls_pages_and_uploads_reach_the_server():
    server = Server()
    async with server.sdk() as sdk:
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
    uploads = "https://ghe.example.com/api/uploads/repos/octocat/hello-world/releases"
    assert server.urls[-1] == f"{uploads}/{release.id}/assets"
    assert release.upload_url == f"{uploads}/{release.id}/assets{{?name,label}}"
    assert user.html_url == "https://ghe.example.com/octocat"
    assert user.url == f"{BASE_URL}/users/octocat"


async def test_graphql_is_beside_the_rest_api():
    server = Server()
    server.app.graphql("query { viewer { login } }", {"viewer": {"login": "octocat"}})
    async with server.sdk() as sdk:
        found = await sdk.graphql.query("query { viewer { login } }")
        assert found == {"viewer": {"login": "octocat"}}
        with pytest.raises(NotFound):
            await sdk.request("POST", "/graphql", json={"query": "query { viewer { login } }"})
    assert server.urls[0] == "https://ghe.example.com/api/graphql"


async def test_an_app_gets_its_tokens_from_the_server():
    server = Server(apps=[AppSeed(installations=[InstallationSeed("octocat")])])
    registered = server.app.apps[0]
    app = GitHubApp(client_id=registered.client_id, private_key=registered.private_key)
    async with server.sdk(app=app) as sdk:
        view = await sdk.for_repo("octocat", "hello-world")
        assert await view.issues.list_for_repo("octocat", "hello-world")
    assert all(url.startswith(f"{BASE_URL}/") for url in server.urls)


async def test_users_sign_in_at_the_website_of_the_server():
    server = Server(apps=[AppSeed(oauth_app=True)])
    registered = server.app.apps[0]
    oauth = OAuthApp(registered.client_id, registered.client_secret)
    async with server.sdk(token=None) as sdk:
        begun = oauth.begin(sdk)
        assert begun.url.startswith("https://ghe.example.com/login/oauth/authorize?")
        code = server.app.authorization_code(registered)
        token = await oauth.finish(sdk, begun, code=code, state=begun.state)
        me = await sdk.with_options(auth=UserAuth(oauth, token)).users.me()
        assert me.login == "octocat"
        assert await oauth.is_valid(sdk, token.token) is True
    assert server.urls == [
        "https://ghe.example.com/login/oauth/access_token",
        f"{BASE_URL}/user",
        f"{BASE_URL}/applications/{registered.client_id}/token",
    ]


async def test_the_device_flow_runs_at_the_website_of_the_server():
    clock = FakeClock()
    server = Server(apps=[AppSeed(oauth_app=True, device_flow=True)], now=lambda: clock.time)
    oauth = OAuthApp(server.app.apps[0].client_id, None)
    shown = []

    def show(code):
        shown.append(code.verification_uri)
        server.app.authorize_device(code.user_code)

    async with server.sdk(token=None, clock=clock.clock) as sdk:
        token = await sign_in_on_device(oauth, sdk, show)
        me = await sdk.with_options(token=token.token).users.me()
    assert me.login == "octocat"
    assert shown == ["https://ghe.example.com/login/device"]
    assert server.urls[:2] == [
        "https://ghe.example.com/login/device/code",
        "https://ghe.example.com/login/oauth/access_token",
    ]


async def test_links_to_the_inner_host_of_a_gateway_are_followed_at_the_gateway_when_allowed():
    server = Server(link_origin=INNER)
    async with server.sdk(link_origins=[INNER]) as sdk:
        first = await sdk.repos.list_for_user("octocat", per_page=1)
        assert f"<{INNER}/api/v3/" in metadata(first).headers["link"]
        assert len(await sdk.repos.list_for_user("octocat", per_page=1).collect()) == 3
    assert {httpx.URL(url).host for url in server.urls} == {"ghe.example.com"}
    async with server.sdk() as sdk:
        with pytest.raises(DecodeError, match=r"'ghes.internal:8443'.*link_origins="):
            await sdk.repos.list_for_user("octocat", per_page=1).collect()


@pytest.mark.parametrize(("method", "status"), [("GET", 301), ("PATCH", 307), ("POST", 307)])
async def test_redirects_to_the_inner_host_are_followed_at_the_gateway_when_allowed(method, status):
    sent = []

    def answer(request):
        sent.append((request.method, str(request.url), request.headers.get("authorization")))
        if len(sent) == 1:
            location = f"{INNER}/api/v3/repositories/1?a=b"
            return httpx.Response(status, headers={"location": location})
        return httpx.Response(200, json={})

    http_client = httpx.AsyncClient(transport=httpx.MockTransport(answer))
    options = {"token": "t", "base_url": BASE_URL, "http_client": http_client, "retry": None}
    async with Sdk(link_origins=[INNER], **options) as sdk:
        await sdk.request(method, "/repos/old/name")
        assert sent == [
            (method, f"{BASE_URL}/repos/old/name", "Bearer t"),
            (method, f"{BASE_URL}/repositories/1?a=b", "Bearer t"),
        ]
        sent.clear()
        strict = Sdk(**options)
        if method == "GET":
            await strict.request(method, "/repos/old/name")
            assert sent[1] == ("GET", f"{INNER}/api/v3/repositories/1?a=b", None)
        else:
            with pytest.raises(Redirected):
                await strict.request(method, "/repos/old/name")
            assert len(sent) == 1


GATEWAY = "https://gateway.example.com/github/api/v3"


async def test_a_gateway_may_have_a_path_before_that_of_the_server():
    sent = []

    def answer(request):
        sent.append(str(request.url).partition("?")[0])
        if "uploads" in sent[-1]:
            return httpx.Response(201, json={"id": 1, "name": "a"})
        return httpx.Response(200, json={"data": {}})

    http_client = httpx.AsyncClient(transport=httpx.MockTransport(answer))
    async with Sdk(token="t", base_url=GATEWAY, http_client=http_client) as sdk:
        await sdk.graphql.query("query { viewer { login } }")
        assert (
            OAuthApp("id", "secret")
            .begin(sdk)
            .url.startswith("https://gateway.example.com/github/login/oauth/authorize?")
        )
        await sdk.repos.upload_release_asset("o", "r", 1, name="a", data=b"x")
    assert sent == [
        "https://gateway.example.com/github/api/graphql",
        "https://gateway.example.com/github/api/uploads/repos/o/r/releases/1/assets",
    ]


async def test_an_operation_that_the_release_lacks_is_named():
    async with Server("3.18").sdk() as sdk:
        with pytest.raises(NotFound, match=r"3\.18 does not have copilot/list-copilot-seats"):
            await sdk.copilot.list_copilot_seats("o")
        with pytest.raises(NotFound, match="Check the spelling"):
            await sdk.users.get("nobody-of-this-name")


def test_a_link_origin_needs_a_release():
    with pytest.raises(ValueError, match="enterprise="):
        StandIn(link_origin=INNER)


def test_operations_know_which_releases_have_them():
    assert not OPERATIONS[LACKING].is_on_server("3.19")
    assert not OPERATIONS[LACKING].is_on_server("3.17.2")
    assert OPERATIONS[LACKING].is_on_server("4.0")
    assert OPERATIONS["users/get-by-username"].is_on_server("3.17")
    assert OPERATIONS["issues/list-dependencies-blocking"].is_on_server("3.19")
    assert not OPERATIONS["issues/list-dependencies-blocking"].is_on_server("3.18")
