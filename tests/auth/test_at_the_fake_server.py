"""Apps and users from end to end, at the fake GitHub of ``sdk.testing``."""

import asyncio

import pytest

from sdk import GitHubApp, Sdk
from sdk.auth import OAuthApp, UserAuth, UserToken
from sdk.auth.errors import AppRefused, InstallationGone, InstallationSuspended, SignInExpired
from sdk.testing import AppSeed, InstallationSeed, StandIn, serve
from tests.auth.keys import pem
from tests.transport.support import FakeClock


@pytest.fixture
async def github():
    seed = AppSeed(installations=[InstallationSeed("octocat"), InstallationSeed("octo-org")])
    clock = FakeClock()
    server = StandIn(apps=[seed], now=lambda: clock.time)
    async with serve(server) as address:
        server.address, server.time = address, clock
        yield server


def sdk_of(github, **options):
    registered = github.apps[0]
    if not options:
        options["app"] = GitHubApp(
            client_id=registered.client_id, private_key=registered.private_key
        )
    return Sdk(base_url=github.address, clock=github.time.clock, **options)


async def read(view):
    return await view.issues.list_for_repo("octocat", "hello-world")


async def test_an_app_acts_as_its_installation_over_real_sockets(github):
    async with sdk_of(github) as sdk:
        views = [await sdk.for_repo("octocat", "hello-world") for _ in range(3)]
        await asyncio.gather(*(read(view) for view in views for _ in range(10)))
    assert github.requests["apps/create-installation-access-token"] == 1
    assert github.requests["apps/get-repo-installation"] == 1


async def test_stateless_tokens_are_accepted(github):
    github.stateless_tokens = True
    async with sdk_of(github) as sdk:
        view = await sdk.for_user("octocat")
        await read(view)
        token = view.caller.settings.auth._tokens[github.address].held.token
    assert len(token) > 400
    assert token.count(".") == 2


async def test_suspended_removed_and_unknown_apps_raise_different_errors(github):
    registered = github.apps[0]
    installation = registered.installation_id("octocat")
    async with sdk_of(github) as sdk:
        github.suspend(installation)
        with pytest.raises(InstallationSuspended):
            await read(sdk.as_installation(installation))
        github.unsuspend(installation)
        await read(sdk.as_installation(installation))
        github.uninstall(installation)
        with pytest.raises(InstallationGone):
            await read(sdk.as_installation(installation))
    stranger = GitHubApp(client_id=registered.client_id, private_key=pem())
    async with sdk_of(github, app=stranger) as sdk:
        with pytest.raises(AppRefused):
            await sdk.apps.get_authenticated()


async def test_a_user_s_tokens_are_refreshed_once_and_a_used_refresh_token_is_refused(github):
    registered = github.apps[0]
    given = github.issue_user_token(registered)
    oauth = OAuthApp(registered.client_id, registered.client_secret)
    token = UserToken(given["access_token"], 0.0, given["refresh_token"])
    auth = UserAuth(oauth, token)
    async with sdk_of(github, auth=auth) as sdk:
        users = await asyncio.gather(*(sdk.users.me() for _ in range(10)))
        assert {user.login for user in users} == {"octocat"}
        assert github.requests["oauth/access-token"] == 1
        with pytest.raises(SignInExpired):
            await sdk.with_options(auth=UserAuth(oauth, token)).users.me()
        assert await oauth.is_valid(sdk, auth.token.token) is True
        await oauth.delete_grant(sdk, auth.token.token)
        assert await oauth.is_valid(sdk, auth.token.token) is False
