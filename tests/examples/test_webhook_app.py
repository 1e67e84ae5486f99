"""The example App on the fake server: an issue is opened, the App comments as its installation."""

import sys

import pytest

from sdk import Sdk
from sdk.testing import AppSeed, InstallationSeed, StandIn, serve

pytest.importorskip("cryptography")


@pytest.fixture
def registered(stand_in):
    (app,) = stand_in.apps
    return app


@pytest.fixture
def stand_in():
    installations = (InstallationSeed("octocat"),)
    return StandIn(apps=[AppSeed(events=("issues",), installations=installations)])


@pytest.fixture
def app(registered, monkeypatch):
    monkeypatch.setenv("GITHUB_APP_CLIENT_ID", registered.client_id)
    monkeypatch.setenv("GITHUB_APP_PRIVATE_KEY", registered.private_key)
    monkeypatch.setenv("GITHUB_APP_WEBHOOK_SECRET", registered.webhook_secret)
    monkeypatch.delitem(sys.modules, "examples.webhook_app", raising=False)
    from examples.webhook_app import app

    yield app
    sys.modules.pop("examples.webhook_app", None)


async def test_an_opened_issue_is_answered_with_a_comment(stand_in, registered, app, monkeypatch):
    async with serve(stand_in) as api_url:
        monkeypatch.setenv("GITHUB_API_URL", api_url)
        async with (
            serve(app) as app_url,
            Sdk(base_url=api_url, token="t") as sdk,
        ):
            registered.webhook_url = f"{app_url}/webhooks"
            issue = await sdk.issues.create("octocat", "hello-world", title="It breaks")
            await stand_in.deliveries_sent()
        async with Sdk(base_url=api_url, token="t") as sdk:
            comments = await sdk.issues.list_comments("octocat", "hello-world", issue.number)
    assert [comment.body for comment in comments] == ["Thank you, @octocat."]
    assert stand_in.requests["apps/create-installation-access-token"] == 1


async def test_a_forged_delivery_is_refused(app, monkeypatch):
    from asgi_lifespan import LifespanManager

    from sdk.testing import deliver

    async with LifespanManager(app) as manager:
        response = await deliver(manager.app, "issues", "opened", secret="guessed")
    assert response.status_code == 401
