"""Variants of one description, each with one hostile value in one place; and what must hold for all.

A place is a function that puts a value into a description. Every payload in every place is some
1,900 variants; none may run as code, stop the generator, or come out as broken Python.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from typing import Any, NamedTuple

from sdk.transport import Operation
from tests.openapi_clients.made import client_of, import_files

TEXTS: dict[str, Any] = {
    "double quotes": '"); raise SystemExit("ran")  #',
    "single quotes": "'); raise SystemExit('ran')  #",
    "docstring": '"""\nraise SystemExit("ran")\n"""',
    "docstring in single quotes": "'''\nraise SystemExit('ran')\n'''",
    "backslash": "\\",
    "escaped quote": 'a\\"; raise SystemExit("ran")  #',
    "quotes at the end": 'ends in \\"""',
    "expression": '" + str(1 / 0) + "',
    "line": "x\nraise SystemExit('ran')",
    "line separators": "x\r\nraise SystemExit('ran')\u2028raise SystemExit('ran')\x0c\x85y",
    "format": "{__import__('os').abort()} {0} %s %(a)s",
    "named character": "\\N{BULLET} \\x41 \\u0041",
    "comment": "#\ttype: ignore\x00\x1b[31m\u202e noqa",
    "lone surrogate": "\ud800 lone",
    "long": "a" * 5000,
    "keyword": "class",
    "soft keyword": "match",
    "constant": "None",
    "dunder": "__init__",
    "private": "__class",
    "attribute": "model_config",
    "self": "self",
    "builtin": "list",
    "compatibility forms": "\ufb01eld \u210c \u00aa \U0001d538",
    "no letters": "\u2122 \U0001f642 \u202e",
    "empty": "",
}
NUMBERS: dict[str, Any] = {
    "giant": 10**400,
    "negative giant": -(10**3999),
    "infinite": float("inf"),
    "not a number": float("nan"),
    "list": [1, [2]],
    "object": {"a": {"b": 1}},
    "true": True,
    "null": None,
}
PAYLOADS = len(TEXTS) + len(NUMBERS)
_THING = "#/components/schemas/Thing"


def _base() -> dict[str, Any]:
    body = {"application/json": {"schema": {"$ref": _THING}}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Tiny", "version": "1"},
        "servers": [{"url": "https://tiny.example"}],
        "tags": [{"name": "things"}],
        "paths": {
            "/things/{id}": {
                "post": {
                    "operationId": "change",
                    "tags": ["things"],
                    "parameters": [
                        {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
                    ],
                    "requestBody": {"content": body},
                    "responses": {"200": {"description": "", "content": body}},
                }
            }
        },
        "components": {
            "schemas": {
                "Thing": {
                    "type": "object",
                    "properties": {
                        "name": {"type": "string"},
                        "kind": {"$ref": "#/components/schemas/Kind"},
                    },
                },
                "Kind": {
                    "oneOf": [{"$ref": "#/components/schemas/A"}, {"$ref": "#/components/schemas/B"}],
                    "discriminator": {
                        "propertyName": "tag",
                        "mapping": {"a": "#/components/schemas/A"},
                    },
                },
                "A": {"type": "object", "properties": {"tag": {"type": "string"}}},
                "B": {"type": "object", "properties": {"tag": {"type": "string"}}},
            }
        },
    }  # fmt: skip


def _text(value: Any) -> str:
    """The value as a key of an object."""
    return value if isinstance(value, str) else repr(value)


def _at(*steps: Any) -> Any:
    """A place whose value stands behind these steps."""

    def put(description: dict[str, Any], value: Any) -> None:
        node: Any = description
        for step in steps[:-1]:
            node = node.setdefault(step, {}) if isinstance(node, dict) else node[step]
        node[steps[-1]] = value

    return put


def _key(*steps: Any) -> Any:
    """A place where the value is a key, of what stands behind the last step now."""

    def put(description: dict[str, Any], value: Any) -> None:
        node: Any = description
        for step in steps[:-1]:
            node = node.setdefault(step, {}) if isinstance(node, dict) else node[step]
        node[_text(value)] = node.pop(steps[-1])

    return put


_OPERATION = ("paths", "/things/{id}", "post")
_BODY = (*_OPERATION, "requestBody", "content")
_ANSWER = (*_OPERATION, "responses", "200", "content")
_FIELD = ("components", "schemas", "Thing", "properties", "name")
_SCHEMAS = ("components", "schemas")


def _path(description: dict[str, Any], value: Any) -> None:
    description["paths"] = {f"/things/{{id}}/{_text(value)}": description["paths"]["/things/{id}"]}


def _fixed_query(description: dict[str, Any], value: Any) -> None:
    text = _text(value)
    path = f"/things/{{id}}?{text}={text}&kind={text}"
    description["paths"] = {path: description["paths"]["/things/{id}"]}


def _encoded_form(description: dict[str, Any], value: Any) -> None:
    body = _content_of_the_body(description)
    encoding = {"name": {"style": value, "explode": value}, _text(value): {"explode": False}}
    body["application/x-www-form-urlencoded"] = {
        **body.pop("application/json"),
        "encoding": encoding,
    }


def _content_of_the_body(description: dict[str, Any]) -> dict[str, Any]:
    content: dict[str, Any] = description["paths"]["/things/{id}"]["post"]["requestBody"]["content"]
    description["paths"]["/things/{id}"]["post"]["requestBody"]["content"] = copied = dict(content)
    return copied


def _error_fields(description: dict[str, Any], value: Any) -> None:
    responses = description["paths"]["/things/{id}"]["post"]["responses"]
    for status, name in (("400", "a"), ("404", _text(value))):
        schema = {"type": "object", "properties": {name: {"type": "string"}}}
        responses[status] = {"content": {"application/json": {"schema": schema}}}


def _path_name(description: dict[str, Any], value: Any) -> None:
    operation = description["paths"].pop("/things/{id}")
    operation["post"]["parameters"][0]["name"] = value
    description["paths"][f"/things/{{{_text(value)}}}"] = operation


def _parameter(place: str) -> Any:
    def put(description: dict[str, Any], value: Any) -> None:
        parameter = {"name": value, "in": place, "schema": {"type": "string"}}
        description["paths"]["/things/{id}"]["post"]["parameters"].append(parameter)

    return put


def _said(key: str) -> Any:
    def put(description: dict[str, Any], value: Any) -> None:
        parameter = {"name": "q", "in": "query", "schema": {"type": "string"}}
        (parameter["schema"] if key in {"default", "pattern"} else parameter)[key] = value  # type: ignore[index]
        description["paths"]["/things/{id}"]["post"]["parameters"].append(parameter)

    return put


def _scheme(**given: Any) -> Any:
    """A security scheme; the value stands where Ellipsis does, or is its name."""

    def put(description: dict[str, Any], value: Any) -> None:
        scheme = {key: value if each is ... else each for key, each in given.items()}
        name = "scheme" if ... in given.values() else _text(value)
        description["components"]["securitySchemes"] = {name: scheme}
        description["security"] = [{name: []}]

    return put


def _oauth(description: dict[str, Any], value: Any) -> None:
    flow = {"clientCredentials": {"tokenUrl": value, "scopes": {_text(value): _text(value)}}}
    _scheme(type="oauth2", flows=...)(description, flow)


def _variable(description: dict[str, Any], value: Any) -> None:
    variables = {_text(value): {"default": value, "enum": [value, "b"]}}
    url = f"https://{{{_text(value)}}}.tiny.example"
    description["servers"] = [{"url": url, "variables": variables}, {"url": value}]


def _webhook(description: dict[str, Any], value: Any) -> None:
    body = {"content": {"application/json": {"schema": {"$ref": _THING}}}}
    description["webhooks"] = {_text(value): {"post": {"requestBody": body}}}


PLACES: dict[str, Any] = {
    "title": _at("info", "title"),
    "description": _at("info", "description"),
    "version": _at("info", "version"),
    "server": _at("servers", 0, "url"),
    "server description": _at("servers", 0, "description"),
    "server variable": _variable,
    "tag": _at(*_OPERATION, "tags", 0),
    "tag description": _at("tags", 0, "description"),
    "path": _path,
    "path parameter": _path_name,
    "query of a path": _fixed_query,
    "encoding of a form": _encoded_form,
    "field of an error": _error_fields,
    "operation id": _at(*_OPERATION, "operationId"),
    "summary": _at(*_OPERATION, "summary"),
    "operation description": _at(*_OPERATION, "description"),
    "method name": _at(*_OPERATION, "x-fern-sdk-method-name"),
    "group name": _at(*_OPERATION, "x-fern-sdk-group-name"),
    "paging": _at(*_OPERATION, "x-fern-pagination"),
    "query parameter": _parameter("query"),
    "header": _parameter("header"),
    "cookie": _parameter("cookie"),
    "parameter description": _said("description"),
    "parameter default": _said("default"),
    "parameter pattern": _said("pattern"),
    "parameter style": _said("style"),
    "body description": _at(*_OPERATION, "requestBody", "description"),
    "body media type": _key(*_BODY, "application/json"),
    "body encoding": _at(*_BODY, "application/json", "encoding", "name", "contentType"),
    "answer media type": _key(*_ANSWER, "application/json"),
    "status": _key(*_OPERATION, "responses", "200"),
    "answer description": _at(*_OPERATION, "responses", "200", "description"),
    "reference": _at(*_ANSWER, "application/json", "schema", "$ref"),
    "component": _key(*_SCHEMAS, "B"),
    "component title": _at(*_SCHEMAS, "Thing", "title"),
    "component description": _at(*_SCHEMAS, "Thing", "description"),
    "field": _key(*_FIELD),
    "field title": _at(*_FIELD, "title"),
    "field description": _at(*_FIELD, "description"),
    "field default": _at(*_FIELD, "default"),
    "field example": _at(*_FIELD, "example"),
    "field pattern": _at(*_FIELD, "pattern"),
    "field format": _at(*_FIELD, "format"),
    "field type": _at(*_FIELD, "type"),
    "field minimum": _at(*_FIELD, "minimum"),
    "field enum": lambda description, value: _at(*_FIELD, "enum")(description, [value, "b"]),
    "field const": _at(*_FIELD, "const"),
    "required": lambda description, value: _at(*_SCHEMAS, "Thing", "required")(
        description, [value]
    ),
    "extra fields": _at(*_SCHEMAS, "Thing", "additionalProperties"),
    "tag name of a union": _at(*_SCHEMAS, "Kind", "discriminator", "propertyName"),
    "tag of a union": _key(*_SCHEMAS, "Kind", "discriminator", "mapping", "a"),
    "target of a union": _at(*_SCHEMAS, "Kind", "discriminator", "mapping", "a"),
    "security scheme": _scheme(type="apiKey", name="x-key", **{"in": "header"}),
    "key in a header": _scheme(type="apiKey", name=..., **{"in": "header"}),
    "key in the query": _scheme(type="apiKey", name=..., **{"in": "query"}),
    "scheme of http": _scheme(type="http", scheme=...),
    "token url": _oauth,
    "webhook": _webhook,
}


class Variant(NamedTuple):
    """One payload in one place."""

    place: str
    payload: str

    def description(self) -> dict[str, Any]:
        """The description."""
        description = copy.deepcopy(_base())
        PLACES[self.place](description, {**TEXTS, **NUMBERS}[self.payload])
        return description


def variants() -> list[Variant]:
    """Every payload in every place."""
    return [Variant(place, payload) for place in PLACES for payload in [*TEXTS, *NUMBERS]]


def check(variant: Variant, folder: Any) -> None:
    """Fail unless the client is made, runs nothing of the payload, and works.

    All calls in the generated modules are to names that the generator writes itself, and all types
    that pydantic builds can be built.
    """
    made = client_of(variant.description())
    for name, text in made.files.items():
        if name.endswith(".py"):
            unknown = set(_calls(ast.parse(text))) - _CALLED
            assert not unknown, (variant, name, unknown)
    for module in import_files(made, folder).values():
        for value in list(vars(module).values()):
            if isinstance(value, Operation):
                value.decoder(200)
                for status in value.errors:
                    value.error_decoder(status)


_CALLED = {
    "ApiKey", "AttributeError", "BasicLogin", "BearerToken", "ClientCredentials", "Field",
    "Operation", "SchemeAuth", "TypeAliasType", "TypedDict", "__init__", "_call", "_download",
    "_events", "_paginate", "_upload", "super", "import_module", "getattr", "globals", "sorted",
    "deprecated", "replace", "_resource", "__getattr__", "_homes",
}  # fmt: skip


def _calls(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            function = node.func
            if [ast.unparse(each) for each in node.args] == ["self"] and not node.keywords:
                # A resource of the client.
                continue
            yield function.attr if isinstance(function, ast.Attribute) else ast.unparse(function)
        elif isinstance(node, ast.Raise) and node.exc is not None:
            yield ast.unparse(node.exc).partition("(")[0]
