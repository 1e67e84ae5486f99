"""Write generated files together, or report how a package differs from them."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from sdk.codegen.notes import CodegenError
from sdk.codegen.source_files import HEADER


def write(files: Mapping[str, str], directory: Path) -> list[str]:
    """Write these files into a package, keep files written by hand, and return the changes.

    All files are written beside their places first and then renamed, so that a run that fails
    changes nothing.

    Raises:
        CodegenError: a file of that name was written by hand, or cannot be written.
    """
    found = differences(files, directory)
    _check_hand_written(files, directory)
    staged: list[tuple[Path, Path]] = []
    try:
        for name, text in files.items():
            target = directory / name
            if _read(target) == text:
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(prefix=".codegen-", dir=target.parent)
            staged.append((Path(temporary), target))
            with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
                file.write(text)
            Path(temporary).chmod(0o644)
        for temporary_path, target in staged:
            temporary_path.replace(target)
    except OSError as error:
        raise CodegenError(f"{directory} cannot be written: {error.strerror}.") from None
    finally:
        for temporary_path, _ in staged:
            with contextlib.suppress(OSError):
                temporary_path.unlink()
    for path in stale(files, directory):
        path.unlink()
    return found


def make_importable(directory: Path, package: str) -> list[str]:
    """Write an empty ``__init__.py`` into the folders above a new package; return their paths.

    A folder that has files of Python, but no ``__init__.py``, is a namespace package by choice and
    stays one. Without these files mypy finds the modules under two names.
    """
    made: list[str] = []
    folder = directory
    for _ in package.split(".")[1:]:
        folder = folder.parent
        init = folder / "__init__.py"
        if not init.exists() and not any(folder.glob("*.py")):
            init.touch()
            made.append(init.as_posix())
    return made


def differences(files: Mapping[str, str], directory: Path) -> list[str]:
    """Return the changes that `write` would make, one line for each file."""
    found: list[str] = []
    for name, text in sorted(files.items()):
        current = _read(directory / name)
        if current is None:
            found.append(f"{name} is missing")
        elif current != text:
            found.append(f"{name} is out of date")
    return found + [
        f"{path.relative_to(directory).as_posix()} is left over" for path in stale(files, directory)
    ]


def stale(files: Mapping[str, str], directory: Path) -> list[Path]:
    """Return the files in the package that are no longer generated."""
    return [
        path
        for path in sorted(directory.rglob("*.py"))
        if path.relative_to(directory).as_posix() not in files and _is_generated(path)
    ]


def _check_hand_written(files: Mapping[str, str], directory: Path) -> None:
    for name, text in files.items():
        path = directory / name
        if path.is_file() and text.startswith(HEADER) and not _is_generated(path):
            if not path.read_bytes().strip():
                continue
            raise CodegenError(
                f"{path} was not written by the generator and is in its way. Move it, or choose "
                "another package."
            )


def _is_generated(path: Path) -> bool:
    try:
        with path.open(encoding="utf-8") as file:
            return file.read(len(HEADER)) == HEADER
    except (OSError, UnicodeDecodeError):
        return False


def _read(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None
