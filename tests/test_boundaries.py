"""The modules of ``sdk.transport`` are for other packages; its folders are internal to it."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
TRANSPORT = ROOT / "sdk" / "transport"
FOLDERS = sorted(path.parent.name for path in TRANSPORT.glob("*/__init__.py"))
INTERNAL = re.compile(rf"sdk\.transport\.({'|'.join(FOLDERS)})\b")


def sources():
    for directory in ("sdk", "fastapi_integration", "codegen", "examples"):
        for path in (ROOT / directory).rglob("*.py"):
            if not path.is_relative_to(TRANSPORT):
                yield path
    yield from (ROOT / "docs").rglob("*.md")
    yield from ROOT.glob("README.md")


def test_nothing_outside_of_the_transport_names_its_folders():
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in sources()
        for match in INTERNAL.finditer(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_the_rule_covers_every_folder():
    configured = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    missing = [name for name in FOLDERS if f'"sdk.transport.{name}"' not in configured]
    assert missing == []


def test_types_of_clients_do_not_need_a_library_that_may_be_missing():
    """Without it, pyright calls every class that derives from a client partially unknown."""
    imports = re.compile(r"^\s*(?:import|from) httpx2\b", re.MULTILINE)
    assert [path.name for path in sources_of_sdk() if imports.search(path.read_text())] == []


def sources_of_sdk():
    yield from (ROOT / "sdk").rglob("*.py")
