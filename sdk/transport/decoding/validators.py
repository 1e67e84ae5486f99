"""The strict and the tolerant validator of a type.

pydantic decodes a union as the branch that validates with the most fields set, and counts unknown
keys as set where they are kept; the order of declaration decides the rest. Here a union of several
object types is decoded as the branch that fits best (see `union_choice`). Only the unions that need
it, and the models that contain them, are rewritten: the rest is read by the validators that the
models have.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property, partial
from typing import Any, cast, get_args

from pydantic import BaseModel, TypeAdapter
from pydantic_core import SchemaValidator
from typing_extensions import override

from .core_schema import Schema, Survey
from .rewrite import Rewrite

Validate = Callable[[bytes], Any]


class Validators:
    """The validators that read a type from JSON.

    Attributes:
        strict: raises ValueError where the JSON does not fit. It is the type's own validator,
            unless the choice of a union's branch needs help.
    """

    def __init__(self, type_: Any) -> None:
        # A deferred model is built here once for all operations, instead of once per adapter. If
        # it cannot be built, the adapter raises the better error.
        for model in _models(type_):
            model.model_rebuild(raise_errors=False)
        adapter: TypeAdapter[Any] = TypeAdapter(type_)
        adapter.rebuild()
        self._schema = cast("Schema", adapter.core_schema)
        self._survey = Survey(self._schema)
        self._options: dict[str, Any] = {
            # A lax validator would turn "7" into 7, and what was sent would be lost. But what a
            # type's own functions return is no longer JSON, and a date has to be a datetime then:
            # such a type is read by its own rules.
            "strict": None if self._survey.own_code else True,
            # JSON has the API's names. A key that happens to be our name of a field is unknown.
            "by_alias": True,
            "by_name": False,
        }
        validator = adapter.validator
        if self._survey.holds_ambiguity(self._schema):
            validator = SchemaValidator(Choosing(self._survey).root(self._schema))
        self.strict: Validate = partial(validator.validate_json, **self._options)

    @cached_property
    def tolerant(self) -> Validate:
        """Returns a tree with markers (see `markers`). Raises ValueError if it is not JSON."""
        # Most types never need it.
        from .tolerant import Tolerant

        validator = SchemaValidator(Tolerant(self._survey).root(self._schema))
        return partial(validator.validate_json, **self._options)


class Choosing(Rewrite):
    """Rewrites ambiguous unions and the models that contain them, and nothing else."""

    suffix = ":choosing"

    @override
    def place(self, schema: Schema) -> Schema:
        return self.node(schema)

    @override
    def node(self, schema: Schema) -> Schema:
        return super().node(schema) if self.survey.holds_ambiguity(schema) else schema

    @override
    def model(self, schema: Schema) -> Schema:
        # A model with code of its own is read by its own validator as a whole.
        own_code = schema.get("custom_init") or schema.get("post_init")
        return schema if own_code else super().model(schema)

    @override
    def field(self, field: Schema) -> Schema:
        return {**field, "schema": self.node(field["schema"])}

    @override
    def function(self, schema: Schema) -> Schema:
        return {**schema, "schema": self.node(schema["schema"])}


def _models(type_: Any) -> Iterator[type[BaseModel]]:
    if isinstance(type_, type) and issubclass(type_, BaseModel):
        yield type_
    for argument in get_args(type_):
        yield from _models(argument)
