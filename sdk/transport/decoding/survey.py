"""Survey a core schema: where its unions are ambiguous, and what else pydantic cannot do alone."""

from __future__ import annotations

from functools import cached_property
from math import inf
from typing import Any, cast

from .core_schema import Definitions, Schema, branches, by_json_type, nodes, parts

_OWN_CODE = frozenset({"function-before", "function-wrap"})


class Survey:
    """Where a core schema needs more than pydantic's own validator.

    Attributes:
        definitions: the schemas that others may refer to.
        own_code: values pass through Python functions before they are validated.
        choices: how the branches of a union are compared, by the id of the union and the kind of
            JSON; each with the union, so that its id stays unique. See `Rewrite`.
    """

    def __init__(self, schema: Schema) -> None:
        self.definitions: Definitions = {
            each["ref"]: each for each in schema.get("definitions", ())
        }
        self.own_code = any(
            node["type"] in _OWN_CODE or node.get("custom_init") for node in nodes(schema)
        )
        self.choices: dict[tuple[int, str], tuple[Schema, Any]] = {}
        self._ambiguous: set[str] = set()
        self._inside: dict[int, bool] = {}
        self._depths: dict[str, float] = {}
        while found := {
            ref
            for ref, definition in self.definitions.items()
            if ref not in self._ambiguous and self.holds_ambiguity(definition)
        }:
            self._ambiguous |= found
            self._inside.clear()

    def forget(self) -> None:
        """Free what was remembered of each node; it is found again when it is needed."""
        self._inside.clear()

    def holds_ambiguity(self, schema: Schema) -> bool:
        """Return whether there is an ambiguous union anywhere in `schema`."""
        return self._holds_ambiguity(schema)

    def _holds_ambiguity(self, tree: object) -> bool:
        # The parts of the schema outlive this survey, so their ids are unique.
        known = self._inside.get(id(tree))
        if known is None:
            known = self._inside[id(tree)] = self._looks_ambiguous(tree)
        return known

    def _looks_ambiguous(self, tree: object) -> bool:
        if isinstance(tree, dict):
            node = cast("dict[str, Any]", tree)
            if node.get("type") == "definition-ref":
                return node["schema_ref"] in self._ambiguous
            if isinstance(node.get("type"), str) and self.is_ambiguous(node):
                return True
            return any(map(self._holds_ambiguity, parts(node)))
        if isinstance(tree, list | tuple):
            return any(self._holds_ambiguity(part) for part in cast("list[Any]", tree))
        return False

    @cached_property
    def is_deep(self) -> bool:
        """Whether ambiguous unions lie in each other without end."""
        return any(self._nesting(each) == inf for each in self.definitions.values())

    def nesting(self, schema: Schema) -> float:
        """Return how many ambiguous unions lie in each other; infinite in a recursive type."""
        return self._nesting(schema)

    def _nesting(self, tree: object) -> float:
        if not self._holds_ambiguity(tree):
            return 0
        if isinstance(tree, dict):
            node = cast("dict[str, Any]", tree)
            if node.get("type") == "definition-ref":
                ref = node["schema_ref"]
                if ref not in self._depths:
                    # A second visit during the first one means that the type is recursive.
                    self._depths[ref] = inf
                    self._depths[ref] = self._nesting(self.definitions[ref])
                return self._depths[ref]
            own = isinstance(node.get("type"), str) and self.is_ambiguous(node)
            inner = parts(node)
        else:
            own, inner = False, cast("list[Any]", tree)
        return own + max((self._nesting(part) for part in inner), default=0)

    def has_lists_in_maps(self, schema: Schema) -> bool:
        """Return whether lists occur in the values of a map."""
        maps = [node for node in nodes(schema) if node["type"] == "dict"]
        return any(
            node["type"] == "list"
            or (
                node["type"] == "definition-ref"
                and any(
                    inner["type"] == "list" for inner in nodes(self.definitions[node["schema_ref"]])
                )
            )
            for each in maps
            for node in nodes(each.get("values_schema"))
        )

    def is_recursive(self, schema: Schema) -> bool:
        """Return whether `schema` is a definition that refers to itself."""
        ref = schema.get("ref")
        return ref is not None and ref in self._reachable(schema, frozenset())

    def _reachable(self, schema: Schema, seen: frozenset[str]) -> frozenset[str]:
        for node in nodes(schema):
            ref = node["schema_ref"] if node["type"] == "definition-ref" else None
            if ref is not None and ref not in seen:
                seen = self._reachable(self.definitions[ref], seen | {ref})
        return seen

    def is_ambiguous(self, schema: Schema) -> bool:
        """Return whether `schema` is a union of several object types, or of several array types."""
        if schema["type"] not in {"union", "tagged-union"}:
            return False
        objects, arrays, _ = by_json_type(branches(schema, self.definitions), self.definitions)
        return len(objects) > 1 or len(arrays) > 1
