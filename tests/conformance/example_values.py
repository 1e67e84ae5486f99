"""Values that fit the schemas of a description, arguments that fit types, and values that drift."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sdk.codegen.document import Schema, alternatives, parts, properties
from sdk.codegen.types import (
    Choice,
    Component,
    Either,
    ListOf,
    MapOf,
    Object,
    Scalar,
    TupleOf,
    Type,
)

_TEXTS = {
    "date-time": "2026-01-02T03:04:05Z",
    "date": "2026-01-02",
    "time": "10:11:12",
    "duration": "PT1H",
    "uuid": "11111111-2222-3333-4444-555555555555",
    "decimal": "1.5",
    "byte": "YQ==",
}
_PLAIN: dict[str, Any] = {"integer": 7, "number": 1.25, "boolean": True, "null": None}
# Optional fields are left out below this depth of objects and lists, which end at twice of it.
_DEEP = 4


def fitting(schema: Schema, schemas: Mapping[str, Schema], depth: int = 0) -> Any:
    """Return a value that fits a schema in normal form."""
    if "$ref" in schema:
        return fitting(schemas[schema["$ref"]], schemas, depth)
    if schema.get("enum"):
        return schema["enum"][0]
    if depth > 2 * _DEEP:
        return None
    values = [fitting(each, schemas, depth) for each in parts(schema)]
    if options := alternatives(schema):
        values.append(_tagged(schema, options[depth % len(options)], schemas, depth))
    if properties(schema) or not values:
        values.append(_own(schema, schemas, depth))
    objects = [value for value in values if isinstance(value, dict)]
    if objects:
        return {key: value for each in objects for key, value in each.items()}
    return next((value for value in values if value is not None), None)


def _tagged(union: Schema, option: Schema, schemas: Mapping[str, Schema], depth: int) -> Any:
    value = fitting(option, schemas, depth)
    discriminator = union.get("discriminator") or {}
    tags = [
        tag
        for tag, target in (discriminator.get("mapping") or {}).items()
        if target == option.get("$ref")
    ]
    if isinstance(value, dict) and tags:
        value[discriminator["propertyName"]] = tags[0]
    return value


def _own(schema: Schema, schemas: Mapping[str, Schema], depth: int) -> Any:
    listed = "items" in schema or "prefixItems" in schema
    kind = schema.get("type") or ("object" if properties(schema) else "array" if listed else None)
    if kind == "object":
        required = schema.get("required") or ()
        found = {
            name: fitting(each, schemas, depth + 1)
            for name, each in properties(schema).items()
            if not each.get("writeOnly") and (name in required or depth < _DEEP)
        }
        extra = schema.get("additionalProperties")
        if isinstance(extra, dict) and depth < _DEEP:
            found["anyKey"] = fitting(extra, schemas, depth + 1)
        return found
    if kind == "array":
        first: list[Schema] = schema.get("prefixItems") or []
        rest = [schema["items"]] if "items" in schema and not first and depth < _DEEP else []
        return [fitting(each, schemas, depth + 1) for each in [*first, *rest]]
    if kind == "string":
        return _TEXTS.get(schema.get("format", ""), "text")
    return _PLAIN.get(kind, {"any": 1}) if kind else {"any": 1}


def argument(
    type_: Type, definition: Callable[[str], Type], *, is_file: bool, depth: int = 0
) -> Any:
    """Return an argument of a method; elsewhere than in forms a file is a text."""

    def inner(each: Type) -> Any:
        return argument(each, definition, is_file=is_file, depth=depth + 1)

    match type_:
        case Scalar(kind):
            return _scalar(kind, is_file=is_file)
        case Choice(values):
            return values[0]
        case ListOf(item):
            return [inner(item)] if depth < _DEEP else []
        case TupleOf(items):
            return [inner(item) for item in items]
        case MapOf(value):
            return {"key": inner(value)} if depth < _DEEP else {}
        case Either(options):
            return inner(options[0])
        case Component(key):
            return inner(definition(key)) if depth < 2 * _DEEP else {}
        case Object(fields, base):
            found = dict(inner(base)) if base is not None and depth < 2 * _DEEP else {}
            needed = [each for each in fields if each.required or depth < 3]
            return found | {each.wire: inner(each.type) for each in needed if depth < 2 * _DEEP}


def _scalar(kind: str, *, is_file: bool) -> Any:
    known: dict[str, Any] = {
        "int": 5,
        "float": 1.5,
        "bool": True,
        "datetime": _TEXTS["date-time"],
        "timedelta": _TEXTS["duration"],
        "bytes": b"a file" if is_file else "a file",
        "any": "any",
        "none": None,
    }
    return known.get(kind, _TEXTS.get(kind, "text"))


def drifting(value: Any, most: int) -> Iterator[tuple[str, Any]]:
    """Yield the same value with one difference, and what differs, at up to `most` places."""
    places = list(_places(value, ()))
    for path in places[:: max(1, len(places) // most)]:
        for name, changed in (
            ("null", None),
            ("wrong", [{"wrong": 1}]),
            ("unknown", "never heard"),
        ):
            copied = copy.deepcopy(value)
            _holder(copied, path)[path[-1]] = changed
            yield f"{name} at {path}", copied
        copied = copy.deepcopy(value)
        del _holder(copied, path)[path[-1]]
        yield f"missing at {path}", copied


def _places(value: Any, path: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    keys = (
        value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    )
    for key in keys:
        yield (*path, key)
        yield from _places(value[key], (*path, key))


def _holder(value: Any, path: tuple[Any, ...]) -> Any:
    for key in path[:-1]:
        value = value[key]
    return value
