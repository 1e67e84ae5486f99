"""The public face: what it exports, and what importing it costs."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import sdk
import sdk.transport

FACES = [sdk, sdk.transport]


def declared(module):
    """Name what of ours the module imports, at all or for type checkers."""
    tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
    blocks = [
        node.body
        for node in tree.body
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
    ]
    ours = [
        node
        for node in [*tree.body, *(blocks[0] if blocks else ())]
        if isinstance(node, ast.ImportFrom)
        and node.module != "sdk.lazy_exports"
        and (node.level or str(node.module).startswith("sdk."))
    ]
    return {alias.asname or alias.name for node in ours for alias in node.names}


def modules_after(code):
    """Run code in a process of its own and give the modules that it loaded."""
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys\nprint(*sys.modules, sep='\\n')"],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.split())


@pytest.mark.parametrize("face", FACES, ids=lambda face: face.__name__)
def test_what_is_exported_is_what_type_checkers_see(face):
    assert set(face.__all__) == declared(face)


@pytest.mark.parametrize("face", FACES, ids=lambda face: face.__name__)
def test_exported_names_are_in_order_and_only_once(face):
    # ruff's order: constants, then classes, then functions.
    def kind(name):
        return (not name.isupper(), not name[0].isupper(), name)

    assert face.__all__ == sorted(set(face.__all__), key=kind)


@pytest.mark.parametrize("name", sdk.__all__)
def test_every_exported_name_is_there(name):
    assert getattr(sdk, name) is not None
    assert name in dir(sdk)


def test_a_name_that_is_not_exported_is_an_attribute_error():
    with pytest.raises(AttributeError, match="has no attribute 'Skd'"):
        _ = sdk.Skd


def test_a_star_import_binds_exactly_the_exported_names():
    names: dict[str, object] = {}
    exec("from sdk import *", names)  # noqa: S102  a star import works at a module's top only
    assert set(names) - {"__builtins__"} == set(sdk.__all__)


def test_importing_loads_nothing_else():
    modules = modules_after("import sdk")
    assert {name for name in modules if name.startswith("sdk")} == {"sdk", "sdk.lazy_exports"}
    assert not {"httpx", "httpx2", "httpcore2", "pydantic", "tenacity"} & modules


def test_importing_the_client_loads_no_resource_no_model_and_no_http_library():
    modules = modules_after("from sdk import Sdk, NotFound\nSdk()")
    ours = {name for name in modules if name.startswith(("sdk.resources.", "sdk.models"))}
    assert ours == set()
    assert not {"httpx", "httpx2", "httpcore", "httpcore2", "h2", "aiohttp"} & modules


def test_importing_reads_no_token():
    code = "import os\nos.environ['GITHUB_TOKEN'] = 'bad token\\n'\nfrom sdk import Sdk\nSdk()"
    assert "sdk.client" in modules_after(code)
