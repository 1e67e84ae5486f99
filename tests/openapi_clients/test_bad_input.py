"""What is no description, or a strange one: one clear error or a note each, and nothing written."""

import json

import pytest

from sdk.codegen.__main__ import main
from sdk.codegen.loading import check_document, parse
from sdk.codegen.normal import normalised
from sdk.codegen.notes import CodegenError
from tests.openapi_clients.made import client_of, described, get, imported

yaml = pytest.importorskip("yaml")


def run(tmp_path, *arguments):
    return main([*map(str, arguments), "--package", "made", "--root", str(tmp_path)])


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("[1, 2]", "holds no OpenAPI description, but a list"),
        ('{"a": 1}', "has neither 'openapi' nor 'swagger'"),
        ('{"openapi": "4.0"}', "is of OpenAPI 4.0"),
        ("{", "is not JSON"),
        ("", "holds no OpenAPI description, but nothing"),
        ("a: [", "neither JSON nor YAML"),
        ("[" * 10_000, "nested too deeply"),
    ],
)
def test_something_that_is_not_a_description_is_refused(content, told, tmp_path, capsys):
    source = tmp_path / "d.json" if content[:1] in {"{", "["} else tmp_path / "d.yaml"
    source.write_text(content)
    assert run(tmp_path, source) == 2
    assert told in capsys.readouterr().err
    assert not (tmp_path / "made").exists()


def test_a_missing_file_app_or_source_is_refused(tmp_path, capsys):
    assert run(tmp_path, "nothing.json") == 2
    assert "is not a file, an http(s) address or an app" in capsys.readouterr().err
    assert run(tmp_path, "no_such_module:app") == 2
    assert "cannot be imported: ModuleNotFoundError" in capsys.readouterr().err
    assert main(["--root", str(tmp_path)]) == 2
    assert "Pass a source and --package" in capsys.readouterr().err
    assert main(["x.json", "--root", str(tmp_path)]) == 2
    assert "Say which package" in capsys.readouterr().err


def test_an_anchor_bomb_is_refused():
    lines = ["openapi: 3.0.0", "a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    with pytest.raises(CodegenError, match="nodes when its YAML aliases are expanded"):
        parse("\n".join(lines).encode(), "bomb", yaml=True)
    with pytest.raises(CodegenError, match="alias that contains itself"):
        parse(b"a: &a\n  b: *a\n", "loop", yaml=True)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("x: 0x" + "f" * 5000, "a number of more than 4,000 digits"),
        ("x: !!binary aGk=", "neither JSON nor YAML: could not determine a constructor"),
        ("x: !!set {a, b}", "neither JSON nor YAML: could not determine a constructor"),
        ("x: !!python/object/apply:os.abort []", "could not determine a constructor"),
    ],
)
def test_yaml_beyond_json_is_refused(content, told):
    with pytest.raises(CodegenError, match=told):
        parse(content.encode(), "d", yaml=True)


def test_yaml_dates_and_numbers_are_read_as_in_json():
    document = check_document(
        parse(b"openapi: 3.0.0\npaths: {}\nx: 2026-01-01\nresponses: {200: {}}", "d", yaml=True),
        "d",
    )
    assert document["x"] == "2026-01-01"


@pytest.mark.parametrize(
    ("reference", "note"),
    [
        ("https://evil.example/schema.json", "references to the network are not followed"),
        ("#/components/schemas/Missing", "references that lead nowhere"),
        ("../../etc/passwd", "references to other files need a description in a file"),
        (5, "references that are not strings"),
    ],
)
def test_references_that_cannot_be_followed_are_noted(reference, note):
    made = client_of(described({"/x": get({"$ref": reference})}))
    assert note in "\n".join(made.summary())


def test_a_pasted_schema_keeps_its_own_definitions(tmp_path):
    pasted = {
        "title": "Order",
        "type": "object",
        "$defs": {
            "Item": {"type": "object", "properties": {"sku": {"type": "string"}}},
            "Known": {"type": "object", "properties": {"id": {"type": "integer"}}},
        },
        "properties": {"item": {"$ref": "#/$defs/Item"}, "known": {"$ref": "#/$defs/Known"}},
    }
    schemas = {"Item": {"type": "string"}, "Known": pasted["$defs"]["Known"]}
    paths = {
        "/x": get(pasted, operationId="fetch"),
        "/y": get({"$ref": "#/components/schemas/Known"}),
    }
    made = client_of(described(paths, schemas))
    assert made.document.notes.lines() == []
    _, models = imported(described(paths, schemas), tmp_path)
    order = models.RootFetchResponse.model_validate({"item": {"sku": "a"}, "known": {"id": 1}})
    assert order.item.sku == "a"
    assert type(order.known) is models.Known


def test_files_beside_the_description_are_read_and_no_others(tmp_path):
    folder = tmp_path / "api"
    folder.mkdir()
    (tmp_path / "secret.json").write_text('{"type": "string"}')
    (folder / "pets.yaml").write_text("Pet: {type: object, properties: {name: {type: string}}}")
    document = normalised(
        described({"/x": get({"$ref": "pets.yaml#/Pet"}), "/y": get({"$ref": "../secret.json"})}),
        folder,
    )
    assert "Pet" in document.schemas
    assert "outside the description's folder" in "\n".join(document.notes.lines())


def test_circular_references_end(tmp_path):
    schemas = {
        "A": {"$ref": "#/components/schemas/B"},
        "B": {"$ref": "#/components/schemas/A"},
        "Self": {"allOf": [{"$ref": "#/components/schemas/Self"}, {"properties": {"a": {"type": "string"}}}]},
        "Tree": {"type": "object", "properties": {"children": {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}}}},
        "Json": {"anyOf": [{"type": "string"}, {"type": "array", "items": {"$ref": "#/components/schemas/Json"}},
                           {"type": "object", "additionalProperties": {"$ref": "#/components/schemas/Json"}}]},
    }  # fmt: skip
    paths = {f"/{key}": get({"$ref": f"#/components/schemas/{key}"}) for key in schemas}
    _, models = imported(described(paths, schemas), tmp_path)
    tree = models.Tree.model_validate({"children": [{"children": []}]})
    assert tree.children[0].children == []


def test_names_that_differ_only_in_case_or_style_stay_separate(tmp_path):
    pet = {"type": "object", "properties": {"a": {"type": "string"}}}
    schemas = {
        "pet_item": pet,
        "PetItem": {**pet, "properties": {"b": {"type": "string"}}},
        "petitem": pet,
    }
    paths = {f"/{key}": get({"$ref": f"#/components/schemas/{key}"}) for key in schemas}
    _, models = imported(described(paths, schemas), tmp_path)
    names = {name for name in vars(models) if name.lower().startswith("petitem")}
    assert len(names) == 3


def test_attributes_of_the_client_are_not_replaced(tmp_path):
    paths = {
        "/a": get({"type": "string"}, tags=["request"], operationId="close"),
        "/b": get({"type": "string"}, tags=["session"], operationId="import"),
        "/c": get({"type": "string"}, tags=["tiny"], operationId="list"),
    }
    client_class, _ = imported(described(paths), tmp_path)
    client = client_class()
    assert callable(client.request)
    assert callable(client.request_.close)
    assert callable(client.session_.import_)
    assert callable(client.tiny.list)


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ('package = "a"\nsource = "b"\nclas = "X"', "unknown keys: clas"),
        ('package = "a b"\nsource = "b"', "package must be a dotted name"),
        ('package = "a.class"\nsource = "b"', "package must be a dotted name"),
        ('package = "sdk"\nsource = "b"', "Write another name, such as app.clients.sdk."),
        ('package = "json.b"\nsource = "b"', "a package in 'json' would hide the 'json'"),
        ('package = "a"\nsource = "b"\ntimes = "never"', "times must be one of"),
        (
            'package = "a"\nsource = "b"\nformats = {x = "os.system"}',
            "must be a class as module:Class",
        ),
        ('package = "a"', "needs package and source"),
    ],
)
def test_invalid_settings_are_refused(table, told, tmp_path, capsys):
    (tmp_path / "pyproject.toml").write_text(f"[[tool.sdk-codegen.client]]\n{table}\n")
    assert main(["--root", str(tmp_path)]) == 2
    assert told in capsys.readouterr().err


def test_a_client_in_single_brackets_is_refused(tmp_path, capsys):
    text = '[tool.sdk-codegen.client]\npackage = "a"\nsource = "b"\n'
    (tmp_path / "pyproject.toml").write_text(text)
    assert main(["--root", str(tmp_path)]) == 2
    assert "with two brackets" in capsys.readouterr().err


def test_a_hand_written_file_is_not_overwritten(tmp_path, capsys):
    source = tmp_path / "d.json"
    source.write_text(json.dumps(described({"/x": get({"type": "string"})})))
    (tmp_path / "made").mkdir()
    (tmp_path / "made" / "client.py").write_text("mine = True\n")
    assert run(tmp_path, source) == 2
    assert "was not written by the generator" in capsys.readouterr().err
    assert sorted(path.name for path in (tmp_path / "made").iterdir()) == ["client.py"]


def test_strict_refuses_what_was_left_out(tmp_path, capsys):
    source = tmp_path / "d.json"
    source.write_text(json.dumps(described({"/x": get({"$ref": "#/nowhere"})})))
    assert run(tmp_path, source, "--strict") == 2
    assert "--strict: references that lead nowhere" in capsys.readouterr().err
