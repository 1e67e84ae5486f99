"""A typed client for your own API, in twenty lines, on the transport of the SDK.

Like ``Sdk``, it has retries, timeouts, typed errors, drift-tolerant decoding, pagination and a
connection pool, which it can share with ``Sdk``::

    async with Sdk() as github, Billing(session=github.session) as billing:
        user = await github.users.get("octocat")
        invoice = await billing.invoices.get("2026-001")
"""

from __future__ import annotations

from functools import cached_property

from pydantic import BaseModel

from sdk import ApiClient, Operation, Paged, Resource


class Invoice(BaseModel):
    """An invoice of the invented billing API; amounts are in cents."""

    number: str
    customer: str
    amount: int


GET = Operation("GET", "/invoices/{number}", returns=Invoice)
LIST = Operation("GET", "/invoices", query=("customer",), returns=list[Invoice])
CREATE = Operation("POST", "/invoices", body=("customer", "amount"), returns=Invoice)


class Invoices(Resource):
    """The invoices of a billing account."""

    async def get(self, number: str) -> Invoice:
        """Get one invoice; raise NotFound if there is none with this number."""
        return await self._call(GET, number=number)

    def list(self, *, customer: str) -> Paged[Invoice]:
        """List the invoices of a customer, page by page."""
        return self._paginate(LIST, customer=customer)

    async def create(self, *, customer: str, amount: int) -> Invoice:
        """Create an invoice of an amount in cents; raise ValidationFailed if it is not valid."""
        return await self._call(CREATE, customer=customer, amount=amount)


class Billing(ApiClient):
    """The invented billing API."""

    base_url = "https://billing.example.com/v1"

    @cached_property
    def invoices(self) -> Invoices:
        """Its invoices."""
        return Invoices(self)
