"""Guess the pagination of a list from the names of its parameters and fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sdk.codegen import names, spelling
from sdk.codegen.document import Operation, Parameter
from sdk.codegen.shapes import Listed, Shapes
from sdk.codegen.types import Choice, Scalar, Type, without_null

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
OFFSETS = {"offset", "skip", "start", "start_at", "from", "start_index", "page_offset", "first"}
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


@dataclass(frozen=True)
class Rule:
    """How the next page is requested; `kind` is a class of ``sdk.transport.page_rules``."""

    kind: str
    arguments: Mapping[str, object] = field(default_factory=dict[str, object])
    found_by: str = "names"

    def spelled(self) -> str:
        """Return the rule as Python source; "" for the Link header, which needs none."""
        if self.kind == "Link":
            return ""
        given = ", ".join(
            f"{name}={spelling.value(value)}"
            for name, value in self.arguments.items()
            if value is not None
        )
        return f"{self.kind}({given})"


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
        cursor = next(
            (key for key in query if key in {"cursor", "page_token", "after", "token"}), None
        )
        if not says_so and last != ["next"]:
            continue
        # "next" alone may be anything; beside "previous" it is the address of a page.
        if not says_so and not query and not fields.keys() & {"previous", "prev"}:
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
    key = next((key for key in query if key in OFFSETS), None)
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
