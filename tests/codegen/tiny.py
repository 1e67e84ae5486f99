"""Tiny descriptions, and helpers that run the passes on them."""

from __future__ import annotations

import ast

from codegen.build import build
from codegen.description import Description, normal
from codegen.methods import MethodReader
from codegen.registry import Registry
from codegen.schemas import Reader
from sdk.codegen.places import Place


def described(operations=None, schemas=None, webhooks=None):
    """A description with these operations, given as {"GET /path": {...}}."""
    paths: dict = {}
    for route, operation in (operations or {}).items():
        method, path = route.split()
        filled = {"operationId": "things/do", "tags": ["things"], "responses": {}, **operation}
        paths.setdefault(path, {})[method.lower()] = filled
    return Description(
        {
            "paths": paths,
            "components": {"schemas": schemas or {}},
            "x-webhooks": webhooks or {},
        }
    )


def parameter(name, place="query", **schema):
    required = place == "path"
    return {"name": name, "in": place, "required": required, "schema": schema or {"type": "string"}}


def answering(*schemas, status=200, headers=()):
    """Responses with one JSON schema, or none."""
    (schema,) = schemas or (None,)
    content = {"application/json": {"schema": schema}} if schema is not None else {}
    response: dict[str, object] = {"description": ""}
    if content:
        response["content"] = content
    if headers:
        response["headers"] = {name: {} for name in headers}
    return {str(status): response}


def taking(schema, *, media="application/json", required=True):
    return {"required": required, "content": {media: {"schema": schema}}}


def record(*required, **properties):
    return {"type": "object", "required": list(required), "properties": properties}


TEXT = {"type": "string"}
NUMBER = {"type": "integer"}


def ref(name):
    return {"$ref": f"#/components/schemas/{name}"}


def read_type(schema, schemas=None):
    """A schema, read as a type."""
    return Reader(described(schemas=schemas)).read(normal(schema), Place("Thing"))


def named(*schemas, components=None, places=None):
    """The names that a registry gives the types of these schemas, in the order of the schemas."""
    reader = Reader(described(schemas=components))
    found = places or [Place(f"Thing{number}") for number in range(len(schemas))]
    types = [
        reader.read(normal(schema), place) for schema, place in zip(schemas, found, strict=True)
    ]
    registry = Registry(reader)
    registry.collect(types)
    return registry, [name for type_ in types for name in registry.named(type_)]


def read_method(operations, schemas=None):
    """The method of a description's one operation."""
    description = described(operations, schemas)
    reader = MethodReader(description, Reader(description), Reader(description))
    (operation,) = description.operations
    return reader.read(operation)


def written(operations, schemas=None, webhooks=None):
    """Return every generated file; all of them are valid Python."""
    files = build(described(operations, schemas, webhooks).document)
    for path, text in files.items():
        if path.endswith(".py"):
            ast.parse(text, path)
    return files
