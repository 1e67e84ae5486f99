"""From schemas of every dialect to types, names and calls."""

import datetime as dt
import json
from decimal import Decimal
from uuid import UUID

import httpx
import pytest

from sdk import Timeout
from tests.openapi_clients.made import client_of, described, get, imported
from tests.transport.support import Upstream

PATTERN = r"^(?!^[-+.]*$)[+-]?0*\d*\.?\d*$"


@pytest.mark.parametrize(
    ("schema", "sent", "value"),
    [
        ({"type": "string", "format": "decimal"}, "1.5", Decimal("1.5")),
        ({"type": "string", "pattern": PATTERN}, "1.5", Decimal("1.5")),
        ({"type": "string", "format": "uuid"}, str(UUID(int=1)), UUID(int=1)),
        ({"type": "string", "format": "date"}, "2026-01-02", dt.date(2026, 1, 2)),
        ({"type": "string", "format": "duration"}, "PT1H", dt.timedelta(hours=1)),
        ({"type": ["string", "null"]}, None, None),
        ({"type": ["integer", "string"]}, "x", "x"),
        ({"anyOf": [{"type": "integer"}, {"type": "null"}]}, None, None),
        ({"const": "a"}, "a", "a"),
        ({"type": "array", "prefixItems": [{"type": "integer"}, {"type": "string"}], "minItems": 2, "maxItems": 2}, [1, "a"], (1, "a")),
        ({"type": "array", "prefixItems": [{"type": "integer"}, {"type": "string"}], "minItems": 2, "items": False}, [1, "a"], (1, "a")),
        ({"type": "object", "additionalProperties": {"type": "integer"}}, {"a": 1}, {"a": 1}),
        ({"allOf": [{"type": "string"}], "description": "x"}, "a", "a"),
    ],
)  # fmt: skip
async def test_schemas_become_types(schema, sent, value, tmp_path):
    thing = {"type": "object", "properties": {"a": schema}, "required": ["a"]}
    paths = {"/x": get({"$ref": "#/components/schemas/Thing"}, operationId="fetch")}
    client_class, models = imported(described(paths, {"Thing": thing}), tmp_path)
    upstream = Upstream(httpx.Response(200, json={"a": sent}))
    found = await client_class(http_client=upstream.http_client(), strict=True).root.fetch()
    assert isinstance(found, models.Thing)
    assert found.a == value


@pytest.mark.parametrize(
    ("schema", "sent"),
    [
        ({"type": "string"}, "text"),
        ({"type": "boolean"}, False),
        ({"type": "boolean"}, True),
        ({"type": "integer"}, 0),
        ({"type": "number"}, 1.5),
        ({"type": ["string", "null"]}, None),
        ({"type": "array", "items": {"type": "boolean"}}, [False]),
    ],
)
async def test_a_body_can_be_a_single_json_value(schema, sent, tmp_path):
    client_class, _ = imported(described({"/x": get(schema, operationId="fetch")}), tmp_path)
    headers = {"content-type": "application/json"}
    upstream = Upstream(httpx.Response(200, content=json.dumps(sent), headers=headers))
    found = await client_class(http_client=upstream.http_client(), strict=True).root.fetch()
    assert (found, type(found)) == (sent, type(sent))


async def test_a_string_response_without_quotes_is_returned_as_sent(tmp_path):
    client_class, _ = imported(
        described({"/x": get({"type": "string"}, operationId="fetch")}), tmp_path
    )
    for headers in ({"content-type": "text/plain"}, {"content-type": "application/json"}):
        upstream = Upstream(httpx.Response(200, text="not quoted", headers=headers))
        client = client_class(http_client=upstream.http_client())
        assert await client.root.fetch() == "not quoted"


async def test_swagger_2_descriptions_are_read(tmp_path):
    description = {
        "swagger": "2.0",
        "info": {"title": "Old", "version": "1"},
        "host": "old.example",
        "basePath": "/v1",
        "schemes": ["https"],
        "consumes": ["application/json"],
        "produces": ["application/json"],
        "securityDefinitions": {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}},
        "security": [{"key": []}],
        "parameters": {"limit": {"name": "limit", "in": "query", "type": "integer"}},
        "paths": {
            "/pets/{id}": {
                "post": {
                    "operationId": "updatePet",
                    "parameters": [
                        {"name": "id", "in": "path", "required": True, "type": "integer"},
                        {"$ref": "#/parameters/limit"},
                        {
                            "name": "tags",
                            "in": "query",
                            "type": "array",
                            "items": {"type": "string"},
                        },
                        {"name": "body", "in": "body", "schema": {"$ref": "#/definitions/Pet"}},
                    ],
                    "responses": {
                        "200": {"description": "", "schema": {"$ref": "#/definitions/Pet"}}
                    },
                }
            }
        },
        "definitions": {
            "Pet": {
                "type": "object",
                "required": ["name"],
                "properties": {
                    "id": {"type": "integer", "readOnly": True},
                    "name": {"type": "string"},
                    "born": {"type": "string", "format": "date-time", "x-nullable": True},
                },
            }
        },
    }
    client_class, models = imported(description, tmp_path)
    upstream = Upstream(httpx.Response(200, json={"id": 1, "name": "Tom", "born": None}))
    client = client_class(api_key="k", http_client=upstream.http_client())
    pet = await client.root.update_pet(7, name="Tom", tags=["a", "b"], limit=1)
    assert isinstance(pet, models.Pet)
    assert str(upstream.last.url) == "https://old.example/v1/pets/7?limit=1&tags=a%2Cb"
    assert upstream.last.headers["x-key"] == "k"
    assert upstream.last.content == b'{"name":"Tom"}'


def test_read_only_and_write_only_fields_are_in_one_model_each():
    thing = {
        "type": "object",
        "properties": {
            "id": {"type": "integer", "readOnly": True},
            "password": {"type": "string", "writeOnly": True},
            "name": {"type": "string"},
        },
    }
    body = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}}
    operation = {
        "post": {
            "operationId": "make",
            "requestBody": body,
            "responses": {"200": {"description": "", **body}},
        }
    }
    files = client_of(described({"/x": operation}, {"Thing": thing})).files
    assert "password: str" not in files["models.py"]
    assert "id: int" in files["models.py"]
    assert "password: str" in files["resources/root.py"]
    assert "id: int" not in files["resources/root.py"]


async def test_a_discriminator_mapping_identifies_members_without_a_tag(tmp_path):
    pet = {"type": "object", "required": ["kind"], "properties": {"kind": {"type": "string"}}}
    schemas = {
        "Cat": {**pet, "properties": {**pet["properties"], "lives": {"type": "integer"}}},
        "Dog": {**pet, "properties": {**pet["properties"], "lives": {"type": "integer"}}},
    }
    choice = {
        "oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}],
        "discriminator": {
            "propertyName": "kind",
            "mapping": {"meow": "#/components/schemas/Cat", "woof": "Dog"},
        },
    }
    client_class, models = imported(
        described({"/x": get(choice, operationId="pet")}, schemas), tmp_path
    )
    upstream = Upstream(httpx.Response(200, json={"kind": "woof", "lives": 1}))
    assert isinstance(await client_class(http_client=upstream.http_client()).root.pet(), models.Dog)


def test_the_tag_of_a_union_is_required_though_it_has_a_default():
    def member(tag):
        kind = {"type": "string", "const": tag, "default": tag}
        return {"type": "object", "properties": {"kind": kind}}

    choice = {
        "oneOf": [{"$ref": f"#/components/schemas/{name}"} for name in ("Card", "Cash")],
        "discriminator": {"propertyName": "kind"},
    }
    order = {"type": "object", "properties": {"payment": choice, "kind": {"type": "string"}}}
    body = {"content": {"application/json": {"schema": order}}}
    paths = {"/x": get(order, operationId="order", requestBody=body)}
    files = client_of(described(paths, {"Card": member("card"), "Cash": member("cash")})).files
    assert 'kind: Literal["card"]\n' in files["types.py"]
    assert 'kind: Literal["cash"]\n' in files["models.py"]
    assert "kind: str | None = None" in files["models.py"]


@pytest.mark.parametrize("values", [(1, True), (True, 1)])
def test_true_and_one_are_different_values(values):
    def answer(value):
        fields = {"ok": {"const": value}, "note": {"type": "string"}}
        return {"type": "object", "properties": fields, "required": ["ok", "note"]}

    either = {"anyOf": [{"const": value} for value in values]}
    paths = {f"/{value}": get(answer(value), operationId=f"get_{value}") for value in values}
    files = client_of(described({**paths, "/either": get(either, operationId="either")})).files
    assert files["models.py"].count("ok: Literal[True]\n") == 1
    assert files["models.py"].count("ok: Literal[1]\n") == 1
    assert f"Literal[{', '.join(map(str, values))}]" in files["resources/root.py"]


async def test_servers_are_chosen_by_name_and_their_variables_are_arguments(tmp_path):
    description = described(
        {"/x": get({"type": "string"}, operationId="fetch")},
        servers=[
            {"url": "https://{region}.a.example/{v}", "description": "Production", "variables": {
                "region": {"default": "eu", "enum": ["eu", "us"]}, "v": {"default": "v1"}}},
            {"url": "https://b.example", "description": "Staging"},
        ],
    )  # fmt: skip
    client_class, _ = imported(description, tmp_path)
    assert client_class().base_url == "https://eu.a.example/v1"
    assert client_class(region="us", v="v2").base_url == "https://us.a.example/v2"
    assert client_class(server="staging").base_url == "https://b.example"
    assert (
        client_class(base_url="https://c.example", timeout=Timeout(connect=5)).base_url
        == "https://c.example"
    )


def test_credentials_can_default_to_the_environment(tmp_path, monkeypatch):
    description = described(
        {"/x": get({"type": "string"}, security=[{"b": []}])},
        components={"securitySchemes": {"b": {"type": "http", "scheme": "bearer"}}},
    )
    monkeypatch.setenv("TINY_TOKEN", "from the environment")
    client_class, _ = imported(description, tmp_path, credentials={"token": "env:TINY_TOKEN"})
    assert (
        client_class().caller.settings.auth.identity
        == client_class(token="from the environment").caller.settings.auth.identity
    )


def test_vendor_extensions_declare_pagination():
    page = {
        "type": "object",
        "properties": {
            "rows": {"type": "array", "items": {"type": "string"}},
            "after": {"type": "string"},
        },
    }
    query = [{"name": "from", "in": "query", "schema": {"type": "string"}}]
    fern = {
        "cursor": "$request.from",
        "next_cursor": "$response.after",
        "results": "$response.rows",
    }
    speakeasy = {"type": "cursor", "inputs": [{"name": "from", "in": "parameters", "type": "cursor"}],
                 "outputs": {"results": "$.rows", "nextCursor": "$.after"}}  # fmt: skip
    for name, value in {"x-fern-pagination": fern, "x-speakeasy-pagination": speakeasy}.items():
        made = client_of(described({"/x": get(page, parameters=query, **{name: value})}))
        (method,) = made.methods
        assert method.answer.rule is not None
        assert method.answer.rule.kind == "Cursor"
        assert (method.answer.items, method.answer.rule.found_by) == ("rows", name)


def test_more_models_than_fit_one_module_are_a_lazy_package_whose_modules_stay(tmp_path):
    schemas = {
        f"Thing{n}": {"type": "object", "properties": {f"a{n}": {"type": "string"}}}
        for n in range(70)
    }
    paths = {f"/t{n}": get({"$ref": f"#/components/schemas/Thing{n}"}) for n in range(70)}
    client_class, models = imported(described(paths, schemas), tmp_path)
    assert models.Thing69.__module__.endswith(".models.thing69")
    assert callable(client_class)


def test_webhooks_are_models_by_event(tmp_path):
    body = {
        "content": {
            "application/json": {
                "schema": {"type": "object", "properties": {"id": {"type": "integer"}}}
            }
        }
    }
    description = described(
        {"/x": get({"type": "string"})}, webhooks={"paid": {"post": {"requestBody": body}}}
    )
    client_class, _ = imported(description, tmp_path)
    assert set(client_class.webhooks()["paid"].model_fields) == {"id"}


@pytest.mark.parametrize(
    ("method", "body", "signature"),
    [
        ("get", {"schema": {"type": "object", "properties": {}}}, "self, *, options"),
        ("post", {"schema": {"type": "object"}}, "data: Mapping[str, Any] | Omit = OMIT"),
    ],
)
def test_a_form_that_is_not_required_is_not_asked_for(method, body, signature):
    operation = {
        "operationId": "fetch",
        "requestBody": {"content": {"application/x-www-form-urlencoded": body}},
        "responses": {"204": {"description": "ok"}},
    }
    made = client_of(described({"/x": {method: operation}}))
    assert signature in made.files["resources/root.py"]


async def test_a_recursive_schema_that_may_be_null_may_be_null_inside_of_itself(tmp_path):
    value = {"$ref": "#/components/schemas/Value"}
    options = [{"type": "string"}, {"type": "null"}, {"type": "array", "items": value}]
    paths = {"/x": get(value, operationId="fetch")}
    client_class, _ = imported(described(paths, {"Value": {"anyOf": options}}), tmp_path)
    upstream = Upstream(httpx.Response(200, json=["a", None, [None]]))
    client = client_class(http_client=upstream.http_client(), strict=True)
    assert await client.root.fetch() == ["a", None, [None]]


@pytest.mark.parametrize(
    ("schema", "annotation"),
    [
        ({"type": "integer", "enum": ["1", "2"]}, "Literal[1, 2] | None"),
        ({"type": "string", "enum": [1, 2]}, 'Literal["1", "2"] | None'),
        ({"type": "boolean", "enum": ["true"]}, "Literal[True] | None"),
        ({"type": "string", "enum": [True, False]}, "str | None"),
        ({"enum": ["a", 1, True]}, "Any"),
        ({"enum": []}, "Any"),
        ({"$dynamicRef": "#node"}, "Node | None"),
    ],
)
def test_odd_enums_and_references(schema, annotation):
    node = {"$dynamicAnchor": "node", "type": "object", "properties": {"q": {"type": "string"}}}
    whole = {"type": "object", "properties": {"e": schema}}
    made = client_of(described({"/x": get(whole, operationId="fetch")}, {"Node": node}))
    assert f"    e: {annotation} = None" in made.files["models.py"]


@pytest.mark.parametrize("responses", [{}, None, {"200": {"description": "ok"}}])
async def test_a_get_that_declares_no_response_returns_what_arrives(responses, tmp_path):
    operation = {
        "operationId": "fetch",
        **({"responses": responses} if responses is not None else {}),
    }
    client_class, _ = imported(described({"/x": {"get": operation}}), tmp_path)
    upstream = Upstream(httpx.Response(200, json={"a": 1}))
    assert await client_class(http_client=upstream.http_client()).root.fetch() == {"a": 1}


async def test_a_whole_body_may_be_given_by_place_though_it_is_not_required(tmp_path):
    content = {"application/json-patch+json": {"schema": {"type": "array", "items": {}}}}
    operation = {"operationId": "change", "requestBody": {"content": content}, "responses": {}}
    client_class, _ = imported(described({"/x": {"patch": operation}}), tmp_path)
    upstream = Upstream(httpx.Response(200, json={}))
    client = client_class(http_client=upstream.http_client())
    await client.root.change([{"op": "add"}])
    await client.root.change()
    assert [request.content for request in upstream.requests] == [b'[{"op":"add"}]', b""]


def test_names_that_only_look_reserved_stay_as_they_are():
    fields = {name: {"type": "string"} for name in ("uuid", "t", "m", "options", "decimal")}
    paths = {"/x": get({"type": "object", "properties": fields}, operationId="fetch")}
    models = client_of(described(paths)).files["models.py"]
    assert all(f"    {name}: str | None = None" in models for name in fields)


def test_the_types_of_a_circle_of_aliases_can_be_imported(tmp_path):
    def ref(name):
        return {"$ref": f"#/components/schemas/{name}"}

    schemas = {"First": ref("Second"), "Second": {"anyOf": [ref("First"), {"type": "string"}]}}
    body = {"content": {"application/json": {"schema": ref("Second")}}}
    paths = {"/x": {"post": {"operationId": "add", "requestBody": body, "responses": {}}}}
    # import_files imports types too, which nothing else does when the program runs.
    imported(described(paths, schemas), tmp_path)


async def test_a_file_is_sent_and_events_come_back(tmp_path):
    operation = {
        "operationId": "exchange",
        "requestBody": {"content": {"application/json-seq": {"schema": None}}},
        "responses": {"200": {"description": "ok", "content": {"application/json-seq": {"itemSchema": {"type": "integer"}}}}},
    }  # fmt: skip
    client_class, _ = imported(
        described({"/x": {"post": operation}}, info={"title": "T"}), tmp_path
    )
    headers = {"content-type": "application/json-seq"}
    upstream = Upstream(httpx.Response(200, content=b"\x1e1\n\x1e2\n", headers=headers))
    async with client_class(http_client=upstream.http_client()) as client:
        assert [number async for number in client.root.exchange(b"\x1e3\n")] == [1, 2]


async def test_models_that_hold_each_other_or_only_an_id(tmp_path):
    def expandable(name):
        return {"anyOf": [{"type": "string"}, {"$ref": f"#/components/schemas/{name}"}]}

    schemas = {
        "Upload": {"type": "object", "properties": {"links": {"type": "array", "items": {"$ref": "#/components/schemas/Link"}}}},
        "Link": {"type": "object", "properties": {"file": expandable("Upload")}},
    }  # fmt: skip
    paths = {"/x": get({"$ref": "#/components/schemas/Upload"}, operationId="fetch")}
    client_class, models = imported(described(paths, schemas), tmp_path)
    upstream = Upstream(
        httpx.Response(200, json={"links": [{"file": "f1"}, {"file": {"links": []}}]})
    )
    found = await client_class(http_client=upstream.http_client(), strict=True).root.fetch()
    assert [link.file for link in found.links] == ["f1", models.Upload(links=[])]


async def test_lists_of_objects_in_a_query_are_json_and_a_note(tmp_path):
    filters = {
        "type": "array",
        "items": {"type": "object", "properties": {"a": {"type": "integer"}}},
    }
    parameters = [{"name": "filters", "in": "query", "schema": filters}]
    description = described(
        {"/x": get({"type": "string"}, operationId="find", parameters=parameters)}
    )
    client_class, _ = imported(description, tmp_path)
    upstream = Upstream(httpx.Response(200, json="x"))
    await client_class(http_client=upstream.http_client()).root.find(filters=[{"a": 1}, {"a": 2}])
    assert upstream.requests[0].url.params["filters"] == '[{"a":1},{"a":2}]'
    assert (
        "lists of objects in a query are sent as JSON: filters"
        in client_of(description).document.notes.lines()
    )


async def test_resources_called_like_what_their_modules_import(tmp_path):
    rows = {
        "type": "object",
        "properties": {
            "items": {"type": "array", "items": {"type": "integer"}},
            "next_cursor": {"type": "string"},
        },
    }
    parameters = [{"name": "cursor", "in": "query", "schema": {"type": "string"}}]
    operation = get(
        rows, operationId="list", parameters=parameters, tags=["cursor"], security=[{"key": []}]
    )
    schemes = {"key": {"type": "apiKey", "in": "header", "name": "x-key"}}
    paths = {"/x": operation, "/y": get({"type": "string"}, operationId="read", tags=["ApiKey"])}
    client_class, _ = imported(described(paths, components={"securitySchemes": schemes}), tmp_path)
    upstream = Upstream(httpx.Response(200, json={"items": [1]}), httpx.Response(200, json="x"))
    async with client_class(http_client=upstream.http_client(), api_key="k") as client:
        assert await client.cursor.list().collect() == [1]
        assert await client.api_key.read() == "x"
    assert type(client.cursor).__name__ == "CursorResource"
    assert upstream.requests[0].headers["x-key"] == "k"


def test_arguments_of_aliases_that_name_each_other_can_be_evaluated(tmp_path):
    def ref(name):
        return {"$ref": f"#/components/schemas/{name}"}

    block = {"type": "object", "properties": {"body": {"type": "array", "items": ref("Node")}}}
    schemas = {"Node": {"anyOf": [ref("Block"), {"type": "string"}]}, "Block": block}
    body = {"content": {"application/json": {"schema": ref("Block")}}}
    paths = {"/x": {"post": {"operationId": "add", "requestBody": body, "responses": {}}}}
    files = client_of(described(paths, schemas)).files["types.py"]
    module = {"__name__": "types_of_a_client"}
    exec(compile(files, "types.py", "exec"), module)  # noqa: S102  our own output
    assert "Node" in module
