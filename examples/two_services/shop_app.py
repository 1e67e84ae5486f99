"""The service that calls: a shop, which keeps its orders in the other service.

::

    uvicorn examples.two_services.orders_app:app --port 8001
    ORDERS_URL=http://127.0.0.1:8001 uvicorn examples.two_services.shop_app:app --port 8000
    curl -X POST '127.0.0.1:8000/checkout?item=pen&iban=DE02120300000000202051'
"""

# No `from __future__ import annotations` here: FastAPI reads the annotations of endpoints.

from uuid import UUID

from fastapi import FastAPI, HTTPException

from examples.two_services.orders import Orders
from examples.two_services.orders.dependency import OrdersDep, shared_orders
from fastapi_integration import install_error_handlers
from sdk import NotFound


def orders_client() -> Orders:
    """Build the client of the other service; its address is in ORDERS_URL."""
    return Orders(api_key="shop's own key")


app = FastAPI(title="Shop", lifespan=shared_orders.lifespan_from(orders_client))
install_error_handlers(app)


@app.post("/checkout")
async def checkout(item: str, iban: str, orders: OrdersDep) -> dict[str, str]:
    """Order an item, and pay it by bank transfer."""
    order = await orders.orders.create(item=item, payment={"kind": "transfer", "iban": iban})
    paid = await orders.orders.pay(order.id)
    return {"order": str(paid.id), "status": paid.status}


@app.get("/orders/{order_id}")
async def order_status(order_id: UUID, orders: OrdersDep) -> dict[str, str]:
    """Return the state of an order."""
    try:
        order = await orders.orders.get(order_id)
    except NotFound as error:
        raise HTTPException(404, f"Order {order_id}: {error.body.code}") from None
    return {"item": order.item, "status": order.status}


@app.get("/items")
async def items(orders: OrdersDep) -> list[str]:
    """List all orders, page by page."""
    return [order.item async for order in orders.orders.list()]
