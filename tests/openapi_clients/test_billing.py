"""A FastAPI app, the client made of it, and calls between them in one process."""

import datetime as dt
import subprocess
import sys
from decimal import Decimal

import pytest

from sdk import File, NotFound, ValidationFailed
from sdk.testing import fake, in_process
from tests.openapi_clients.made import client_of, imported
from tests.transport.support import FakeClock

pytest.importorskip("python_multipart")
from tests.openapi_clients.billing_app import ID, app, attempts


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return imported(app.openapi(), tmp_path_factory.mktemp("billing"))


@pytest.fixture
def drifts():
    return []


@pytest.fixture
def billing(made, drifts):
    keys = {"token": "t0ken", "api_key_header": "k1", "api_key_query": "k2"}
    return in_process(made[0], app, **keys, on_drift=drifts.append)


async def test_values_come_in_their_types(billing, made, drifts):
    async with billing as client:
        invoice = await client.invoices.get(ID)
        assert isinstance(invoice, made[1].Invoice)
        assert invoice.created == dt.datetime(2026, 1, 2, 3, 4, 5)
        assert invoice.lines[0].price == "1.50"
        assert isinstance(invoice.payment, made[1].Card)
        assert invoice.id == ID
    assert drifts == []


async def test_models_of_both_directions_have_one_name(billing, made):
    async with billing as client:
        created = await client.invoices.create(
            number="n",
            lines=[{"sku": "s", "price": Decimal("2.5")}],
            payment={"kind": "transfer", "iban": "i"},
        )
        assert (created.state, created.total) == ("draft", "2.5")
        assert isinstance(created.payment, made[1].Transfer)
        same = await client.invoices.replace(
            ID, id=ID, number="m", state="paid", created="2026-01-01T00:00:00Z", lines=created.lines
        )
        assert same.number == "m"
        assert await client.invoices.delete(ID) is None
    assert not [name for name in vars(made[1]) if name.endswith(("Input", "Output"))]


@pytest.mark.parametrize(
    ("drift", "reported"),
    [
        ("enum", ("state", "unknown_value")),
        ("missing", ("number", "missing")),
        ("null", ("number", "null")),
        ("tag", ("payment.kind", "unknown_value")),
        ("leaf", ("lines[0].price", "wrong_type")),
    ],
)
async def test_no_drift_raises_and_all_are_reported(drift, reported, billing, drifts):
    async with billing as client:
        invoice = await client.invoices.get(ID, drift=drift)
    assert (invoice.id, invoice.created.year) == (ID, 2026)
    if drift == "enum":
        assert invoice.state == "voided"
    if drift == "tag":
        assert invoice.payment == {"kind": "crypto", "wallet": "w"}
    assert [(each.path, each.kind) for each in drifts] == [reported]


@pytest.mark.parametrize("name", ["numbered", "offsets", "cursors", "links"])
async def test_five_items_in_three_pages_are_collected(name, billing):
    async with billing as client:
        listed = getattr(client.lists, name)
        assert [each.number async for each in listed()] == ["1", "2", "3", "4", "5"]
        assert len(await listed()) == 2


async def test_refusals_are_typed(billing):
    async with billing as client:
        with pytest.raises(NotFound) as caught:
            await client.invoices.get("22222222-2222-2222-2222-222222222222")
        assert caught.value.body.code == "unknown"
        with pytest.raises(ValidationFailed, match=r"path\.invoice_id") as refused:
            await client.invoices.get("no-uuid")
        assert refused.value.errors[0]["loc"] == ["path", "invoice_id"]


async def test_files_go_up_and_down(billing):
    async with billing as client:
        answer = await client.files.upload(
            title="t", main=b"one", more=[File("two", name="2.txt"), b"three"], labels=["x", "y"]
        )
        assert answer["title"] == "t"
        assert [each[2] for each in answer["files"]] == ["one", "two", "three"]
        assert answer["files"][1][:2] == ["2.txt", "text/plain"]
        assert answer["labels"] == ["x", "y"]
        assert b"FastAPI app" in await client.files.report()
        assert await client.files.plain() == "hello"
        assert await client.files.stream() == "a,b\n"


async def test_each_operation_gets_what_it_declares(billing):
    async with billing as client:
        assert await client.security.secured("x") == {"key": "k1"}
        assert await client.security.by_query() == {"key": "k2"}
        assert await client.security.opened(x_version=3) == {"authorization": None, "version": 3}


async def test_a_call_that_fails_twice_is_sent_three_times(made):
    attempts.clear()
    async with in_process(made[0], app, clock=FakeClock().clock) as client:
        assert await client.failures.flaky() == {"attempts": 3}


def test_fakes_of_the_models_fit_them(made):
    assert fake(made[1].Invoice, number="7").number == "7"


def test_the_output_is_formatted(tmp_path):
    files = client_of(app.openapi()).files
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    command = [
        sys.executable,
        "-m",
        "ruff",
        "format",
        "--isolated",
        "--no-cache",
        "--line-length=100",
        "--diff",
        str(tmp_path),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout == ""


def test_the_output_does_not_depend_on_the_order_of_operations():
    description = app.openapi()
    turned = {**description, "paths": dict(reversed(description["paths"].items()))}
    index = "_index.py"
    assert client_of(turned).files[index] == client_of(description).files[index]
