"""The two validators of a type: a strict one, and a tolerant one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property, partial
from typing import Any, cast, get_args

from pydantic import BaseModel, TypeAdapter
from pydantic_core import SchemaValidator

from .schema import Schema
from .strict import Choosing
from .survey import Survey

Validate = Callable[[bytes], Any]


class Validators:
    """What reads a type from JSON.

    Attributes:
        strict: raises ValueError where the JSON does not fit. It is the type's own validator,
            unless a union in it needs help.
    """

    def __init__(self, type_: Any) -> None:
        # A deferred model is built here once for all operations, and not by each adapter anew.
        # What keeps it from being built the adapter says better.
        for model in _models(type_):
            model.model_rebuild(raise_errors=False)
        adapter: TypeAdapter[Any] = TypeAdapter(type_)
        adapter.rebuild()
        self._schema = cast("Schema", adapter.core_schema)
        self._survey = Survey(self._schema)
        self._options: dict[str, Any] = {
            # A lax validator would turn "7" into 7, and what was sent would be lost. But what a
            # type's own functions hand on is no longer JSON, and a date has to be a datetime
            # then: such a type is read by its own rules.
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
        """Give a tree with markers (see `tolerant`). Raises ValueError for what is no JSON."""
        # Most types are never asked for it.
        from .tolerant import Tolerant

        validator = SchemaValidator(Tolerant(self._survey).root(self._schema))
        return partial(validator.validate_json, **self._options)


def _models(type_: Any) -> Iterator[type[BaseModel]]:
    if isinstance(type_, type) and issubclass(type_, BaseModel):
        yield type_
    for argument in get_args(type_):
        yield from _models(argument)
