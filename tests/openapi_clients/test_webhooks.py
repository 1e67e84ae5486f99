"""What an API sends by itself: types in the client, and a dependency that receives it."""

import base64
import hashlib
import hmac
import logging
import threading
from typing import Annotated

import httpx
import pytest
from fastapi import Depends, FastAPI

from fastapi_integration import webhook_payload
from sdk import InvalidInput
from sdk.webhooks import HmacSignature, InvalidSignature, StandardSignature
from tests.openapi_clients.made import client_of, described, get, imported

TEXT = {"type": "string"}
PAID = {
    "type": "object",
    "required": ["id", "status"],
    "properties": {"id": {"type": "integer"}, "status": {"type": "string", "enum": ["paid"]}},
}
SECRET = "s3cret"
BODY = b'{"id": 1, "status": "paid"}'


def sending(schema):
    return {"post": {"requestBody": {"content": {"application/json": {"schema": schema}}}}}


def billing(**more):
    paid = {"$ref": "#/components/schemas/Paid"}
    webhooks = {"invoice.paid": sending(paid), "many": sending({"type": "array", "items": paid})}
    return described(
        {"/x": get(TEXT, operationId="fetch")}, {"Paid": PAID}, webhooks=webhooks, **more
    )


@pytest.fixture
def types(tmp_path):
    client_class, models = imported(billing(), tmp_path)
    return client_class.webhooks(), models


def test_every_event_has_a_type(types):
    events, models = types
    assert events == {"invoice.paid": models.Paid, "many": list[models.Paid]}
    text = client_of(billing()).files["webhooks.py"]
    assert "InvoicePaid: TypeAlias = m.Paid" in text
    assert "Many: TypeAlias = list[m.Paid]" in text


def test_callbacks_are_among_them(tmp_path):
    operation = get(
        TEXT, operationId="fetch", callbacks={"onPaid": {"{$request.body#/url}": sending(PAID)}}
    )
    client_class, models = imported(described({"/x": operation}), tmp_path)
    assert client_class.webhooks() == {"onPaid": models.OnPaidPayload}


def post(types, body=BODY, headers=None, **options):
    """What an app answers, and what its endpoint was given."""
    app, received = FastAPI(), []
    events, _ = types
    dependency = webhook_payload(events["invoice.paid"], **options)

    @app.post("/hook", status_code=204)
    async def receive(payload: Annotated[object, Depends(dependency)]) -> None:
        received.append(payload)

    async def send():
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://app") as client:
            return await client.post("/hook", content=body, headers=headers)

    return send, received


def hexdigest(body=BODY, secret=SECRET):
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


SIGNED = HmacSignature(SECRET, header="X-Signature", prefix="sha256=")


async def test_a_signed_payload_is_the_model_and_what_differs_is_reported(types, caplog):
    body = b'{"id": 1, "status": "refunded"}'
    send, received = post(types, body, {"x-signature": f"sha256={hexdigest(body)}"}, scheme=SIGNED)
    with caplog.at_level(logging.INFO, logger="sdk"):
        assert (await send()).status_code == 204
    (payload,) = received
    assert isinstance(payload, types[1].Paid)
    assert (payload.id, payload.status) == (1, "refunded")
    assert "status (unknown_value" in caplog.text


@pytest.mark.parametrize(
    ("body", "headers", "options", "status"),
    [
        (BODY, {"x-signature": hexdigest()}, {"scheme": SIGNED}, 401),
        (BODY, {"x-signature": f"sha512={hexdigest()}"}, {"scheme": SIGNED}, 401),
        (BODY, {"x-signature": f"sha256={hexdigest(secret='other')}"}, {"scheme": SIGNED}, 401),
        (BODY, {"x-signature": "sha256=\xff".encode("latin-1")}, {"scheme": SIGNED}, 401),
        (BODY, {}, {"scheme": SIGNED}, 401),
        (b"[1]", {}, {"scheme": None}, 400),
        (b"nothing", {}, {"scheme": None}, 400),
        (b'{"id": "x"}', {}, {"scheme": None, "strict": True}, 400),
        (b"x", {"content-length": "99999999999"}, {"scheme": None}, 413),
    ],
)
async def test_what_is_refused_never_reaches_the_endpoint(types, body, headers, options, status):
    send, received = post(types, body, headers, **options)
    response = await send()
    assert response.status_code == status
    assert received == []
    assert SECRET not in response.text


@pytest.mark.parametrize(("size", "on_the_loop"), [(1, True), (1 << 20, False)])
async def test_a_large_payload_does_not_block_the_event_loop(types, size, on_the_loop):
    threads = []

    class Scheme:
        def verify(self, headers, body):
            threads.append(threading.current_thread())

    body = b'{"id": 1, "status": "%b"}' % (b"x" * size)
    send, received = post(types, body, scheme=Scheme())
    assert (await send()).status_code == 204
    assert (threads == [threading.current_thread()]) is on_the_loop
    assert len(received[0].status) == size


def standard(key=b"key", *, at=1000, body=BODY):
    signed = b"msg_1." + str(at).encode() + b"." + body
    signature = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(at),
        "webhook-signature": f"v1,{base64.b64encode(b'other').decode()} v1,{signature}",
    }


WHSEC = "whsec_" + base64.b64encode(b"key").decode()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (standard(), 204),
        (standard(b"other"), 401),
        (standard(at=800), 204),
        (standard(at=799), 401),
        (standard(at=1400), 204),
        (standard(at=1401), 401),
        (standard() | {"webhook-timestamp": "soon"}, 401),
        (standard() | {"webhook-id": "msg_2"}, 401),
        ({}, 401),
    ],
)
async def test_standard_webhooks(types, headers, status):
    scheme = StandardSignature(WHSEC, now=lambda: 1100.0)
    send, received = post(types, headers=headers, scheme=scheme)
    assert (await send()).status_code == status
    assert len(received) == (status == 204)


def test_secrets_may_be_several_and_are_never_shown():
    both = HmacSignature(["old", SECRET], header="x", encoding="base64")
    signature = base64.b64encode(bytes.fromhex(hexdigest())).decode()
    both.verify({"x": signature}, BODY)
    HmacSignature(SECRET, header="x").verify({"x": hexdigest().upper()}, BODY)
    with pytest.raises(InvalidSignature):
        both.verify({"x": signature.swapcase()}, BODY)
    assert SECRET not in repr(both) + repr(StandardSignature(WHSEC))
    assert WHSEC not in repr(StandardSignature(WHSEC))
    with pytest.raises(InvalidInput):
        HmacSignature("", header="x")
    with pytest.raises(InvalidInput, match="whsec_ and base64"):
        StandardSignature("not base64!")
