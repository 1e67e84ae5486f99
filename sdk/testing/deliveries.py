"""Send signed webhook deliveries to an app, as GitHub does."""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from sdk.transport.errors import InvalidInput

if TYPE_CHECKING:
    import httpx

_numbers = itertools.count(1)


def payload_of(event: str, action: str | None = None, **fields: object) -> dict[str, Any]:
    """Return a payload of an event: the given fields, and generated values for the rest.

    Args:
        event: the event's name, such as ``"issues"``.
        action: its action, if the event has actions.
        fields: fields of the payload, by our names or GitHub's; a mapping sets some fields of an
            object.

    Raises:
        InvalidInput: there is no such event or action; the text has the nearest ones.
        TypeError: the payload has no such field.
    """
    from sdk.models import webhooks
    from sdk.webhooks._events import EVENTS
    from sdk.webhooks.registry import check_event

    from .synthesis import build

    check_event(event, action)
    actions = EVENTS.get(event, {})
    known = [name for name in actions if name is not None]
    if action is None and known:
        raise InvalidInput(f"{event} is sent with an action: {', '.join(known)}.")
    model = getattr(webhooks, actions[action if action in actions else None])
    made = build(model, {**fields} if action is None else {"action": action, **fields})
    return cast("dict[str, Any]", made)


def signed(
    event: str,
    payload: Mapping[str, Any],
    *,
    secret: str | bytes,
    guid: str | None = None,
    hook_id: int = 1,
    headers: Mapping[str, str] | None = None,
) -> tuple[dict[str, str], bytes]:
    """Return the headers and the body of a delivery.

    Args:
        event: the event's name.
        payload: the payload, as JSON values.
        secret: the webhook's secret.
        guid: the id of the event; a new one by default.
        hook_id: the id of the webhook that sends it.
        headers: other values for headers, or further headers.
    """
    from sdk.webhooks import sign

    body = json.dumps(payload, separators=(",", ":")).encode()
    return {
        "Accept": "*/*",
        "Content-Type": "application/json",
        "User-Agent": "GitHub-Hookshot/0000000",
        "X-GitHub-Delivery": guid or str(UUID(int=next(_numbers))),
        "X-GitHub-Event": event,
        "X-GitHub-Hook-ID": str(hook_id),
        "X-GitHub-Hook-Installation-Target-ID": "1",
        "X-GitHub-Hook-Installation-Target-Type": "repository",
        "X-Hub-Signature-256": sign(body, secret),
        **(headers or {}),
    }, body


async def deliver(
    target: Any,
    event: str,
    action: str | None = None,
    *,
    secret: str | bytes,
    path: str = "/webhooks",
    guid: str | None = None,
    hook_id: int = 1,
    headers: Mapping[str, str] | None = None,
    **fields: object,
) -> httpx.Response:
    """Generate a payload, sign it, post it to an app or a URL, and return the response.

    ::

        async with LifespanManager(app) as manager:
            response = await deliver(manager.app, "issues", "opened", secret=SECRET,
                                     issue={"title": "It breaks"})
        assert response.status_code == 202

    Args:
        target: an ASGI app, whose lifespan must be running, or a URL: then `path` is not used.
        event: the event's name.
        action: its action, if the event has actions.
        secret: the webhook's secret.
        path: where the app receives webhooks.
        guid: the id of the event; pass the same one twice to send a redelivery.
        hook_id: the id of the webhook that sends it.
        headers: other values for headers, such as another signature.
        fields: fields of the payload; the rest is generated.

    Raises:
        InvalidInput: there is no such event or action.
        TypeError: the payload has no such field.
    """
    import httpx

    sent, body = signed(
        event,
        payload_of(event, action, **fields),
        secret=secret,
        guid=guid,
        hook_id=hook_id,
        headers=headers,
    )
    if isinstance(target, str):
        async with httpx.AsyncClient() as client:
            return await client.post(target, content=body, headers=sent)
    transport = httpx.ASGITransport(target)
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
        return await client.post(path, content=body, headers=sent)
