from __future__ import annotations

from codegen import emit_versions, versions
from tests.codegen.tiny import NUMBER, TEXT, answering, parameter, record, ref, taking, written

NEWEST = "2026-03-10"


def change(patch, changeset="deprecate_cvss"):
    return [{"version": NEWEST, "changeset": changeset, "patch": patch}]


def schema(patch, **node):
    return {
        **record("a", "b", a=TEXT, b=NUMBER),
        **node,
        "x-github-breaking-changes": change(patch),
    }


def merged(node):
    return versions.merged({"node": node})["node"]


def test_a_removed_field_is_optional_and_marked():
    found = merged(schema({"properties": {"a": None}, "required": ["b"]}))
    assert found["properties"]["a"] == {**TEXT, "x-removed": NEWEST}
    assert found["required"] == ["b"]


def test_a_json_patch_is_applied_in_order():
    patch = [
        {"op": "remove", "path": "/properties/a"},
        {"op": "remove", "path": "/required/0"},
        {"op": "replace", "path": "/properties/b", "value": TEXT},
    ]
    found = merged(schema(patch))
    assert found["required"] == ["b"]
    assert found["properties"]["b"] == NUMBER


def test_the_alternatives_of_a_schema_are_merged_one_by_one():
    alternatives = [record("a", "b", a=TEXT, b=TEXT), record("a", a=TEXT)]
    patch = [
        {"op": "remove", "path": "/oneOf/0/properties/a"},
        {"op": "remove", "path": "/oneOf/0/required/0"},
    ]
    for key in ("oneOf", "anyOf", "allOf"):
        renamed = [{**step, "path": step["path"].replace("oneOf", key)} for step in patch]
        first, second = merged({key: alternatives, "x-github-breaking-changes": change(renamed)})[
            key
        ]
        assert first["required"] == ["b"]
        assert first["properties"]["a"] == {**TEXT, "x-removed": NEWEST}
        assert second == alternatives[1]


def test_several_changes_of_one_schema_build_on_each_other():
    node = record("a", "b", a=TEXT, b=TEXT)
    first = {"properties": {"a": None}, "required": ["b"]}
    second = [{"op": "remove", "path": "/required/0"}]
    node["x-github-breaking-changes"] = change(first) + change(second)
    assert merged(node)["required"] == []


def test_values_and_null_are_those_of_all_versions():
    node = record(kind={"type": "string", "enum": ["x", "y"], "nullable": True})
    patch = {"properties": {"kind": {"enum": ["x"], "nullable": False}}}
    node["x-github-breaking-changes"] = change(patch)
    kind = merged(node)["properties"]["kind"]
    assert (kind["enum"], kind["nullable"]) == (["x", "y"], True)


def test_statuses_and_types_are_those_of_all_versions():
    node = {
        "responses": {**answering(status=204), **answering(ref("old"))},
        "x-github-breaking-changes": change(
            {
                "responses": {
                    "202": {"description": ""},
                    "204": None,
                    "200": {"content": {"application/json": {"schema": ref("new")}}},
                }
            }
        ),
    }
    responses = merged(node)["responses"]
    assert responses.keys() == {"200", "202", "204"}
    content = responses["200"]["content"]["application/json"]["schema"]
    assert content == {"anyOf": [ref("old"), ref("new")]}


def test_models_methods_and_the_guide_tell_what_changed():
    operations = {
        "POST /things": {
            "operationId": "things/create",
            "requestBody": taking(record(old=TEXT)),
            "responses": answering(ref("thing")),
            "x-github-breaking-changes": change(
                {
                    "requestBody": {
                        "content": {"application/json": {"schema": {"properties": {"old": None}}}}
                    }
                },
                "remove_team_permission",
            ),
        },
        "GET /others": {"operationId": "others/get", "parameters": [parameter("q")]},
    }
    schemas = {"thing": schema({"properties": {"a": None}, "required": ["b"]})}
    files = written(operations, schemas)
    model = files["sdk/models/thing.py"]
    assert f"Not sent since {NEWEST}: ``a``." in model
    assert "a: str | None = None" in model
    assert f"old: not accepted since {NEWEST}." in files["sdk/resources/things.py"]
    table = {}
    exec(files["sdk/resources/_changes.py"], table)  # noqa: S102  it is our own output
    assert table["TEXTS"] == (f"{NEWEST} Thing: a is not sent", f"{NEWEST} old is not accepted")
    assert table["CHANGES"] == {"things/create": "0 1"}
    guide = files["docs/reference/api-versions.md"]
    assert f"The 2 changes of `{NEWEST}`" in guide
    assert "| `things.create` | old is not accepted |" in guide


def test_a_set_of_changes_without_a_text_is_listed():
    document = {"a": schema({"properties": {"a": None}})}
    assert emit_versions.missing(document) == []
    document["b"] = {"x-github-breaking-changes": change({}, "something_new")}
    assert emit_versions.missing(document) == ["something_new"]
