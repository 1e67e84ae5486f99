"""Analyse pydantic's core schemas: which JSON they accept, and where unions are ambiguous.

A core schema is a tree of dictionaries, each with a ``type``. A validator is built from it
(``TypeAdapter.core_schema``, ``pydantic_core.core_schema``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import NoneType
from typing import Any, cast

from pydantic import VERSION
from pydantic_core import SchemaValidator

# Whether a validator can be made that ignores those of the classes within its schema.
_HAS_OPTION = tuple(int(part) for part in VERSION.split(".")[:2]) >= (2, 13)

Schema = Mapping[str, Any]
Definitions = Mapping[str, Schema]
"""The schemas that a ``definition-ref`` may name, by their ``ref``."""

_OBJECT: frozenset[type] = frozenset({dict})
_ARRAY: frozenset[type] = frozenset({list})
_ANYTHING: frozenset[type] = frozenset({dict, list, str, int, float, bool, NoneType})

# The Python types of the JSON values that a schema may accept. A type that is missing here (most
# likely a user's own) may accept anything.
_ACCEPTS: dict[str, frozenset[type]] = {
    "none": frozenset({NoneType}),
    "bool": frozenset({bool}),
    "int": frozenset({int}),
    "float": frozenset({int, float}),
    "decimal": frozenset({int, float, str}),
    "complex": frozenset({int, float, str}),
    "timedelta": frozenset({int, float, str}),
    **dict.fromkeys(
        ("str", "bytes", "date", "time", "datetime", "url", "multi-host-url", "uuid", "json"),
        frozenset({str}),
    ),
    **dict.fromkeys(("list", "tuple", "set", "frozenset", "generator"), _ARRAY),
    **dict.fromkeys(
        ("dict", "model", "model-fields", "typed-dict", "dataclass", "dataclass-args"),
        _OBJECT,
    ),
}

# Schemas that only add something to another one, each with the key of that other one.
_WRAPPERS: Mapping[str, str] = {
    **dict.fromkeys(
        ("default", "function-after", "function-before", "function-wrap", "definitions"), "schema"
    ),
    "json-or-python": "json_schema",
    "lax-or-strict": "strict_schema",
}

# Keys that have no part in the validation of JSON.
_UNRELATED = frozenset(
    {"serialization", "metadata", "config", "expected", "members", "python_schema", "default"}
)


def made(schema: Schema) -> SchemaValidator:
    """Return a validator that reads by `schema`, even if a class has its own."""
    build: Any = SchemaValidator
    if not _HAS_OPTION:
        from .stand_ins import with_stand_ins

        return cast("SchemaValidator", build(with_stand_ins(schema, {})))
    return cast("SchemaValidator", build(schema, _use_prebuilt=False))


def unwrap(schema: Schema, definitions: Definitions) -> Schema:
    """Return the schema that decides which JSON is accepted, below validators and defaults."""
    while True:
        kind = schema["type"]
        if kind == "definition-ref":
            schema = definitions[schema["schema_ref"]]
        elif kind == "model" and schema.get("root_model"):
            schema = schema["schema"]
        elif kind == "json-or-python" and schema["python_schema"]["type"] in _ACCEPTS:
            # A type with its own JSON schema: its Python schema identifies it.
            schema = schema["python_schema"]
        elif kind in _WRAPPERS:
            schema = schema[_WRAPPERS[kind]]
        else:
            return schema


def branches(schema: Schema, definitions: Definitions) -> Iterator[Schema]:
    """Yield the branches of a union and of the unions within it; of another schema, itself."""
    bare = unwrap(schema, definitions)
    kind = bare["type"]
    if kind == "nullable":
        yield from branches(bare["schema"], definitions)
        yield {"type": "none"}
    elif kind == "union":
        for choice in bare["choices"]:
            yield from branches(_unlabelled(choice), definitions)
    elif kind == "tagged-union":
        for choice in bare["choices"].values():
            yield from branches(choice, definitions)
    else:
        yield schema


def _unlabelled(choice: Any) -> Schema:
    # A choice may come with a label for error messages.
    return cast("Schema", choice[0] if isinstance(choice, tuple) else choice)


def accepts(schema: Schema, definitions: Definitions) -> frozenset[type]:
    """Return the Python types of the JSON values that `schema` may accept."""
    found: set[type] = set()
    for branch in branches(schema, definitions):
        bare = unwrap(branch, definitions)
        members = literals(bare)
        if members is None:
            found |= _ACCEPTS.get(bare["type"], _ANYTHING)
        else:
            found.update(map(type, members))
    return frozenset(found)


def by_json_type(
    schemas: Iterable[Schema], definitions: Definitions
) -> tuple[list[Schema], list[Schema], list[Schema]]:
    """Split schemas into those of objects, of arrays, and others, without duplicates."""
    objects: list[Schema] = []
    arrays: list[Schema] = []
    others: list[Schema] = []
    for schema in schemas:
        accepted = accepts(schema, definitions)
        part = objects if accepted == _OBJECT else arrays if accepted == _ARRAY else others
        if schema not in part:
            part.append(schema)
    return objects, arrays, others


def literals(bare: Schema) -> list[Any] | None:
    """Return the JSON values that a Literal or an Enum accepts, None for any other schema."""
    if bare["type"] == "literal":
        return list(bare["expected"])
    if bare["type"] == "enum":
        return [member.value for member in bare["members"]]
    return None


def has_literals(schema: Schema, definitions: Definitions, kind: type) -> bool:
    """Return whether values of this JSON type are declared one by one."""
    for branch in branches(schema, definitions):
        members = literals(unwrap(branch, definitions)) or ()
        if any(type(member) is kind for member in members):
            return True
    return False


def runs_code(model: Schema) -> bool:
    """Return whether a model has an ``__init__`` or a ``model_post_init`` of its own."""
    name = model.get("post_init")
    # pydantic before 2.14 initializes private attributes in this way.
    after = name and getattr(model["cls"], name).__name__ != "init_private_attributes"
    return bool(after or model.get("custom_init"))


def failing_fast(tree: Any) -> Any:
    """Return a copy of a schema whose lists stop at the first item that does not fit."""
    if isinstance(tree, dict):
        node = cast("dict[str, Any]", tree)
        kept = _UNRELATED if isinstance(node.get("type"), str) else ()
        copied = {key: value if key in kept else failing_fast(value) for key, value in node.items()}
        is_list = node.get("type") == "list"
        return {**copied, "fail_fast": True} if is_list else copied
    if isinstance(tree, list):
        return [failing_fast(item) for item in cast("list[Any]", tree)]
    if isinstance(tree, tuple):
        return tuple(failing_fast(item) for item in cast("tuple[Any, ...]", tree))
    return tree


def parts(node: dict[str, Any]) -> list[Any]:
    """Return the values of a schema, or of a dictionary within it, that matter for validation."""
    # The fields of a model are a dictionary too, and any may be called "type" or "members".
    skipped = _UNRELATED if isinstance(node.get("type"), str) else ()
    return [part for key, part in node.items() if key not in skipped]


def nodes(tree: object) -> Iterator[Schema]:
    """Yield every schema within `tree` once, however often it is used."""
    seen: set[int] = set()
    unread: list[Any] = [tree]
    while unread:
        part = unread.pop()
        if id(part) in seen:
            continue
        if isinstance(part, dict):
            seen.add(id(cast("object", part)))
            node = cast("dict[str, Any]", part)
            if isinstance(node.get("type"), str):
                yield node
            unread += parts(node)
        elif isinstance(part, list | tuple):
            unread += part
