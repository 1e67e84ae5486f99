"""Generate a client from its settings: the functions behind the command."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from sdk.codegen import lock, output
from sdk.codegen.build import Client, build
from sdk.codegen.normal import normalised
from sdk.codegen.notes import CodegenError
from sdk.codegen.settings import Settings, checked
from sdk.codegen.sources import Source, load


def directory_of(package: str, root: Path) -> Path:
    """Return the folder of a package: below `root`, or below its ``src`` if that has it."""
    parts = package.split(".")
    if not (root / parts[0]).is_dir() and (root / "src" / parts[0]).is_dir():
        root = root / "src"
    return root.joinpath(*parts)


def make(settings: Settings, root: Path, source: Source | None = None) -> Client:
    """Generate a client in memory, keeping the names of the last run.

    Raises:
        CodegenError: it cannot be generated.
    """
    found = source or load(settings.source, root=root)
    document = normalised(found.document, found.folder)
    return build(document, settings, lock.read(directory_of(settings.package, root)))


def generate(
    source: str | Mapping[str, Any], package: str, *, root: str | Path = ".", **settings: Any
) -> list[str]:
    """Write a client, and return what changed, a line for each file.

    Args:
        source: a file, a URL, "module:app", or the description itself.
        package: the package to write, with dots.
        root: the folder that the package is below.
        settings: further settings, as in ``pyproject.toml``.

    Raises:
        CodegenError: it cannot be generated; nothing is written.
    """
    given = checked({**settings, "package": package}, "settings")
    folder = Path(root)
    if isinstance(source, str):
        client = make(replace(given, source=source), folder)
    else:
        client = make(given, folder, Source(dict(source), None))
    return save(client, directory_of(package, folder), package)


def save(client: Client, directory: Path, package: str) -> list[str]:
    """Write a client's files, and return what changed, a line for each file.

    Raises:
        CodegenError: they cannot be written.
    """
    changed = output.write(client.files, directory)
    made = output.make_importable(directory, package)
    return [*changed, *(f"{path} is missing" for path in made)]


def strict_problems(client: Client) -> list[str]:
    """Return the problems that a strict run refuses: everything guessed or left out."""
    return client.document.notes.lines(most=10)


def refuse_notes(client: Client) -> None:
    """Raise if anything of the description was guessed or left out.

    Raises:
        CodegenError: it was.
    """
    if problems := strict_problems(client):
        raise CodegenError("--strict: " + "; ".join(problems))
