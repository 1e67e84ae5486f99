"""The acceptance app of 29 operations: its size, and calls of the rest of it."""

import datetime as dt

import pytest

from sdk.testing import in_process
from sdk.transport.errors import Conflict
from tests.openapi_clients.made import client_of, imported
from tests.transport.support import FakeClock

pytest.importorskip("python_multipart")
from tests.openapi_clients.billing_app import ID, app
from tests.openapi_clients.billing_rest import seen

MOST_LINES = 1800


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return imported(app.openapi(), tmp_path_factory.mktemp("billing"))


@pytest.fixture
async def billing(made):
    async with in_process(made[0], app, clock=FakeClock().clock) as client:
        yield client


def test_29_operations_are_at_most_1800_lines():
    made = client_of(app.openapi())
    assert len(made.methods) == 29
    assert sum(text.count("\n") for text in made.files.values()) <= MOST_LINES
    assert made.document.notes.lines() == []


async def test_filters_are_sent_and_pages_followed(billing):
    listed = billing.customers.list(tier="paid", since=dt.date(2026, 1, 1), limit=3)
    assert [each.name async for each in listed] == ["c1", "c2", "c3", "c4", "c5"]


async def test_a_declared_conflict_is_typed(billing, made):
    with pytest.raises(Conflict) as caught:
        await billing.customers.create(name="Ada")
    assert isinstance(caught.value.body, made[1].Conflict)
    assert caught.value.body.existing_id == 1


async def test_objects_lists_and_texts_are_bodies(billing):
    created = await billing.customers.create(
        name="Bob", address={"street": "A 1"}, labels={"a": "b"}
    )
    assert (created.address.country, created.labels) == ("DE", {"a": "b"})
    batch = await billing.customers.create_customers([{"name": "a"}, {"name": "b"}])
    assert [each.id for each in batch] == [0, 1]
    assert await billing.customers.set_note(1, "hi") == {
        "note": "hi",
        "type": "text/plain",
    }


async def test_an_omitted_field_and_null_differ(billing):
    assert await billing.customers.update(1, email=None) == {"email": None}
    assert await billing.customers.update(1, name="x") == {"name": "x"}


async def test_a_head_operation_returns_a_bool(billing):
    assert await billing.customers.has(1) is True
    assert await billing.customers.has(2) is False


async def test_a_204_returns_none(billing):
    assert await billing.customers.delete(1, reason="moved") is None


async def test_an_idempotency_key_is_kept_over_attempts(billing, made):
    seen.clear()
    receipt = await billing.payments.create({"kind": "card", "digits": "1"})
    assert seen == [receipt.key]
    assert isinstance(receipt.payment, made[1].CardPayment)


async def test_events_and_lines_come_as_models(billing, made):
    assert [event.percent async for event in billing.payments.watch(1)] == [50, 100]
    exported = [each async for each in billing.exports.customers()]
    assert [each.name for each in exported] == ["c1", "c2", "c3", "c4", "c5"]
    assert exported[0].since == dt.date(2026, 1, 2)


async def test_forms_and_cookies_are_sent(billing):
    token = await billing.tokens.create(username="u", password="p", scope="a b")
    assert token.access_token == "u:a+b"
    assert await billing.tokens.get_session(session="s") == {"session": "s"}


async def test_a_naive_time_where_aware_ones_are_wanted_is_kept_and_reported(tmp_path):
    client_class, _ = imported(app.openapi(), tmp_path, times="aware")
    drifts = []
    async with in_process(client_class, app, api_key_header="k", on_drift=drifts.append) as client:
        invoice = await client.invoices.get(ID)
    assert invoice.created == "2026-01-02T03:04:05"
    assert ("created", "malformed") in [(drift.path, drift.kind) for drift in drifts]
