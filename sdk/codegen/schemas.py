"""Reads normal schemas into types, and remembers where each unnamed object type was met."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sdk.codegen import names
from sdk.codegen.document import Schema, alternatives, parts, properties
from sdk.codegen.notes import Notes
from sdk.codegen.places import Place, Side
from sdk.codegen.scalars import scalar
from sdk.codegen.tags import tags_of
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
    TupleOf,
    Type,
    either,
    walk,
    without_null,
)
from sdk.codegen.values import mapping


class Reader:
    """Turns schemas into types, for one side: responses or requests.

    Component schemas stay references, unless they are mere scalars; of what is sent, choices are
    shown where they stand. Fields of the other side (``readOnly``, ``writeOnly``) are left out.
    """

    def __init__(
        self,
        schemas: Mapping[str, Schema],
        side: Side,
        formats: Mapping[str, str] | None = None,
        inline: Sequence[Schema] = (),
        notes: Notes | None = None,
    ) -> None:
        """Create a reader; unnamed schemas are `inline`, as they may have discriminators."""
        self._notes = notes or Notes()
        self.side: Side = side
        self.places: dict[Object, list[Place]] = {}
        self._schemas = schemas
        self._formats = formats or {}
        self._inline = inline
        self._other_side = "writeOnly" if side == "answered" else "readOnly"
        self._definitions: dict[str, Type] = {}
        self._being_read: set[str] = set()
        self._expanded: set[str] = set()
        self._tags: dict[str, dict[str, tuple[str, ...]]] | None = None

    def schema(self, key: str) -> Schema:
        """Return the schema called `key`."""
        return self._schemas[key]

    def resolve(self, schema: Schema) -> Schema:
        """Return a schema, or the one that it refers to."""
        return self._schemas[schema["$ref"]] if "$ref" in schema else schema

    def class_name(self, key: str) -> str:
        """Return the class of the schema `key`."""
        return names.class_name(key)

    def definition(self, key: str) -> Type:
        """Return the type of the component schema `key`."""
        if key not in self._definitions:
            self._being_read.add(key)
            type_ = self.read(self._schemas[key], Place(self.class_name(key)))
            # A schema that only refers to itself has no type.
            self._definitions[key] = ANY if without_null(type_) == Component(key) else type_
            self._being_read.discard(key)
        return self._definitions[key]

    def component(self, key: str) -> Type:
        """Return the type of a reference to the component schema called `key`."""
        if key in self._being_read:
            null = self._schemas[key].get("nullable") is True
            return either(Component(key), NONE) if null else Component(key)
        definition = self.definition(key)
        plain = without_null(definition)
        nullable = definition != plain
        if any(each == Component(key) for each in walk(plain)):
            return either(Component(key), NONE) if nullable else Component(key)
        match plain:
            case Scalar() | Component() | MapOf():
                return definition
            case Choice() if self.side == "sent":
                return definition
            case _:
                return either(Component(key), NONE) if nullable else Component(key)

    def read(self, schema: Schema, place: Place) -> Type:
        """Return the type of a schema."""
        type_ = self._read(schema, place)
        return either(type_, NONE) if schema.get("nullable") and type_ != ANY else type_

    def _read(self, schema: Schema, place: Place) -> Type:
        if "$ref" in schema:
            return self.component(schema["$ref"])
        if isinstance(title := schema.get("title"), str) and title:
            place = replace(place, title=title)
        if "enum" in schema:
            return Choice(tuple(dict.fromkeys(schema["enum"])))
        options, whole, own = alternatives(schema), parts(schema), properties(schema)
        if options and not own and not whole and not _only_constrain(options):
            return self._alternatives(options, place)
        if whole and not own and (found := self._sole_part(schema, whole, place)) is not None:
            return found
        extra = schema.get("additionalProperties")
        empty = extra is False and schema.get("type") == "object"
        if own or empty or any(self.is_object(part) for part in whole):
            return self._object(schema, place)
        return self._of_kind(schema, place, extra)

    def _of_kind(self, schema: Schema, place: Place, extra: Any) -> Type:
        match schema.get("type"):
            case "array":
                return self._list(schema, place)
            case "object":
                return MapOf(self.read(extra, place.one_of_many()) if extra else ANY)
            case str() as kind:
                return scalar(schema, kind, place, self._formats, self._notes)
            case _:
                if extra := mapping(extra):
                    return MapOf(self.read(extra, place.one_of_many()))
                return self._list(schema, place) if "items" in schema else ANY

    def _list(self, schema: Schema, place: Place) -> Type:
        inner = place.one_of_many()
        given: list[Schema] | None = schema.get("prefixItems")
        if not given:
            return ListOf(self.read(schema.get("items") or {}, inner))
        spelled = [self.read(each, inner.at(str(index))) for index, each in enumerate(given)]
        if schema.get("minItems") == schema.get("maxItems") == len(given):
            return TupleOf(tuple(spelled))
        rest = [self.read(schema["items"], inner)] if "items" in schema else []
        return ListOf(either(*spelled, *rest))

    def _sole_part(self, schema: Schema, whole: list[Schema], place: Place) -> Type | None:
        """Return the type of an `allOf` that adds nothing, or of parts that are not objects."""
        if alternatives(schema) or schema.get("required"):
            return None
        if len(whole) == 1:
            return self.read(whole[0], place)
        if any(self.is_object(part) for part in whole):
            return None
        read = [type_ for part in whole if (type_ := self.read(part, place)) != ANY]
        return read[0] if read else ANY

    def _alternatives(self, schemas: list[Schema], place: Place) -> Type:
        objects = [schema for schema in schemas if self.is_object(schema)]
        options: list[Type] = []
        for schema in schemas:
            # A lone object among texts and numbers needs no name of its own within the union.
            label = self._label(schema, objects, place.root) if len(objects) > 1 else ""
            options.append(self.read(schema, place.at(label) if label else place))
        plain = [option for option in options if option != NONE]
        if self.side == "sent" and plain == [Scalar("float"), Scalar("str")]:
            # What pydantic writes for an argument that is a Decimal.
            options.insert(1, Scalar("decimal"))
        return either(*options)

    def _label(self, schema: Schema, rivals: list[Schema], root: str) -> str:
        """Return a word that distinguishes one alternative from the others."""
        if isinstance(title := schema.get("title"), str) and title:
            return title
        first = next(iter(parts(schema)), schema)
        if "$ref" in first:
            referred = self.class_name(first["$ref"])
            shared = names.common_prefix([referred, root])
            return referred.removeprefix(shared) or referred
        own = properties(self.resolve(schema))
        for node in own.values():
            values = node.get("enum", [])
            if len(values) == 1 and isinstance(values[0], str):
                return values[0]
        others = [rival for rival in rivals if rival is not schema]
        elsewhere = {name for rival in others for name in properties(self.resolve(rival))}
        return next((name for name in own if name not in elsewhere), "")

    def _object(self, schema: Schema, place: Place) -> Type:
        base = self._base(schema)
        own = {**schema, "allOf": parts(schema)[1:]} if base else schema
        fields = self.fields(own, place)
        if base and not fields:
            return base
        if base and self._field_names(base) & set(fields):
            # A field that is declared anew may have another type, which no subclass may give it.
            base, fields = None, self.fields(schema, place)
        extra = schema.get("additionalProperties")
        more = self.read(extra, place.at("extra")) if extra and not base else None
        result = Object(tuple(fields.values()), base, None if more == ANY else more)
        self.places.setdefault(result, []).append(place)
        return result

    def _base(self, schema: Schema) -> Component | None:
        """Return the component that an `allOf` of one reference and further fields extends."""
        whole = parts(schema)
        if not whole or "$ref" not in whole[0] or any("$ref" in part for part in whole[1:]):
            return None
        if whole[0]["$ref"] in self._being_read:
            return None
        type_ = self.component(whole[0]["$ref"])
        if not isinstance(type_, Component) or type_.key in self._being_read:
            return None
        if isinstance(self.definition(type_.key), Object):
            return type_
        return None

    def _field_names(self, base: Component) -> set[str]:
        definition = self.definition(base.key)
        if not isinstance(definition, Object):
            return set()
        inherited = self._field_names(definition.base) if definition.base else set[str]()
        return inherited | {field.wire for field in definition.fields}

    def fields(
        self, schema: Schema, place: Place, path: frozenset[str] = frozenset()
    ) -> dict[str, Field]:
        """Return the fields of an object schema, with those of `allOf` and of alternatives.

        A field that only some alternatives have, or require, is not required.
        """
        if "$ref" not in schema:
            own = self._tags_of(schema) if not place.path else dict[str, tuple[str, ...]]()
            return self._own_fields(schema, place, path, own)
        key = schema["$ref"]
        # An object inside of itself is not expanded again.
        if key in path or key in self._expanded:
            return {}
        self._expanded.add(key)
        try:
            tags = self._literal_tags(key)
            return self._own_fields(self._schemas[key], place, path | {key}, tags)
        finally:
            self._expanded.discard(key)

    def _own_fields(
        self,
        schema: Schema,
        place: Place,
        path: frozenset[str],
        tags: Mapping[str, tuple[str, ...]],
    ) -> dict[str, Field]:
        found: dict[str, Field] = {}
        for part in parts(schema):
            found |= self.fields(part, place, path)
        # A union tells its members apart by their tags, so each has to be sent, default or not.
        required: set[str] = {*schema.get("required", []), *tags}
        for name, node in properties(schema).items():
            whole = self.resolve(node)
            if node.get(self._other_side) is True or whole.get(self._other_side) is True:
                continue
            type_ = self.read(node, place.at(name))
            if name in tags and type_ in (Scalar("str"), ANY):
                type_ = Choice(tags[name])
            found[name] = Field(name, type_, name in required, {**whole, **node})
        found = {
            name: self.required(field) if name in required else field
            for name, field in found.items()
        }
        return self._merge_alternatives(found, schema, place, path)

    def required(self, field: Field) -> Field:
        """Return a field as required."""
        return replace(field, required=True)

    def _merge_alternatives(
        self, found: dict[str, Field], schema: Schema, place: Place, path: frozenset[str]
    ) -> dict[str, Field]:
        options = [
            self.fields(option, place, path)
            for option in alternatives(schema)
            if self.is_object(option)
        ]
        for option in options:
            for name, field in option.items():
                everywhere = all(name in other and other[name].required for other in options)
                known = found.get(name)
                type_ = either(known.type, field.type) if known else field.type
                required = bool(known and known.required) or everywhere
                found[name] = Field(name, type_, required, field.schema)
        return found

    def is_object(self, schema: Schema, path: frozenset[str] = frozenset()) -> bool:
        """Return whether a schema, or an alternative of it, declares fields."""
        if "$ref" in schema:
            if schema["$ref"] in path:
                return False
            path, schema = path | {schema["$ref"]}, self._schemas[schema["$ref"]]
        if properties(schema):
            return True
        return any(self.is_object(part, path) for part in [*parts(schema), *alternatives(schema)])

    def _tags_of(self, schema: Schema) -> Mapping[str, tuple[str, ...]]:
        for key in self._being_read:
            if self._schemas[key] is schema:
                return self._literal_tags(key)
        return {}

    def _literal_tags(self, key: str) -> Mapping[str, tuple[str, ...]]:
        """Return the values of unions' discriminators for this schema, unless it declares them."""
        if self._tags is None:
            self._tags = tags_of([*self._schemas.values(), *self._inline])
        return self._tags.get(key, {})


def _only_constrain(schemas: list[Schema]) -> bool:
    """Return whether alternatives only require fields, and declare none."""
    return all(set(schema) <= {"required", "description", "title"} for schema in schemas)
