"""The service that is called: orders, in memory."""

# No `from __future__ import annotations` here: FastAPI reads the annotations of endpoints.

import itertools
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID, uuid5

from fastapi import Depends, FastAPI, Query, Request
from fastapi.responses import JSONResponse
from fastapi.security import APIKeyHeader
from pydantic import BaseModel, Field

NAMESPACE = UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")


class Status(StrEnum):
    """The state of an order."""

    open = "open"
    paid = "paid"


class CardPayment(BaseModel):
    """Paid by card."""

    kind: Literal["card"]
    last_digits: str


class TransferPayment(BaseModel):
    """Paid by bank transfer."""

    kind: Literal["transfer"]
    iban: str


Payment = Annotated[CardPayment | TransferPayment, Field(discriminator="kind")]


class NewOrder(BaseModel):
    """The fields of a new order."""

    item: str = Field(description="What is ordered.")
    quantity: int = Field(default=1, ge=1, description="How many.")
    payment: Payment


class Order(NewOrder):
    """An order."""

    id: UUID
    status: Status
    created_at: datetime


class OrderPage(BaseModel):
    """A page of orders, and the cursor of the next page."""

    orders: list[Order]
    next_cursor: str | None = Field(description="Pass it as cursor for the next page.")


class Problem(BaseModel):
    """The reason why a call was refused."""

    code: str
    order_id: UUID


class UnknownOrder(Exception):
    """There is no such order."""

    def __init__(self, order_id: UUID) -> None:
        super().__init__(str(order_id))
        self.order_id = order_id


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncGenerator[Mapping[str, dict[UUID, Order]]]:
    """Keep the orders of one run of the app."""
    del app
    yield {"orders": {}}


app = FastAPI(title="Orders", lifespan=lifespan)
key = APIKeyHeader(name="x-api-key")
numbers = itertools.count(1)


def _orders(request: Request) -> dict[UUID, Order]:
    orders: dict[UUID, Order] = request.state.orders
    return orders


Orders = Annotated[dict[UUID, Order], Depends(_orders)]


@app.exception_handler(UnknownOrder)
async def refuse(request: Request, error: UnknownOrder) -> JSONResponse:
    """Respond that there is no such order."""
    del request
    problem = Problem(code="unknown_order", order_id=error.order_id)
    return JSONResponse(problem.model_dump(mode="json"), 404)


@app.post("/orders", status_code=201, tags=["orders"], dependencies=[Depends(key)])
async def create_order(order: NewOrder, orders: Orders) -> Order:
    """Create an order."""
    made = Order(
        **order.model_dump(),
        id=uuid5(NAMESPACE, str(next(numbers))),
        status=Status.open,
        created_at=datetime.now(UTC),
    )
    orders[made.id] = made
    return made


@app.get("/orders", tags=["orders"], dependencies=[Depends(key)])
async def list_orders(
    orders: Orders,
    status: Status | None = None,
    cursor: Annotated[str | None, Query(pattern=r"^\d{1,9}$")] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 2,
) -> OrderPage:
    """List orders, oldest first."""
    found = [order for order in orders.values() if status in (None, order.status)]
    begin = int(cursor or 0)
    end = begin + limit
    return OrderPage(orders=found[begin:end], next_cursor=str(end) if end < len(found) else None)


@app.get(
    "/orders/{order_id}",
    tags=["orders"],
    responses={404: {"model": Problem, "description": "There is no such order"}},
    dependencies=[Depends(key)],
)
async def get_order(order_id: UUID, orders: Orders) -> Order:
    """Get one order."""
    if order_id not in orders:
        raise UnknownOrder(order_id)
    return orders[order_id]


@app.post("/orders/{order_id}/pay", tags=["orders"], dependencies=[Depends(key)])
async def pay_order(order_id: UUID, orders: Orders) -> Order:
    """Pay an order."""
    if order_id not in orders:
        raise UnknownOrder(order_id)
    orders[order_id] = orders[order_id].model_copy(update={"status": Status.paid})
    return orders[order_id]
