"""Looks into the types of bodies, to find the list in one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sdk.codegen import names
from sdk.codegen.types import Component, Either, ListOf, Object, Type, either, without_null

# The usual names of a list in a body.
_ITEMS = ("items", "data", "results", "records", "entries", "values", "content", "objects", "rows",
          "list", "value", "elements", "collection", "resources", "hits", "nodes")  # fmt: skip


@dataclass(frozen=True)
class Listed:
    """A body that holds a list."""

    item: Type
    key: str | None
    """The path of the list in the body; None if the list is the body."""
    fields: Mapping[str, Type]
    """The other fields of the body, by path: "meta.next"."""


class Shapes:
    """Looks into types, following names."""

    def __init__(self, definition: Any) -> None:
        self._definition = definition

    def expanded(self, type_: Type) -> Type:
        """Return a type without null; of a named one, its definition."""
        seen: set[str] = set()
        plain = without_null(type_)
        while isinstance(plain, Component) and plain.key not in seen:
            seen.add(plain.key)
            plain = without_null(self._definition(plain.key))
        return plain

    def members(self, type_: Type, depth: int = 3) -> dict[str, Type]:
        """Return the fields of an object and of the objects in it, by path."""
        found: dict[str, Type] = {}
        plain = self.expanded(type_)
        if not isinstance(plain, Object) or depth == 0:
            return found
        if plain.base is not None:
            found |= self.members(plain.base, depth)
        for each in plain.fields:
            found[each.wire] = each.type
            for path, inner in self.members(each.type, depth - 1).items():
                found[f"{each.wire}.{path}"] = inner
        return found

    def item(self, type_: Type) -> Type | None:
        """Return the type of the items; None if it is not a list."""
        plain = self.expanded(type_)
        if isinstance(plain, ListOf):
            return plain.item
        if isinstance(plain, Either) and all(isinstance(each, ListOf) for each in plain.options):
            return either(*(each.item for each in plain.options if isinstance(each, ListOf)))
        return None

    def listed(self, type_: Type, wanted: str = "") -> Listed | None:
        """Return the list in a body: the body itself, or one of its fields; None without one."""
        if (item := self.item(type_)) is not None:
            return Listed(item, None, {})
        found = self.members(type_)
        if not found:
            return None
        lists = {
            path: item
            for path, each in found.items()
            if "." not in path and (item := self.item(each)) is not None
        }
        usual = [name for name in _ITEMS if name in lists]
        named = [name for name in lists if names.snake(name) == wanted]
        key = next(iter([*named, *usual, *(lists if len(lists) == 1 else ())]), None)
        if key is None:
            deep = {
                path: item
                for path, each in found.items()
                if path.count(".") == 1
                # HAL has the items of a page below "_embedded".
                and (path.rpartition(".")[2] in _ITEMS or path.startswith("_embedded."))
                and (item := self.item(each)) is not None
            }
            if len(deep) != 1:
                return None
            lists, key = deep, next(iter(deep))
        others = {
            path: each
            for path, each in found.items()
            if path != key and not path.startswith(f"{key}.")
        }
        return Listed(lists[key], key, others)
