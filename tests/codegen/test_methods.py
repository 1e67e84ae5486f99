from __future__ import annotations

from codegen.methods import method_names
from sdk.codegen.types import Choice, Either, ListOf, MapOf, Scalar
from tests.codegen.tiny import (
    NUMBER,
    TEXT,
    answering,
    described,
    parameter,
    read_method,
    record,
    taking,
)


def arguments(operation, route="POST /things"):
    found = read_method({route: {"responses": answering(status=204), **operation}})
    return {
        argument.name: (argument.place, argument.required, argument.type)
        for argument in found.arguments
    }


def test_path_parameters_come_in_the_order_of_the_path():
    found = read_method(
        {
            "GET /{owner}/{repo}": {
                "parameters": [parameter("repo", "path"), parameter("owner", "path")]
            }
        }
    )
    assert [argument.name for argument in found.arguments] == ["owner", "repo"]


def test_required_arguments_come_first():
    body = taking(record("b", a=TEXT, b=TEXT))
    assert list(arguments({"requestBody": body})) == ["b", "a"]


def test_query_parameters():
    found = arguments({"parameters": [parameter("state", enum=["on", "off"])]}, "GET /things")
    assert found == {"state": ("query", False, Choice(("on", "off")))}


def test_a_query_parameter_has_no_null():
    found = arguments({"parameters": [parameter("q", type="string", nullable=True)]}, "GET /things")
    assert found["q"] == ("query", False, Scalar("str"))


def test_a_string_or_a_list_of_strings():
    schema = {"oneOf": [TEXT, {"type": "array", "items": TEXT}]}
    found = arguments({"parameters": [parameter("ids", "query", **schema)]}, "GET /things")
    assert found["ids"][2] == Either((Scalar("str"), ListOf(Scalar("str"))))


def test_the_fields_of_a_body_are_arguments():
    found = arguments({"requestBody": taking(record("title", title=TEXT, number=NUMBER))})
    assert found == {
        "title": ("field", True, Scalar("str")),
        "number": ("field", False, Scalar("int")),
    }


def test_a_delete_can_have_a_body():
    found = arguments({"requestBody": taking(record(names=TEXT))}, "DELETE /things")
    assert found["names"][0] == "field"


def test_alternatives_of_a_body_are_merged():
    body = taking({"oneOf": [record("a", "b", a=TEXT, b=TEXT), record("a", a=TEXT)]})
    assert {name: found[1] for name, found in arguments({"requestBody": body}).items()} == {
        "a": True,
        "b": False,
    }


def test_a_bare_list_is_a_shorthand_for_the_one_field():
    labels = {"type": "array", "items": TEXT}
    found = arguments({"requestBody": taking({"oneOf": [record(labels=labels), labels, TEXT]})})
    assert found == {"labels": ("field", False, ListOf(Scalar("str")))}


def test_a_map_is_the_whole_body():
    found = arguments({"requestBody": taking({"type": "object", "additionalProperties": NUMBER})})
    assert found == {"data": ("body", True, MapOf(Scalar("int")))}


def test_a_top_level_list_is_the_whole_body_with_its_declared_name():
    operation = {
        "requestBody": taking({"type": "array", "items": TEXT}),
        "x-github": {"requestBodyParameterName": "contexts"},
    }
    assert arguments(operation) == {"contexts": ("body", True, ListOf(Scalar("str")))}


def test_text_and_files_are_required_whole_bodies():
    body = taking({"type": "string", "format": "binary"}, media="image/png", required=False)
    found = read_method({"POST /things": {"requestBody": body}})
    assert found.media == "image/png"
    argument = found.arguments[0]
    assert (argument.place, argument.required, argument.type) == ("body", True, Scalar("bytes"))


def test_the_media_type_of_a_file_is_an_argument():
    body = taking({"type": "string", "format": "binary"}, media="application/octet-stream")
    found = read_method({"POST /things": {"requestBody": body}})
    argument = found.arguments[1]
    assert (argument.name, argument.wire) == ("content_type", "content-type")
    assert (argument.place, argument.required, argument.type) == ("header", False, Scalar("str"))


def test_a_field_with_the_name_of_a_path_parameter_gets_a_new_name():
    found = read_method(
        {
            "PATCH /things/{name}": {
                "parameters": [parameter("name", "path")],
                "requestBody": taking(record(name=TEXT)),
            }
        }
    )
    assert [(argument.name, argument.wire) for argument in found.arguments] == [
        ("name", "name"),
        ("new_name", "name"),
    ]


def test_two_operations_of_one_class_with_the_same_name():
    description = described(
        {
            "GET /a": {"operationId": "things/list"},
            "GET /b": {"operationId": "other-things/list"},
            "GET /c": {"operationId": "other-things/get-odd"},
        }
    )
    assert method_names(description.operations) == {
        "things/list": "list",
        "other-things/list": "other_things_list",
        "other-things/get-odd": "get_odd",
    }
