"""How the next page of a list is requested: values for ``Operation(pages=...)``.

::

    LIST = Operation("GET", "/invoices", query=("cursor",), returns=InvoicePage, items="data",
                     pages=Cursor(parameter="cursor", field="meta.next_cursor"))

Each rule returns the URL of the next page, or None after the last page. If the response has a
``Link`` header, the header is used instead of the rule.

A field is a path in the body, such as "meta.next_cursor". A key with this whole name is used if
there is one; otherwise each dot leads one level down.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import quote

from .body_fields import member

__all__ = ["Cursor", "LastItem", "NextUrl", "Offset", "PageNumber", "PageRule", "member"]


class PageRule(Protocol):
    """A rule that finds the next page."""

    def next(self, url: str, body: object, items: list[Any]) -> str | None:
        """Return the URL of the page after the one at `url`; None if that was the last.

        Args:
            url: the URL of this page.
            body: the whole decoded body.
            items: the items of this page.
        """
        ...


@dataclass(frozen=True, slots=True)
class NextUrl:
    """The response contains the URL of the next page.

    Attributes:
        field: the field with the URL.
        parameter: the query parameter for the value, if the value is not a URL.
    """

    field: str
    parameter: str | None = None

    def next(self, url: str, body: object, items: list[Any]) -> str | None:  # noqa: ARG002
        """Return the URL in the response."""
        value = member(body, self.field)
        if not isinstance(value, str) or not value:
            return None
        if self.parameter is not None and "/" not in value and "?" not in value:
            return with_query(url, {self.parameter: value})
        return value


@dataclass(frozen=True, slots=True)
class Cursor:
    """The response contains a cursor, which is sent in a query parameter.

    Attributes:
        parameter: the query parameter.
        field: the field with the cursor.
        more: the boolean field that says whether there is another page; None if there is none.
    """

    parameter: str
    field: str
    more: str | None = None

    def next(self, url: str, body: object, items: list[Any]) -> str | None:  # noqa: ARG002
        """Return the URL with the cursor in it."""
        if self.more is not None and member(body, self.more) is False:
            return None
        value = member(body, self.field)
        if value is None or value == "" or isinstance(value, bool):
            return None
        if not isinstance(value, (str, int)):
            return None
        return with_query(url, {self.parameter: str(value)})


@dataclass(frozen=True, slots=True)
class LastItem:
    """The next page starts after the last item of this one.

    Attributes:
        parameter: the query parameter for the id of the last item.
        field: the field of the item with its id.
        more: the boolean field that says whether there is another page; with None, the first empty
            page is the last.
    """

    parameter: str
    field: str = "id"
    more: str | None = None

    def next(self, url: str, body: object, items: list[Any]) -> str | None:
        """Return the URL with the last item in it."""
        if not items or (self.more is not None and member(body, self.more) is not True):
            return None
        value = member(items[-1], self.field)
        if not isinstance(value, (str, int)) or isinstance(value, bool):
            return None
        return with_query(url, {self.parameter: str(value)})


@dataclass(frozen=True, slots=True)
class PageNumber:
    """Pages have numbers.

    Attributes:
        parameter: the query parameter for the number.
        size: the query parameter for the number of items per page; None if there is none.
        total: the field with the number of all items; None if there is none.
        pages: the field with the number of pages; None if there is none.
        first: the number of the first page.
    """

    parameter: str = "page"
    size: str | None = None
    total: str | None = None
    pages: str | None = None
    first: int = 1

    def next(self, url: str, body: object, items: list[Any]) -> str | None:
        """Return the URL of the next number, unless this page is known to be the last."""
        number = number_in(url, self.parameter)
        number = self.first if number is None else number
        done = number - self.first + 1
        wanted = None if self.size is None else number_in(url, self.size)
        pages = _number(body, self.pages)
        total = _number(body, self.total)
        if not items or (pages is not None and done >= pages):
            return None
        if wanted is not None and len(items) < wanted and pages is None:
            return None
        size = wanted or (len(items) if number == self.first else None)
        if pages is None and total is not None and size is not None and done * size >= total:
            return None
        return with_query(url, {self.parameter: str(number + 1)})


@dataclass(frozen=True, slots=True)
class Offset:
    """The next page starts after a number of items.

    Attributes:
        parameter: the query parameter for the number of items before the page.
        size: the query parameter for the number of items per page; None if there is none.
        total: the field with the number of all items; None if there is none.
    """

    parameter: str = "offset"
    size: str | None = None
    total: str | None = None

    def next(self, url: str, body: object, items: list[Any]) -> str | None:
        """Return the URL of the items after these, unless they are the last."""
        begin = number_in(url, self.parameter) or 0
        wanted = None if self.size is None else number_in(url, self.size)
        total = _number(body, self.total)
        end = begin + len(items)
        if not items or (total is not None and end >= total):
            return None
        if total is None and wanted is not None and len(items) < wanted:
            return None
        return with_query(url, {self.parameter: str(end)})


def _number(body: object, path: str | None) -> int | None:
    value = None if path is None else member(body, path)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def number_in(url: str, parameter: str) -> int | None:
    """Return a query parameter of a URL as a number; None if it is missing or not a number."""
    for pair in url.partition("#")[0].partition("?")[2].split("&"):
        name, _, value = pair.partition("=")
        if name == quote(parameter, safe="[]") and value.isascii() and value.isdecimal():
            return int(value) if len(value) < 16 else None
    return None


def with_query(url: str, values: Mapping[str, str]) -> str:
    """Return the URL with these query parameters, which replace those of the same names."""
    address, _, query = url.partition("#")[0].partition("?")
    wanted = {quote(name, safe="[]"): quote(value, safe="") for name, value in values.items()}
    kept = [pair for pair in query.split("&") if pair and pair.partition("=")[0] not in wanted]
    return f"{address}?{'&'.join([*kept, *(f'{name}={value}' for name, value in wanted.items())])}"
