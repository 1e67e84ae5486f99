from __future__ import annotations

import pytest

from sdk.codegen.types import NONE, Component, Either, ListOf, Scalar
from tests.codegen.tiny import NUMBER, TEXT, answering, parameter, read_method, record, ref

THING = {"thing": record(a=TEXT), "none": {**record(), "additionalProperties": False}}
THINGS = {"type": "array", "items": ref("thing")}
PAGED = [parameter("per_page", type="integer"), parameter("page", type="integer")]


def response(responses, route="GET /things", **operation):
    return read_method({route: {"responses": responses, **operation}}, THING).response


def test_one_value():
    found = response(answering(ref("thing")))
    assert (found.kind, found.type, found.others) == ("value", Component("thing"), {})


def test_no_content():
    assert response(answering(status=204), "DELETE /things").kind == "none"


def test_an_object_without_fields_is_no_content():
    responses = {**answering(ref("none"), status=201), **answering(status=204)}
    assert response(responses, "PUT /things").kind == "none"


def test_a_get_with_204_or_404_is_a_check():
    found = response({**answering(status=204), **answering(status=404)})
    assert (found.kind, found.type) == ("check", Scalar("bool"))


def test_a_delete_with_204_or_404_is_not_a_check():
    responses = {**answering(status=204), **answering(status=404)}
    assert response(responses, "DELETE /things").kind == "none"


def test_a_redirect_without_other_success_is_a_file():
    found = response(answering(status=302))
    assert (found.kind, found.type) == ("file", Scalar("bytes"))


def test_text():
    responses = {"200": {"description": "", "content": {"text/html": {"schema": TEXT}}}}
    assert response(responses).type == Scalar("str")


def test_a_value_or_nothing():
    found = response({**answering(ref("thing")), **answering(status=204)})
    assert found.type == Either((Component("thing"), NONE))
    assert found.body == Component("thing")
    assert found.others == {204: NONE}


def test_two_shapes_by_status():
    found = response({**answering(ref("thing")), **answering(TEXT, status=202)}, "POST /things")
    assert found.type == Either((Component("thing"), Scalar("str")))
    assert found.others == {202: Scalar("str")}


def test_an_object_without_fields_at_202_is_no_content():
    responses = {**answering(THINGS), **answering({"type": "object"}, status=202)}
    assert response(responses).others == {202: NONE}


@pytest.mark.parametrize("name", ["page", "per_page", "cursor", "after", "before"])
def test_a_list_with_a_page_parameter_is_paged(name):
    found = response(answering(THINGS), parameters=[parameter(name)])
    assert (found.kind, found.type, found.items) == ("pages", Component("thing"), None)
    assert found.body == ListOf(Component("thing"))


def test_a_list_with_a_link_header_is_paged():
    assert response(answering(THINGS, headers=["Link"])).kind == "pages"


def test_a_list_without_pages_is_a_list():
    found = response(answering(THINGS))
    assert (found.kind, found.type) == ("value", ListOf(Component("thing")))


def test_a_paged_list_can_have_an_empty_response():
    found = response({**answering(THINGS), **answering(status=204)}, parameters=PAGED)
    assert (found.kind, found.others) == ("pages", {204: NONE})


def test_a_wrapped_list_is_paged_under_its_key():
    found = response(answering(record(total_count=NUMBER, things=THINGS)), parameters=PAGED)
    assert (found.kind, found.type, found.items) == ("pages", Component("thing"), "things")


def test_a_wrapped_list_with_nothing_but_a_count_needs_no_page_parameter():
    assert response(answering(record(total_count=NUMBER, things=THINGS))).items == "things"


def test_an_object_with_a_list_and_other_fields_is_a_value():
    found = response(answering(record(name=TEXT, total_count=NUMBER, things=THINGS)))
    assert found.kind == "value"


def test_an_object_with_two_lists_is_a_value():
    found = response(answering(record(things=THINGS, others=THINGS)), parameters=PAGED)
    assert found.kind == "value"


def test_search_results_are_under_items():
    schema = record(total_count=NUMBER, items=THINGS, reasons={"type": "array", "items": TEXT})
    assert response(answering(schema), parameters=PAGED).items == "items"


def test_a_union_of_two_lists_is_one_list():
    stars = {"type": "array", "items": TEXT}
    found = response(answering({"anyOf": [THINGS, stars]}), parameters=PAGED)
    assert found.type == Either((Component("thing"), Scalar("str")))


def test_only_a_get_is_paged():
    found = response(answering(THINGS), "POST /things", parameters=PAGED)
    assert found.kind == "value"
