"""Add the reference of the models: one page for each first letter, with every field and its type.

The pages are written while the site is built. They come straight from the syntax tree of the
generated modules: rendering 1,600 classes like the rest of the reference would take minutes. The
return types of the methods link to the headings.
"""

import ast
import html
import re
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import NamedTuple

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

_NAME = re.compile(r"\b[A-Z]\w+\b")


class _Model(NamedTuple):
    name: str
    doc: str
    alias: str | None
    fields: list[tuple[str, str, bool]]
    """Name, type, and whether it may be absent."""


def on_config(config: MkDocsConfig) -> None:
    """Add the pages to the navigation, at the end of the reference."""
    for section in config.nav or ():
        if "Reference" in section:
            letters = [{letter: _path(letter)} for letter in _by_letter(_root(config))]
            section["Reference"].append({"Models": [_path("index"), *letters]})


def on_files(files: Files, config: MkDocsConfig) -> None:
    """Add the pages."""
    models = _by_letter(_root(config))
    files.append(File.generated(config, _path("index"), content=_index(models)))
    places = {model.name: letter for letter, found in models.items() for model in found}
    for letter, found in models.items():
        page = "\n".join(_section(model, letter, places) for model in found)
        content = f"# Models: {letter}\n\n{page}"
        files.append(File.generated(config, _path(letter), content=content))


def _root(config: MkDocsConfig) -> Path:
    return Path(config.config_file_path).parent / "sdk" / "models"


def _path(name: str) -> str:
    return f"reference/models/{name.lower()}.md"


def _index(models: dict[str, list[_Model]]) -> str:
    total = sum(map(len, models.values()))
    lines = [
        "# Models\n",
        f"The {total:,} types of what GitHub returns, imported from `sdk.models`. A field that is",
        "marked *may be absent* is `None` when GitHub leaves it out. Every model also keeps the",
        "fields that GitHub's description does not name.\n",
    ]
    for letter, found in models.items():
        links = " · ".join(f"[{m.name}]({letter.lower()}.md#sdk.models.{m.name})" for m in found)
        lines.append(f"**{letter}** {links}\n")
    return "\n".join(lines)


def _section(model: _Model, letter: str, places: dict[str, str]) -> str:
    heading = f"## {model.name} {{ #sdk.models.{model.name} }}\n\n{model.doc}\n"
    if model.alias is not None:
        return f"{heading}\n<p><code>{_type(model.alias, letter, places)}</code></p>\n"
    rows = "".join(
        f"<tr><td><code>{html.escape(name)}</code></td>"
        f"<td><code>{_type(type_, letter, places)}</code>{'; may be absent' * absent}</td></tr>"
        for name, type_, absent in model.fields
    )
    return (
        f"{heading}\n<table data-search-exclude><thead><tr><th>Field</th><th>Type</th></tr></thead>"
        f"<tbody>{rows}</tbody></table>\n"
    )


def _type(text: str, letter: str, places: dict[str, str]) -> str:
    def linked(found: re.Match[str]) -> str:
        place = places.get(found[0])
        if place is None:
            return found[0]
        page = "" if place == letter else f"../{place.lower()}/"
        return f'<a href="{page}#sdk.models.{found[0]}">{found[0]}</a>'

    return _NAME.sub(linked, html.escape(text, quote=False))


@cache
def _by_letter(root: Path) -> dict[str, list[_Model]]:
    found = defaultdict(list)
    for path in root.glob("[a-z]*.py"):
        for model in _models(ast.parse(path.read_text())):
            found[model.name[0]].append(model)
    return {letter: sorted(found[letter]) for letter in sorted(found)}


def _models(module: ast.Module) -> list[_Model]:
    found = []
    for node, after in zip(module.body, [*module.body[1:], None], strict=True):
        if isinstance(node, ast.ClassDef):
            doc = (ast.get_docstring(node) or "").replace("``", "`")
            found.append(_Model(node.name, doc, None, _fields(node)))
        elif isinstance(node, ast.AnnAssign) and ast.unparse(node.annotation) == "TypeAlias":
            value = node.value
            text = after.value if isinstance(after, ast.Expr) else None
            doc = text.value if isinstance(text, ast.Constant) else ""
            found.append(_Model(ast.unparse(node.target), str(doc), ast.unparse(value), []))
    return found


def _fields(node: ast.ClassDef) -> list[tuple[str, str, bool]]:
    return [
        (ast.unparse(item.target), _plain(item.annotation), item.value is not None)
        for item in node.body
        if isinstance(item, ast.AnnAssign)
    ]


def _plain(annotation: ast.expr) -> str:
    """Return the type, without the metadata for pydantic."""
    if isinstance(annotation, ast.Subscript) and ast.unparse(annotation.value) == "Annotated":
        inner = annotation.slice
        return ast.unparse(inner.elts[0] if isinstance(inner, ast.Tuple) else inner)
    return ast.unparse(annotation).replace("Timestamp", "datetime")
