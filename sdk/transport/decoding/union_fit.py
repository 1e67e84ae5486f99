"""Measure how well a branch of a union fits a value: recognised keys and refused values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, NamedTuple, cast

from .core_schema import Definitions, Schema, accepts, branches, literals, unwrap
from .pass_state import current

# Enough items of a list or a map to recognise its kind, and few enough levels for the stack.
_SAMPLE = 5
DEPTH = 12
# Pairs of a value and a schema that are compared for one choice; the rest counts as fitting.
_MOST_PAIRS = 2000


class Fit(NamedTuple):
    """How well a schema fits a value. The greater, the better."""

    recognised: int
    """How many keys the schema knows, at any depth."""
    conflicts: int
    """Minus the number of refused values and of missing required keys."""


FITS = Fit(0, 0)
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


class _Analysis(NamedTuple):
    """What one branch of a schema declares."""

    accepted: frozenset[type]
    literals: list[Any] | None
    declared: dict[str, Schema] | None
    required: frozenset[str]
    each: Schema | None
    """The schema of the items of an array, or of the values of a map."""


class Analyses:
    """What schemas declare, worked out once for all responses."""

    def __init__(self, definitions: Definitions) -> None:
        self._definitions = definitions
        # A schema is kept together with its analysis, so that its id stays unique.
        self._known: dict[int, tuple[Schema, list[_Analysis]]] = {}

    def of(self, schema: Schema) -> list[_Analysis]:
        """Return one analysis for each branch of `schema`."""
        found = self._known.get(id(schema))
        if found is None:
            each = branches(schema, self._definitions)
            found = (schema, [self._analysis(branch) for branch in each])
            self._known[id(schema)] = found
        return found[1]

    def _analysis(self, branch: Schema) -> _Analysis:
        bare = unwrap(branch, self._definitions)
        found = fields(bare)
        declared = None if found is None else list(found)
        # A tuple has a list of schemas instead of one for all items.
        each = bare.get("items_schema") or bare.get("values_schema")
        return _Analysis(
            accepts(branch, self._definitions),
            literals(bare),
            None if declared is None else {field.key: field.schema for field in declared},
            frozenset(field.key for field in declared or () if field.required),
            cast("Schema", each) if isinstance(each, dict) else None,
        )


class Fitting:
    """Compares the values of one response with schemas, each pair once, up to a limit."""

    def __init__(self, analyses: Analyses) -> None:
        self._analyses = analyses
        self._known: dict[tuple[int, int, int], Fit] = {}
        self._state = current()

    def fit(self, schema: Schema, value: object, depth: int = DEPTH) -> Fit:
        """Compare `value` with what `schema` declares, down to a limited depth."""
        if depth == 0 or len(self._known) > _MOST_PAIRS or self._state.pairs <= 0:
            return FITS
        members = self._analyses.of(schema)
        if value.__class__ is not dict and value.__class__ is not list:
            self._state.pairs -= 1
            return _fit_scalar(members, value)
        # Values and schemas outlive the comparison, so their ids are unique.
        pair = (id(schema), id(value), depth)
        found = self._known.get(pair)
        if found is None:
            self._state.pairs -= len(members)
            found = max([self._fit_one(branch, value, depth) for branch in members])
            self._known[pair] = found
        return found

    def _fit_one(self, branch: _Analysis, value: object, depth: int) -> Fit:
        if type(value) not in branch.accepted:
            return _CONFLICT
        if isinstance(value, dict):
            return self._fit_object(branch, cast("dict[str, Any]", value), depth - 1)
        return self._fit_each(branch.each, cast("list[Any]", value), depth - 1)

    def _fit_each(self, each: Schema | None, values: Iterable[Any], depth: int) -> Fit:
        if each is None:
            return FITS
        return _total(self.fit(each, sent, depth) for sent in islice(values, _SAMPLE))

    def _fit_object(self, branch: _Analysis, value: dict[str, Any], depth: int) -> Fit:
        declared = branch.declared
        if declared is None:
            return self._fit_each(branch.each, value.values(), depth)
        # Only the fewer of the declared and the sent keys are looked at.
        if len(value) < len(declared):
            known = [key for key in value if key in declared]
        else:
            known = [key for key in declared if key in value]
        inside = _total(self.fit(declared[key], value[key], depth) for key in known)
        missing = len(branch.required) - sum(key in branch.required for key in known)
        return Fit(inside.recognised + len(known), inside.conflicts - missing)


def _fit_scalar(members: list[_Analysis], value: object) -> Fit:
    kind = type(value)
    for branch in members:
        if kind in branch.accepted and (branch.literals is None or value in branch.literals):
            return FITS
    return _CONFLICT


def _total(fits: Iterable[Fit]) -> Fit:
    parts = list(fits)
    return Fit(sum(part.recognised for part in parts), sum(part.conflicts for part in parts))
