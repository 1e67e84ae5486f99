"""Fakes of a generated client's models are made of the description's examples."""

import datetime as dt

import pytest

from sdk.testing import ApiMock, fake
from tests.openapi_clients.made import client_of, described, get, imported

SCHEMAS = {
    "Invoice": {
        "type": "object",
        "required": ["id", "number", "city", "pages", "due", "state", "broken", "address", "plain"],
        "example": {"city": "Berlin", "number": "from the object"},
        "properties": {
            "id": {"type": "integer", "example": 42},
            "number": {"type": "string", "example": "2026-001"},
            "city": {"type": "string"},
            "pages": {"type": "integer", "minimum": 3},
            "due": {"type": "string", "format": "date", "examples": ["2026-05-06"]},
            "state": {"type": "string", "default": "draft"},
            "broken": {"type": "integer", "example": "not an integer"},
            "address": {"$ref": "#/components/schemas/Address"},
            "plain": {"type": "boolean"},
            "note": {"type": "string", "example": "optional"},
        },
    },
    "Address": {
        "type": "object",
        "required": ["street"],
        "properties": {"street": {"type": "string", "example": "Main St. 1"}},
    },
}
PATHS = {
    "/invoices": get(
        {"type": "array", "items": {"$ref": "#/components/schemas/Invoice"}},
        tags=["invoices"],
        operationId="list",
        parameters=[{"name": "page", "in": "query", "schema": {"type": "integer"}}],
    )
}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return imported(described(PATHS, SCHEMAS), tmp_path_factory.mktemp("examples"))


def test_a_fake_has_the_examples(made):
    invoice = fake(made[1].Invoice)
    assert (invoice.id, invoice.number, invoice.city) == (42, "2026-001", "Berlin")
    assert (invoice.pages, invoice.due, invoice.state) == (3, dt.date(2026, 5, 6), "draft")
    assert invoice.address.street == "Main St. 1"
    assert (invoice.broken, invoice.plain, invoice.note) == (0, False, None)


def test_stated_values_take_precedence(made):
    assert fake(made[1].Invoice, city="Rome", address={"street": "x"}).address.street == "x"


def test_several_fakes_have_ids_of_their_own(made):
    assert [fake(made[1].Invoice, seed=seed).id for seed in (1, 2, 3)] == [42, 2, 3]


async def test_mocked_lists_have_the_examples_too(made):
    with ApiMock(made[0]) as api:
        api.on_any(api.client.invoices.list).respond(count=2)
        assert [each.city async for each in api.client.invoices.list()] == ["Berlin", "Berlin"]


def test_a_description_without_examples_has_no_module_of_them():
    assert "_examples.py" not in client_of(described({"/x": get({"type": "string"})})).files
