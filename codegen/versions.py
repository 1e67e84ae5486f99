"""Merges the API versions of a description into one.

GitHub describes its oldest supported version, and attaches to operations and schemas the patches
that newer versions apply (`x-github-breaking-changes`). The merged description accepts what any
version sends: a field or an argument that a version does not have is optional and marked with
`x-removed`, and statuses, values and types are the union of all versions.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from sdk.codegen.types import Field

OLDEST = "2022-11-28"
REMOVED = "x-removed"
_CHANGES = "x-github-breaking-changes"

Node = dict[str, Any]


@dataclass(frozen=True)
class Change:
    """One breaking change of one operation, schema or example.

    `path` is its place in the description; `before` and `after` are the node without and with the
    patch.
    """

    version: str
    changeset: str
    path: tuple[str, ...]
    before: Node
    after: Node


def changes(document: Node) -> list[Change]:
    """Return all breaking changes, in the order of the description."""
    return list(_changes(document, ()))


def merged(document: Node) -> Node:
    """Return the description that covers all versions."""
    result: Node = _merged_below(document)
    return result


def _changes(node: Any, path: tuple[str, ...]) -> Iterator[Change]:
    if isinstance(node, list):
        for index, child in enumerate(cast("list[Any]", node)):
            yield from _changes(child, (*path, str(index)))
    if not isinstance(node, dict):
        return
    node = cast("Node", node)
    before = node
    for entry in node.get(_CHANGES, ()):
        after = _patched(before, entry["patch"])
        yield Change(entry["version"], entry["changeset"], path, before, after)
        before = after
    for key, child in node.items():
        if key != _CHANGES:
            yield from _changes(child, (*path, key))


def _merged_below(node: Any) -> Any:
    if isinstance(node, list):
        return [_merged_below(child) for child in cast("list[Any]", node)]
    if not isinstance(node, dict):
        return node
    node = cast("Node", node)
    after, version = node, ""
    for entry in node.get(_CHANGES, ()):
        after, version = _patched(after, entry["patch"]), entry["version"]
    whole = _union(node, after, version) if version else node
    return {key: _merged_below(child) for key, child in whole.items()}


def _patched(node: Node, patch: Any) -> Node:
    if isinstance(patch, list):
        result = copy.deepcopy(node)
        for step in cast("list[Node]", patch):
            _apply(result, step)
        return result
    patched: Node = _merge_patch(node, patch)
    return patched


def _merge_patch(node: object, patch: object) -> Any:
    """Apply a JSON merge patch (RFC 7396)."""
    if not isinstance(patch, dict):
        return patch
    result: Node = dict(cast("Node", node)) if isinstance(node, dict) else {}
    for key, value in cast("Node", patch).items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = _merge_patch(result.get(key), value)
    return result


def _apply(document: Node, step: Node) -> None:
    """Apply one operation of a JSON patch (RFC 6902), in place."""
    *parents, last = (
        part.replace("~1", "/").replace("~0", "~") for part in step["path"].split("/")[1:]
    )
    target: Any = document
    for part in parents:
        target = target[_key(target, part)]
    key = _key(target, last)
    match step["op"]:
        case "remove":
            del target[key]
        case "replace" | "add":
            target[key] = step["value"]
        case other:
            raise ValueError(f"The JSON patch operation {other!r} is not supported.")


def _key(container: object, part: str) -> Any:
    return int(part) if isinstance(container, list) else part


def _union(before: object, after: object, version: str) -> Any:
    """Return the node that covers both."""
    if before == after or not (isinstance(before, dict) and isinstance(after, dict)):
        return cast("Any", before)
    before, after = cast("Node", before), cast("Node", after)
    if "$ref" in before or "$ref" in after:
        schemas = before.get("$ref", "").startswith("#/components/schemas/")
        return {"anyOf": [before, after]} if schemas else before
    result = {**after, **before}
    for key in before.keys() & after.keys():
        result[key] = _union_of(key, before[key], after[key], version)
    if not after.get("nullable", True):
        result["nullable"] = before.get("nullable", False)
    return result


def _union_of(key: str, before: Any, after: Any, version: str) -> Any:
    match key:
        case "properties":
            return {
                name: _union(node, after[name], version)
                if name in after
                else {**node, REMOVED: version}
                for name, node in before.items()
            } | {name: node for name, node in after.items() if name not in before}
        case "oneOf" | "anyOf" | "allOf" if len(before) == len(after):
            return [_union(*pair, version) for pair in zip(before, after, strict=True)]
        case "required" if isinstance(before, list):
            return [name for name in cast("list[str]", before) if name in after]
        case _:
            return _union(before, after, version)


def removed_in(field: Field) -> str:
    """Return the API version that does not have a field any more; "" if all have it."""
    return str(field.schema.get(REMOVED, ""))
