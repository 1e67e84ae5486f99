from __future__ import annotations

import json
import sys

from codegen import __main__ as command
from codegen import report, source
from tests.codegen.tiny import NUMBER, TEXT, answering, described, parameter, record, ref


def surface(operations, schemas=None):
    return report.surface(described(operations, schemas).document)


def compare(old, new):
    lines = report.compare(old, new)
    return [line.strip() for line in lines if line and not line.endswith(": 0")]


def thing(**fields):
    return {"thing": record("a", **fields)}


GET = {"operationId": "things/get", "responses": answering(ref("thing"))}


def test_operations_that_come_and_go():
    old = surface({"GET /a": GET, "GET /b": {"operationId": "things/list"}}, thing(a=TEXT))
    new = surface({"GET /a": GET, "GET /c": {"operationId": "things/find"}}, thing(a=TEXT))
    assert compare(old, new) == [
        "## Operations added: 1",
        "things/find (sdk.things.find)",
        "## Operations removed: 1",
        "things/list (sdk.things.list)",
    ]


def test_fields_and_arguments_that_change():
    old = surface({"GET /a": GET}, thing(a=TEXT, b=TEXT))
    changed = {**GET, "parameters": [parameter("q", type="integer")]}
    new = surface({"GET /x": changed}, thing(a=NUMBER, c=TEXT))
    assert compare(old, new) == [
        "## Operations changed: 1",
        "things/get",
        "+ q: int (optional)",
        "~ route: GET /a -> GET /x",
        "## Models changed: 1",
        "Thing",
        "+ c: str (optional)",
        "- b: str (optional)",
        "~ a: str -> int",
    ]


def test_public_names_that_change():
    operations = {"GET /b": {"operationId": "others/get", "tags": ["things"]}}
    old = surface(operations)
    rival = {"GET /c": {"operationId": "more/get", "tags": ["things"]}}
    new = surface({**operations, **rival})
    assert "sdk.things.get -> sdk.things.others_get" in compare(old, new)


def test_the_command_reports_and_writes_nothing(monkeypatch, capsys, tmp_path):
    for name in ("old", "new"):
        (tmp_path / f"{name}.json").write_text(json.dumps({"paths": {}}))
    old, new = str(tmp_path / "old.json"), str(tmp_path / "new.json")
    words = ["codegen", "--update", new, "--since", old, "--report", "--out", str(tmp_path / "out")]
    monkeypatch.setattr(sys, "argv", words)
    assert command.main() == 0
    assert "## Operations added: 0" in capsys.readouterr().out
    assert not (tmp_path / "out").exists()


def test_the_new_version_is_pinned_with_its_hash(monkeypatch, tmp_path):
    package = tmp_path / "package.tgz"
    package.write_bytes(b"content")
    module = tmp_path / "source.py"
    module.write_text('VERSION = "1.0.0"\nINTEGRITY = "sha512-old"  # noqa: E501\n')
    monkeypatch.setattr(source, "_downloaded", lambda _version: package)
    source.pin("2.0.0", module)
    pinned = {}
    exec(module.read_text(), pinned)  # noqa: S102  it is our own output
    assert pinned["VERSION"] == "2.0.0"
    source.check_integrity(b"content", pinned["INTEGRITY"])
