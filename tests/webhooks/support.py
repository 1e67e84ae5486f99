"""Signed deliveries, as GitHub sends them."""

from __future__ import annotations

import json
from typing import Any

from sdk.testing import fake
from sdk.webhooks import Receipt, Webhooks, sign

SECRET = "It's a Secret to Everybody"


def payload(model: str, **fields: Any) -> bytes:
    from sdk.models import webhooks

    made = fake(getattr(webhooks, model), **fields)
    return made.model_dump_json(by_alias=True, exclude_unset=True).encode()


def issue_opened(**fields: Any) -> bytes:
    return payload("WebhookIssuesOpened", action="opened", **fields)


def headers(body: bytes, event: str, guid: str = "guid-1", **changed: str | None) -> dict[str, str]:
    sent: dict[str, str | None] = {
        "X-GitHub-Event": event,
        "X-GitHub-Delivery": guid,
        "X-GitHub-Hook-ID": "42",
        "X-GitHub-Hook-Installation-Target-Type": "repository",
        "X-GitHub-Hook-Installation-Target-ID": "7",
        "X-Hub-Signature-256": sign(body, SECRET),
        "Content-Type": "application/json",
    }
    sent |= {name.replace("_", "-"): value for name, value in changed.items()}
    return {name: value for name, value in sent.items() if value is not None}


async def send(
    hooks: Webhooks, event: str, body: bytes | dict[str, Any], **changed: Any
) -> Receipt:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return await hooks.receive(headers(raw, event, **changed), raw)
