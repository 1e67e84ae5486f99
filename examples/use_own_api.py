"""``python -m examples.use_own_api``: the client of ``own_api`` on an invented billing service.

It needs no network: the service runs in this process.
"""

import asyncio
from typing import Annotated

from fastapi import Body, FastAPI, HTTPException, Query, Request, Response

from examples.own_api import Billing, Invoice
from sdk import NotFound
from sdk.testing import serve


def make_service() -> FastAPI:
    """Return the service that is called: invoices in memory, three to a page."""
    service = FastAPI(title="Billing")
    invoices: list[Invoice] = []

    @service.post("/invoices", status_code=201)
    async def create(customer: Annotated[str, Body()], amount: Annotated[int, Body()]) -> Invoice:
        invoices.append(
            Invoice(number=f"2026-{len(invoices) + 1:03}", customer=customer, amount=amount)
        )
        return invoices[-1]

    @service.get("/invoices")
    async def list_of(
        customer: str, request: Request, response: Response, page: Annotated[int, Query(ge=1)] = 1
    ) -> list[Invoice]:
        found = [invoice for invoice in invoices if invoice.customer == customer]
        if len(found) > page * 3:
            following = request.url.include_query_params(page=page + 1)
            response.headers["link"] = f'<{following}>; rel="next"'
        return found[(page - 1) * 3 : page * 3]

    @service.get("/invoices/{number}")
    async def get(number: str) -> Invoice:
        for invoice in invoices:
            if invoice.number == number:
                return invoice
        raise HTTPException(404, "There is no such invoice.")

    return service


async def main() -> None:
    """Create some invoices, list them, and get one that does not exist."""
    async with serve(make_service()) as address, Billing(base_url=address) as billing:
        for amount in (4200, 990, 1500, 75):
            await billing.invoices.create(customer="ada", amount=amount)
        async for invoice in billing.invoices.list(customer="ada"):
            print(f"{invoice.number}: {invoice.amount / 100:.2f}")
        try:
            await billing.invoices.get("2026-999")
        except NotFound as error:
            print(f"2026-999: {error.message}")


if __name__ == "__main__":
    asyncio.run(main())
