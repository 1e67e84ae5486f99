"""Rewrite a core schema for JSON that is parsed already, so that it accepts what it accepted.

pydantic reads Python values by other rules than JSON: a strict date is no string, and a strict
model is no dictionary. But it takes each dictionary as it is, where from JSON it makes a new one
for each function, each branch of a union and each missing field.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import NoneType
from typing import Any, NamedTuple, cast

from pydantic_core import CoreSchema, SchemaValidator, core_schema, to_json

from .core_schema import Definitions, Schema, accepts, runs_code
from .union_fit import wire_keys
from .wide import in_parts, narrowing

# Schemas that read JSON and Python values alike; with a value for `strict`, these.
_SAME = frozenset({"none", "any", "literal", "function-plain", "definition-ref", "is-instance"})
_STRICT = frozenset({"bool", "int", "float", "str"})
# Schemas around others that add nothing of their own to what is accepted.
_AROUND = frozenset(
    {"nullable", "function-after", "model-fields", "dataclass-args", "union", "tagged-union"}
)
_CONTAINERS = frozenset({"list", "tuple", "set", "frozenset", "dict"})
_OBJECTS = frozenset({"model", "dataclass", "typed-dict"})
_EXTRAS = frozenset({"extras_schema", "extras_keys_schema"})
_LENGTHS = frozenset({"min_length", "max_length"})

# Only a lax datetime may be a date alone: ten characters, with a hyphen that is no sign.
_NO_DATE = "(?s)^.?[^-]*$|^.{11}|[eE]"

_JSON_TYPES = frozenset({dict, list, str, int, float, bool, NoneType})


def for_trees(schema: Schema, definitions: Definitions, *, strict: bool) -> Schema:
    """Return a schema that reads `from_json(body)` as `schema` reads the body.

    Args:
        schema: the schema of a whole type.
        definitions: the schemas that it may refer to.
        strict: whether `schema` is used for strict validation; the result must not be.
    """
    place = _Place(strict=strict)
    if schema["type"] != "definitions":
        return _Rewriting(definitions).node(schema, place)
    rewriting = _Rewriting(definitions)
    named = [rewriting.node(each, place) for each in schema["definitions"]]
    return {**schema, "schema": rewriting.node(schema["schema"], place), "definitions": named}


class _Place(NamedTuple):
    """Where in a type a schema occurs.

    Attributes:
        strict: whether it is validated strictly, whatever its author says.
        config: the configuration of the model around it.
        values: whether it gets Python values even if JSON is read: from a function, or a default.
    """

    strict: bool
    config: Any = None
    values: bool = False


class _Rewriting:
    def __init__(self, definitions: Definitions) -> None:
        self._definitions = definitions

    def node(self, schema: Schema, place: _Place) -> Schema:
        kind = schema["type"]
        if kind in _SAME:
            return schema if _is_json(schema) else self._leaf(schema, place)
        if kind in _STRICT:
            return {**schema, "strict": True} if place.strict else schema
        if kind == "union" and place.strict:
            return self._union(schema, place)
        if kind in _AROUND:
            return self._parts(schema, place)
        if kind in _CONTAINERS:
            return self._container(schema, place)
        if kind in _OBJECTS:
            return self._object(schema, place)
        return self._rare(schema, place)

    def _rare(self, schema: Schema, place: _Place) -> Schema:
        match schema["type"]:
            case "function-before" | "function-wrap":
                return self._parts(schema, place._replace(values=True))
            case "default":
                checked = bool(schema.get("validate_default"))
                return self._parts(schema, place._replace(values=place.values or checked))
            case "json-or-python":
                return _named_as(schema, self.node(schema["json_schema"], place))
            case "lax-or-strict":
                strict = place.strict or schema.get("strict", _is_strict(place.config))
                part = schema["strict_schema" if strict else "lax_schema"]
                return _named_as(schema, self.node(part, place))
            case "chain":
                first, *others = schema["steps"]
                return {**schema, "steps": [self.node(first, place), *others]}
            case _:
                return self._leaf(schema, place)

    def _parts(self, schema: Schema, place: _Place) -> dict[str, Any]:
        found = dict(schema)
        for key in ("schema", "extras_schema", "extras_keys_schema"):
            if key in schema:
                found[key] = self.node(schema[key], place)
        if "fields" in schema:
            found["fields"] = self._fields(schema["fields"], place)
        if "choices" in schema:
            found["choices"] = self._choices(schema["choices"], place)
        return found

    def _fields(self, fields: Any, place: _Place) -> Any:
        if isinstance(fields, Mapping):
            named = cast("Mapping[str, Schema]", fields)
            return {name: self._parts(field, place) for name, field in named.items()}
        # A dataclass also has a list of the names of its fields.
        return [
            each if isinstance(each, str) else self._parts(each, place)
            for each in cast("list[str | Schema]", fields)
        ]

    def _choices(self, choices: Any, place: _Place) -> Any:
        if isinstance(choices, Mapping):
            tagged = cast("Mapping[Any, Schema]", choices)
            return {tag: self.node(each, place) for tag, each in tagged.items()}
        # A choice may come with a label for error messages.
        return [
            (self.node(each[0], place), each[1])
            if isinstance(each, tuple)
            else self.node(each, place)
            for each in cast("list[tuple[Schema, str] | Schema]", choices)
        ]

    def _union(self, schema: Schema, place: _Place) -> Schema:
        # pydantic prefers exact matches. A string in JSON can match a date exactly; a Python str
        # cannot. All such branches together are therefore validated by the rules for JSON.
        texts = [each for each in schema["choices"] if self._is_scalar(each)]
        if len(texts) < 2 or all(_schema_of(each)["type"] in _SAME | _STRICT for each in texts):
            return self._parts(schema, place)
        others = [each for each in schema["choices"] if not self._is_scalar(each)]
        among = self._leaf({**_unnamed(schema), "choices": texts}, place)
        return {**schema, "choices": [among, *self._choices(others, place)]}

    def _is_scalar(self, choice: Any) -> bool:
        return not accepts(_schema_of(choice), self._definitions) & {dict, list}

    def _container(self, schema: Schema, place: _Place) -> Schema:
        found = dict(schema)
        for key in ("keys_schema", "values_schema", "items_schema"):
            if isinstance(schema.get(key), Mapping):
                found[key] = self.node(schema[key], place)
            elif key in schema:
                found[key] = [self.node(each, place) for each in schema[key]]
        if schema["type"] in {"list", "dict"}:
            found |= {"strict": True} if place.strict else {}
        else:
            found["strict"] = False
        whole = _LENGTHS & schema.keys() or "variadic_item_index" in schema
        positional = schema["type"] == "tuple" and schema.get("variadic_item_index") != 0
        return found if whole or positional else _wrapped(in_parts, found)

    def _object(self, schema: Schema, place: _Place) -> Schema:
        config: Schema = schema.get("config") or {}
        inside = place._replace(config=config or place.config)
        found = {**self._parts(schema, inside), "strict": False}
        fields = schema if schema["type"] == "typed-dict" else schema["schema"]
        if fields["type"] not in {"model-fields", "typed-dict"} or runs_code(schema):
            return found
        extra = fields.get("extra_behavior") or config.get("extra_fields_behavior")
        if extra not in {"allow", "forbid"} or _EXTRAS & fields.keys():
            return found
        declared = [key for name, each in fields["fields"].items() for key in wire_keys(name, each)]
        return _wrapped(narrowing(frozenset(declared), extra), found)

    def _leaf(self, schema: Schema, place: _Place) -> Schema:
        if place.values:
            # It gets the same values as before.
            return schema
        if schema["type"] == "datetime" and place.strict:
            text = core_schema.str_schema(strict=True, pattern=_NO_DATE)
            date = cast("CoreSchema", {**_unnamed(schema), "strict": False})
            return _named_as(schema, cast("Schema", core_schema.chain_schema([text, date])))
        read = _Leaf(schema, place, self._definitions)
        return _named_as(schema, core_schema.no_info_plain_validator_function(read))


class _Leaf:
    """Reads one value by the rules for JSON."""

    def __init__(self, schema: Schema, place: _Place, definitions: Definitions) -> None:
        self._schema = schema
        self._place = place
        self._definitions = definitions
        self._validator: SchemaValidator | None = None

    def __call__(self, value: Any) -> Any:
        validator = self._validator
        if validator is None:
            named = cast("list[CoreSchema]", list(self._definitions.values()))
            schema = core_schema.definitions_schema(
                cast("CoreSchema", _unnamed(self._schema)), named
            )
            self._validator = validator = SchemaValidator(schema, self._place.config)
        strict = True if self._place.strict else None
        if value.__class__ in _JSON_TYPES:
            return validator.validate_json(to_json(value), strict=strict)
        return validator.validate_python(value, strict=strict)


def _schema_of(choice: Any) -> Schema:
    # A choice may come with a label for error messages.
    return cast("Schema", choice[0] if isinstance(choice, tuple) else choice)


def _is_json(schema: Schema) -> bool:
    return all(member.__class__ in _JSON_TYPES for member in schema.get("expected", ()))


def _is_strict(config: Any) -> bool:
    return bool(config and config.get("strict"))


def _unnamed(schema: Schema) -> dict[str, Any]:
    return {key: value for key, value in schema.items() if key != "ref"}


def _named_as(schema: Schema, other: Any) -> Schema:
    return {**other, "ref": schema["ref"]} if "ref" in schema else other


def _wrapped(function: Any, schema: Schema) -> Schema:
    inner = cast("CoreSchema", _unnamed(schema))
    return _named_as(schema, core_schema.no_info_wrap_validator_function(function, inner))
