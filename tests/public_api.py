"""The public names, as the committed list has them: ``python -m tests.public_api``.

Without an argument it prints how the names differ from ``tests/public_api.txt``; with ``--write``
it writes the list anew. A name that is gone breaks users: it needs a major version (before 1.0: a
minor one) and a line in docs/upgrading.md. Generated names are counted, not listed.
"""

from __future__ import annotations

import ast
import difflib
import importlib
import inspect
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
LIST = ROOT / "tests" / "public_api.txt"
PACKAGES = (
    "sdk",
    "sdk.auth",
    "sdk.auth.errors",
    "sdk.graphql",
    "sdk.stores",
    "sdk.testing",
    "sdk.transport",
    "sdk.transport.errors",
    "sdk.transport.page_rules",
    "sdk.webhooks",
    "fastapi_integration",
)


def names() -> list[str]:
    """List the public names of the packages, each with its package."""
    return [f"{package}.{name}" for package in PACKAGES for name in _exported(package)]


def generated() -> dict[str, int]:
    """Count what is generated from GitHub's description."""
    from sdk.operations import OPERATIONS

    return {
        "operations": len(OPERATIONS),
        "resources": _count("resources", "Resource"),
        "models": _count("models", ""),
    }


def current() -> str:
    """Return the list as it would be written."""
    counts = [f"# generated {what}: {number}" for what, number in generated().items()]
    return "\n".join([*counts, *names(), ""])


def difference() -> str:
    """Return how the names differ from the committed list; empty if they do not."""
    lines = difflib.unified_diff(
        LIST.read_text().splitlines(), current().splitlines(), "committed", "now", "", "", 0, ""
    )
    return "\n".join(lines)


def _exported(package: str) -> list[str]:
    module = importlib.import_module(package)
    exported: list[str] | None = getattr(module, "__all__", None)
    if exported is None:
        exported = [
            name
            for name, value in vars(module).items()
            if inspect.isclass(value) and value.__module__ == package and name[0] != "_"
        ]
    return sorted(exported, key=str.lower)


def _count(folder: str, base: str) -> int:
    """Count the public classes in the modules of a folder, by the name of their base."""
    return sum(
        isinstance(node, ast.ClassDef)
        and node.name[0] != "_"
        and (not base or base in map(ast.unparse, node.bases))
        for path in (ROOT / "sdk" / folder).rglob("*.py")
        for node in ast.parse(path.read_text()).body
    )


def main() -> None:
    """Print the difference, or write the list."""
    if sys.argv[1:] == ["--write"]:
        LIST.write_text(current())
    changes = difference()
    print(changes or f"{len(names())} public names, as committed.")  # noqa: T201  a command prints
    sys.exit(bool(changes))


if __name__ == "__main__":
    main()
