"""Reads GitHub's schemas into types: what is particular about them."""

from __future__ import annotations

from dataclasses import replace

from codegen import names
from codegen.description import Description
from codegen.versions import removed_in
from sdk.codegen import schemas
from sdk.codegen.document import Schema
from sdk.codegen.places import Place
from sdk.codegen.types import NONE, Field, ListOf, Type, either, without_null


class Reader(schemas.Reader):
    """Turns schemas into types. Component schemas stay references, except for scalars.

    With `spell_choices`, choices are not references either, so that a signature shows the values.
    """

    def __init__(self, description: Description, *, spell_choices: bool = False) -> None:
        super().__init__(description.components, "sent" if spell_choices else "answered")

    def class_name(self, key: str) -> str:
        """Return the class of the component schema called `key`."""
        return names.class_name(key)

    def component(self, key: str) -> Type:
        """Return the type of a reference to the component schema called `key`."""
        twin = key.removeprefix("nullable-")
        if twin != key and key not in self._being_read and self._alike(twin, key):
            return either(self.component(twin), NONE)
        return super().component(key)

    def _alike(self, twin: str, key: str) -> bool:
        """Return whether a schema is GitHub's nullable copy of the schema called `twin`."""
        known = twin in self._schemas
        return known and without_null(self.definition(twin)) == without_null(self.definition(key))

    def _list(self, schema: Schema, place: Place) -> Type:
        items = schema.get("items", {})
        item = self.read(items, place.one_of_many())
        # Components are nullable because of fields; lists of them hold no nulls.
        return ListOf(without_null(item) if "$ref" in items else item)

    def required(self, field: Field) -> Field:
        """Return a field that a schema requires, unless a version does not have it."""
        return replace(field, required=not removed_in(field))
