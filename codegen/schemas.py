"""Reads schemas into types, and records where each unnamed object type was found."""

from __future__ import annotations

from dataclasses import replace

from codegen import names
from codegen.description import Description, Schema, alternatives, parts, properties
from codegen.versions import REMOVED, removed_in
from sdk.codegen.places import Place
from sdk.codegen.types import (
    ANY,
    NONE,
    Choice,
    Component,
    Field,
    ListOf,
    MapOf,
    Object,
    Scalar,
    Type,
    either,
    without_null,
)

_SCALARS = {"string": "str", "integer": "int", "number": "float", "boolean": "bool"}
_FORMATS = {"date-time": "datetime", "date": "date", "binary": "bytes"}


class Reader:
    """Turns schemas into types. Component schemas stay references, except for scalars.

    With `spell_choices`, choices are not references either, so that a signature shows the values.
    """

    def __init__(self, description: Description, *, spell_choices: bool = False) -> None:
        self.description = description
        self._spell_choices = spell_choices
        self.places: dict[Object, list[Place]] = {}
        self._definitions: dict[str, Type] = {}
        self._being_read: set[str] = set()

    def definition(self, key: str) -> Type:
        """Return the type of the component schema called `key`."""
        if key not in self._definitions:
            self._being_read.add(key)
            schema = self.description.components[key]
            self._definitions[key] = self.read(schema, Place(names.class_name(key)))
            self._being_read.discard(key)
        return self._definitions[key]

    def component(self, key: str) -> Type:
        """Return the type of a reference to the component schema called `key`."""
        if key in self._being_read:
            return Component(key)
        definition = self.definition(key)
        twin = key.removeprefix("nullable-")
        if twin != key and self._alike(twin, definition):
            return either(self.component(twin), NONE)
        match without_null(definition):
            case Scalar() | Component() | MapOf():
                return definition
            case Choice() if self._spell_choices:
                return definition
            case _:
                nullable = definition != without_null(definition)
                return either(Component(key), NONE) if nullable else Component(key)

    def _alike(self, twin: str, definition: Type) -> bool:
        """Return whether a schema is GitHub's nullable copy of the schema called `twin`."""
        known = twin in self.description.components
        return known and without_null(self.definition(twin)) == without_null(definition)

    def read(self, schema: Schema, place: Place) -> Type:
        """Return the type of any schema."""
        type_ = self._read(schema, place)
        if schema.get("nullable") and type_ != ANY:
            return either(type_, NONE)
        return type_

    def _read(self, schema: Schema, place: Place) -> Type:
        if "$ref" in schema:
            return self.component(schema["$ref"].rpartition("/")[2])
        if schema.get("title"):
            place = replace(place, title=schema["title"])
        if "enum" in schema:
            return Choice(tuple(schema["enum"]))
        options, whole, own = alternatives(schema), parts(schema), properties(schema)
        if options and not own and not _only_constrain(options):
            return self._alternatives(options, place)
        if len(whole) == 1 and not own:
            return self.read(whole[0], place)
        closed = schema.get("additionalProperties") is False
        if whole or own or (closed and schema.get("type") == "object"):
            return self._object(schema, place)
        match schema.get("type"):
            case "array":
                return ListOf(self._item(schema.get("items", {}), place.one_of_many()))
            case "object":
                return MapOf(self._map_value(schema, place))
            case str() as kind:
                return Scalar(_FORMATS.get(schema.get("format", ""), _SCALARS[kind]))
            case _:
                return ANY

    def _item(self, schema: Schema, place: Place) -> Type:
        item = self.read(schema, place)
        # Components are nullable because of fields; lists of them hold no nulls.
        return without_null(item) if "$ref" in schema else item

    def _map_value(self, schema: Schema, place: Place) -> Type:
        value: Schema | bool | None = schema.get("additionalProperties")
        return self.read(value, place.one_of_many()) if isinstance(value, dict) else ANY

    def _alternatives(self, schemas: list[Schema], place: Place) -> Type:
        objects = [schema for schema in schemas if self.is_object(schema)]
        options: list[Type] = []
        for schema in schemas:
            # The only object of a union needs no label.
            label = self._label(schema, objects, place.root) if len(objects) > 1 else ""
            options.append(self.read(schema, place.at(label) if label else place))
        return either(*options)

    def _label(self, schema: Schema, rivals: list[Schema], root: str) -> str:
        """Return a word that distinguishes one alternative from the others."""
        if title := schema.get("title"):
            return str(title)
        first = next(iter(parts(schema)), schema)
        if "$ref" in first:
            referred = names.class_name(first["$ref"].rpartition("/")[2])
            shared = names.common_prefix([referred, root])
            return referred.removeprefix(shared) or referred
        own = properties(self.description.resolve(schema))
        for node in own.values():
            values = node.get("enum", [])
            if len(values) == 1 and isinstance(values[0], str):
                return str(values[0])
        others = [rival for rival in rivals if rival is not schema]
        elsewhere = {
            name for rival in others for name in properties(self.description.resolve(rival))
        }
        return next((name for name in own if name not in elsewhere), "")

    def _object(self, schema: Schema, place: Place) -> Type:
        base = self._base(schema)
        own = {**schema, "allOf": parts(schema)[1:]} if base else schema
        fields = self.fields(own, place)
        if base and not fields:
            return base
        if base and self._field_names(base) & set(fields):
            # A subclass must not change the type of an inherited field.
            base, fields = None, self.fields(schema, place)
        result = Object(tuple(fields.values()), base)
        self.places.setdefault(result, []).append(place)
        return result

    def _base(self, schema: Schema) -> Component | None:
        """Return the component that an `allOf` of one reference and further fields extends."""
        whole = parts(schema)
        if not whole or "$ref" not in whole[0] or any("$ref" in part for part in whole[1:]):
            return None
        type_ = self.component(whole[0]["$ref"].rpartition("/")[2])
        if isinstance(type_, Component) and isinstance(self.definition(type_.key), Object):
            return type_
        return None

    def _field_names(self, base: Component) -> set[str]:
        definition = self.definition(base.key)
        if not isinstance(definition, Object):
            return set()
        inherited = self._field_names(definition.base) if definition.base else set[str]()
        return inherited | {field.wire for field in definition.fields}

    def fields(self, schema: Schema, place: Place) -> dict[str, Field]:
        """Return the fields of an object schema, with those of `allOf` and of alternatives.

        A field that only some alternatives have, or require, is not required.
        """
        schema = self.description.resolve(schema)
        found: dict[str, Field] = {}
        for part in parts(schema):
            found |= self.fields(part, place)
        required: set[str] = set(schema.get("required", []))
        for name, node in properties(schema).items():
            removed = {REMOVED: node[REMOVED]} if REMOVED in node else {}
            found[name] = Field(name, self.read(node, place.at(name)), name in required, removed)
        found = {
            name: replace(field, required=not removed_in(field)) if name in required else field
            for name, field in found.items()
        }
        return self._merge_alternatives(found, schema, place)

    def _merge_alternatives(
        self, found: dict[str, Field], schema: Schema, place: Place
    ) -> dict[str, Field]:
        options = [
            self.fields(option, place) for option in alternatives(schema) if self.is_object(option)
        ]
        for option in options:
            for name, field in option.items():
                everywhere = all(name in other and other[name].required for other in options)
                known = found.get(name)
                type_ = either(known.type, field.type) if known else field.type
                required = bool(known and known.required) or everywhere
                found[name] = Field(name, type_, required, field.schema)
        return found

    def is_object(self, schema: Schema) -> bool:
        """Return whether a schema, or an alternative of it, declares fields."""
        resolved = self.description.resolve(schema)
        if properties(resolved):
            return True
        return any(self.is_object(part) for part in [*parts(resolved), *alternatives(resolved)])


def _only_constrain(schemas: list[Schema]) -> bool:
    """Return whether alternatives only require fields, without declaring any."""
    return all(set(schema) <= {"required", "description", "title"} for schema in schemas)
