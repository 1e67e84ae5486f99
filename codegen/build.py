"""Runs the passes: a description in, the text of every generated file out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from codegen import (
    emit_events,
    emit_index,
    emit_models,
    emit_servers,
    emit_types,
    emit_versions,
    names,
    versions,
)
from codegen.description import Description
from codegen.emit_resources import ResourceWriter
from codegen.layout import arrange
from codegen.methods import Method, MethodReader, owner_name
from codegen.overrides import ALIASES, MERGED, VARIANTS
from codegen.registry import Registry
from codegen.schemas import Reader
from codegen.versions import Node
from sdk.codegen.places import Place
from sdk.codegen.types import Type

# The directories of generated files; a few hand-written files are in them too.
OWNED = ["sdk/resources", "sdk/models", "sdk/types"]


@dataclass(frozen=True)
class Api:
    """A description as it was read: methods, and the named types of responses and arguments.

    `operations`, `webhooks` and `errors` have the types that each of them uses.
    """

    methods: list[Method]
    received: Reader
    responses: Registry
    arguments: Registry
    operations: dict[str, list[Type]]
    webhooks: dict[str, list[Type]]


def read(document: Node) -> Api:
    """Read a description, with all its API versions."""
    description = Description(versions.merged(document))
    received, sent = Reader(description), Reader(description, spell_choices=True)
    reader = MethodReader(description, received, sent)
    methods = [reader.read(operation) for operation in description.operations]
    by_id = {method.operation.id: method for method in methods}
    methods += [
        reader.read_variant(by_id[variant.operation], variant)
        for variant in VARIANTS
        if variant.operation in by_id
    ]

    operations: dict[str, list[Type]] = {}
    for method in methods:
        bodies = [method.response.body, *method.response.others.values()]
        operations.setdefault(f"{method.operation.id} {method.accept or ''}", []).extend(bodies)
    webhooks: dict[str, list[Type]] = {}
    for event, schema in description.webhooks():
        webhooks.setdefault(event, []).append(received.read(schema, Place(event)))
    errors = [
        received.read(schema, Place("Error"))
        for operation in description.operations
        for response in operation.responses
        if response.status >= HTTPStatus.BAD_REQUEST
        for schema in response.content.values()
    ]
    responses = Registry(received)
    responses.collect(
        type_ for types in [*operations.values(), *webhooks.values(), errors] for type_ in types
    )
    arguments = Registry(sent)
    arguments.collect(argument.type for method in methods for argument in method.arguments)
    operations["errors"] = errors
    return Api(methods, received, responses, arguments, operations, webhooks)


def build(document: Node, servers: Mapping[str, Node] | None = None) -> dict[str, str]:
    """Return every generated file by its path in the repository.

    `servers` has descriptions of GitHub Enterprise Server by release.
    """
    api = read(document)
    methods, responses, arguments = api.methods, api.responses, api.arguments
    modules = arrange(responses, _names(responses, api.operations), _names(responses, api.webhooks))
    named_after = {
        owner_name(method.operation): f"{names.module(method.operation.tag)}.{method.name}"
        for method in methods
        if method.accept is None
    }
    files = {
        **_below("sdk/models", emit_models.emit(responses, modules, named_after)),
        **_below("sdk/resources", ResourceWriter(responses, arguments).emit(methods, MERGED)),
        **_below("sdk/webhooks", emit_events.emit(api.webhooks, api.received, responses)),
        "sdk/resources/_index.py": emit_index.table(methods),
        "sdk/resources/_servers.py": emit_servers.table(document, servers or {}),
        "sdk/resources/_changes.py": emit_versions.table(document, methods, responses),
        "docs/reference/api-versions.md": emit_versions.page(document, methods),
        "docs/reference/methods.md": emit_index.page(methods, ALIASES),
        "docs/reference/events.md": emit_events.page(
            emit_events.actions_of(api.webhooks, api.received, responses)
        ),
        "sdk/types/__init__.py": emit_types.emit(arguments, named_after),
    }
    return dict(sorted(files.items()))


def _names(registry: Registry, used: dict[str, list[Type]]) -> dict[str, list[str]]:
    return {
        user: [name for type_ in types for name in registry.named(type_)]
        for user, types in used.items()
    }


def _below(directory: str, files: dict[str, str]) -> dict[str, str]:
    return {f"{directory}/{path}": text for path, text in files.items()}
