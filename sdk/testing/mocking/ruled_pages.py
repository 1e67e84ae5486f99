"""Pages of a mocked list, turned by the operation's rule: a cursor, a number, an offset."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol, cast
from urllib.parse import parse_qs, urlsplit

from sdk.testing.synthesis.to_json import to_json
from sdk.transport import Operation
from sdk.transport.page_rules import (
    Cursor,
    LastItem,
    NextUrl,
    Offset,
    PageNumber,
    PageRule,
    member,
    number_in,
    with_query,
)

_USUAL_SIZE = 30
_SIZES = (
    "per_page",
    "page_size",
    "limit",
    "size",
    "max_results",
    "count",
    "pagelen",
    "top",
    "take",
)
# The parameter of a next URL, if its rule does not name one.
_PAGE = "page"


class Cut(Protocol):
    """A list in pages; `begin` is the index of the page's first item."""

    def part(self, begin: int) -> list[Any]:
        """Return the items of the page that begins there."""
        ...

    def first_of(self, number: int) -> int:
        """Return where the page with this number begins, counted from 0."""
        ...


class BySize:
    """Pages of one size."""

    def __init__(self, items: Sequence[Any], size: int) -> None:
        self._items = items
        self._size = max(1, size)

    def part(self, begin: int) -> list[Any]:
        """Return the items of the page that begins there."""
        return list(self._items[begin : begin + self._size])

    def first_of(self, number: int) -> int:
        """Return where the page with this number begins, counted from 0."""
        return number * self._size


class Given:
    """Pages as the test gave them."""

    def __init__(self, pages: Sequence[list[Any]]) -> None:
        self._begins: list[int] = []
        self._pages: dict[int, list[Any]] = {}
        begin = 0
        for page in pages:
            self._begins.append(begin)
            self._pages[begin] = page
            begin += len(page)
        self._end = begin

    def part(self, begin: int) -> list[Any]:
        """Return the items of the page that begins there."""
        return self._pages.get(begin, [])

    def first_of(self, number: int) -> int:
        """Return where the page with this number begins, counted from 0."""
        return self._begins[number] if number < len(self._begins) else self._end


def wanted_size(operation: Operation[Any], url: str) -> int:
    """Return the requested number of items; 30 by default."""
    rule = operation.pages
    own = rule.size if isinstance(rule, (Offset, PageNumber)) else None
    wires = [operation.names.get(name, name) for name in operation.query]
    for wire in [*([own] if own else []), *(wire for wire in wires if wire.lower() in _SIZES)]:
        if (asked := number_in(url, wire)) is not None:
            return asked
    return _USUAL_SIZE


def body_of(operation: Operation[Any], url: str, items: Sequence[Any], cut: Cut, body: Any) -> Any:
    """Return the body of the page that a request asks for, with the fields that its rule reads.

    Args:
        operation: has a rule.
        url: the requested address.
        items: the items of all pages.
        cut: the pages.
        body: the generated object around the list; None if the body is the list.
    """
    rule = operation.pages
    if rule is None:
        raise TypeError(f"{operation.id} has no rule for its pages.")
    begin = _begin(rule, url, items, cut)
    part = cut.part(begin)
    if body is None or operation.items is None:
        return part
    known = cast("dict[str, Any]", body)
    end = begin + len(part)
    for path, value in _fields(rule, url, end, len(items), _last(cut, len(items))):
        put(known, path, value)
    put(known, operation.items, part)
    return known


def _begin(rule: PageRule, url: str, items: Sequence[Any], cut: Cut) -> int:
    match rule:
        case PageNumber(parameter=parameter, first=first):
            number = number_in(url, parameter)
            return cut.first_of(max(0, (first if number is None else number) - first))
        case Offset(parameter=parameter) | Cursor(parameter=parameter):
            return number_in(url, parameter) or 0
        case NextUrl(parameter=parameter):
            return number_in(url, parameter or _PAGE) or 0
        case LastItem(parameter=parameter, field=field):
            given = parse_qs(urlsplit(url).query).get(parameter)
            marks = [str(member(to_json(item), field)) for item in items]
            return marks.index(given[0]) + 1 if given and given[0] in marks else 0
        case _:
            return 0


def _fields(
    rule: PageRule, url: str, end: int, total: int, pages: int
) -> list[tuple[str | None, Any]]:
    """Return the pagination fields of a body; `end` is the index of the next page."""
    more = end < total
    match rule:
        case Cursor(field=field, more=says):
            return [(field, str(end) if more else None), (says, more)]
        case NextUrl(field=field, parameter=parameter):
            following = with_query(url, {parameter or _PAGE: str(end)})
            return [(field, following if more else None)]
        case LastItem(more=says):
            return [(says, more)]
        case PageNumber(total=counted, pages=number_of_pages):
            return [(counted, total), (number_of_pages, pages)]
        case Offset(total=counted):
            return [(counted, total)]
        case _:
            return []


def _last(cut: Cut, total: int) -> int:
    """Return the number of pages."""
    number = 0
    while cut.first_of(number) < total:
        number += 1
    return number


def put(body: dict[str, Any], path: str | None, value: Any) -> None:
    """Set the value at a path of a body, such as "meta.next"."""
    if path is None:
        return
    if path in body or "." not in path:
        body[path] = value
        return
    *steps, last = path.split(".")
    node = body
    for step in steps:
        if not isinstance(node.get(step), dict):
            node[step] = {}
        node = cast("dict[str, Any]", node[step])
    node[last] = value
