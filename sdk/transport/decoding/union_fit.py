"""Measure how well a branch of a union fits a value: recognised keys and refused values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple, cast

from .core_schema import Definitions, Schema, accepts, branches, literals, unwrap

# Enough items of a list or a map to recognise its kind, and few enough levels for the stack.
_SAMPLE = 5
_DEPTH = 12
# Pairs of a value and a schema that are compared for one choice; the rest counts as fitting.
_MOST_PAIRS = 2000


class Fit(NamedTuple):
    """How well a schema fits a value. The greater, the better."""

    recognised: int
    """How many keys the schema knows, at any depth."""
    conflicts: int
    """Minus the number of refused values and of missing required keys."""


_FITS = Fit(0, 0)
_CONFLICT = Fit(0, -1)


class Field(NamedTuple):
    """A declared key of a JSON object."""

    key: str
    schema: Schema
    required: bool


def fields(bare: Schema) -> Iterator[Field] | None:
    """Return the declared keys of an unwrapped schema; None if it declares no keys by name."""
    match bare["type"]:
        case "model":
            return fields(_fields_schema(bare["schema"]))
        case "dataclass":
            return (
                Field(key, field["schema"], _required(field, total=True))
                for field in _fields_schema(bare["schema"])["fields"]
                for key in wire_keys(field["name"], field)
            )
        case "model-fields" | "typed-dict":
            total = bare["type"] == "model-fields" or bare.get("total", True)
            return (
                Field(key, field["schema"], _required(field, total=total))
                for name, field in bare["fields"].items()
                for key in wire_keys(name, field)
            )
        case _:
            return None


def _fields_schema(schema: Schema) -> Schema:
    # A model's own validators may wrap its fields.
    while "fields" not in schema and "schema" in schema:
        schema = schema["schema"]
    return schema


def _required(field: Schema, *, total: bool) -> bool:
    return bool(field.get("required", total)) and field["schema"]["type"] != "default"


def wire_keys(name: str, field: Schema) -> list[str]:
    """Return the JSON keys that fill a field: its aliases, or else its name."""
    alias: str | list[Any] = field.get("validation_alias", name)
    if isinstance(alias, str):
        return [alias]
    # AliasPath is a list of keys, AliasChoices a list of those.
    paths = alias if isinstance(alias[0], list) else [alias]
    return [path[0] for path in paths]


class Fitting:
    """Compares the values of one response with schemas, each pair once, up to a limit."""

    def __init__(self, definitions: Definitions) -> None:
        self._definitions = definitions
        self._known: dict[tuple[int, int, int], Fit] = {}

    def fit(self, schema: Schema, value: object, depth: int = _DEPTH) -> Fit:
        """Compare `value` with what `schema` declares, down to a limited depth."""
        if depth == 0 or len(self._known) > _MOST_PAIRS:
            return _FITS
        # Values and schemas outlive the comparison, so their ids are unique.
        pair = (id(schema), id(value), depth)
        found = self._known.get(pair)
        if found is None:
            members = branches(schema, self._definitions)
            found = max(self._fit_one(branch, value, depth) for branch in members)
            self._known[pair] = found
        return found

    def _fit_one(self, schema: Schema, value: object, depth: int) -> Fit:
        if type(value) not in accepts(schema, self._definitions):
            return _CONFLICT
        bare = unwrap(schema, self._definitions)
        if isinstance(value, dict):
            return self._fit_object(bare, cast("dict[str, Any]", value), depth - 1)
        if isinstance(value, list):
            return self._fit_array(bare, cast("list[Any]", value), depth - 1)
        members = literals(bare)
        return _FITS if members is None or value in members else _CONFLICT

    def _fit_array(self, bare: Schema, value: list[Any], depth: int) -> Fit:
        item: Any = bare.get("items_schema")
        # A tuple has a list of schemas instead of one.
        if not isinstance(item, dict):
            return _FITS
        each = cast("Schema", item)
        return _total(self.fit(each, sent, depth) for sent in value[:_SAMPLE])

    def _fit_object(self, bare: Schema, value: dict[str, Any], depth: int) -> Fit:
        declared = fields(bare)
        if declared is None:
            each = bare.get("values_schema")
            sample = list(value.values())[:_SAMPLE]
            return _total(self.fit(each, sent, depth) for sent in sample) if each else _FITS
        return _total(self._fit_field(field, value, depth) for field in declared)

    def _fit_field(self, field: Field, value: dict[str, Any], depth: int) -> Fit:
        if field.key in value:
            found = self.fit(field.schema, value[field.key], depth)
            return Fit(found.recognised + 1, found.conflicts)
        return _CONFLICT if field.required else _FITS


def _total(fits: Iterable[Fit]) -> Fit:
    parts = list(fits)
    return Fit(sum(part.recognised for part in parts), sum(part.conflicts for part in parts))
