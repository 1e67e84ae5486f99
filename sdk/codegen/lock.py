"""The index of a client's package: its contents, and the names that the next run keeps."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from sdk.codegen import printer, spelling
from sdk.codegen.source_files import HEADER

FILE = "_index.py"


@dataclass(frozen=True)
class Lock:
    """The names and modules that the last run wrote."""

    client: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict[str, Any])
    operations: Mapping[str, str] = field(default_factory=dict[str, str])
    models: Mapping[str, str] = field(default_factory=dict[str, str])
    """The name of each model by where it was met, with its module where there are several."""
    types: Mapping[str, str] = field(default_factory=dict[str, str])


def read(directory: Path) -> Lock:
    """Return the index of a client's package; an empty one if there is none.

    The file is parsed, never run.
    """
    try:
        tree = ast.parse((directory / FILE).read_text(encoding="utf-8"))
    except (OSError, SyntaxError, ValueError):
        return Lock()
    found: dict[str, Any] = {}
    for node in tree.body:
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        value = getattr(node, "value", None)
        if isinstance(target, ast.Name) and isinstance(value, ast.expr):
            try:
                found[target.id] = ast.literal_eval(value)
            except ValueError:
                continue
    return Lock(
        client=str(found.get("CLIENT", "")),
        settings=_mapping(found.get("SETTINGS")),
        operations=_mapping(found.get("OPERATIONS")),
        models=_mapping(found.get("MODELS")),
        types=_mapping(found.get("TYPES")),
    )


def write(lock: Lock) -> str:
    """Return the text of the index."""
    title = "What this client is made of. The next run of the generator keeps these names."
    return (
        f'{HEADER}"""{title}"""\n\nfrom typing import Any\n\n'
        f"CLIENT = {spelling.string(lock.client)}\n\n"
        f"SETTINGS: dict[str, Any] = {_table(lock.settings)}\n\n"
        f"# The method of each operation.\n"
        f"OPERATIONS: dict[str, str] = {_table(lock.operations)}\n\n"
        f"# The name of each model, by where it was first met.\n"
        f"MODELS: dict[str, str] = {_table(lock.models)}\n\n"
        f"TYPES: dict[str, str] = {_table(lock.types)}\n"
    )


def _table(values: Mapping[str, Any]) -> str:
    if not values:
        return "{}"
    lines = [
        printer.statement(f"{spelling.string(key)}: {spelling.value(value)}", 1, trailing=",")
        for key, value in values.items()
    ]
    return "\n".join(["{", *lines, "}"])


def _mapping(value: object) -> dict[str, Any]:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}
