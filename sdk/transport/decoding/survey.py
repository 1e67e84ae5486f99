"""What must be known of a type before it can be read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from .schema import Definitions, Schema, branches, by_json_type

# What has no part in the validation of JSON.
_BESIDES = frozenset(
    {"serialization", "metadata", "config", "expected", "members", "python_schema"}
)
_OWN_CODE = frozenset({"function-before", "function-wrap"})


class Survey:
    """Where a core schema needs more than pydantic's own validator.

    Attributes:
        definitions: the schemas that others may refer to.
        own_code: values pass through Python functions before they are validated.
    """

    def __init__(self, schema: Schema) -> None:
        self.definitions: Definitions = {
            each["ref"]: each for each in schema.get("definitions", ())
        }
        self.own_code = any(
            node["type"] in _OWN_CODE or node.get("custom_init") for node in _nodes(schema)
        )
        self._ambiguous: set[str] = set()
        while found := {
            ref
            for ref, definition in self.definitions.items()
            if ref not in self._ambiguous and self.holds_ambiguity(definition)
        }:
            self._ambiguous |= found

    def holds_ambiguity(self, schema: Schema) -> bool:
        """Tell whether there is an ambiguous union anywhere in `schema`."""
        return any(
            node["schema_ref"] in self._ambiguous
            if node["type"] == "definition-ref"
            else self.is_ambiguous(node)
            for node in _nodes(schema)
        )

    def is_ambiguous(self, schema: Schema) -> bool:
        """Tell whether `schema` is a union of several object types, or of several array types."""
        if schema["type"] not in {"union", "tagged-union"}:
            return False
        objects, arrays, _ = by_json_type(branches(schema, self.definitions), self.definitions)
        return len(objects) > 1 or len(arrays) > 1


def _nodes(tree: object) -> Iterator[Schema]:
    if isinstance(tree, dict):
        node = cast("dict[str, Any]", tree)
        # The fields of a model are a dictionary too, and one may be called "type".
        if isinstance(node.get("type"), str):
            yield node
        for key, value in node.items():
            if key not in _BESIDES:
                yield from _nodes(value)
    elif isinstance(tree, list | tuple):
        for item in cast("list[Any]", tree):
            yield from _nodes(item)
