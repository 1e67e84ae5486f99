"""The two-service example: the shop's client of the orders service, all in one process."""

from unittest.mock import ANY
from uuid import UUID, uuid4

import httpx
import pytest

from examples.two_services import orders_app, shop_app
from examples.two_services.orders import Orders
from examples.two_services.orders.dependency import shared_orders
from examples.two_services.orders.types import TransferPayment
from sdk import NotFound, ValidationFailed
from sdk.testing import ApiMock, assert_current, in_process
from sdk.testing.apps import running


@pytest.fixture(autouse=True)
def _address(monkeypatch):
    monkeypatch.setenv("ORDERS_URL", "http://127.0.0.1:8001")


def orders_service(**options):
    return in_process(Orders, orders_app.app, api_key="k", **options)


async def test_an_order_is_created_paid_and_read():
    async with orders_service() as client:
        order = await client.orders.create(
            item="pen", quantity=2, payment={"kind": "card", "last_digits": "4242"}
        )
        assert isinstance(order.id, UUID)
        assert order.payment.kind == "card"
        assert order.payment.last_digits == "4242"
        assert order.created_at.tzinfo is not None
        paid = await client.orders.pay(order.id)
        assert (paid.status, paid.quantity) == ("paid", 2)
        assert (await client.orders.get(str(order.id))).status == "paid"


async def test_five_orders_come_in_three_pages():
    async with orders_service() as client:
        transfer: TransferPayment = {"kind": "transfer", "iban": "DE02"}
        for item in "abcde":
            await client.orders.create(item=item, payment=transfer)
        assert [order.item async for order in client.orders.list()] == list("abcde")
        pages = [len(page) async for page in client.orders.list().pages()]
        assert pages == [2, 2, 1]
        assert await client.orders.list(status="paid").collect() == []


async def test_refusals_are_typed():
    async with orders_service() as client:
        missing = uuid4()
        with pytest.raises(NotFound) as caught:
            await client.orders.get(missing)
        assert (caught.value.body.code, caught.value.body.order_id) == ("unknown_order", missing)
        with pytest.raises(ValidationFailed, match=r"body\.quantity") as refused:
            await client.orders.create(
                item="pen", quantity=0, payment={"kind": "card", "last_digits": "1"}
            )
        assert refused.value.body.detail[0].loc == ["body", "quantity"]
        with pytest.raises(ValidationFailed, match=r"query\.cursor"):
            await client.orders.list(cursor="nothing")


async def test_the_shop_orders_at_the_other_service():
    async with (
        shared_orders.answered_by(orders_app.app),
        running(shop_app.app) as (_, http),
    ):
        made = await http.post("http://shop/checkout", params={"item": "pen", "iban": "DE02"})
        assert (made.status_code, made.json()["status"]) == (200, "paid")
        status = await http.get(f"http://shop/orders/{made.json()['order']}")
        assert status.json() == {"item": "pen", "status": "paid"}
        assert (await http.get("http://shop/items")).json() == ["pen"]
        missing = await http.get(f"http://shop/orders/{uuid4()}")
        assert (missing.status_code, "unknown_order" in missing.text) == (404, True)


async def test_a_mock_stands_in_for_the_other_service():
    with ApiMock(Orders, base_url="http://127.0.0.1:8001") as orders:
        orders.on(orders.client.orders.get, ANY).respond(item="pen", status="open")
        orders.on_any(orders.client.orders.list).respond({"item": "ink"})
        async with running(shop_app.app) as (_, http):
            answer = await http.get(f"http://shop/orders/{uuid4()}")
            assert answer.json() == {"item": "pen", "status": "open"}
            assert (await http.get("http://shop/items")).json() == ["ink"]


def test_the_client_is_what_its_app_says_today():
    assert_current("examples.two_services.orders", orders_app.app)


def test_a_change_that_breaks_callers_is_named():
    description = orders_app.app.openapi()
    changed = {**description, "paths": dict(description["paths"])}
    changed["paths"].pop("/orders/{order_id}/pay")
    schemas = dict(description["components"]["schemas"])
    order = {**schemas["Order"], "properties": dict(schemas["Order"]["properties"])}
    del order["properties"]["status"]
    changed["components"] = {**description["components"], "schemas": {**schemas, "Order": order}}
    with pytest.raises(AssertionError) as caught:
        assert_current("examples.two_services.orders", changed)
    assert "OrdersResource.pay is gone" in str(caught.value)
    assert "Order.status is gone" in str(caught.value)
    with pytest.raises(ValueError, match="was not written by"):
        assert_current("examples", orders_app.app)


async def test_an_exception_of_the_app_is_a_server_error():
    async with orders_service() as client:
        client.session.http_client()
        assert isinstance(client.session.http_client(), httpx.AsyncClient)
