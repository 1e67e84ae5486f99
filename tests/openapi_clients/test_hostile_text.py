"""No text of a description becomes code, or breaks the code that is made of it."""

import ast

import pytest

from tests.openapi_clients import hostile
from tests.openapi_clients.made import client_of, described, imported

PAYLOADS = list(hostile.TEXTS.values())
SAMPLE = [
    variant
    for number, variant in enumerate(hostile.variants())
    if (number // hostile.PAYLOADS * 7 + number % hostile.PAYLOADS) % 16 == 0
]


def test_hostile_texts_are_neither_executed_nor_break_the_output(tmp_path):
    """All of them are in ``tests/conformance``."""
    assert len({variant.place for variant in SAMPLE}) == len(hostile.PLACES)
    for variant in SAMPLE:
        hostile.check(variant, tmp_path)


def _everywhere(text):
    """A description with one text in every place that a text can be in."""
    schema = {
        "type": "object",
        "title": text,
        "description": text,
        "required": [text],
        "properties": {
            text: {"type": "string", "description": text, "default": text, "example": text},
            "choice": {"enum": [text, "b"]},
            "tagged": {
                "oneOf": [{"$ref": "#/components/schemas/A"}, {"$ref": "#/components/schemas/B"}],
                "discriminator": {
                    "propertyName": "kind",
                    "mapping": {text: "#/components/schemas/A"},
                },
            },
            "map": {"type": "object", "additionalProperties": {"const": text}},
        },
    }
    tag = {"type": "object", "properties": {"kind": {"type": "string"}}}
    operation = {
        "operationId": text,
        "tags": [text],
        "summary": text,
        "description": text,
        "externalDocs": {"url": text},
        "deprecated": True,
        "security": [{text: [text]}],
        "servers": [
            {"url": text},
            {"url": "https://{v}.example/", "variables": {"v": {"default": text}}},
        ],
        "parameters": [
            {
                "name": text,
                "in": place,
                "description": text,
                "schema": {"type": "string", "default": text},
            }
            for place in ("query", "header", "cookie")
        ],
        "requestBody": {
            "description": text,
            "content": {text: {"schema": schema, "encoding": {text: {"contentType": text}}}},
        },
        "responses": {
            "200": {"description": text, "content": {"application/json": {"schema": schema}}},
            "404": {"description": text, "content": {"application/json": {"schema": schema}}},
            text: {"description": text},
        },
    }
    return described(
        {f"/things/{{id}}/{text}": {"post": operation, "get": {**operation, "operationId": None}}},
        {"A": tag, "B": tag, text: schema},
        components={
            "securitySchemes": {
                text: {"type": "apiKey", "in": "query", "name": text, "description": text},
                "oauth": {"type": "oauth2", "flows": {"clientCredentials": {"tokenUrl": text}}},
            }
        },
        info={"title": text, "description": text, "version": text},
        tags=[{"name": text, "description": text}],
        servers=[
            {"url": text, "description": text},
            {"url": "https://a.example", "description": text},
        ],
        webhooks={text: {"post": operation}},
    )


@pytest.mark.parametrize("payload", PAYLOADS, ids=list(hostile.TEXTS))
def test_a_hostile_text_in_every_place_is_neither_executed_nor_breaks_the_output(payload, tmp_path):
    description = _everywhere(payload)
    made = client_of(description)
    for name, text in made.files.items():
        if name.endswith(".py"):
            tree = ast.parse(text)
            calls = [node for node in ast.walk(tree) if isinstance(node, ast.Raise)]
            assert all("AttributeError" in ast.unparse(node) for node in calls), name
            formatted = [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)]
            assert not any("__import__" in ast.unparse(node) for node in formatted), name
    imported(description, tmp_path)


PLACES = {
    "property": lambda text: {"type": "object", "properties": {text: {"type": "string"}}},
    "enum": lambda text: {"type": "object", "properties": {"a": {"enum": [text]}}},
    "description": lambda text: {"type": "object", "description": text, "properties": {"a": {}}},
    "title": lambda text: {
        "type": "object",
        "properties": {"a": {"title": text, "type": "object", "properties": {"b": {}}}},
    },
    "default": lambda text: {
        "type": "object",
        "properties": {"a": {"type": "string", "default": text}},
    },
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("payload", PAYLOADS, ids=list(hostile.TEXTS))
def test_a_text_in_one_place_keeps_the_value(place, payload):
    schema = PLACES[place](payload)
    body = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}}
    answer = {"200": {"description": "", **body}}
    made = client_of(
        described({"/x": {"post": {"requestBody": body, "responses": answer}}}, {"Thing": schema})
    )
    literals = {
        node.value
        for text in (made.files["models.py"], made.files["resources/root.py"])
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Constant)
    }
    if place in {"property", "enum"}:
        assert payload in literals
