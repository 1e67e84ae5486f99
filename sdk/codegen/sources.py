"""Load descriptions from a file, standard input, a URL, or an imported app."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sdk.codegen.loading import check_document, parse, read_file
from sdk.codegen.notes import CodegenError

_MOST_BYTES = 64 * 1024 * 1024
_SECONDS = 60

# Run by the project's own interpreter in a process of its own: importing an app may have effects.
_DUMP = """
import importlib, json, os, sys
sys.path.insert(0, os.getcwd())
out = os.fdopen(os.dup(1), "w", encoding="utf-8")
os.dup2(2, 1)
name, _, path = sys.argv[1].partition(":")
found = importlib.import_module(name)
for part in path.split("."):
    found = getattr(found, part)
if not hasattr(found, "openapi") and callable(found):
    found = found()
if not hasattr(found, "openapi"):
    sys.exit(f"{sys.argv[1]} is {type(found).__name__}, which has no method openapi().")
document = found.openapi()
for route in getattr(found, "routes", ()):
    template = getattr(route, "path", "")
    if ":path}" in template:
        names = [part.partition(":")[0] for part in template.split("{")[1:] if ":path}" in part]
        item = document.get("paths", {}).get(getattr(route, "path_format", ""), {})
        for operation in item.values():
            for parameter in operation.get("parameters", ()) if isinstance(operation, dict) else ():
                if parameter.get("in") == "path" and parameter.get("name") in names:
                    parameter["x-multi-segment"] = True
json.dump(document, out)
out.flush()
"""


@dataclass(frozen=True)
class Source:
    """A description, read."""

    document: dict[str, Any]
    folder: Path | None
    """Where files that it refers to may lie."""


def load(source: str, *, python: str = sys.executable, root: Path | None = None) -> Source:
    """Read a description.

    Args:
        source: a path, "-" for standard input, an http or https URL, or "module:app".
        python: the interpreter that imports an app.
        root: the folder from which an app is imported.

    Raises:
        CodegenError: the source does not exist, or is not a description.
    """
    if source == "-":
        content = _limited(sys.stdin.buffer.read(_MOST_BYTES + 1), "standard input")
        return Source(check_document(parse(content, "standard input"), "standard input"), None)
    if urlsplit(source).scheme in {"http", "https"}:
        return Source(check_document(parse(_fetched(source), source), source), None)
    path = Path(source)
    if path.is_file():
        return Source(check_document(read_file(path), source), path.parent)
    if is_app(source):
        where = root or Path.cwd()
        document = check_document(_of_app(source, python, where), source)
        return Source(document, None)
    raise CodegenError(
        f"{source!r} is not a file, an http(s) address or an app. Write an app as module:app, such "
        "as billing.main:app."
    )


def is_app(source: str) -> bool:
    """Return whether a source is written as an app, "module:attribute"."""
    module, colon, attribute = source.partition(":")
    parts = [*module.split("."), *attribute.split(".")]
    return bool(colon) and all(part.isidentifier() for part in parts)


def _of_app(source: str, python: str, root: Path) -> Any:
    try:
        # The user's own interpreter and the user's own app.
        done = subprocess.run(  # noqa: S603
            [python, "-c", _DUMP, source],
            capture_output=True,
            cwd=root,
            timeout=_SECONDS,
            check=False,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        )
    except OSError as error:
        raise CodegenError(f"{python} cannot be run: {error.strerror}.") from None
    except subprocess.TimeoutExpired:
        raise CodegenError(f"{source} was not imported within {_SECONDS} seconds.") from None
    if done.returncode != 0:
        said = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
        raise CodegenError(f"{source} cannot be imported: {said[0] if said else 'no reason given'}")
    try:
        return json.loads(done.stdout)
    except ValueError:
        raise CodegenError(f"{source} did not write a description.") from None


def _fetched(url: str) -> bytes:
    import urllib.error
    import urllib.request

    request = urllib.request.Request(url, headers={"accept": "application/json, */*"})  # noqa: S310
    try:
        # The scheme was checked: http or https.
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            content: bytes = answer.read(_MOST_BYTES + 1)
    except (urllib.error.URLError, OSError, ValueError) as error:
        raise CodegenError(f"{url} cannot be fetched: {error}.") from None
    return _limited(content, url)


def _limited(content: bytes, name: str) -> bytes:
    """Return what was read of a source, up to one byte more than the limit."""
    if len(content) > _MOST_BYTES:
        raise CodegenError(f"{name} is larger than {_MOST_BYTES >> 20} MiB.")
    return content


def _modules(source: str, root: Path) -> list[Path]:
    """Return the Python files of the package that an app is in."""
    first = source.partition(":")[0].partition(".")[0]
    folder = root / first
    if folder.is_dir():
        return sorted(folder.rglob("*.py"))
    return [path for path in [root / f"{first}.py"] if path.is_file()]


def watched(source: str, root: Path) -> list[Path]:
    """Return the files to watch for changes of a description."""
    path = Path(source)
    if path.is_file():
        beside = {".json", ".yaml", ".yml"}
        return sorted(each for each in path.parent.iterdir() if each.suffix in beside)
    return _modules(source, root) if is_app(source) else []
