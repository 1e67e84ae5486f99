"""Declares each list under its own media type, where the description mixes several in one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from codegen.description import Operation, Response
from codegen.overrides import VARIANTS, Variant
from sdk.codegen.document import Schema, alternatives


def split_by_media_type(operation: Operation) -> Operation:
    """Return the operation with every list in `Variant.items` declared under its media type.

    GitHub sends such a list only when its media type is requested.
    """
    for variant in VARIANTS:
        if variant.operation == operation.id and variant.items:
            responses = tuple(_split(response, variant) for response in operation.responses)
            operation = replace(operation, responses=responses)
    return operation


def _split(response: Response, variant: Variant) -> Response:
    content: dict[str, Schema] = {}
    for media, schema in response.content.items():
        options = alternatives(schema)
        special = [option for option in options if _lists(option, variant.items)]
        usual = [option for option in options if option not in special]
        if special and usual:
            content[media] = _any_of(usual)
            content.setdefault(variant.accept, _any_of(special))
        else:
            content[media] = schema
    return replace(response, content=content)


def _lists(schema: Schema, component: str) -> bool:
    reference: str = schema.get("items", {}).get("$ref", "")
    return reference.rpartition("/")[2] == component


def _any_of(schemas: list[Schema]) -> Schema:
    return schemas[0] if len(schemas) == 1 else {"anyOf": schemas}


def variant_names(operation: Operation) -> Iterator[str]:
    """Return the methods that request another media type of this operation."""
    return (variant.name for variant in VARIANTS if variant.operation == operation.id)
