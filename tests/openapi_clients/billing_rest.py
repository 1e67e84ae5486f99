"""The rest of the billing app: customers, payments, exports, tokens. 29 operations with the others."""

# No `from __future__ import annotations` here: FastAPI reads the annotations of endpoints.

import datetime as dt
import json
from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Cookie, Depends, Header, HTTPException, Query, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse
from fastapi.security import OAuth2PasswordRequestForm
from pydantic import BaseModel, Field

router = APIRouter()


class Address(BaseModel):
    """Where a customer is."""

    street: str
    country: str = Field(default="DE", description="Two letters, as in ISO 3166.")


class NewCustomer(BaseModel):
    name: str = Field(description="As it stands on the invoice.")
    email: str | None = None
    address: Address | None = None
    labels: dict[str, str] = {}


class Customer(NewCustomer):
    """Who pays."""

    id: int
    since: dt.date
    tier: Literal["free", "paid"] = "free"


class CustomerChange(BaseModel):
    name: str | None = None
    email: str | None = None


class Customers(BaseModel):
    items: list[Customer]
    total: int


class Filter(BaseModel):
    tier: Literal["free", "paid"] | None = None
    since: dt.date | None = None
    offset: int = 0
    limit: int = Field(default=2, le=100)


class Conflict(BaseModel):
    code: str
    existing_id: int


class CardPayment(BaseModel):
    kind: Literal["card"]
    digits: str


class TransferPayment(BaseModel):
    kind: Literal["transfer"]
    iban: str


class Receipt(BaseModel):
    payment: Annotated[CardPayment | TransferPayment, Field(discriminator="kind")]
    key: str | None


class Progress(BaseModel):
    percent: int


class Token(BaseModel):
    access_token: str
    token_type: Literal["bearer"]


ADA = {"id": 1, "name": "Ada", "since": "2026-01-02"}
KNOWN = [{**ADA, "id": n, "name": f"c{n}"} for n in range(1, 6)]


@router.get("/customers", tags=["customers"])
async def list_customers(asked: Annotated[Filter, Query()]) -> Customers:
    """List customers.

    Newest first.
    """
    found = KNOWN[asked.offset : asked.offset + asked.limit]
    return {"items": found, "total": 5}  # type: ignore[return-value]


@router.post(
    "/customers", status_code=201, tags=["customers"], responses={409: {"model": Conflict}}
)
async def create_customer(customer: NewCustomer) -> Customer:
    if customer.name == "Ada":
        return JSONResponse({"code": "known", "existing_id": 1}, 409)  # type: ignore[return-value]
    return Customer(**customer.model_dump(), id=2, since=dt.date(2026, 1, 2))


@router.post("/customers/batch", tags=["customers"])
async def create_customers(customers: list[NewCustomer]) -> list[Customer]:
    return [
        Customer(**each.model_dump(), id=number, since=dt.date(2026, 1, 2))
        for number, each in enumerate(customers)
    ]


@router.get("/customers/{customer_id}", tags=["customers"])
async def get_customer(customer_id: int) -> Customer:
    return ADA  # type: ignore[return-value]


@router.head("/customers/{customer_id}", tags=["customers"])
async def has_customer(customer_id: int) -> Response:
    return Response(status_code=200 if customer_id == 1 else 404)


@router.patch("/customers/{customer_id}", tags=["customers"])
async def update_customer(customer_id: int, change: CustomerChange) -> dict[str, Any]:
    """Change a customer. What is left out stays as it is."""
    return change.model_dump(exclude_unset=True)


@router.delete("/customers/{customer_id}", status_code=204, tags=["customers"])
async def delete_customer(
    customer_id: int, reason: Literal["moved", "other"] | None = None
) -> None: ...


@router.put("/customers/{customer_id}/note", tags=["customers"])
async def set_note(
    customer_id: int, note: Annotated[str, Body(media_type="text/plain")], request: Request
) -> dict[str, Any]:
    return {"note": note, "type": request.headers["content-type"]}


@router.post("/payments", status_code=201, tags=["payments"])
async def create_payment(
    payment: Annotated[CardPayment | TransferPayment, Field(discriminator="kind")],
    idempotency_key: Annotated[str | None, Header()] = None,
) -> Receipt:
    if idempotency_key and idempotency_key not in seen:
        seen.append(idempotency_key)
        raise HTTPException(503)
    return Receipt(payment=payment, key=idempotency_key)


seen: list[str] = []


@router.get(
    "/payments/{payment_id}/events",
    tags=["payments"],
    response_class=StreamingResponse,
    responses={
        200: {"content": {"text/event-stream": {"itemSchema": Progress.model_json_schema()}}}
    },
)
async def watch_payment(payment_id: int) -> Any:
    async def events() -> AsyncIterator[str]:
        for percent in (50, 100):
            yield f"data: {json.dumps({'percent': percent})}\n\n"

    return StreamingResponse(events(), media_type="text/event-stream")


@router.get(
    "/exports/customers",
    tags=["exports"],
    response_class=StreamingResponse,
    responses={
        200: {"content": {"application/x-ndjson": {"schema": Customer.model_json_schema()}}}
    },
)
async def export_customers() -> Any:
    lines = [f"{json.dumps(each)}\n" for each in KNOWN]
    return StreamingResponse(iter(lines), media_type="application/x-ndjson")


@router.post("/token", tags=["tokens"])
async def create_token(form: Annotated[OAuth2PasswordRequestForm, Depends()]) -> Token:
    return Token(access_token=f"{form.username}:{'+'.join(form.scopes)}", token_type="bearer")


@router.get("/session", tags=["tokens"])
async def get_session(session: Annotated[str | None, Cookie()] = None) -> dict[str, str | None]:
    return {"session": session}
