"""Gives each form of an answer its media type, where the description mixes them into one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from codegen.description import Operation, Response, Schema, alternatives
from codegen.touches import VARIANTS, Variant


def told_apart(operation: Operation) -> Operation:
    """The operation as if it declared every list in `Variant.items` under the media type for it.

    GitHub answers such a list to nobody else, so that the usual answer is without it.
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


def names_of(operation: Operation) -> Iterator[str]:
    """The methods that ask for another form of this operation's answer."""
    return (variant.name for variant in VARIANTS if variant.operation == operation.id)
