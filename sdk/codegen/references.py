"""Follows references: inside a document, and into files beside it. Never over the network."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast
from urllib.parse import unquote

from sdk.codegen.loading import read_file
from sdk.codegen.notes import CodegenError, Notes
from sdk.codegen.values import mapping

# RFC 3986, 3.1: an address with a scheme, "https:" for one.
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")

# A document may refer to no more files than this.
_MOST_FILES = 500


@dataclass(frozen=True)
class Pointer:
    """A place in one of the files: the path of the file ("" for the document) and the steps."""

    file: str
    steps: tuple[str, ...]


@dataclass(frozen=True)
class Node:
    """A piece of a document, with the file it came from."""

    raw: Any
    file: str = ""

    def at(self, raw: Any) -> Node:
        """Another piece of the same file."""
        return Node(raw, self.file)


class References:
    """The document and the files beside it, read when they are first referred to."""

    def __init__(self, document: Mapping[str, Any], base: Path | None, notes: Notes) -> None:
        self._files: dict[str, Any] = {"": document}
        self._base = base
        self._notes = notes
        self._anchors: dict[str, dict[str, Any]] = {}
        self._scopes: dict[str, tuple[str, Any]] = {}

    def scoped(self, node: Node) -> Node:
        """Return a schema that brings definitions of its own as a scope for its references.

        Schemas that a tool wrote as documents of their own (pydantic's ``model_json_schema``) are
        often pasted into a description as they are, with references to their own ``$defs``.
        """
        raw = mapping(node.raw)
        if not mapping(raw.get("$defs")) or raw is self._root(node.file):
            return node
        name = f"{node.file}#{id(raw)}"
        self._scopes[name] = node.file, raw
        return Node(raw, name)

    def pointer(self, reference: object, file: str) -> Pointer | None:
        """Return the target of a reference; None, with a note, if there is none."""
        if not isinstance(reference, str):
            self._notes.add("references that are not strings", repr(reference)[:60])
            return None
        target, _, fragment = reference.partition("#")
        if target.startswith("//") or _SCHEME.match(target):
            self._notes.add("references to the network are not followed", reference[:120])
            return None
        steps = tuple(
            unquote(step).replace("~1", "/").replace("~0", "~")
            for step in fragment.removeprefix("/").split("/")
            if fragment
        )
        if not target and (own := self._in_scope(steps, file)) is not None:
            return own
        file = self._file_of(file)
        path = self._file(file, unquote(target)) if target else file
        if path is None:
            return None
        if fragment and not fragment.startswith("/"):
            found = self._anchored(path).get(unquote(fragment))
            if found is None and self._step_down(self._files[path], steps) is None:
                self._notes.add("references that lead nowhere", reference[:120])
                return None
        return Pointer(path, steps)

    def get(self, pointer: Pointer) -> Node | None:
        """Return the value at a place; None, with a note, if there is none."""
        node = self._step_down(self._root(pointer.file), pointer.steps)
        if node is None and len(pointer.steps) == 1:
            node = self._anchored(pointer.file).get(pointer.steps[0])
        if node is None:
            self._notes.add("references that lead nowhere", f"#/{'/'.join(pointer.steps)}"[:120])
            return None
        return Node(node, pointer.file)

    def resolve(self, node: Node) -> Node:
        """Follow references until something else comes; an empty object if nothing does."""
        seen: set[Pointer] = set()
        while "$ref" in (raw := mapping(node.raw)):
            pointer = self.pointer(raw["$ref"], node.file)
            if pointer is None:
                return node.at({})
            if pointer in seen:
                self._notes.add("references in a circle", f"#/{'/'.join(pointer.steps)}"[:120])
                return node.at({})
            seen.add(pointer)
            node = self.get(pointer) or node.at({})
        return node

    def _root(self, file: str) -> Any:
        return self._scopes[file][1] if file in self._scopes else self._files[file]

    def _file_of(self, scope: str) -> str:
        """Return the file of a scope."""
        while scope in self._scopes:
            scope = self._scopes[scope][0]
        return scope

    def _in_scope(self, steps: tuple[str, ...], scope: str) -> Pointer | None:
        """Return the target of a reference to ``$defs`` in a scope; None if the file has it."""
        file = self._file_of(scope)
        if steps[:1] != ("$defs",) or self._step_down(self._files[file], steps) is not None:
            return None
        while scope in self._scopes:
            parent, raw = self._scopes[scope]
            found = self._step_down(raw, steps)
            if found is not None:
                named = ("components", "schemas", steps[-1])
                # The same model, by the description's own name for it.
                same = self._step_down(self._files[file], named) == found
                return Pointer(file, named) if same else Pointer(scope, steps)
            scope = parent
        return None

    @staticmethod
    def _step_down(node: Any, steps: tuple[str, ...]) -> Any:
        for step in steps:
            if isinstance(node, dict):
                known = cast("dict[str, Any]", node)
                # YAML has keys that are numbers.
                node = known.get(step, known.get(int(step)) if step.isdecimal() else None)  # type: ignore[call-overload]
            elif isinstance(node, list) and step.isdecimal():
                items = cast("list[Any]", node)
                node = items[int(step)] if int(step) < len(items) else None
            else:
                return None
        return node

    def _anchored(self, file: str) -> dict[str, Any]:
        """Return the schemas of a file by their ``$anchor`` or ``$id``."""
        if file not in self._anchors:
            found: dict[str, Any] = {}
            todo = [self._files[file]]
            seen: set[int] = set()
            while todo:
                node = todo.pop()
                if id(node) in seen:
                    continue
                seen.add(id(node))
                if isinstance(node, dict):
                    known = cast("dict[str, Any]", node)
                    for key in ("$anchor", "$dynamicAnchor", "$id", "id"):
                        if isinstance(known.get(key), str):
                            found.setdefault(known[key].removeprefix("#"), known)
                    todo += known.values()
                elif isinstance(node, list):
                    todo += cast("list[Any]", node)
            self._anchors[file] = found
        return self._anchors[file]

    def _file(self, current: str, target: str) -> str | None:
        if self._base is None:
            self._notes.add("references to other files need a description in a file", target)
            return None
        root = self._base.resolve()
        path = (root / Path(current).parent / target).resolve()
        if not path.is_relative_to(root):
            self._notes.add("references to files outside the description's folder", target)
            return None
        name = path.relative_to(root).as_posix()
        if name not in self._files:
            if len(self._files) > _MOST_FILES:
                raise CodegenError(f"The description refers to more than {_MOST_FILES} files.")
            try:
                self._files[name] = read_file(path)
            except CodegenError as error:
                self._notes.add("files that cannot be read", f"{target} ({error})")
                return None
        return name
