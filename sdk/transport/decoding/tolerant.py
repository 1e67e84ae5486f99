"""The tolerant validator of a type: it accepts any JSON, and marks where the JSON does not fit.

It is made by rewriting the type's core schema, so that a response with gaps is decoded in one pass
of pydantic's own validators in Rust, and values that fit are exactly what the strict pass returns:

- at every place (field, item of a list, value of a map) a value that the type refuses is accepted
  as it is, wrapped in a `Misfit`;
- a required field that is missing is filled with a `Missing`;
- a union of several object types is decoded as the branch that fits best (see `union_choice`).

`markers.settle` then replaces the markers and reports them.
"""

from __future__ import annotations

from typing import Any, cast

from pydantic_core import CoreSchema, core_schema
from typing_extensions import override

from .core_schema import Schema, unwrap
from .markers import Missing, Site
from .rewrite import Rewrite, first_of, without

_STRUCTURES = frozenset({"model", "model-fields", "list", "dict"})


class Tolerant(Rewrite):
    """Rewrites a schema so that it refuses no JSON."""

    suffix = ":tolerant"

    @override
    def place(self, schema: Schema) -> Schema:
        if schema["type"] == "any":
            return schema
        site = Site(schema, self.survey.definitions)
        misfit = core_schema.no_info_plain_validator_function(site.misfit)
        return first_of(self.node(schema), misfit)

    @override
    def container(self, schema: Schema, key: str) -> Schema:
        # A list that is too long keeps its items.
        return super().container(without(schema, "min_length", "max_length", "fail_fast"), key)

    @override
    def function(self, schema: Schema) -> Schema:
        # A user's own function is applied where it accepts the value. Where it does not, a
        # structure is built without it; the place around it marks a plain value.
        if unwrap(schema, self.survey.definitions)["type"] not in _STRUCTURES:
            return schema
        return first_of(schema, self.node(schema["schema"]))

    @override
    def model(self, schema: Schema) -> Schema:
        settings = _keeping_unknown(schema.get("config") or {}, "extra_fields_behavior")
        built = super().model({**schema, "config": settings})
        # Code that expects a complete instance must not run on one with gaps.
        own_code = schema.get("custom_init") or schema.get("post_init")
        return first_of(without(schema, "ref"), built) if own_code else built

    @override
    def fields(self, schema: Schema) -> Schema:
        return super().fields(_keeping_unknown(schema, "extra_behavior"))

    @override
    def field(self, field: Schema) -> Schema:
        declared: Schema = field["schema"]
        if declared["type"] == "default":
            return {**field, "schema": {**declared, "schema": self.place(declared["schema"])}}
        missing = Missing(Site(declared, self.survey.definitions))
        place = cast("CoreSchema", self.place(declared))
        return {**field, "schema": core_schema.with_default_schema(place, default=missing)}


def _keeping_unknown(settings: Schema, key: str) -> dict[str, Any]:
    # One unknown key must not cost a whole model that forbids them.
    return {**settings, key: "allow"} if settings.get(key) == "forbid" else dict(settings)
