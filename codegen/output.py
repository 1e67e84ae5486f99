"""Formats generated files with ruff, then writes them or compares them with the tree."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from codegen.emit_models import HEADER

# These settings are independent of the project's, so that the output does not change with them.
_SETTINGS = ["--line-length=100", "--target-version=py311", "--isolated", "--no-cache", "--quiet"]
_FIRST_PARTY = "--config=lint.isort.known-first-party=['sdk']"
_SORT_IMPORTS = ["ruff", "check", "--select=I", "--fix", _FIRST_PARTY, *_SETTINGS]
_FORMAT = ["ruff", "format", *_SETTINGS]


def formatted(files: dict[str, str]) -> dict[str, str]:
    """Return the files with sorted imports and formatted, in one run of ruff."""
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch)
        for path, text in files.items():
            target = root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text)
        for command in (_SORT_IMPORTS, _FORMAT):
            # The command is fixed and the directory temporary.
            subprocess.run([sys.executable, "-m", *command, str(root)], check=True)  # noqa: S603
        return {path: (root / path).read_text() for path in files}


def write(files: dict[str, str], root: Path, owned: list[str]) -> None:
    """Write `files` below `root`, and delete other generated files in the `owned` directories."""
    for path in stale(files, root, owned):
        path.unlink()
    for name, text in files.items():
        target = root / name
        if not target.is_file() or target.read_text() != text:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text)


def differences(files: dict[str, str], root: Path, owned: list[str]) -> list[str]:
    """Return the changes that `write` would make, one line for each file."""
    found = [
        f"{name} is {'out of date' if (root / name).is_file() else 'missing'}"
        for name, text in files.items()
        if not (root / name).is_file() or (root / name).read_text() != text
    ]
    return found + [f"{path.relative_to(root)} is left over" for path in stale(files, root, owned)]


def stale(files: dict[str, str], root: Path, owned: list[str]) -> list[Path]:
    """Return the files in the `owned` directories that are no longer generated."""
    return [
        path
        for directory in owned
        for path in sorted((root / directory).rglob("*.py*"))
        if path.suffix in {".py", ".pyi"}
        and str(path.relative_to(root)) not in files
        and path.read_text().startswith(HEADER)
    ]
