# pyright: strict, reportUnnecessaryTypeIgnoreComment=true
"""What type checkers know of webhooks; it is checked, not run."""

from typing import assert_type

from sdk.models.webhooks import (
    WebhookIssuesOpened,
    WebhookPush,
    WebhookStarCreated,
    WebhookStarDeleted,
)
from sdk.webhooks import CommonPayload, Delivery, Webhooks, parse

hooks = Webhooks(secret="secret")


@hooks.on("issues", "opened")
async def opened(delivery: Delivery[WebhookIssuesOpened]) -> None:
    assert_type(delivery.payload.issue.title, str)
    assert_type(delivery.action, str | None)
    assert_type((await delivery.sdk.users.get("octocat")).login, str)


@hooks.on("push")
async def pushed(delivery: Delivery[WebhookPush]) -> None:
    assert_type(delivery.payload.ref, str)


@hooks.on("star", key=lambda delivery: delivery.installation_id)
async def starred(
    delivery: Delivery[WebhookStarCreated | WebhookStarDeleted | CommonPayload],
) -> None:
    assert_type(delivery.event, str)


@hooks.on("*")
async def everything(delivery: Delivery[object]) -> None:
    assert_type(delivery.payload, object)


@hooks.on("issues", "closed")  # type: ignore[arg-type]
async def mistaken(delivery: Delivery[WebhookIssuesOpened]) -> None:
    pass


hooks.on("isues", "opened")  # type: ignore[call-overload]

assert_type(parse("push", b"{}"), WebhookPush)
