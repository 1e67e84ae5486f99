"""Names that could hide one another, or are spelled alike."""

import typing

import httpx
import pytest

from tests.openapi_clients.made import client_of, described, get, import_files, imported
from tests.transport.support import Upstream

_THING = {"type": "object", "properties": {"at": {"type": "string", "format": "date-time"}}}
_REFERENCE = {"$ref": "#/components/schemas/Thing"}


@pytest.mark.parametrize("name", ["m", "t", "dt", "int", "dict", "bool", "deprecated", "builtins"])
async def test_a_method_does_not_hide_what_annotations_and_decorators_mean(name, tmp_path):
    body = {"content": {"application/json": {"schema": {"type": "object", "properties": {"x": _REFERENCE}}}}}  # fmt: skip
    more = {"tags": ["things"], "requestBody": body, "deprecated": True}
    paths = {
        "/a": get(_REFERENCE, operationId=name, **more),
        "/b": get(_REFERENCE, operationId="other", **more),
    }
    client_class, models = imported(described(paths, {"Thing": _THING}), tmp_path)
    upstream = Upstream(httpx.Response(200, json={}))
    things = client_class(http_client=upstream.http_client()).things
    assert not hasattr(type(things), name)
    with pytest.warns(DeprecationWarning, match="things"):
        assert isinstance(await getattr(things, f"{name}_")(), models.Thing)


@pytest.mark.parametrize("name", ["str", "cached property", "staticmethod"])
def test_a_resource_does_not_hide_what_the_client_needs(name, tmp_path):
    paths = {
        "/a": get(_THING, operationId="first", tags=[name]),
        "/b": get(_THING, operationId="second", tags=["things"]),
    }
    client = imported(described(paths), tmp_path)[0]()
    assert getattr(client, f"{name.replace(' ', '_')}_").first
    assert client.things.second


def test_an_exact_name_is_kept_whatever_the_order(tmp_path):
    fields = {"a b": {"type": "string"}, "a-b": {"type": "string"}, "a_b": {"type": "string"}}
    schemas = {
        "ITEM": {"type": "object", "properties": {"upper": {"type": "string"}}},
        "Item": {"type": "object", "properties": fields},
    }
    paths = {
        "/a": get({"$ref": "#/components/schemas/ITEM"}, operationId="upper"),
        "/b": get({"$ref": "#/components/schemas/Item"}, operationId="plain"),
    }
    _, models = imported(described(paths, schemas), tmp_path)
    assert "upper" not in models.Item.model_fields
    assert models.Item.model_validate({"a b": "1", "a-b": "2", "a_b": "3"}).a_b == "3"


async def test_arguments_of_one_name_are_told_apart_by_their_places(tmp_path):
    text = {"type": "string"}
    parameters = [
        {"name": "id", "in": "path", "required": True, "schema": text},
        {"name": "id", "in": "query", "schema": text},
        {"name": "Id", "in": "header", "schema": text},
    ]
    body = {"content": {"application/json": {"schema": {"type": "object", "properties": {"id": text}}}}}  # fmt: skip
    operation = get(text, operationId="fetch", parameters=parameters, requestBody=body)["get"]
    client_class, _ = imported(described({"/x/{id}": {"post": operation}}), tmp_path)
    upstream = Upstream(httpx.Response(200, json="x"))
    client = client_class(http_client=upstream.http_client())
    await client.root.fetch("p", new_id="b", id_query="q", id_header="h")
    request = upstream.last
    assert request.url == "https://tiny.example/x/p?id=q"
    assert (request.headers["id"], request.content) == ("h", b'{"id":"b"}')


async def test_the_key_of_a_call_is_its_header_beside_a_field_of_its_name(tmp_path):
    header = {"name": "Idempotency-Key", "in": "header", "schema": {"type": "string"}}
    fields = {"type": "object", "properties": {"idempotency_key": {"type": "string"}}}
    body = {"content": {"application/json": {"schema": fields}}}
    operation = get({}, operationId="pay", parameters=[header], requestBody=body)["get"]
    client_class, _ = imported(described({"/x": {"post": operation}}), tmp_path)
    upstream = Upstream(httpx.Response(200, json={}))
    await client_class(http_client=upstream.http_client()).root.pay(idempotency_key="field")
    assert upstream.last.content == b'{"idempotency_key":"field"}'
    assert upstream.last.headers["idempotency-key"] not in {"", "field"}


def test_a_route_of_several_methods_in_fastapi_has_plain_names():
    operation = get({"type": "integer"}, operationId="multi_items_multi_post", tags=["items"])
    paths = {"/items/multi": {"get": operation["get"], "post": operation["get"]}}
    names = {each.operation.method: each.name for each in client_of(described(paths)).methods}
    assert names == {"GET": "multi", "POST": "multi_post"}


def test_an_empty_name_is_no_key_of_a_typed_dict(tmp_path):
    thing = {"type": "object", "properties": {"": {"type": "string"}, "a": {"type": "string"}}}
    inner = {"type": "object", "properties": {"thing": {"$ref": "#/components/schemas/Thing"}}}
    body = {"content": {"application/json": {"schema": inner}}}
    operation = {"operationId": "send", "requestBody": body, "responses": {}}
    made = client_of(described({"/x": {"post": operation}}, {"Thing": thing}))
    modules = import_files(made, tmp_path)
    (types,) = [module for name, module in modules.items() if name.endswith(".types")]
    assert set(typing.get_type_hints(types.Thing)) == {"a"}
