"""Rewrite a core schema, so that the same type is read in another way."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Literal, cast

from pydantic_core import CoreSchema, core_schema

from .core_schema import Schema, branches, by_json_type
from .survey import Survey
from .union_choice import ArrayChoice, Choice, object_choice

if TYPE_CHECKING:
    from .instance import Shell

# Keys that have no part in validation.
_NOT_VALIDATED = frozenset({"serialization", "metadata", "config", "expected", "members"})


class Rewrite(ABC):
    """Makes changed copies of schemas. Subclasses decide what is changed."""

    suffix: ClassVar[str]
    """Distinguishes rewritten definitions from their originals, which are kept."""

    def __init__(self, survey: Survey) -> None:
        self.survey = survey

    def root(self, schema: Schema) -> CoreSchema:
        """Rewrite a whole schema, the definitions that it refers to included."""
        originals: Sequence[Schema] = ()
        if schema["type"] == "definitions":
            originals, schema = schema["definitions"], schema["schema"]
        place = self.place(schema)
        # Building those that nothing refers to would take as much again.
        needed = _referred([*originals, *self.definitions(originals)], place)
        return core_schema.definitions_schema(
            cast("CoreSchema", place), cast("list[CoreSchema]", needed)
        )

    def definitions(self, originals: Sequence[Schema]) -> list[Schema]:
        """Rewrite the definitions that others refer to."""
        return [{**self.node(each), "ref": each["ref"] + self.suffix} for each in originals]

    @abstractmethod
    def place(self, schema: Schema) -> Schema:
        """Rewrite the schema of a place: a field, an item, a value of a map, the root."""

    @abstractmethod
    def field(self, field: Schema) -> Schema:
        """Rewrite a field of a model."""

    @abstractmethod
    def function(self, schema: Schema) -> Schema:
        """Rewrite a schema that is wrapped in a Python function."""

    def node(self, schema: Schema) -> Schema:
        """Rewrite a schema, so that it accepts the same JSON types as before."""
        match schema["type"]:
            case "list":
                return self.container(schema, "items_schema")
            case "dict":
                return self.container(schema, "values_schema")
            case "nullable" | "default":
                return {**schema, "schema": self.node(schema["schema"])}
            case "union" | "tagged-union":
                return self.union(schema)
            case "model":
                return self.model(schema)
            case "model-fields":
                return self.fields(schema)
            case "definition-ref":
                return {**schema, "schema_ref": schema["schema_ref"] + self.suffix}
            case "json-or-python":
                return self.node(schema["json_schema"])
            case "function-before" | "function-after" | "function-wrap":
                return self.function(schema)
            case _:
                return schema

    def container(self, schema: Schema, key: str) -> Schema:
        """Rewrite a list or a map."""
        return {**schema, key: self.place(schema[key])} if key in schema else schema

    def model(self, schema: Schema) -> Schema:
        """Rewrite a model. Its own code (``__init__``, ``model_post_init``) is not run."""
        from .instance import Shell

        shell = without(schema, "custom_init", "post_init", "ref")
        shell.update(cls=Shell, schema=self.node(schema["schema"]))
        return core_schema.no_info_after_validator_function(
            self.become(schema), cast("CoreSchema", shell)
        )

    def become(self, schema: Schema) -> Callable[[Shell], Shell]:
        """Return a function that turns a shell into an instance of the model's class."""
        from .instance import becoming

        return becoming(schema["cls"])

    def fields(self, schema: Schema) -> Schema:
        """Rewrite the fields of a model."""
        rewritten = dict(schema)
        rewritten["fields"] = {name: self.field(f) for name, f in schema["fields"].items()}
        if "extras_schema" in schema:
            rewritten["extras_schema"] = self.place(schema["extras_schema"])
        return rewritten

    def union(self, schema: Schema) -> Schema:
        """Rewrite a union, so that the best fit decides and not the order of declaration."""
        definitions = self.survey.definitions
        objects, arrays, others = by_json_type(branches(schema, definitions), definitions)
        choices: list[Schema] = []
        if objects:
            choices += self._chosen(schema, "objects", objects)
        if arrays:
            choices += self._chosen(schema, "arrays", arrays)
        if others:
            choices.append(_union(others, "smart"))
        return first_of(*choices)

    def _chosen(self, union: Schema, kind: str, schemas: Sequence[Schema]) -> list[Schema]:
        if len(schemas) == 1:
            return [self.node(schemas[0])]
        numbered = {number: self.node(schema) for number, schema in enumerate(schemas)}
        # All rewritten copies of a union choose alike, and know which values the others refused.
        known = self.survey.choices.get((id(union), kind))
        if known is None:
            definitions = self.survey.definitions
            choice: Choice = (
                object_choice(schemas, definitions, union)
                if kind == "objects"
                else ArrayChoice(schemas, definitions)
            )
            known = self.survey.choices[id(union), kind] = (union, choice)
        return self.chosen(numbered, known[1])

    @abstractmethod
    def chosen(self, numbered: dict[int, Schema], choice: Choice) -> list[Schema]:
        """Return the schemas that read a union's branches, to be tried in this order."""


def tagged(numbered: dict[int, Schema], choose: Callable[[object], int | None]) -> Schema:
    """Return a schema that reads a value by the branch whose number `choose` returns."""
    return core_schema.tagged_union_schema(cast("Any", numbered), choose)


def first_of(*choices: Schema) -> Schema:
    """Return a schema that reads a value by the first of `choices` that accepts it."""
    return choices[0] if len(choices) == 1 else _union(choices, "left_to_right")


def _union(choices: Sequence[Schema], mode: Literal["smart", "left_to_right"]) -> Schema:
    return core_schema.union_schema(cast("Any", list(choices)), mode=mode)


def without(schema: Schema, *keys: str) -> dict[str, Any]:
    """Return a copy without some keys."""
    return {key: value for key, value in schema.items() if key not in keys}


def _referred(definitions: Iterable[Schema], root: Schema) -> list[Schema]:
    """Return the definitions that a schema refers to, those that they refer to included."""
    by_ref = {each["ref"]: each for each in definitions}
    found: dict[str, Schema] = {}
    seen: set[int] = set()
    unread: list[Any] = [root]
    while unread:
        part = unread.pop()
        if isinstance(part, dict):
            node = cast("dict[str, Any]", part)
            if id(node) in seen:
                continue
            seen.add(id(node))
            if node.get("type") == "definition-ref" and node["schema_ref"] not in found:
                unread.append(found.setdefault(node["schema_ref"], by_ref[node["schema_ref"]]))
            # The fields of a model are a dictionary too, and any may be called "config".
            skipped = _NOT_VALIDATED if isinstance(node.get("type"), str) else ()
            unread += [value for key, value in node.items() if key not in skipped]
        elif isinstance(part, list | tuple):
            unread += part
    return list(found.values())
