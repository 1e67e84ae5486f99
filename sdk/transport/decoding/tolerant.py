"""The tolerant validator of a type: it accepts any JSON, and marks where the JSON does not fit.

It is made by rewriting the type's core schema, so that a response with gaps is decoded in one pass
of pydantic's own validators in Rust, and values that fit are exactly what the strict pass returns:

- at every place (field, item of a list, value of a map) a value that the type refuses is accepted
  as it is, wrapped in a `Mismatch`;
- a required field that is missing is filled with a `Missing`;
- a union of several object types is decoded as the branch that fits best (see `union_choice`).

`markers.settle` then replaces the markers and reports them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, cast

from pydantic import BaseModel
from pydantic_core import CoreSchema, core_schema
from typing_extensions import override

from .core_schema import Schema, runs_code, unwrap
from .discriminators import as_before
from .instance import Shell, becoming_with_gaps
from .markers import Missing, Site, UnknownTag
from .rewrite import Rewrite, first_of, tagged, without
from .survey import Survey
from .union_choice import UNKNOWN, Choice, ObjectChoice

_STRUCTURES = frozenset({"model", "model-fields", "list", "dict"})


class Tolerant(Rewrite):
    """Rewrites a schema so that it refuses no JSON."""

    suffix = ":tolerant"

    def __init__(
        self,
        survey: Survey,
        choosing: Rewrite,
        read_as: Callable[[type[BaseModel]], Callable[[Any], Any]],
        *,
        own_code: bool = True,
        models_first: bool = True,
    ) -> None:
        super().__init__(survey)
        self._choosing = choosing
        self._read_as = read_as
        self._own_code = own_code
        self._models_first = models_first

    @override
    def place(self, schema: Schema) -> Schema:
        if schema["type"] == "any":
            return schema
        site = Site(schema, self.survey.definitions)
        mismatch = core_schema.no_info_plain_validator_function(site.mismatch)
        return first_of(self.node(schema), mismatch)

    @override
    def node(self, schema: Schema) -> Schema:
        if schema["type"] == "function-plain" and not self._own_code:
            # Nothing but the function says what fits.
            site = Site(schema, self.survey.definitions)
            return core_schema.no_info_plain_validator_function(site.mismatch)
        # A tuple is kept whole if one of its items does not fit.
        return self._choosing.node(schema) if schema["type"] == "tuple" else super().node(schema)

    @override
    def container(self, schema: Schema, key: str) -> Schema:
        # A list that is too long keeps its items.
        return super().container(without(schema, "min_length", "max_length", "fail_fast"), key)

    @override
    def function(self, schema: Schema) -> Schema:
        # A user's own function is applied where it accepts the value. Where it does not, a
        # structure is built without it; the place around it marks a plain value.
        if not self._own_code:
            return self.node(schema["schema"])
        if unwrap(schema, self.survey.definitions)["type"] not in _STRUCTURES:
            return schema
        return first_of(schema, self.node(schema["schema"]))

    @override
    def model(self, schema: Schema) -> Schema:
        settings = _keeping_unknown(schema.get("config") or {}, "extra_fields_behavior")
        built = super().model({**schema, "config": settings})
        # A model that fits is read by its own validator: `settle` need not look into it. A
        # recursive one would be read anew at each level. Code that expects a complete instance
        # must not run on one with gaps.
        own_code = self.survey.own_code or runs_code(schema)
        itself = self._own_code and (
            runs_code(schema)
            or not (
                not self._models_first
                or own_code
                or self.survey.is_recursive(schema)
                or schema is self._root
            )
        )
        return first_of(without(self._choosing.node(schema), "ref"), built) if itself else built

    @override
    def union(self, schema: Schema) -> Schema:
        # The strict validator may choose another branch than the one that fits best.
        tolerant = super().union(schema)
        if self._own_code and self.survey.is_ambiguous(schema):
            return first_of(self._choosing.node(schema), tolerant)
        return tolerant

    @override
    def definitions(self, originals: Sequence[Schema]) -> list[Schema]:
        chosen = self._choosing.definitions(originals)
        return [*super().definitions(originals), *chosen]

    @override
    def root(self, schema: Schema) -> CoreSchema:
        # It is read because the type's own validator refused the whole.
        self._root = schema["schema"] if schema["type"] == "definitions" else schema
        return super().root(schema)

    @override
    def become(self, schema: Schema) -> Callable[[Shell], Shell]:
        fields = schema["schema"]
        while "fields" not in fields and "schema" in fields:
            fields = fields["schema"]
        required = {
            name
            for name, field in fields.get("fields", {}).items()
            if field["schema"]["type"] != "default"
        }
        return becoming_with_gaps(schema["cls"], frozenset(required))

    @override
    def chosen(self, numbered: dict[int, Schema], choice: Choice) -> list[Schema]:
        if not isinstance(choice, ObjectChoice):
            return [tagged(numbered, as_before(choice))]
        unknown = core_schema.no_info_plain_validator_function(self._unknown_kind(choice))
        return [tagged({**numbered, UNKNOWN: unknown}, as_before(choice))]

    def _unknown_kind(self, choice: ObjectChoice) -> Callable[[Any], UnknownTag]:
        def read(value: dict[str, Any]) -> UnknownTag:
            key = choice.unknown_tag(value)
            parent = choice.parent(key)
            tree = self._read_as(parent)(value) if parent else value
            site = Site(choice.tag_schema(key), self.survey.definitions)
            site.mismatch(value[key])
            return UnknownTag(site, key, value[key], tree)

        return read

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
