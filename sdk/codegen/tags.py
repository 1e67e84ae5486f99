"""The values by which unions with discriminators tell their members apart."""

from __future__ import annotations

from collections.abc import Sequence

from sdk.codegen.document import Schema
from sdk.codegen.values import items, mapping


def tags_of(schemas: Sequence[Schema]) -> dict[str, dict[str, tuple[str, ...]]]:
    """Return the tags of each member, by the member's key and the name of the field."""
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    todo: list[object] = list(schemas)
    while todo:
        node = todo.pop()
        todo += items(node)
        if known := mapping(node):
            todo += known.values()
            declared = mapping(known.get("discriminator"))
            if "propertyName" not in declared:
                continue
            options = map(mapping, items(known.get("anyOf")))
            named: set[str] = {option["$ref"] for option in options if "$ref" in option}
            targets: dict[str, str] = declared["mapping"] or {key: key for key in named}
            for tag, key in targets.items():
                if key in named:
                    tags = found.setdefault(key, {}).get(declared["propertyName"], ())
                    found[key][declared["propertyName"]] = (*tags, tag)
    return found
