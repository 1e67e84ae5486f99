"""Detect the pagination of a list: from the settings, a vendor's extension, or field names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sdk.codegen import names, spelling
from sdk.codegen.document import Operation, Parameter
from sdk.codegen.notes import CodegenError
from sdk.codegen.types import (
    Choice,
    Component,
    Either,
    ListOf,
    Object,
    Scalar,
    Type,
    without_null,
)
from sdk.codegen.values import items as list_of
from sdk.codegen.values import mapping, text

# Compared in snake_case, so that nextPageToken and next_page_token are one.
_NEXT_URLS = {
    "next", "next_url", "next_page_url", "next_link", "odata_next_link", "next_page_uri",
    "next_uri", "next_href", "links_next", "links_next_href", "paging_next", "meta_next",
    "pagination_next", "pagination_next_url", "meta_next_url", "paging_next_url", "next_page",
    "pagination_next_link", "meta_pagination_links_next", "page_next",
}  # fmt: skip
_CURSOR_PARAMETERS = {
    "cursor", "page_token", "next_token", "continue", "continuation_token", "continuation",
    "after", "marker", "page_cursor", "next_cursor", "start_cursor", "next_page_token",
    "starting_after", "offset", "page", "token", "start_key", "after_cursor",
    "pagination_token", "page_after", "next", "bookmark", "scroll_id", "start",
}  # fmt: skip
_NEXT_CURSORS = {
    "next_cursor", "next_page_token", "next_token", "continue", "continuation_token",
    "continuation", "end_cursor", "next_marker", "cursor", "cursors_after", "last_id",
    "meta_next_cursor", "page_info_end_cursor", "response_metadata_next_cursor", "next_page",
    "paging_cursors_after", "paging_next_after", "pagination_next_cursor", "metadata_continue",
    "metadata_continue_", "meta_cursor", "cursor_next", "meta_next_token", "paging_next_cursor",
    "meta_page_after", "pagination_token", "next_page_offset", "next_start_key", "bookmark",
    "next_page_cursor", "meta_after", "pagination_cursor", "next_offset", "paging_next",
    "page_next_cursor", "meta_cursors_next", "meta_next", "next", "next_continuation_token",
    "after", "scroll_id", "pagination_next", "meta_pagination_next_cursor",
}  # fmt: skip
_MORE = {"has_more", "has_next", "has_next_page", "more", "page_info_has_next_page", "is_truncated",
         "meta_has_more", "pagination_has_more"}  # fmt: skip
_AFTER_ITEM = {"starting_after", "after", "after_id", "since_id", "last_id", "start_after"}
_PAGES = {"page", "page_number", "page_no", "page_num", "page_index", "p", "current_page", "paged"}
_OFFSETS = {"offset", "skip", "start", "start_at", "from", "start_index", "page_offset", "first"}
_SIZES = {
    "per_page", "page_size", "limit", "size", "max_results", "count", "pagelen", "top", "take",
    "results_per_page", "page_limit", "max", "num", "rows", "items_per_page", "maximum",
}  # fmt: skip
_TOTALS = {"total", "total_count", "count", "total_entries", "total_items", "total_results",
           "total_records", "meta_total", "meta_total_count", "pagination_total",
           "pagination_total_count", "meta_pagination_total", "total_elements"}  # fmt: skip
_NUMBERS_OF_PAGES = {"pages", "total_pages", "page_count", "last_page", "meta_total_pages",
                     "pagination_total_pages", "meta_last_page", "meta_pages",
                     "pagination_pages"}  # fmt: skip
_ITEMS = ("items", "data", "results", "records", "entries", "values", "content", "objects", "rows",
          "list", "value", "elements", "collection", "resources", "hits", "nodes")  # fmt: skip


@dataclass(frozen=True)
class Rule:
    """How the next page is requested; `kind` is a class of ``sdk.transport.page_rules``."""

    kind: str
    arguments: Mapping[str, object] = field(default_factory=dict[str, object])
    found_by: str = "names"

    def spelled(self) -> str:
        """The rule as Python source; "" for the Link header, which needs none."""
        if self.kind == "Link":
            return ""
        given = ", ".join(
            f"{name}={spelling.value(value)}"
            for name, value in self.arguments.items()
            if value is not None
        )
        return f"{self.kind}({given})"


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
        """The type without null, and without a name."""
        seen: set[str] = set()
        plain = without_null(type_)
        while isinstance(plain, Component) and plain.key not in seen:
            seen.add(plain.key)
            plain = without_null(self._definition(plain.key))
        return plain

    def members(self, type_: Type, depth: int = 3) -> dict[str, Type]:
        """The fields of an object and of the objects in it, by path."""
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
        """The type of the items, if it is a list."""
        plain = self.expanded(type_)
        if isinstance(plain, ListOf):
            return plain.item
        if isinstance(plain, Either) and all(isinstance(each, ListOf) for each in plain.options):
            from sdk.codegen.types import either

            return either(*(each.item for each in plain.options if isinstance(each, ListOf)))
        return None

    def listed(self, type_: Type, wanted: str = "") -> Listed | None:
        """The list in a body: the body itself, or one of its fields."""
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
                and path.rpartition(".")[2] in _ITEMS
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


def guess(operation: Operation, body: Listed, shapes: Shapes, linked: bool) -> Rule | None:
    """Return the rule that the names of parameters and fields imply; None if they imply none."""
    if linked:
        return Rule("Link", found_by="its Link header")
    query = {names.snake(each.name): each for each in operation.parameters if each.place == "query"}
    fields = {names.snake(path.replace(".", " ")): path for path in body.fields}
    types = {key: without_null(body.fields[path]) for key, path in fields.items()}
    return (
        _next_url(query, fields, types)
        or _cursor(query, fields, types)
        or _last_item(query, fields, body, shapes)
        or _number(query, fields)
        or _offset(query, fields)
    )


def _first(keys: Iterable[str], known: set[str]) -> str | None:
    return next((key for key in keys if key in known), None)


def _next_url(
    query: dict[str, Parameter], fields: dict[str, str], types: dict[str, Type]
) -> Rule | None:
    for key, path in fields.items():
        if key not in _NEXT_URLS or not _is_text(types[key]):
            continue
        last = names.words(path.rpartition(".")[2])
        says_so = bool({"url", "uri", "href", "link"} & {*last, *names.words(path)})
        if key == "next_page" and not says_so:
            continue
        plain = _first(_CURSOR_PARAMETERS - {"offset", "start"} & set(query), set(query))
        cursor = next(
            (key for key in query if key in {"cursor", "page_token", "after", "token"}), None
        )
        if not says_so and last != ["next"]:
            continue
        if not says_so and cursor is None and plain is None and len(query) == 0:
            continue
        parameter = query[cursor].name if cursor else None
        return Rule("NextUrl", {"field": path, "parameter": parameter})
    return None


def _cursor(
    query: dict[str, Parameter], fields: dict[str, str], types: dict[str, Type]
) -> Rule | None:
    candidates = [key for key in query if key in _CURSOR_PARAMETERS]
    more = next((path for key, path in fields.items() if key in _MORE), None)
    for key in candidates:
        # A cursor is opaque: a number that is incremented is not a cursor.
        counted = _is_number(query[key])
        for name, path in fields.items():
            if name not in _NEXT_CURSORS or not (
                _is_text(types[name]) or types[name] == Scalar("int")
            ):
                continue
            if name in {"cursor", "after", "bookmark"} and key != name:
                continue
            if counted and (
                types[name] != Scalar("int") or name not in {"next_offset", "next_page"}
            ):
                continue
            if key in {"page", "offset", "start"} and name not in {
                "next_page", "next_offset", "next_page_offset", "next_cursor", "next_page_token",
                "next_token",
            }:  # fmt: skip
                continue
            if name == "last_id" and more is None:
                continue
            return Rule("Cursor", {"parameter": query[key].name, "field": path, "more": more})
    return None


def _last_item(
    query: dict[str, Parameter], fields: dict[str, str], body: Listed, shapes: Shapes
) -> Rule | None:
    key = next((key for key in query if key in _AFTER_ITEM), None)
    more = next((path for name, path in fields.items() if name in _MORE), None)
    if key is None or (more is None and key != "starting_after"):
        return None
    if "id" not in shapes.members(body.item, 1):
        return None
    return Rule("LastItem", {"parameter": query[key].name, "field": "id", "more": more})


def _number(query: dict[str, Parameter], fields: dict[str, str]) -> Rule | None:
    key = next((key for key in query if key in _PAGES), None)
    if key is None or not _is_number(query[key]):
        return None
    first = query[key].schema.get("default", query[key].schema.get("minimum", 1))
    size = next((query[key].name for key in query if key in _SIZES), None)
    return Rule(
        "PageNumber",
        {
            "parameter": query[key].name,
            "size": size,
            "total": next((path for name, path in fields.items() if name in _TOTALS), None),
            "pages": next(
                (path for name, path in fields.items() if name in _NUMBERS_OF_PAGES), None
            ),
            "first": 0 if first == 0 else None,
        },
    )


def _offset(query: dict[str, Parameter], fields: dict[str, str]) -> Rule | None:
    key = next((key for key in query if key in _OFFSETS), None)
    size = next((query[key].name for key in query if key in _SIZES), None)
    if key is None or size is None or not _is_number(query[key]):
        return None
    total = next((path for name, path in fields.items() if name in _TOTALS), None)
    return Rule("Offset", {"parameter": query[key].name, "size": size, "total": total})


def _is_text(type_: Type) -> bool:
    return type_ in (Scalar("str"), Scalar("any")) or isinstance(type_, Choice)


def _is_number(parameter: Parameter) -> bool:
    schema = parameter.schema
    kinds = {schema.get("type"), *(each.get("type") for each in schema.get("anyOf", ()))}
    return bool(kinds & {"integer", "number"})


def from_extensions(operation: Operation) -> tuple[Rule, str | None] | None:
    """Return the rule that a vendor's extension states, with the path of the list."""
    known = mapping(operation.extensions.get("x-ms-pageable"))
    if known:
        link = text(known.get("nextLinkName"))
        if link:
            rule = Rule("NextUrl", {"field": link}, "x-ms-pageable")
            return rule, text(known.get("itemName")) or "value"
    fern = mapping(operation.extensions.get("x-fern-pagination"))
    if fern:
        results = _last_part(fern.get("results")) or None
        if text(fern.get("cursor")):
            arguments = {
                "parameter": _last_part(fern["cursor"]),
                "field": _last_part(fern.get("next_cursor")),
            }
            return Rule("Cursor", arguments, "x-fern-pagination"), results
        if text(fern.get("offset")):
            parameter = _last_part(fern["offset"])
            counted = names.snake(parameter) in _OFFSETS
            kind = "Offset" if counted else "PageNumber"
            return Rule(
                kind,
                {"parameter": parameter, "size": _last_part(fern.get("step")) or None},
                "x-fern-pagination",
            ), results
    speakeasy = mapping(operation.extensions.get("x-speakeasy-pagination"))
    return _speakeasy(speakeasy) if speakeasy else None


def _speakeasy(given: dict[str, Any]) -> tuple[Rule, str | None] | None:
    inputs = {
        text(mapping(each).get("type")): text(mapping(each).get("name"))
        for each in list_of(given.get("inputs"))
    }
    outputs = {key: _last_part(value) for key, value in mapping(given.get("outputs")).items()}
    results = outputs.get("results") or None
    said = "x-speakeasy-pagination"
    if "cursor" in inputs and "nextCursor" in outputs:
        return Rule(
            "Cursor", {"parameter": inputs["cursor"], "field": outputs["nextCursor"]}, said
        ), results
    if "nextUrl" in outputs:
        return Rule("NextUrl", {"field": outputs["nextUrl"]}, said), results
    size, pages = inputs.get("limit"), outputs.get("numPages")
    if "page" in inputs:
        return Rule(
            "PageNumber", {"parameter": inputs["page"], "size": size, "pages": pages}, said
        ), results
    if "offset" in inputs:
        return Rule("Offset", {"parameter": inputs["offset"], "size": size}, said), results
    return None


def _last_part(expression: object) -> str:
    """The path in "$response.meta.next" or "$.meta.next"."""
    return re.sub(r"^\$(request|response)?\.?", "", text(expression))


_SETTINGS = {
    "cursor": "Cursor", "next_url": "NextUrl", "last_item": "LastItem", "page": "PageNumber",
    "offset": "Offset",
}  # fmt: skip


def from_settings(name: str, given: object) -> tuple[Rule | None, str | None]:
    """Return the rule that the settings state, with the path of the list; None for no paging.

    Raises:
        CodegenError: the settings are not a pagination rule.
    """
    if given is False:
        return None, None
    known = mapping(given)
    kinds = [key for key in _SETTINGS if key in known]
    if known.get("link") is True:
        return Rule("Link", found_by="settings"), text(known.get("items")) or None
    if len(kinds) != 1:
        raise CodegenError(
            f"paging of {name!r} must be false, or have one of link, "
            f"{', '.join(_SETTINGS)}; it has {', '.join(known) or 'none'}."
        )
    kind, first = _SETTINGS[kinds[0]], known[kinds[0]]
    main = "field" if kind == "NextUrl" else "parameter"
    renamed = {"next": "field", "id": "field", "limit": "size"}
    rest = {
        renamed.get(key, key): value
        for key, value in known.items()
        if key not in {kinds[0], "items"}
    }
    return Rule(kind, {main: first, **rest}, "settings"), text(known.get("items")) or None
