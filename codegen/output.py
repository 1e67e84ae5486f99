"""Formats generated files with ruff, then writes them or says how the tree differs from them."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from codegen.emit_models import HEADER

# The settings stand here and not in the project's, so that output does not change with those.
_SETTINGS = ["--line-length=100", "--target-version=py311", "--isolated", "--no-cache", "--quiet"]
_FIRST_PARTY = "--config=lint.isort.known-first-party=['sdk']"
_SORT_IMPORTS = ["ruff", "check", "--select=I", "--fix", _FIRST_PARTY, *_SETTINGS]
_FORMAT = ["ruff", "format", *_SETTINGS]


def formatted(files: dict[str, str]) -> dict[str, str]:
    """The files as ruff sorts their imports and formats them, all in one run of it."""
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch)
        for path, text in files.items():
            target = root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text)
        for command in (_SORT_IMPORTS, _FORMAT):
            # Fixed words and a directory of our own.
            subprocess.run([sys.executable, "-m", *command, str(root)], check=True)  # noqa: S603
        return {path: (root / path).read_text() for path in files}


def write(files: dict[str, str], root: Path, owned: list[str]) -> None:
    """Make the `owned` directories below `root` hold `files` and what is written by hand."""
    for path in stale(files, root, owned):
        path.unlink()
    for name, text in files.items():
        target = root / name
        if not target.is_file() or target.read_text() != text:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text)


def differences(files: dict[str, str], root: Path, owned: list[str]) -> list[str]:
    """What `write` would change, a line for each file."""
    found = [
        f"{name} is {'out of date' if (root / name).is_file() else 'missing'}"
        for name, text in files.items()
        if not (root / name).is_file() or (root / name).read_text() != text
    ]
    return found + [f"{path.relative_to(root)} is left over" for path in stale(files, root, owned)]


def stale(files: dict[str, str], root: Path, owned: list[str]) -> list[Path]:
    """Generated files in the `owned` directories that are no longer made."""
    return [
        path
        for directory in owned
        for path in sorted((root / directory).rglob("*.py"))
        if str(path.relative_to(root)) not in files and path.read_text().startswith(HEADER)
    ]
