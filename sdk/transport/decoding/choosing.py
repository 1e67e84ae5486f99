"""The strict validator of a type with ambiguous unions: it reads them as the best branch."""

from __future__ import annotations

from typing import cast

from pydantic_core import CoreSchema, core_schema
from typing_extensions import override

from .core_schema import Schema, runs_code
from .rewrite import Rewrite, tagged, without
from .sure_choice import sure_choice
from .survey import Survey
from .union_choice import Choice, ObjectChoice

# Branches of a union that are tried for a value that the best one refuses.
_MOST_BRANCHES = 8


class Choosing(Rewrite):
    """Rewrites ambiguous unions and the models that contain them, and nothing else.

    Args:
        survey: of the type.
        fallbacks: whether other branches are tried for a value that the best one refuses.
        large: whether it reads large bodies. They are parsed rather than copied for each branch.
        parsed: whether the validator reads a parsed body. Then to compare the branches costs no
            copy, other branches are always tried, and values that all refuse are remembered.
    """

    suffix = ":choosing"

    def __init__(self, survey: Survey, *, fallbacks: bool, large: bool, parsed: bool) -> None:
        super().__init__(survey)
        self._fallbacks = fallbacks
        self._large = large
        self._parsed = parsed

    @override
    def place(self, schema: Schema) -> Schema:
        return self.node(schema)

    @override
    def node(self, schema: Schema) -> Schema:
        if not self.survey.holds_ambiguity(schema):
            return schema
        return self.tuple(schema) if schema["type"] == "tuple" else super().node(schema)

    @override
    def container(self, schema: Schema, key: str) -> Schema:
        # One item that does not fit is enough to refuse a list.
        rewritten = super().container(schema, key)
        return {**rewritten, "fail_fast": True} if schema["type"] == "list" else rewritten

    def tuple(self, schema: Schema) -> Schema:
        """Rewrite a tuple. The first item that does not fit is enough to refuse it."""
        items = [self.node(item) for item in schema["items_schema"]]
        return {**schema, "items_schema": items, "fail_fast": True}

    @override
    def model(self, schema: Schema) -> Schema:
        # A model with code of its own is read by its own validator as a whole.
        if runs_code(schema):
            return schema
        return without({**schema, "schema": self.node(schema["schema"])}, "ref")

    @override
    def field(self, field: Schema) -> Schema:
        return {**field, "schema": self.node(field["schema"])}

    @override
    def function(self, schema: Schema) -> Schema:
        return {**schema, "schema": self.node(schema["schema"])}

    @override
    def chosen(self, numbered: dict[int, Schema], choice: Choice) -> list[Schema]:
        if self._parsed:
            from .discriminators import in_turn

            selected, read = in_turn(choice, _MOST_BRANCHES - 1)
            union = cast("CoreSchema", tagged(numbered, selected))
            return [cast("Schema", core_schema.no_info_wrap_validator_function(read, union))]
        tried = [tagged(numbered, choice.choose)]
        if isinstance(choice, ObjectChoice):
            sure = sure_choice(numbered, choice, self.survey)
            tried = tried if sure is None else [sure, *tried]
        if not self._fallbacks:
            return tried
        # Imported here: most responses need no other branch.
        from .discriminators import demand_parsed, fallback

        if self._large:
            return [*tried, tagged(numbered, demand_parsed)]
        places = range(min(len(numbered), _MOST_BRANCHES) - 1)
        return [*tried, *(tagged(numbered, fallback(choice, place)) for place in places)]
