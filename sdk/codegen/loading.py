"""Reads a description from text: JSON, or YAML if PyYAML is installed."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from typing import Any, cast

from sdk.codegen.notes import CodegenError

# More than the largest published descriptions have, by far.
_MOST_BYTES = 200 * 1024 * 1024
_MOST_NODES = 20_000_000
_DEEPEST = 200
# Python writes no integer of more digits than 4,300.
_MOST_DIGITS = 4000
_LARGEST = 10**_MOST_DIGITS
_YAML_KINDS = {"null", "bool", "int", "float", "str", "seq", "map", "merge", "value"}


def read_file(path: Path) -> Any:
    """Read a file of JSON or YAML.

    Raises:
        CodegenError: there is no such file, or its content is neither.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise CodegenError(f"{path} cannot be read: {error.strerror}.") from None
    return parse(content, path.name, yaml=path.suffix.lower() in {".yaml", ".yml"})


def parse(content: bytes, name: str, *, yaml: bool | None = None) -> Any:
    """Parse a description; text that is not JSON is parsed as YAML unless `yaml` is False.

    Raises:
        CodegenError: it is neither, or it is too large to be a description.
    """
    if len(content) > _MOST_BYTES:
        raise CodegenError(f"{name} is larger than {_MOST_BYTES >> 20} MiB.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise CodegenError(f"{name} is not in UTF-8.") from None
    if yaml is not True or text.lstrip()[:1] in {"{", "["}:
        try:
            document = json.loads(text)
        except RecursionError:
            raise CodegenError(f"{name} is nested too deeply.") from None
        except ValueError as error:
            if yaml is False or (text.lstrip()[:1] in {"{", "["} and yaml is None):
                raise CodegenError(f"{name} is not JSON: {error}.") from None
        else:
            _measure(document, name)
            return document
    document = _yaml(text, name)
    _measure(document, name)
    return document


def check_document(document: Any, name: str) -> dict[str, Any]:
    """Return the document if it is a description.

    Raises:
        CodegenError: it is something else.
    """
    if not isinstance(document, dict):
        raise CodegenError(f"{name} holds no OpenAPI description, but {_kind(document)}.")
    known = cast("dict[str, Any]", document)
    version = known.get("openapi", known.get("swagger"))
    if version is None:
        keys = ", ".join(map(str, list(known)[:5])) or "none"
        raise CodegenError(
            f"{name} is not an OpenAPI description: it has neither 'openapi' nor 'swagger' "
            f"(its keys: {keys})."
        )
    if not str(version).startswith(("2", "3")):
        raise CodegenError(f"{name} is of OpenAPI {version}; 2.0, 3.0, 3.1 and 3.2 are read.")
    return known


def _kind(document: object) -> str:
    return "nothing" if document is None else f"a {type(document).__name__}"


def _yaml(text: str, name: str) -> Any:
    try:
        yaml: Any = import_module("yaml")
    except ImportError:
        raise CodegenError(
            f"{name} is not JSON. To read YAML, install PyYAML: pip install pyyaml."
        ) from None

    base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

    class Loader(base):  # type: ignore[misc]
        """Reads dates and the like as the texts that JSON has in their place."""

    Loader.yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith("timestamp")]
        for first, resolvers in base.yaml_implicit_resolvers.items()
    }
    # JSON has no sets, no bytes and no pairs.
    Loader.yaml_constructors = {
        tag: constructor
        for tag, constructor in base.yaml_constructors.items()
        if tag is None or tag.rpartition(":")[2] in _YAML_KINDS
    }
    try:
        return yaml.load(text, Loader)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        problem = getattr(error, "problem", None) or type(error).__name__
        mark = getattr(error, "problem_mark", None)
        where = f" in line {mark.line + 1}" if mark is not None else ""
        raise CodegenError(f"{name} is neither JSON nor YAML: {problem}{where}.") from None


def _measure(document: Any, name: str) -> None:
    """Raise if there are too many nodes for a description, with all YAML aliases expanded."""
    sizes: dict[int, int] = {}
    path: set[int] = set()

    def size(node: Any, depth: int) -> int:
        if isinstance(node, int) and not -_LARGEST < node < _LARGEST:
            raise CodegenError(f"{name} has a number of more than {_MOST_DIGITS:,} digits.")
        if not isinstance(node, (dict, list)):
            return 1
        key = id(cast("object", node))
        if key in sizes:
            return sizes[key]
        if key in path:
            raise CodegenError(f"{name} has a YAML alias that contains itself.")
        if depth > _DEEPEST:
            raise CodegenError(f"{name} is nested more than {_DEEPEST} levels deep.")
        path.add(key)
        known = cast("dict[Any, Any] | list[Any]", node)
        children = [*known, *known.values()] if isinstance(known, dict) else known
        total = 1 + sum(size(child, depth + 1) for child in children)
        path.discard(key)
        sizes[key] = total
        return total

    if size(document, 0) > _MOST_NODES:
        raise CodegenError(
            f"{name} has more than {_MOST_NODES:,} nodes when its YAML aliases are expanded."
        )
