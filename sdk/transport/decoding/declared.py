"""The core schema of a declared type, as pydantic makes it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NoReturn, cast, get_args

from pydantic import VERSION, BaseModel, GetCoreSchemaHandler
from pydantic_core import CoreSchema, SchemaValidator

from .core_schema import Schema
from .plain_schema import annotated, plain_schema

# Before 2.14, pydantic cannot serialize an instance whose class is not built.
_NEEDS_BUILT_MODELS = tuple(int(part) for part in VERSION.split(".")[:2]) < (2, 14)
# Up to so many models have little in common that is worth building on its own.
_FEW_MODELS = 4
# Parts of a schema that a validator does not use.
_NOT_VALIDATED = frozenset({"serialization", "metadata", "config"})
# pydantic completes such a union at the end of its work.
_POSTPONED = "pydantic_internal_union_discriminator"


def declared(type_: Any) -> tuple[Schema, SchemaValidator | None]:
    """Return the core schema of a type, and the validator that pydantic has for it, if any.

    A model whose build is deferred stays so: to build it, pydantic would look for plugins among
    all installed packages, which takes longer than the rest of a first call's decoding, and make
    a serializer. It does so when the program validates or serializes with that class itself.
    """
    models = list(_models(type_))
    if not _NEEDS_BUILT_MODELS:
        schema = plain_schema(type_, _schema_of_part)
        if schema is None and not all(model.__pydantic_complete__ for model in models):
            schema = _schema_alone(type_)
        if schema is not None:
            return schema, None
    # A deferred model is built here once for all operations, instead of once per adapter. If it
    # cannot be built, the adapter raises the better error.
    _build(models)
    from pydantic import TypeAdapter

    adapter: TypeAdapter[Any] = TypeAdapter(type_)
    adapter.rebuild()
    return cast("Schema", adapter.core_schema), cast("SchemaValidator", adapter.validator)


class _SchemaFound(Exception):
    """Ends pydantic's work once the schema is made."""

    def __init__(self, schema: Schema | None) -> None:
        super().__init__()
        self.schema = schema


class _Finding:
    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> NoReturn:
        raise _SchemaFound(_with_definitions(handler(source), handler))


@lru_cache(maxsize=256)
def _schema_of_part(annotation: Any) -> Schema | None:
    schema = _schema_alone(annotation)
    return None if schema is None or schema["type"] == "definitions" else schema


def _schema_alone(type_: Any) -> Schema | None:
    from pydantic import TypeAdapter

    try:
        adapter: TypeAdapter[Any] = TypeAdapter(annotated(type_, _Finding()))
        adapter.rebuild()
    except _SchemaFound as found:
        return found.schema
    return None


def _with_definitions(schema: CoreSchema, handler: GetCoreSchemaHandler) -> Schema | None:
    """Return the schema with the definitions that it refers to; None if it is not complete."""
    definitions: dict[str, CoreSchema] = {}
    unread: list[Any] = [schema]
    while unread:
        part = unread.pop()
        if isinstance(part, dict):
            node = cast("dict[str, Any]", part)
            if node.get("type") == "definition-ref" and node["schema_ref"] not in definitions:
                definition = handler.resolve_ref_schema(cast("CoreSchema", node))
                definitions[node["schema_ref"]] = definition
                unread.append(definition)
            if _POSTPONED in (node.get("metadata") or ()):
                return None
            # The fields of a model are a dictionary too, and any may be called "config".
            skipped = _NOT_VALIDATED if isinstance(node.get("type"), str) else ()
            unread += [value for key, value in node.items() if key not in skipped]
        elif isinstance(part, list | tuple):
            unread += part
    if not definitions:
        return schema
    return {"type": "definitions", "schema": schema, "definitions": list(definitions.values())}


def _build(models: list[type[BaseModel]]) -> None:
    # Models that several others use are built before them. Otherwise each of these would build
    # them anew, as a part of itself.
    if len(models) > _FEW_MODELS:
        for model in models:
            for field in model.model_fields.values():
                _build_parts_first(field.annotation, set(models))
    for model in models:
        model.model_rebuild(raise_errors=False)


def _build_parts_first(annotation: Any, seen: set[type[BaseModel]]) -> None:
    for model in _models(annotation):
        if model not in seen and not model.__pydantic_complete__:
            seen.add(model)
            for field in model.model_fields.values():
                _build_parts_first(field.annotation, seen)
            model.model_rebuild(raise_errors=False)


def _models(type_: Any) -> Iterator[type[BaseModel]]:
    if isinstance(type_, type) and issubclass(type_, BaseModel):
        yield type_
    for argument in get_args(type_):
        yield from _models(argument)
