"""Webhooks: verify what GitHub sends, decode it into models, and run handlers.

::

    from sdk.models.webhooks import WebhookIssuesOpened
    from sdk.webhooks import Delivery, Webhooks

    hooks = Webhooks(secret=os.environ["WEBHOOK_SECRET"])

    @hooks.on("issues", "opened")
    async def greet(delivery: Delivery[WebhookIssuesOpened]) -> None:
        print(delivery.payload.issue.title)

In FastAPI, ``fastapi_integration.webhook_router(hooks)`` receives the deliveries; anywhere else,
``await hooks.receive(headers, body)`` does.

Importing this package loads none of it: each name is loaded when it is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sdk.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from .common import CommonPayload
    from .delivery import Delivery, DeliveryFinished, Receipt
    from .errors import InvalidDelivery, InvalidSignature, WebhookError
    from .inbox import Inbox, MemoryInbox, Message
    from .payloads import parse
    from .redelivery import Redelivery, redeliver_failed
    from .router import Webhooks
    from .schemes import HmacSignature, SignatureScheme, StandardSignature
    from .signature import sign, verify

__all__ = [
    "CommonPayload",
    "Delivery",
    "DeliveryFinished",
    "HmacSignature",
    "Inbox",
    "InvalidDelivery",
    "InvalidSignature",
    "MemoryInbox",
    "Message",
    "Receipt",
    "Redelivery",
    "SignatureScheme",
    "StandardSignature",
    "WebhookError",
    "Webhooks",
    "parse",
    "redeliver_failed",
    "sign",
    "verify",
]

__getattr__, __dir__ = lazy_exports(
    __name__,
    {
        "CommonPayload": ".common",
        "Delivery": ".delivery",
        "DeliveryFinished": ".delivery",
        "HmacSignature": ".schemes",
        "Inbox": ".inbox",
        "InvalidDelivery": ".errors",
        "InvalidSignature": ".errors",
        "MemoryInbox": ".inbox",
        "Message": ".inbox",
        "Receipt": ".delivery",
        "Redelivery": ".redelivery",
        "SignatureScheme": ".schemes",
        "StandardSignature": ".schemes",
        "WebhookError": ".errors",
        "Webhooks": ".router",
        "parse": ".payloads",
        "redeliver_failed": ".redelivery",
        "sign": ".signature",
        "verify": ".signature",
    },
)
