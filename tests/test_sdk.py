"""What importing the packages binds and loads."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import sdk
import sdk.transport

PACKAGES = [sdk, sdk.transport]


def declared(module):
    """Return the names of ours that a module imports, also for type checkers only."""
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
    """Run code in a new process and return the modules that it loaded."""
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys\nprint(*sys.modules, sep='\\n')"],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.split())


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.__name__)
def test_what_is_exported_is_what_type_checkers_see(package):
    assert set(package.__all__) == declared(package)


def test_a_star_import_binds_exactly_the_exported_names():
    names: dict[str, object] = {}
    exec("from sdk import *", names)  # noqa: S102  a star import works at a module's top only
    assert set(names) - {"__builtins__"} == set(sdk.__all__)


def test_importing_loads_nothing_else():
    modules = modules_after("import sdk")
    assert {name for name in modules if name.startswith("sdk")} == {"sdk", "sdk.lazy_exports"}
    assert not {"httpx", "httpx2", "httpcore2", "pydantic", "tenacity"} & modules


def test_importing_the_client_loads_no_resource_no_model_no_pydantic_and_no_http_library():
    modules = modules_after("from sdk import Sdk, NotFound\nSdk()")
    ours = {name for name in modules if name.startswith(("sdk.resources.", "sdk.models"))}
    assert ours == set()
    assert not {"httpx", "httpx2", "httpcore", "httpcore2", "h2", "aiohttp", "pydantic"} & modules


def test_importing_reads_no_token():
    code = "import os\nos.environ['GITHUB_TOKEN'] = 'bad token\\n'\nfrom sdk import Sdk\nSdk()"
    assert "sdk.client" in modules_after(code)
