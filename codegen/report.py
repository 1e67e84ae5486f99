"""Compares two descriptions by their effect on users of the SDK."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from codegen import names
from codegen.build import Api, read
from codegen.methods import Method
from codegen.registry import Registry
from codegen.render import for_arguments, for_responses
from codegen.versions import Node
from sdk.codegen.registry import Definition
from sdk.codegen.render import Renderer
from sdk.codegen.types import Object

Texts = dict[str, str]


@dataclass(frozen=True)
class Surface:
    """The public names of one description.

    `methods` maps an operation (and the media type) to the name of its method, `signatures` to its
    arguments and return type. `models` and `types` map names to fields. `origins` maps the place of
    a model in the description to its name.
    """

    methods: Texts
    signatures: dict[str, Texts]
    models: dict[str, Texts]
    types: dict[str, Texts]
    origins: Texts


def surface(document: Node) -> Surface:
    """Return the public names of a description."""
    api = read(document)
    return Surface(
        methods={
            _key(method): f"{names.module(method.operation.tag)}.{method.name}"
            for method in api.methods
        },
        signatures={_key(method): dict(_signature(method, api)) for method in api.methods},
        models=_fields(api.responses, for_responses(api.responses)),
        types=_fields(api.arguments, for_arguments(api.arguments)),
        origins={
            _origin(definition): definition.name
            for definition in api.responses.definitions.values()
        },
    )


def compare(old: Surface, new: Surface) -> list[str]:
    """Return the report, line by line."""
    renamed = [
        f"sdk.{old.methods[key]} -> sdk.{new.methods[key]}"
        for key in sorted(old.methods.keys() & new.methods.keys())
        if old.methods[key] != new.methods[key]
    ] + [
        f"sdk.models.{old.origins[origin]} -> sdk.models.{new.origins[origin]}"
        for origin in sorted(old.origins.keys() & new.origins.keys())
        if old.origins[origin] != new.origins[origin]
    ]
    return [
        *_section("Public names that change", renamed),
        *_section("Operations added", _only(new.methods, old.methods)),
        *_section("Operations removed", _only(old.methods, new.methods)),
        *_section("Operations changed", _changed(old.signatures, new.signatures)),
        *_section("Models added", sorted(new.models.keys() - old.models.keys())),
        *_section("Models removed", sorted(old.models.keys() - new.models.keys())),
        *_section("Models changed", _changed(old.models, new.models)),
        *_section("Argument types added", sorted(new.types.keys() - old.types.keys())),
        *_section("Argument types removed", sorted(old.types.keys() - new.types.keys())),
        *_section("Argument types changed", _changed(old.types, new.types)),
    ]


def _key(method: Method) -> str:
    return f"{method.operation.id} {method.accept}" if method.accept else method.operation.id


def _signature(method: Method, api: Api) -> Iterator[tuple[str, str]]:
    render = for_arguments(api.arguments, "t.")
    yield "route", f"{method.operation.method} {method.operation.path}"
    for argument in method.arguments:
        required = "" if argument.required else " (optional)"
        yield argument.name, f"{render(argument.type)}{required}"
    response = method.response
    yield "returns", f"{response.kind} {for_responses(api.responses)(response.type)}"


def _fields(registry: Registry, render: Renderer) -> dict[str, Texts]:
    found: dict[str, Texts] = {}
    for definition in registry.definitions.values():
        type_ = definition.type
        if isinstance(type_, Object):
            found[definition.name] = {
                field.wire: render(field.type) + ("" if field.required else " (optional)")
                for field in type_.fields
            }
        else:
            found[definition.name] = {"alias": render(type_)}
    return found


def _origin(definition: Definition) -> str:
    if definition.component:
        return definition.component
    place = definition.places[0]
    return ".".join((place.root, *place.path))


def _only(wanted: Mapping[str, str], other: Mapping[str, str]) -> list[str]:
    return [f"{key} (sdk.{wanted[key]})" for key in sorted(wanted.keys() - other.keys())]


def _changed(old: Mapping[str, Texts], new: Mapping[str, Texts]) -> list[str]:
    lines: list[str] = []
    for key in sorted(old.keys() & new.keys()):
        before, after = old[key], new[key]
        found = [f"+ {name}: {after[name]}" for name in after if name not in before]
        found += [f"- {name}: {before[name]}" for name in before if name not in after]
        found += [
            f"~ {name}: {before[name]} -> {after[name]}"
            for name in after
            if name in before and before[name] != after[name]
        ]
        if found:
            lines += [key, *(f"  {line}" for line in found)]
    return lines


def _section(title: str, lines: list[str]) -> list[str]:
    count = sum(not line.startswith(" ") for line in lines)
    return [f"## {title}: {count}", "", *(f"    {line}" for line in lines), ""]
