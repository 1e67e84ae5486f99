"""Fills the page of all public names: what each is, where it is imported from, and its reference.

The names are those of ``__all__``. A name without a line in the reference has no link.
"""

import ast
import importlib
import inspect
import itertools
import re
from functools import cache
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.pages import Page

_PAGE = "reference/names.md"
_PACKAGES = (
    "sdk",
    "sdk.auth",
    "sdk.webhooks",
    "sdk.graphql",
    "sdk.stores",
    "sdk.testing",
    "fastapi_integration",
    "sdk.transport",
)
_ROLE = re.compile(r"``([^`]+)``")


def on_page_markdown(markdown: str, *, page: Page, config: MkDocsConfig, **_: Any) -> str:
    """Add a table for each package to the page of all names."""
    if page.file.src_uri != _PAGE:
        return markdown
    root = Path(config.config_file_path).parent
    seen: set[str] = set()
    tables = [_table(package, root, seen) for package in _PACKAGES]
    return "\n".join([markdown, *tables])


def _table(package: str, root: Path, seen: set[str]) -> str:
    module = importlib.import_module(package)
    names = sorted(set(module.__all__) - seen - {"__version__"}, key=str.lower)
    seen.update(names)
    lines = [
        f"## `{package}` {{ #{package.replace('.', '-')} }}\n",
        "| Name | What it is |",
        "|---|---|",
    ]
    for name in names:
        link = _links(root).get(name)
        shown = f"[`{name}`]({link})" if link else f"`{name}`"
        lines.append(f"| {shown} | {_summary(getattr(module, name), name, root)} |")
    return "\n".join([*lines, ""])


def _summary(value: object, name: str, root: Path) -> str:
    is_documented = inspect.isclass(value) or inspect.isroutine(value)
    text = (inspect.getdoc(value) if is_documented else _comments(root).get(name)) or ""
    first = " ".join(text.split("\n\n")[0].split())
    return _ROLE.sub(r"`\1`", first).replace("|", "\\|")


@cache
def _links(root: Path) -> dict[str, str]:
    """Find where the pages of the reference show a name."""
    found: dict[str, str] = {}
    for page in sorted((root / "docs" / "reference").glob("*.md")):
        for identifier in re.findall(r"^::: ([\w.]+)$", page.read_text(), re.MULTILINE):
            found.setdefault(identifier.rpartition(".")[2], f"{page.name}#{identifier}")
            if identifier.endswith(".errors"):
                errors = importlib.import_module(identifier)
                for name, value in vars(errors).items():
                    if inspect.isclass(value) and value.__module__ == identifier:
                        found.setdefault(name, f"{page.name}#{identifier}.{name}")
    return found


@cache
def _comments(root: Path) -> dict[str, str]:
    """Read the docstrings below module-level assignments, by the assigned name."""
    found: dict[str, str] = {}
    for package in ("sdk/transport", "fastapi_integration"):
        for path in (root / package).rglob("*.py"):
            body = ast.parse(path.read_text()).body
            for node, after in itertools.pairwise(body):
                if isinstance(node, ast.AnnAssign):
                    target = node.target
                elif isinstance(node, ast.Assign):
                    target = node.targets[0]
                else:
                    continue
                if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
                    found[ast.unparse(target)] = str(after.value.value)
    return found
