"""Writes `sdk/types`: the dictionaries that methods take, nested in their arguments."""

from __future__ import annotations

import re

from codegen import docstrings
from codegen.emit_models import HEADER
from codegen.registry import Registry
from codegen.render import for_arguments
from sdk.codegen.layout import in_order
from sdk.codegen.registry import Definition
from sdk.codegen.render import Renderer
from sdk.codegen.types import Field, Object

TITLE = "Dictionary types of arguments."

_TYPING = ("Any", "Literal", "NotRequired", "TypeAlias", "TypedDict")


def emit(registry: Registry, methods: dict[str, str]) -> str:
    """Return the module of all these types, which only type checkers import."""
    render = for_arguments(registry)
    ordered = in_order(registry, registry.definitions)
    # Classes come first: their annotations are not evaluated, but aliases are.
    definitions = sorted(
        (registry.definitions[name] for name in ordered),
        key=lambda definition: (not definition.is_class, definition.name * definition.is_class),
    )
    blocks = [_definition(registry, definition, render, methods) for definition in definitions]
    body = "\n\n\n".join(blocks)
    collections = [word for word in ("Mapping", "Sequence") if re.search(rf"\b{word}\b", body)]
    typing = [word for word in _TYPING if re.search(rf"\b{word}\b", body)]
    dates = [word for word in ("date", "datetime") if re.search(rf": .*\b{word}\b", body)]
    lines = [f'{HEADER}"""{TITLE}"""', "", "from __future__ import annotations", ""]
    if collections:
        lines.append(f"from collections.abc import {', '.join(collections)}")
    if dates:
        lines.append(f"from datetime import {', '.join(dates)}")
    if typing:
        lines.append(f"from typing import {', '.join(typing)}")
    return "\n".join(lines) + f"\n\n\n{body}\n"


def _definition(
    registry: Registry, definition: Definition, render: Renderer, methods: dict[str, str]
) -> str:
    type_ = definition.type
    docs = f'"""{docstrings.model(definition, methods)}"""'
    if not isinstance(type_, Object):
        return f"{definition.name}: TypeAlias = {render(type_)}\n{docs}"
    base = registry.name_of(type_.base) if type_.base else "TypedDict"
    if all(field.wire.isidentifier() for field in type_.fields):
        lines = [f"class {definition.name}({base}):", f"    {docs}", ""]
        lines += [f"    {field.wire}: {_field(field, render)}" for field in type_.fields]
        return "\n".join(lines).rstrip()
    entries = ", ".join(f'"{field.wire}": "{_field(field, render)}"' for field in type_.fields)
    return f'{definition.name} = TypedDict("{definition.name}", {{{entries}}})\n{docs}'


def _field(field: Field, render: Renderer) -> str:
    text = render(field.type)
    return text if field.required else f"NotRequired[{text}]"
