"""The strict validator of a type whose unions need a better choice than the first that validates.

pydantic takes the branch that validates with the most fields set, and counts unknown keys as set
where they are kept; what is left to decide, the order of declaration decides. Here a union of
several object types goes to the branch that fits best (see `choice`). Only the unions that need
it, and the models on the way to them, are rewritten: the rest is read by the validators that the
models have.
"""

from __future__ import annotations

from typing_extensions import override

from .rewrite import Rewrite
from .schema import Schema


class Choosing(Rewrite):
    """Rewrites ambiguous unions and what leads to them, and nothing else."""

    suffix = ":choosing"

    @override
    def place(self, schema: Schema) -> Schema:
        return self.node(schema)

    @override
    def node(self, schema: Schema) -> Schema:
        return super().node(schema) if self.survey.holds_ambiguity(schema) else schema

    @override
    def model(self, schema: Schema) -> Schema:
        # A model with code of its own is read by its own validator, all of it.
        own_code = schema.get("custom_init") or schema.get("post_init")
        return schema if own_code else super().model(schema)

    @override
    def field(self, field: Schema) -> Schema:
        return {**field, "schema": self.node(field["schema"])}

    @override
    def function(self, schema: Schema) -> Schema:
        return {**schema, "schema": self.node(schema["schema"])}
