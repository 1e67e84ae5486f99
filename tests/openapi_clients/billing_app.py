"""A FastAPI app with most of what FastAPI apps have; what it answers can be made to drift."""

# No `from __future__ import annotations` here: FastAPI reads the annotations of endpoints.

import datetime as dt
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Generic, Literal, TypeVar
from uuid import UUID

from fastapi import Depends, FastAPI, File, Form, Header, HTTPException, Query, Request, UploadFile
from fastapi.responses import FileResponse, JSONResponse, PlainTextResponse, StreamingResponse
from fastapi.security import APIKeyHeader, APIKeyQuery, HTTPBearer
from pydantic import BaseModel, Field, computed_field

from tests.openapi_clients.billing_rest import router

T = TypeVar("T")
ID = UUID("11111111-1111-1111-1111-111111111111")


class State(StrEnum):
    draft = "draft"
    paid = "paid"


class Card(BaseModel):
    kind: Literal["card"]
    digits: str


class Transfer(BaseModel):
    kind: Literal["transfer"]
    iban: str


class Line(BaseModel):
    sku: str
    price: Decimal
    tags: list[str] = []


class Invoice(BaseModel):
    id: UUID
    number: str
    state: State
    lines: list[Line] = []
    payment: Annotated[Card | Transfer, Field(discriminator="kind")] | None = None
    created: dt.datetime
    due: dt.date | None = None
    point: tuple[float, float] = (0.0, 0.0)
    parent: "Invoice | None" = None

    @computed_field
    @property
    def total(self) -> Decimal:
        return sum((line.price for line in self.lines), Decimal(0))


class NewInvoice(BaseModel):
    number: str
    lines: list[Line]
    payment: Annotated[Card | Transfer, Field(discriminator="kind")]
    due: dt.datetime | None = None


class Numbered(BaseModel, Generic[T]):
    items: list[T]
    total: int
    page: int


class Cursored(BaseModel, Generic[T]):
    items: list[T]
    next_cursor: str | None = None


class Linked(BaseModel):
    results: list[Invoice]
    next: str | None = None


class Problem(BaseModel):
    code: str


class Event(BaseModel):
    done: int


app = FastAPI(title="Billing")
app.include_router(router)
bearer, key, query_key = HTTPBearer(), APIKeyHeader(name="x-key"), APIKeyQuery(name="key")
INVOICE: dict[str, Any] = {
    "id": str(ID), "number": "2026-001", "state": "paid", "created": "2026-01-02T03:04:05",
    "lines": [{"sku": "a", "price": "1.50", "tags": []}], "payment": {"kind": "card", "digits": "1"},
    "due": None, "point": [1.0, 2.0], "parent": None, "total": "1.50",
}  # fmt: skip
ALL = [{**INVOICE, "number": f"{n}"} for n in range(1, 6)]


@app.get("/invoices/{invoice_id}", tags=["invoices"], responses={404: {"model": Problem}})
async def get_invoice(invoice_id: UUID, drift: str | None = None) -> Invoice:
    changed = {
        "enum": {"state": "voided"},
        "missing": {"number": ...},
        "null": {"number": None},
        "tag": {"payment": {"kind": "crypto", "wallet": "w"}},
        "leaf": {"lines": [{"sku": "a", "price": {"amount": 1}, "tags": []}]},
        "new": {"extra": 1},
        None: {},
    }[drift]
    if invoice_id != ID:
        return JSONResponse({"code": "unknown"}, 404)  # type: ignore[return-value]
    body = {name: value for name, value in {**INVOICE, **changed}.items() if value is not ...}
    return JSONResponse(body)  # type: ignore[return-value]


@app.post("/invoices", status_code=201, tags=["invoices"])
async def create_invoice(invoice: NewInvoice, token: Annotated[Any, Depends(bearer)]) -> Invoice:
    return Invoice(
        id=ID,
        state=State.draft,
        created=dt.datetime(2026, 1, 1),
        **{**invoice.model_dump(), "due": None},
    )


@app.put("/invoices/{invoice_id}", tags=["invoices"])
async def replace_invoice(invoice_id: UUID, invoice: Invoice) -> Invoice:
    return invoice


@app.delete("/invoices/{invoice_id}", status_code=204, tags=["invoices"])
async def delete_invoice(invoice_id: UUID) -> None: ...


@app.get("/numbered", tags=["lists"])
async def numbered(page: int = 1, size: Annotated[int, Query(le=100)] = 2) -> Numbered[Invoice]:
    begin = (page - 1) * size
    return {"items": ALL[begin : begin + size], "total": 5, "page": page}  # type: ignore[return-value]


@app.get("/offsets", tags=["lists"])
async def offsets(offset: int = 0, limit: int = 2) -> list[Invoice]:
    return ALL[offset : offset + limit]  # type: ignore[return-value]


@app.get("/cursors", tags=["lists"])
async def cursors(cursor: str | None = None, limit: int = 2) -> Cursored[Invoice]:
    begin = int(cursor or 0)
    following = str(begin + limit) if begin + limit < 5 else None
    return {"items": ALL[begin : begin + limit], "next_cursor": following}  # type: ignore[return-value]


@app.get("/links", tags=["lists"])
async def links(request: Request, at: int = 0) -> Linked:
    following = str(request.url.include_query_params(at=at + 2)) if at + 2 < 5 else None
    return {"results": ALL[at : at + 2], "next": following}  # type: ignore[return-value]


@app.post("/files", tags=["files"])
async def upload(
    title: Annotated[str, Form()],
    main: Annotated[UploadFile, File()],
    more: Annotated[list[UploadFile], File()],
    labels: Annotated[list[str], Form()],
) -> dict[str, Any]:
    read = [
        [each.filename, each.content_type, (await each.read()).decode()] for each in [main, *more]
    ]
    return {"title": title, "files": read, "labels": labels}


@app.get("/files/report", tags=["files"], response_class=FileResponse)
async def report() -> Any:
    return FileResponse(__file__)


@app.get("/files/text", tags=["files"], response_class=PlainTextResponse)
async def plain() -> str:
    return "hello"


@app.get("/files/stream", tags=["files"])
async def stream():
    return StreamingResponse(iter([b"a,b\n"]), media_type="text/csv")


@app.get("/secured/{how}", tags=["security"])
async def secured(how: str, request: Request, a: Annotated[str, Depends(key)]) -> dict[str, str]:
    return {"key": request.headers["x-key"]}


@app.get("/by-query", tags=["security"])
async def by_query(a: Annotated[str, Depends(query_key)]) -> dict[str, str]:
    return {"key": a}


@app.get("/open", tags=["security"])
async def opened(
    request: Request, x_version: Annotated[int | None, Header()] = None
) -> dict[str, Any]:
    return {"authorization": request.headers.get("authorization"), "version": x_version}


attempts: list[int] = []


@app.get("/flaky", tags=["failures"])
async def flaky() -> dict[str, int]:
    attempts.append(1)
    if len(attempts) < 3:
        raise HTTPException(503)
    return {"attempts": len(attempts)}
