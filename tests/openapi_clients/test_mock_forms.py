"""A mocked upload of a form is matched by its fields, and its calls have them."""

from unittest.mock import ANY

import pytest

from sdk import File
from sdk.testing import ApiMock, UnmockedCall
from tests.openapi_clients.made import described, imported

FORM = {
    "type": "object",
    "required": ["file"],
    "properties": {
        "file": {"type": "string", "format": "binary"},
        "kind": {"type": "string"},
        "tags": {"type": "array", "items": {"type": "string"}},
        "from": {"type": "object", "properties": {"name": {"type": "string"}}},
    },
}


@pytest.fixture(scope="module")
def client_class(tmp_path_factory):
    operation = {
        "operationId": "send",
        "requestBody": {"content": {"multipart/form-data": {"schema": FORM}}},
        "responses": {"204": {"description": ""}},
    }
    description = described({"/x": {"post": operation}})
    made, _ = imported(description, tmp_path_factory.mktemp("forms"))
    return made


@pytest.fixture
def tiny(client_class):
    with ApiMock(client_class, assert_all_called=False) as mock:
        yield mock


@pytest.mark.parametrize(
    "expected",
    [
        {"file": b"abc"},
        {"file": ANY, "kind": "photo"},
        {"file": File(b"abc", "other.txt"), "tags": ["a", ANY]},
        {"file": "abc", "tags": ["a", "b"], "from_": {"name": "Ada"}},
    ],
)
async def test_a_form_is_matched_by_its_fields(tiny, expected):
    route = tiny.on(tiny.client.root.send, **expected)
    given = {"kind": "photo", "tags": ["a", "b"], "from_": {"name": "Ada"}}
    await tiny.client.root.send(file=File(b"abc", "a.txt"), **given)
    route.assert_called_once_with(file=b"abc", **given)
    assert route.last_call.arguments["kind"] == "photo"


@pytest.mark.parametrize("expected", [{"file": b"abd"}, {"file": ANY, "kind": "invoice"}])
async def test_a_form_with_other_fields_is_not_matched(tiny, expected):
    tiny.on(tiny.client.root.send, **expected)
    with pytest.raises(UnmockedCall) as refused:
        await tiny.client.root.send(file=b"abc", kind="photo")
    assert "root.send" in str(refused.value)
    assert "GitHub" not in str(refused.value)


async def test_an_open_file_and_a_path_are_matched(tiny, tmp_path):
    path = tmp_path / "a.bin"
    path.write_bytes(b"abc")
    route = tiny.on(tiny.client.root.send, file=path)
    with path.open("rb") as file:
        await tiny.client.root.send(file=file)
    route.assert_called_once_with(file=path)
