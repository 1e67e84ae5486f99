"""The fake server delivers events to the webhooks of a repository."""

from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from fastapi import FastAPI

from fastapi_integration import webhook_router
from sdk import Sdk
from sdk.testing import AppSeed, StandIn, serve
from sdk.webhooks import Webhooks, redeliver_failed

SECRET = "a secret of the tests"


@asynccontextmanager
async def running(hooks, events, secret=SECRET):
    """Serve a fake server, and an app whose webhook is registered with it."""
    stand_in = StandIn()
    async with (
        hooks.running(),
        serve(_app(hooks)) as app_url,
        serve(stand_in) as api_url,
        Sdk(base_url=api_url, token="t") as sdk,
    ):
        hook = await sdk.repos.create_webhook(
            "octocat",
            "hello-world",
            config={"url": f"{app_url}/hooks", "secret": secret, "content_type": "json"},
            events=events,
        )
        yield stand_in, sdk, hook
        await stand_in.deliveries_sent()


@pytest.fixture
def hooks():
    return Webhooks(secret=SECRET)


@pytest.fixture
def received(hooks):
    deliveries = []

    @hooks.on("*")
    async def keep(delivery):
        deliveries.append(delivery)

    return deliveries


async def test_events_are_delivered_signed_and_typed(hooks, received):
    async with running(hooks, ["issues", "issue_comment", "pull_request"]) as (stand_in, sdk, hook):
        issue = await sdk.issues.create("octocat", "hello-world", title="It breaks")
        await sdk.issues.create_comment("octocat", "hello-world", issue.number, body="Here too")
        await sdk.issues.update("octocat", "hello-world", issue.number, state="closed")
        await sdk.issues.create_label("octocat", "hello-world", name="unwanted")
        await stand_in.deliveries_sent()
    happened = [(each.event, each.action) for each in received]
    assert sorted(map(str, happened)) == sorted(
        map(
            str,
            [
                ("ping", None),
                ("issues", "opened"),
                ("issue_comment", "created"),
                ("issues", "closed"),
            ],
        )
    )
    opened = next(each for each in received if each.action == "opened")
    assert type(opened.payload).__name__ == "WebhookIssuesOpened"
    assert opened.payload.issue.title == "It breaks"
    assert opened.payload.repository.full_name.lower() == "octocat/hello-world"
    assert opened.payload.sender.login == "octocat"
    assert opened.hook_id == hook.id
    assert dict(hooks.drift_counts) == {}


async def test_the_secret_is_never_shown(hooks, received):
    async with running(hooks, ["push"]) as (_, sdk, hook):
        shown = await sdk.repos.get_webhook("octocat", "hello-world", hook.id)
    assert hook.config.secret == "********"
    assert SECRET not in shown.model_dump_json()


async def test_a_failed_delivery_is_redelivered_with_the_same_guid():
    guids = []
    hooks = Webhooks(secret=SECRET, run="inline")

    @hooks.on("issues")
    async def handler(delivery):
        guids.append(delivery.id)

    other = Webhooks(secret="another secret", run="inline")
    async with running(other, ["issues"]) as (stand_in, sdk, hook):
        await sdk.issues.create("octocat", "hello-world", title="It breaks")
        await stand_in.deliveries_sent()
        listed = await sdk.repos.list_webhook_deliveries("octocat", "hello-world", hook.id)
        assert [(each.event, each.status_code) for each in listed] == [
            ("issues", 401),
            ("ping", 401),
        ]
        one_by_one = sdk.repos.list_webhook_deliveries(
            "octocat", "hello-world", hook.id, per_page=1
        )
        assert [each.id async for each in one_by_one] == [each.id for each in listed]
        async with serve(_app(hooks)) as app_url:
            await sdk.repos.update_webhook(
                "octocat",
                "hello-world",
                hook.id,
                config={"url": f"{app_url}/hooks", "secret": SECRET},
            )
            asked = await redeliver_failed(
                sdk, since=timedelta(hours=1), hook_id=hook.id, repo=("octocat", "hello-world")
            )
            await stand_in.deliveries_sent()
            assert [each.event for each in asked] == ["ping", "issues"]
            assert guids == [listed[0].guid]
            again = await redeliver_failed(
                sdk, since=timedelta(hours=1), hook_id=hook.id, repo=("octocat", "hello-world")
            )
    assert again == []


def _app(hooks):
    app = FastAPI()
    app.include_router(webhook_router(hooks, path="/hooks"))
    return app


async def test_an_app_receives_the_events_of_its_installations_and_what_it_missed():
    pytest.importorskip("cryptography")
    from sdk.auth import GitHubApp
    from sdk.testing import InstallationSeed

    seed = AppSeed(events=("issues",), installations=(InstallationSeed("octocat"),))
    stand_in = StandIn(apps=[seed])
    (registered,) = stand_in.apps
    installations = []
    hooks = Webhooks(secret=registered.webhook_secret, run="inline")

    @hooks.on("issues", "opened")
    async def handler(delivery):
        installations.append(delivery.installation_id)

    app = GitHubApp(client_id=registered.client_id, private_key=registered.private_key)
    async with (
        serve(_app(hooks)) as app_url,
        serve(stand_in) as api_url,
        Sdk(base_url=api_url, token="t") as sdk,
        Sdk(base_url=api_url, app=app) as app_sdk,
    ):
        registered.webhook_url = "http://127.0.0.1:9/refused"
        await sdk.issues.create("octocat", "hello-world", title="It breaks")
        await stand_in.deliveries_sent()
        registered.webhook_url = f"{app_url}/hooks"
        asked = await redeliver_failed(app_sdk, since=timedelta(hours=1))
        await stand_in.deliveries_sent()
        again = await redeliver_failed(app_sdk, since=timedelta(hours=1))
    assert [(each.event, each.action) for each in asked] == [("issues", "opened")]
    assert installations == [registered.installation_id("octocat")]
    assert again == []


async def test_an_app_with_a_url_receives_every_event_with_its_chosen_secret(hooks, received):
    async with serve(_app(hooks)) as app_url:
        seed = AppSeed(webhook_url=f"{app_url}/hooks", webhook_secret=SECRET)
        stand_in = StandIn(apps=[seed])
        async with (
            hooks.running(),
            serve(stand_in) as api_url,
            Sdk(base_url=api_url, token="t") as sdk,
        ):
            await sdk.issues.create("octocat", "hello-world", title="It breaks")
            await sdk.issues.create_label("octocat", "hello-world", name="new")
            await stand_in.deliveries_sent()
    happened = sorted((each.event, each.action) for each in received)
    assert happened == [("issues", "opened"), ("label", "created")]
