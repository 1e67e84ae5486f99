"""The client of examples/own_api.py, used as its docstring says."""

import httpx
import pytest
import respx

from examples.own_api import Billing, Invoice
from sdk import NotFound, Sdk, ValidationFailed, metadata

INVOICE = {"number": "2026-001", "customer": "octocat", "amount": 1250}
BILLING = "https://billing.example.com/v1"


@respx.mock
async def test_an_own_model_is_returned_with_its_metadata() -> None:
    respx.get(f"{BILLING}/invoices/2026-001").respond(json=INVOICE, headers={"x-request-id": "r1"})

    async with Billing() as billing:
        invoice = await billing.invoices.get("2026-001")

    assert invoice == Invoice(number="2026-001", customer="octocat", amount=1250)
    assert metadata(invoice).request_id == "r1"


@respx.mock
async def test_it_shares_the_pool_of_the_sdk_and_closes_nothing_of_it() -> None:
    respx.get(f"{BILLING}/invoices/2026-001").respond(json=INVOICE)

    async with Sdk(token=None) as github:
        async with Billing(session=github.session) as billing:
            assert billing.http_client is github.http_client
            await billing.invoices.get("2026-001")
        assert github.session.is_open


@respx.mock
async def test_the_token_of_the_sdk_is_not_sent_to_the_other_api() -> None:
    route = respx.get(f"{BILLING}/invoices/2026-001").respond(json=INVOICE)

    async with (
        Sdk(token="github-secret") as github,
        Billing(session=github.session) as billing,
    ):
        await billing.invoices.get("2026-001")

    assert "authorization" not in route.calls.last.request.headers


@respx.mock
async def test_lists_are_paged_by_their_link_header() -> None:
    respx.get(f"{BILLING}/invoices", params={"customer": "octocat", "page": "2"}).respond(
        json=[INVOICE | {"number": "2"}]
    )
    respx.get(f"{BILLING}/invoices", params={"customer": "octocat"}).respond(
        json=[INVOICE | {"number": "1"}],
        headers={"link": f'<{BILLING}/invoices?customer=octocat&page=2>; rel="next"'},
    )

    async with Billing() as billing:
        numbers = [invoice.number async for invoice in billing.invoices.list(customer="octocat")]

    assert numbers == ["1", "2"]


@respx.mock
async def test_its_errors_are_typed_like_those_of_the_sdk() -> None:
    respx.get(f"{BILLING}/invoices/none").respond(404, json={"detail": "No such invoice"})
    respx.post(f"{BILLING}/invoices").mock(
        httpx.Response(422, json={"message": "Refused", "errors": [{"field": "amount"}]})
    )

    async with Billing() as billing:
        with pytest.raises(NotFound, match="answered 404: No such invoice"):
            await billing.invoices.get("none")
        with pytest.raises(ValidationFailed) as refused:
            await billing.invoices.create(customer="octocat", amount=-1)

    assert refused.value.errors == ({"field": "amount"},)
