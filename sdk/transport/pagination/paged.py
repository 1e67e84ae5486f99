"""Paginated lists."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any, Generic

from sdk.transport.options import check_counts

from .page import B_co, Page, PageRequest, T

if TYPE_CHECKING:
    from sdk.transport.calls.executor import Executor
    from sdk.transport.request.request import Request

    from .iterators import ItemIterator, PageIterator

__all__ = ["Collected", "Page", "Paged", "PagedObject"]


class Collected(list[T]):
    """The items that ``collect`` returns: a list.

    Attributes:
        total_count: the number of items that the API counts, None if it does not tell.
        incomplete: whether the API gave fewer items than it counts, or says that a search timed
            out; not set because of a `limit`.
    """

    total_count: int | None = None
    incomplete: bool = False


class PagedBase(Generic[T, B_co]):
    """The common base of ``Paged`` and ``PagedObject``."""

    __slots__ = ("_caller", "_first")

    def __init__(self, caller: Executor, first: Request) -> None:
        self._caller = caller
        self._first = first

    def __aiter__(self) -> ItemIterator[T]:
        return self.items()

    if not TYPE_CHECKING:
        # Type checkers find these mistakes themselves; at run time the text names the fix.

        def __iter__(self) -> Any:
            raise TypeError(
                f"{type(self).__name__} fetches its pages as it goes: write `async for`, or "
                "`for x in await paged.collect()`."
            )

        def __len__(self) -> int:
            raise TypeError(
                f"{type(self).__name__} has no length before it is fetched: "
                "write `len(await paged.collect())`, or `(await paged.first_page()).total_count`."
            )

        def __getitem__(self, index: Any) -> Any:
            if isinstance(index, slice):
                raise TypeError(
                    f"{type(self).__name__} has no items before it is fetched: write "
                    "`await paged.collect(limit=...)`."
                )
            raise TypeError(
                f"{type(self).__name__} has no items before it is fetched: write "
                f"`(await paged.first_page()).items[{index!r}]`."
            )

        def __bool__(self) -> bool:
            return True

        @classmethod
        def __get_pydantic_core_schema__(cls, _source: Any, _handler: Any) -> Any:
            raise TypeError(
                f"{cls.__name__} is a list to fetch, not data: let the endpoint return "
                "list[...], with `return (await paged).items` or `return await paged.collect()`."
            )

    async def first_page(self) -> Page[T, B_co]:
        """Fetch the first page; awaiting the list itself is the same.

        Raises:
            SdkError: as any call.
        """
        return await self._first_request().fetch()

    def items(self, *, concurrency: int = 1) -> ItemIterator[T]:
        """Iterate over the items of all pages, in order, as ``async for`` on the list itself does.

        Args:
            concurrency: how many pages are fetched at once, from the second on, where the API says
                how many there are; they are still given in order. Elsewhere it changes nothing.

        Raises:
            DecodeError: a link leads to another host, or back to a page that was given before.
            SdkError: as any call.
        """
        from .iterators import ItemIterator

        return ItemIterator(self.pages(concurrency=concurrency))

    def pages(self, *, concurrency: int = 1) -> PageIterator[T, B_co]:
        """Iterate over the pages, in order.

        Args:
            concurrency: as for ``items``. At most so many pages are held that were not given yet.

        Raises:
            DecodeError: a link leads to another host, or back to a page that was given before.
            SdkError: as any call.
        """
        check_counts(1, concurrency=concurrency)
        return self._pages(concurrency)

    async def collect(self, *, limit: int | None = None, concurrency: int = 1) -> Collected[T]:
        """Fetch items into a list: all of them, or the first `limit`, and no page beyond those.

        The list says how many there are (``total_count``) and whether the API kept some back
        (``incomplete``), as for a search with more than 1,000 results.

        Args:
            limit: how many items at most.
            concurrency: as for ``items``.

        Raises:
            DecodeError: a link leads to another host, or back to a page that was fetched before.
            SdkError: as any call. What came before is lost: iterate to keep it.
        """
        check_counts(1, concurrency=concurrency)
        if limit is not None:
            check_counts(0, limit=limit)
        items: Collected[T] = Collected()
        if limit == 0:
            return items
        pages = self._pages(concurrency, limit)
        async for page in pages:
            items.extend(page)
            items.total_count, items.incomplete = pages.total_count, pages.incomplete
            if limit is not None and len(items) >= limit:
                del items[limit:]
                break
        return items

    def _pages(self, concurrency: int, limit: int | None = None) -> PageIterator[T, B_co]:
        # Many programs read first pages only.
        from .iterators import PageIterator

        return PageIterator(self._first_request(), concurrency, limit)

    def _first_request(self) -> PageRequest[T, B_co]:
        return PageRequest(self._caller, self._first)


class Paged(PagedBase[T, B_co]):
    """A paginated list; nothing is fetched until it is awaited or iterated over.

    ::

        page = await sdk.users.list_followers_for_user("octocat")                # the first page
        async for follower in sdk.users.list_followers_for_user("octocat"): ...  # all of all pages
        everyone = await sdk.users.list_followers_for_user("octocat").collect()

    Each use fetches anew. A page that fails raises what any call raises, where its turn is: what
    came before was given already, and the error's ``page`` says which page it was.
    """

    __slots__ = ()

    def __await__(self) -> Generator[Any, None, Page[T, B_co]]:
        return self.first_page().__await__()

    def __repr__(self) -> str:
        operation = self._first.operation
        return (
            f"<Paged {operation.method} {operation.path}: await it for one page, or use async for>"
        )


class PagedObject(PagedBase[T, B_co]):
    """One object that holds a list of several pages, such as a comparison and its commits.

    ::

        comparison = await sdk.repos.compare_commits("o", "r", "v1", "v2")     # the first page
        async for commit in sdk.repos.compare_commits("o", "r", "v1", "v2"): ...  # all commits
        commit = await sdk.repos.get_commit("o", "r", "main")                  # with all its files

    Awaiting it returns the object. With `complete`, the items of the following pages are added to
    its list, one request per page.
    """

    __slots__ = ("_complete",)

    def __init__(self, caller: Executor, first: Request, *, complete: bool = False) -> None:
        super().__init__(caller, first)
        self._complete = complete

    def __await__(self) -> Generator[Any, None, B_co]:
        return self._object().__await__()

    async def _object(self) -> B_co:
        first = await self.first_page()
        page = await first.next() if self._complete else None
        while page is not None:
            # The page and the object share one list.
            first.items.extend(page.items)
            page = await page.next()
        return first.body

    def __repr__(self) -> str:
        operation = self._first.operation
        return (
            f"<PagedObject {operation.method} {operation.path}: await it for the object, or use "
            "async for>"
        )
