"""A GitHub App: when an issue is opened, it comments as the installation that the issue is in.

``python -m examples.serve_webhook_app`` runs it on a fake GitHub server. In production, run it
with any ASGI server; the environment holds ``GITHUB_APP_CLIENT_ID``,
``GITHUB_APP_PRIVATE_KEY`` and ``GITHUB_APP_WEBHOOK_SECRET``.
"""

import os

from fastapi import FastAPI

from fastapi_integration import (
    combine_lifespans,
    sdk_lifespan,
    shared_sdk,
    webhook_router,
    webhooks_lifespan,
)
from sdk import Sdk
from sdk.auth import GitHubApp
from sdk.models.webhooks import WebhookIssuesOpened
from sdk.webhooks import Delivery, Webhooks

hooks = Webhooks(secret=os.environ["GITHUB_APP_WEBHOOK_SECRET"])


@hooks.on("issues", "opened")
async def greet(delivery: Delivery[WebhookIssuesOpened]) -> None:
    """Comment on an opened issue."""
    issue, repo = delivery.payload.issue, delivery.payload.repository
    await delivery.sdk.issues.create_comment(
        repo.owner.login,
        repo.name,
        issue.number,
        body=f"Thank you, @{delivery.payload.sender.login}.",
    )


def make_sdk() -> Sdk:
    """Return the App's client."""
    return Sdk(app=GitHubApp.from_env(), base_url=os.environ.get("GITHUB_API_URL"))


app = FastAPI(
    lifespan=combine_lifespans(sdk_lifespan(make_sdk), webhooks_lifespan(hooks, on=shared_sdk))
)
app.include_router(webhook_router(hooks, path="/webhooks"))
