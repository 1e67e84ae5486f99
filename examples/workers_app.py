"""An app whose workers share tokens, rate limits and deliveries on Redis.

``python -m examples.serve_workers`` runs two workers of it on a fake GitHub server. In
production, run it with any ASGI server and any number of workers; the environment has ``REDIS_URL``
and the variables of ``GitHubApp.from_env()``.
"""

import logging
import os

from fastapi import FastAPI

from fastapi_integration import (
    SdkDep,
    combine_lifespans,
    install_error_handlers,
    sdk_lifespan,
    shared_sdk,
    webhook_router,
    webhooks_lifespan,
)
from sdk import Sdk
from sdk.auth import GitHubApp
from sdk.models.webhooks import WebhookIssuesOpened
from sdk.stores import RedisShared
from sdk.webhooks import Delivery, Webhooks

logging.basicConfig(format="%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s")
logging.getLogger("sdk").setLevel(logging.INFO)

shared = RedisShared.from_url(os.environ["REDIS_URL"])
_secret = os.environ["GITHUB_APP_WEBHOOK_SECRET"]
hooks = Webhooks(secret=_secret, inbox=shared.inbox(secret=_secret))


@hooks.on("issues", "opened")
async def greet(delivery: Delivery[WebhookIssuesOpened]) -> None:
    """Comment on an opened issue, from one of the workers."""
    issue, repo = delivery.payload.issue, delivery.payload.repository
    await delivery.sdk.issues.create_comment(
        repo.owner.login, repo.name, issue.number, body=f"Thank you, from worker {os.getpid()}."
    )


def make_sdk() -> Sdk:
    """Return the App's client."""
    return Sdk(app=GitHubApp.from_env(), base_url=os.environ.get("GITHUB_API_URL"), shared=shared)


app = FastAPI(
    lifespan=combine_lifespans(sdk_lifespan(make_sdk), webhooks_lifespan(hooks, on=shared_sdk))
)
app.include_router(webhook_router(hooks, path="/webhooks"))
install_error_handlers(app)


@app.get("/repos/{owner}/{repo}/issues")
async def open_issues(owner: str, repo: str, sdk: SdkDep) -> dict[str, object]:
    """Return the number of open issues, and the worker that responded."""
    as_app = await sdk.for_repo(owner, repo)
    page = await as_app.issues.list_for_repo(owner, repo)
    core = as_app.rate_limits["core"]
    return {
        "issues": len(page.items),
        "worker": os.getpid(),
        "workers": shared.workers,
        "remaining": core.remaining,
    }
