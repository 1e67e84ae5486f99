from __future__ import annotations

import pytest

from codegen.description import normal
from codegen.schemas import Reader
from sdk.codegen.places import Place
from sdk.codegen.types import (
    ANY,
    NONE,
    Choice,
    Component,
    Either,
    Field,
    ListOf,
    MapOf,
    Object,
    Scalar,
    either,
)
from tests.codegen.tiny import NUMBER, TEXT, described, read_type, record, ref


@pytest.mark.parametrize(
    ("schema", "type_"),
    [
        (TEXT, Scalar("str")),
        (NUMBER, Scalar("int")),
        ({"type": "number"}, Scalar("float")),
        ({"type": "boolean"}, Scalar("bool")),
        ({"type": "string", "format": "date-time"}, Scalar("datetime")),
        ({"type": "string", "format": "date"}, Scalar("date")),
        ({"type": "string", "format": "binary"}, Scalar("bytes")),
        ({"type": "string", "format": "uri"}, Scalar("str")),
        ({}, ANY),
        ({"type": "array", "items": TEXT}, ListOf(Scalar("str"))),
        ({"type": "array"}, ListOf(ANY)),
        ({"type": "object"}, MapOf(ANY)),
        ({"type": "object", "additionalProperties": NUMBER}, MapOf(Scalar("int"))),
        ({"type": "object", "properties": {}, "additionalProperties": True}, MapOf(ANY)),
        ({"type": "object", "properties": {}, "additionalProperties": False}, Object(())),
    ],
)
def test_plain_schemas(schema, type_):
    assert read_type(schema) == type_


def test_nullable_adds_null():
    assert read_type({"type": "string", "nullable": True}) == Either((Scalar("str"), NONE))


def test_null_in_an_enum_occurs_once():
    schema = {"type": "string", "enum": ["a", None], "nullable": True}
    assert read_type(schema) == Choice(("a", None))


def test_an_object_has_its_required_fields():
    assert read_type(record("a", a=TEXT, b=NUMBER)) == Object(
        (Field("a", Scalar("str"), required=True), Field("b", Scalar("int"), required=False))
    )


def test_fields_may_be_called_like_keywords_of_schemas():
    schema = record(**{"$ref": TEXT, "oneOf": NUMBER, "additionalProperties": TEXT})
    assert [field.wire for field in read_type(schema).fields] == [
        "$ref",
        "oneOf",
        "additionalProperties",
    ]


def test_objects_of_the_same_structure_are_equal():
    assert read_type(record(a={**TEXT, "description": "x"})) == read_type(record(a=TEXT))


def test_a_scalar_component_is_resolved():
    assert read_type(ref("url"), {"url": {"type": "string", "format": "uri"}}) == Scalar("str")


def test_a_component_that_is_an_object_stays_a_reference():
    assert read_type(ref("user"), {"user": record(a=TEXT)}) == Component("user")


def test_choices_are_resolved_on_request():
    description = described(schemas={"state": {"type": "string", "enum": ["on", "off"]}})
    place = Place("Thing")
    assert Reader(description).read(normal(ref("state")), place) == Component("state")
    spelled = Reader(description, spell_choices=True).read(normal(ref("state")), place)
    assert spelled == Choice(("on", "off"))


def test_a_nullable_component_is_nullable_where_it_is_used():
    schemas = {"kind": {**record(a=TEXT), "nullable": True}}
    assert read_type(ref("kind"), schemas) == Either((Component("kind"), NONE))


def test_a_list_of_a_nullable_component_holds_no_nulls():
    schemas = {"kind": {**record(a=TEXT), "nullable": True}}
    assert read_type({"type": "array", "items": ref("kind")}, schemas) == ListOf(Component("kind"))


def test_the_nullable_copy_of_a_component_is_that_component():
    schemas = {"user": record(a=TEXT), "nullable-user": {**record(a=TEXT), "nullable": True}}
    assert read_type(ref("nullable-user"), schemas) == Either((Component("user"), NONE))


def test_a_nullable_schema_that_differs_is_its_own():
    schemas = {"user": record(a=TEXT), "nullable-user": {**record(b=TEXT), "nullable": True}}
    assert read_type(ref("nullable-user"), schemas) == Either((Component("nullable-user"), NONE))


def test_a_schema_may_refer_to_itself():
    schemas = {"tree": record(children={"type": "array", "items": ref("tree")})}
    reader = Reader(described(schemas=schemas))
    assert reader.component("tree") == Component("tree")
    assert reader.definition("tree") == Object(
        (Field("children", ListOf(Component("tree")), required=False),)
    )


def test_alternatives_become_a_union():
    schemas = {"a": record(x=TEXT), "b": record(y=TEXT)}
    for word in ("oneOf", "anyOf"):
        union = {word: [ref("a"), ref("b")]}
        assert read_type(union, schemas) == Either((Component("a"), Component("b")))


def test_a_discriminator_is_not_needed():
    schemas = {"a": record(x=TEXT), "b": record(y=TEXT)}
    union = {"oneOf": [ref("a"), ref("b")], "discriminator": {"propertyName": "kind"}}
    assert read_type(union, schemas) == Either((Component("a"), Component("b")))


def test_all_of_one_schema_is_that_schema():
    schemas = {"a": record(x=TEXT)}
    assert read_type({"allOf": [ref("a")], "nullable": True}, schemas) == Either(
        (Component("a"), NONE)
    )


def test_all_of_a_reference_and_more_extends_it():
    schemas = {"a": record(x=TEXT)}
    more = {"allOf": [ref("a"), record("y", y=NUMBER)]}
    assert read_type(more, schemas) == Object(
        (Field("y", Scalar("int"), required=True),), base=Component("a")
    )


def test_all_of_with_a_redeclared_field_is_written_out():
    schemas = {"a": record(x=TEXT)}
    more = {"allOf": [ref("a"), record(x=NUMBER)]}
    assert read_type(more, schemas) == Object((Field("x", Scalar("int"), required=False),))


def test_alternatives_that_only_require_fields_change_nothing():
    schema = {**record(a=TEXT, b=TEXT), "anyOf": [{"required": ["a"]}, {"required": ["b"]}]}
    assert read_type(schema) == read_type(record(a=TEXT, b=TEXT))


def test_fields_beside_alternatives_are_merged_with_theirs():
    schema = {
        **record("a", a=TEXT),
        "oneOf": [record("b", "c", b=TEXT, c=TEXT), record("c", c=TEXT)],
    }
    assert read_type(schema) == read_type(record("a", "c", a=TEXT, b=TEXT, c=TEXT))


def test_a_union_is_flat_and_has_no_duplicates():
    text, number = Scalar("str"), Scalar("int")
    assert either(text, Either((number, NONE)), text) == Either((text, number, NONE))
    assert either(text) == text
    assert either(NONE, NONE) == NONE
    assert either(text, ANY) == ANY
    assert either(Choice(("a",)), Choice(("b",)), text) == Either((Choice(("a", "b")), text))
