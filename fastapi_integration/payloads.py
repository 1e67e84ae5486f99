"""Receive the webhooks of an API that is not GitHub: a dependency that verifies and decodes."""

# No `from __future__ import annotations` here: FastAPI reads the annotations of dependencies.

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from fastapi import HTTPException, Request

from sdk.transport import Decoder, Drift, DriftReporter, Undecodable
from sdk.webhooks import InvalidSignature, SignatureScheme

from .bounded_body import read_body

# Verifying and decoding larger bodies, in bytes, would block the event loop for too long.
_LARGE = 1 << 20


def webhook_payload(
    type_: Any, *, scheme: SignatureScheme | None, strict: bool = False
) -> Callable[[Request], Awaitable[Any]]:
    """Return a dependency that gives an endpoint the payload of a webhook.

    ::

        from app.clients.billing.webhooks import InvoicePaid

        signed = HmacSignature(os.environ["BILLING_SECRET"], header="x-signature")

        @app.post("/hooks/paid")
        async def paid(
            event: Annotated[InvoicePaid, Depends(webhook_payload(InvoicePaid, scheme=signed))],
        ) -> None: ...

    The body is verified before it is decoded. What differs from the description is kept as it was
    sent, and logged as drift. The request is answered with 401 if its signature is wrong, 400 if
    its body is not JSON of the kind, 408 or 413 if it is too slow or larger than 25 MB.

    Args:
        type_: a model, or any other type of a payload.
        scheme: how the API signs its requests; None accepts the requests of anyone.
        strict: answer a payload that differs from its description with 400.
    """
    decoder: Decoder[Any] = Decoder(type_, operation=f"webhook {getattr(type_, '__name__', type_)}")
    reporter = DriftReporter(strict=strict)

    def read(headers: Mapping[str, str], body: bytes) -> tuple[Any, Sequence[Drift]]:
        if scheme is not None:
            scheme.verify(headers, body)
        return decoder.decode(body)

    async def payload(request: Request) -> Any:
        body = await read_body(request)
        if not isinstance(body, bytes):
            raise HTTPException(*body, headers={"Connection": "close"})
        try:
            if len(body) > _LARGE:
                value, drifts = await asyncio.to_thread(read, request.headers, body)
            else:
                value, drifts = read(request.headers, body)
        except InvalidSignature:
            raise HTTPException(401, "The signature is missing or wrong.") from None
        except Undecodable:
            raise HTTPException(400, "The payload is not what was expected.") from None
        if drifts:
            reporter.report(drifts)
            if strict:
                raise HTTPException(400, "The payload differs from its description.")
        return value

    return payload
