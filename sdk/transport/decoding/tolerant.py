"""The tolerant twin of a type: a validator that takes any JSON, and says where it does not fit.

It is made by rewriting the type's core schema, so that building with gaps is one pass of pydantic's
own validators in Rust, and what is good comes out exactly as the strict pass would have made it:

- at every place (field, item of a list, value of a map) a value that the type refuses is taken as
  it is, wrapped in a `Misfit`;
- a required field that is missing is filled with a `Missing`;
- a union of several object types goes to the branch that fits best (see `choice`).

`settle` then takes the markers out again and reports them.
"""

from __future__ import annotations

from typing import Any, cast

from pydantic_core import CoreSchema, core_schema
from typing_extensions import override

from .misfit import Missing, Site
from .rewrite import Rewrite, first_of, without
from .schema import Schema, unwrap

_STRUCTURES = frozenset({"model", "model-fields", "list", "dict"})


class Tolerant(Rewrite):
    """Rewrites a schema so that it refuses nothing."""

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
        # A list that is too long keeps its items all the same.
        return super().container(without(schema, "min_length", "max_length", "fail_fast"), key)

    @override
    def function(self, schema: Schema) -> Schema:
        # A user's own rule is applied where it accepts. Where it does not, a structure is built
        # without it; a plain value is left to the place around it.
        if unwrap(schema, self.survey.definitions)["type"] not in _STRUCTURES:
            return schema
        return first_of(schema, self.node(schema["schema"]))

    @override
    def model(self, schema: Schema) -> Schema:
        settings = _keeping_unknown(schema.get("config") or {}, "extra_fields_behavior")
        built = super().model({**schema, "config": settings})
        # Code that runs on a complete instance must not meet one with gaps.
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
    # A model that forbids unknown keys must not be lost for one.
    return {**settings, key: "allow"} if settings.get(key) == "forbid" else dict(settings)
