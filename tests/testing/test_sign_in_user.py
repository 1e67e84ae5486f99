"""Signing a user in to an app under test, in one line."""

from typing import Annotated

import httpx
import pytest
from asgi_lifespan import LifespanManager
from fastapi import Depends, FastAPI
from fastapi.testclient import TestClient

from fastapi_integration import GitHubSignIn, install_error_handlers, sdk_lifespan
from sdk import Sdk
from sdk.auth import OAuthApp
from sdk.testing import AppSeed, StandIn, serve, sign_in_user

HOME = "https://app.example"
CALLBACK = f"{HOME}/login/callback"
SEED = AppSeed(client_id="Iv23liMine", client_secret="mine", redirect_uris=[CALLBACK])


def app_on(github, url=None):
    """Return an app with sign-in whose calls go to a fake server, in this process or at a URL."""

    def client():
        if url is not None:
            return Sdk(token=None, base_url=url)
        transport = httpx.ASGITransport(github)
        return Sdk(token=None, http_client=httpx.AsyncClient(transport=transport))

    oauth = OAuthApp("Iv23liMine", "mine", redirect_uri=CALLBACK)
    sign_in = GitHubSignIn(oauth, secret="0123456789abcdef" * 2)
    app = FastAPI(lifespan=sdk_lifespan(client))
    install_error_handlers(app)
    app.include_router(sign_in.router)

    @app.get("/me")
    async def me(sdk: Annotated[Sdk, Depends(sign_in.user_sdk)]) -> str:
        return (await sdk.users.me()).login

    @app.get("/elsewhere")
    async def elsewhere():
        return "no redirect"

    return app


def test_a_user_is_signed_in_with_a_test_client():
    github = StandIn(apps=[SEED])
    with TestClient(app_on(github), base_url=HOME) as client:
        assert client.get("/me").status_code == 401
        assert sign_in_user(client, github, login="ada-example") is client
        assert client.get("/me").json() == "ada-example"
        sign_in_user(client, github)
        assert client.get("/me").json() == "octocat"


async def test_a_user_is_signed_in_with_an_async_client():
    github = StandIn(apps=[SEED])
    async with (
        serve(github) as url,
        LifespanManager(app_on(github, url)) as running,
        httpx.AsyncClient(transport=httpx.ASGITransport(running.app), base_url=HOME) as client,
    ):
        assert await sign_in_user(client, github) is client
        assert (await client.get("/me")).json() == "octocat"


@pytest.mark.parametrize(
    ("seeds", "options", "base_url", "text"),
    [
        ([], {}, HOME, r"client ID 'Iv23liMine', and the fake server has no app: register it"),
        ([AppSeed(client_id="other")], {}, HOME, "the fake server has 'other'"),
        (
            [AppSeed(client_id="Iv23liMine", redirect_uris=["https://other.example/cb"])],
            {},
            HOME,
            "GitHub did not authorize the app: .*redirect_uri",
        ),
        ([AppSeed(client_id="Iv23liMine")], {}, HOME, "The callback answered 502"),
        ([SEED], {}, "http://testserver", "pass base_url='https://app.example' to the client"),
        ([SEED], {"path": "/nowhere"}, HOME, "GET /nowhere answered 404 instead of a redirect"),
        ([SEED], {"path": "/elsewhere"}, HOME, "answered 200 instead of a redirect"),
    ],
)
def test_what_prevents_it_is_said(seeds, options, base_url, text):
    github = StandIn(apps=seeds)
    with (
        TestClient(app_on(github), base_url=base_url) as client,
        pytest.raises(AssertionError, match=text),
    ):
        sign_in_user(client, github, **options)


def test_the_settings_of_an_app_can_be_chosen_and_are_not_shown():
    seed = AppSeed(client_id="mine", client_secret="s3cret-1", webhook_secret="s3cret-2")
    server = StandIn(apps=[seed])
    [app] = server.apps
    assert (app.client_id, app.client_secret, app.webhook_secret) == (
        "mine",
        "s3cret-1",
        "s3cret-2",
    )
    assert "s3cret" not in repr((seed, app))
    with pytest.raises(ValueError, match="client ID 'mine' is registered already"):
        server.register_app(name="another", client_id="mine")
