from __future__ import annotations

import json
import sys

import pytest

from codegen import __main__ as command
from codegen import output
from codegen.emit_models import HEADER

MADE = f"{HEADER}x = 1\n"


def test_files_are_formatted_and_their_imports_sorted():
    made = output.formatted({"a/b.py": "from sdk import z\nimport os\nx = os , z"})
    assert made == {"a/b.py": "import os\n\nfrom sdk import z\n\nx = os, z\n"}


def test_stale_files_are_deleted_and_handwritten_files_stay(tmp_path):
    owned = tmp_path / "owned"
    owned.mkdir()
    (owned / "old.py").write_text(MADE)
    (owned / "by_hand.py").write_text("y = 2\n")
    output.write({"owned/new.py": MADE}, tmp_path, ["owned"])
    assert {path.name for path in owned.iterdir()} == {"new.py", "by_hand.py"}


def test_differences_are_named(tmp_path):
    (tmp_path / "owned").mkdir()
    (tmp_path / "owned/old.py").write_text(MADE)
    (tmp_path / "owned/same.py").write_text(MADE)
    (tmp_path / "owned/other.py").write_text(MADE + "z = 3\n")
    files = {f"owned/{name}.py": MADE for name in ("same", "other", "new")}
    assert output.differences(files, tmp_path, ["owned"]) == [
        "owned/other.py is out of date",
        "owned/new.py is missing",
        "owned/old.py is left over",
    ]


@pytest.fixture
def run(tmp_path, monkeypatch):
    path = tmp_path / "tiny.json"
    path.write_text(json.dumps({"paths": {}}))

    def run(*arguments):
        words = ["codegen", "--source", str(path), "--out", str(tmp_path), *arguments]
        monkeypatch.setattr(sys, "argv", words)
        return command.main()

    return run


def test_check_passes_after_writing_and_fails_after_a_change(run, tmp_path, capsys):
    assert run("--check") == 1
    assert "is missing" in capsys.readouterr().out
    assert run() == 0
    assert "0 operations" in capsys.readouterr().out
    assert run("--check") == 0
    (tmp_path / "sdk/resources/__init__.py").write_text(MADE)
    assert run("--check") == 1


def test_a_missing_source_is_reported_in_one_line(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["codegen", "--source", "none.json"])
    assert command.main() == 2
    assert capsys.readouterr().err == "codegen: none.json is not a file\n"
