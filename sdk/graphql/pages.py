"""Pagination of a connection, forwards or backwards."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterator, Sequence
from functools import lru_cache
from typing import Any, Generic, TypeVar, cast, overload

from sdk.transport import metadata
from sdk.transport.errors import DecodeError, InvalidInput, SdkError
from sdk.transport.options import check_counts

from .document import Connection, Definition
from .values import cost_of, value_of

T = TypeVar("T")

Fetch = Callable[[str | None], Awaitable[Any]]
"""Fetches the ``data`` of the page that a cursor leads to; None for the first one."""


def connection_of(definition: Definition, path: str | None) -> Connection:
    """Return the connection to paginate.

    Raises:
        InvalidInput: the connection is ambiguous, or lacks selections that pagination needs.
    """
    found = definition.connections
    if path is not None:
        found = tuple(each for each in found if each.place == path)
    names = dict.fromkeys(repr(each.place) for each in definition.connections)
    places = ", ".join(names) or "none"
    if not found:
        what = "No connection" if path is None else f"No connection at {path!r}"
        raise InvalidInput(
            f"{what} takes `after` or `before` from a variable (found: "
            f"{places}). Write for example issues(first: 100, after: $cursor)."
        )
    if len(found) > 1:
        raise InvalidInput(
            f"Several connections take their cursor from a variable: pass path= one of {places}, "
            "with a single direction."
        )
    connection = next(iter(found))
    lists = [key for key in connection.path[:-1] if key in ("nodes", "edges")]
    if lists:
        raise InvalidInput(
            f"{connection.place!r} is inside of a list ({lists[0]!r}): each item has a cursor of "
            "its own. Fetch the items first, then the connection of each by its id: "
            "node(id: $id) { ... on Repository { issues(first: 100, after: $cursor) { ... } } }."
        )
    if connection.items is None:
        raise InvalidInput(f"{connection.place!r} selects neither `nodes` nor `edges`.")
    if connection.missing:
        raise InvalidInput(f"{connection.place!r} does not select {', '.join(connection.missing)}.")
    sharing = [
        each.place
        for each in definition.connections
        if each.variable == connection.variable and each != connection
    ]
    if sharing:
        raise InvalidInput(
            f"${connection.variable} also moves {', '.join(sharing)}: use a variable for each."
        )
    return connection


@lru_cache(maxsize=256)
def connection_type(connection: Connection, item: Any) -> Any:
    """Return a model of ``data`` in which the items of the connection are of a type, or null."""
    from pydantic import ConfigDict, create_model

    keep = ConfigDict(extra="allow")
    node: Any = item
    if connection.items == "edges":
        edge: Any = create_model("Edge", __config__=keep, node=(node, None))
        node = edge | None
    items: Any = list[node]
    fields: Any = {connection.items: (items | None, None), "pageInfo": (dict[str, Any], ...)}
    inner = create_model("Connection", __config__=keep, **fields)
    for key in reversed(connection.path):
        field: Any = {key: (inner | None, None)}
        inner = create_model("Data", __config__=keep, **field)
    return inner


class GraphPage(Sequence[T]):
    """One page of a connection: a sequence of its items, nulls left out.

    Attributes:
        items: the items, in the order in which the API sent them.
        data: the whole ``data`` of the response; ``metadata(page.data)`` has the rest of it.
        number: the number of the page, from 1.
        cursor: the cursor of the next page; None on the last one.
    """

    def __init__(self, items: list[T], data: Any, number: int, cursor: str | None) -> None:
        self.items = items
        self.data = data
        self.number = number
        self.cursor = cursor

    @property
    def cost(self) -> int | None:
        """The points that the page took, if the document asks for ``rateLimit { cost }``."""
        return cost_of(self.data)

    @property
    def has_next(self) -> bool:
        """Whether there is another page."""
        return self.cursor is not None

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> list[T]: ...
    def __getitem__(self, index: int | slice) -> T | list[T]:
        return self.items[index]

    def __len__(self) -> int:
        return len(self.items)

    def __repr__(self) -> str:
        return f"<GraphPage {self.number}: {len(self)} items, has_next={self.has_next}>"


class GraphPages(AsyncIterator[GraphPage[T]]):
    """Fetches page after page; see ``GraphPaged.pages``.

    After an error or a cancellation, going on fetches the page that was not fetched.
    """

    def __init__(self, connection: Connection, fetch: Fetch) -> None:
        self._connection = connection
        self._fetch = fetch
        self._number = 0
        self._cursor: str | None = None
        self._mark: str | None = None
        self._over = False
        self._busy = False

    async def __anext__(self) -> GraphPage[T]:
        if self._busy:
            raise InvalidInput(
                "A page is being fetched already; each needs the cursor of the one before. "
                "Call pages() again in each task."
            )
        if self._over:
            raise StopAsyncIteration
        self._busy = True
        self._number += 1
        try:
            page = self._page(await self._fetch(self._cursor))
        except BaseException as error:
            if isinstance(error, SdkError):
                error.page = self._number
            # Failed or cancelled: the next call fetches this page.
            self._number -= 1
            raise
        finally:
            self._busy = False
        self._cursor = page.cursor
        self._over = not page.has_next
        return page

    def _page(self, data: Any) -> GraphPage[T]:
        connection = self._connection
        value = data
        for position, key in enumerate(connection.path):
            value = value_of(value, key)
            if value is None or isinstance(value, list):
                place = ".".join(connection.path[: position + 1])
                what = "null" if value is None else "a list"
                raise self._unreadable(data, f"{place!r} is {what}")
        forward = connection.direction == "forward"
        info = value_of(value, "pageInfo")
        name = "hasNextPage" if forward else "hasPreviousPage"
        more = value_of(info, name)
        if not isinstance(more, bool):
            raise self._unreadable(data, f"pageInfo.{name} is {more!r}, and not true or false")
        cursor = value_of(info, "endCursor" if forward else "startCursor") if more else None
        if more:
            self._check_moved(cursor, data)
        found: object = value_of(value, str(connection.items)) or []
        if not isinstance(found, list):
            raise self._unreadable(data, f"{connection.items!r} is not a list")
        entries = cast("list[Any]", found)
        if connection.items == "edges":
            entries = [value_of(edge, "node") for edge in entries]
        items = [item for item in entries if item is not None]
        return GraphPage(items, data, self._number, cursor)

    def _check_moved(self, cursor: object, data: object) -> None:
        if not isinstance(cursor, str) or cursor == self._cursor:
            raise self._unreadable(data, f"there are more pages, but the cursor stays {cursor!r}")
        if cursor == self._mark:
            raise self._unreadable(data, f"the cursor {cursor!r} was that of an earlier page")
        # An earlier cursor is kept at pages 1, 2, 4, 8, ...: a cycle of any length meets one.
        if self._number & (self._number - 1) == 0:
            self._mark = cursor

    def _unreadable(self, data: object, reason: str) -> DecodeError:
        try:
            found = metadata(data)
        except LookupError:
            found = None
        return DecodeError(
            f"Page {self._number} of {self._connection.place} cannot be read: {reason}.",
            status=found.status if found else 200,
            request_id=found.request_id if found else None,
            attempts=found.attempts if found else 1,
        )


class GraphItems(AsyncIterator[T]):
    """The items of all pages; see ``GraphPaged.items``."""

    def __init__(self, pages: GraphPages[T]) -> None:
        self._pages = pages
        self._items: Iterator[T] = iter(())

    async def __anext__(self) -> T:
        while True:
            for item in self._items:
                return item
            self._items = iter(await anext(self._pages))


class GraphPaged(Generic[T]):
    """A paginated connection; nothing is sent until it is awaited or iterated.

    ::

        page = await sdk.graphql.pages(ISSUES, variables)               # the first page
        async for issue in sdk.graphql.pages(ISSUES, variables): ...    # all of all pages
    """

    def __init__(self, connection: Connection, fetch: Fetch) -> None:
        self._connection = connection
        self._fetch = fetch

    def __await__(self) -> Generator[Any, None, GraphPage[T]]:
        return self.first_page().__await__()

    def __aiter__(self) -> AsyncIterator[T]:
        return self.items()

    async def first_page(self) -> GraphPage[T]:
        """Fetch the first page, as awaiting the object itself does."""
        return await anext(self.pages())

    def pages(self) -> GraphPages[T]:
        """Iterate over the pages in the order of fetching: backwards, the last one first.

        Raises:
            DecodeError: a parent of the connection is null, or the cursor does not change.
            SdkError: as any call. ``error.page`` says which page it was.
        """
        return GraphPages(self._connection, self._fetch)

    def items(self) -> GraphItems[T]:
        """Iterate over the items of all pages, as ``async for`` on the object itself does."""
        return GraphItems(self.pages())

    async def collect(self, *, limit: int | None = None) -> list[T]:
        """Fetch items into a list: all of them, or the first `limit`."""
        if limit is not None:
            check_counts(0, limit=limit)
        items: list[T] = []
        if limit == 0:
            return items
        async for page in self.pages():
            items.extend(page)
            if limit is not None and len(items) >= limit:
                return items[:limit]
        return items

    def __repr__(self) -> str:
        return f"<GraphPaged {self._connection.place}: await it for one page, or use async for>"
