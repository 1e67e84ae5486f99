"""Iterators over the pages and the items of a list, fetching one or several pages at once."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import AsyncIterator, Iterator
from typing import Any, Generic

from sdk.transport.errors import InvalidInput

from .links import page_number
from .page import B_co, Page, PageRequest, T

logger = logging.getLogger("sdk")


class PageIterator(AsyncIterator[Page[T, B_co]], Generic[T, B_co]):
    """An iterator over the pages, in order; see ``Paged.pages``.

    After an error or a cancellation, going on fetches the page that was not fetched.

    It may be left at any time: its running requests are cancelled as soon as nothing refers to it.
    ``contextlib.aclosing`` also waits for their end.

    Attributes:
        total_count: the number of items that the API counts on all pages, as far as it tells.
        incomplete: whether the API gave fewer items than it counts, or says that a search timed
            out. Known for sure after the last page.
    """

    def __init__(
        self, first: PageRequest[T, B_co], concurrency: int, wanted: int | None = None
    ) -> None:
        self._first: PageRequest[T, B_co] | None = first
        self._page: Page[T, B_co] | None = None
        self._concurrency = concurrency
        self._busy = False
        self._operation = first.request.operation
        self._seen = 0 if (page_number(first.request.url) or 1) == 1 else None
        self.total_count: int | None = None
        self.incomplete = False
        # The number of further items that are needed; None for all.
        self._wanted = wanted
        # The pages being fetched, the next one first, each with its number. The tasks do not refer
        # to this iterator, so that it is freed, and cancels them, when its user drops it.
        self._ahead: deque[tuple[int, asyncio.Task[Page[T, B_co]]]] = deque()

    async def __anext__(self) -> Page[T, B_co]:
        if self._busy:
            raise InvalidInput(
                "A page is being fetched already, and the next one follows from it. Iterate in one "
                "task, and pass the items to others, for example in an asyncio.Queue."
            )
        self._busy = True
        try:
            page = await self._advance()
        except StopAsyncIteration:
            await self.aclose()
            raise
        except BaseException:
            # Not the end of the list: whoever goes on gets the same page.
            await self._stop()
            raise
        finally:
            self._busy = False
        self._first, self._page = None, page
        self._note(page)
        if self._wanted is not None:
            self._wanted -= len(page)
        return page

    def _note(self, page: Page[T, B_co]) -> None:
        """Keep what the page says of the whole list, and log a list that ends too early."""
        if page.total_count is not None:
            self.total_count = page.total_count
        self.incomplete = self.incomplete or page.incomplete
        if self._seen is None:
            return
        self._seen += len(page)
        if page.has_next or self.total_count is None:
            return
        self.incomplete = self.incomplete or self._seen < self.total_count
        if self.incomplete:
            logger.warning(
                "%s gave %d of %d results: the search is not complete. Narrow it, such as by date.",
                self._operation.id,
                self._seen,
                self.total_count,
            )

    async def aclose(self) -> None:
        """Stop: cancel the running requests, and wait for their end. May be called twice."""
        self._first = self._page = None
        await self._stop()

    async def _stop(self) -> None:
        stopped = self._cancel()
        if stopped:
            await asyncio.wait(stopped)

    async def _advance(self) -> Page[T, B_co]:
        if self._page is None:
            request = self._first
        else:
            # Asked of every page, also of one that was fetched ahead: so the pages are the same as
            # without, even if the list has changed in the meantime.
            request = self._page.next_request()
            if request is not None:
                self._look_ahead(self._page, request)
        if request is None:
            raise StopAsyncIteration
        if self._ahead:
            _, task = self._ahead.popleft()
            return await task
        return await request.fetch()

    def _look_ahead(self, page: Page[T, B_co], request: PageRequest[T, B_co]) -> None:
        """Begin to fetch the pages from `request` on, if their numbers are known."""
        number, last = page_number(request.request.url), page.last_number
        if self._ahead and self._ahead[0][0] != number:
            self._cancel()
        if number is None or last is None or self._concurrency == 1:
            return
        end = min(last, number + self._concurrency - 1)
        if self._wanted is not None:
            end = min(end, number + -(-self._wanted // max(1, len(page))) - 1)
        begin = self._ahead[-1][0] + 1 if self._ahead else number
        for ahead in range(begin, end + 1):
            task = asyncio.create_task(request.pages_later(ahead - number).fetch())
            task.add_done_callback(_look_at_failure)
            self._ahead.append((ahead, task))

    def _cancel(self) -> list[asyncio.Task[Page[T, B_co]]]:
        tasks = [task for _, task in self._ahead]
        self._ahead.clear()
        for task in tasks:
            # The loop may be closed already, and its tasks with it.
            with contextlib.suppress(RuntimeError):
                task.cancel()
        return tasks

    def __del__(self) -> None:
        # An attempt to copy it creates one without attributes.
        if hasattr(self, "_ahead"):
            self._cancel()


class ItemIterator(AsyncIterator[T]):
    """The items of all pages, in order; see ``Paged.items``. It may be left at any time.

    After an error or a cancellation, going on fetches the page that was not fetched.
    """

    def __init__(self, pages: PageIterator[T, Any]) -> None:
        self._pages = pages
        self._items: Iterator[T] = iter(())

    @property
    def total_count(self) -> int | None:
        """The number of items that the API counts on all pages, as far as it tells."""
        return self._pages.total_count

    @property
    def incomplete(self) -> bool:
        """Whether the API gave fewer items than it counts, as far as is known by now."""
        return self._pages.incomplete

    async def __anext__(self) -> T:
        while True:
            for item in self._items:
                return item
            self._items = iter(await self._pages.__anext__())

    async def aclose(self) -> None:
        """Stop: cancel the running requests, and wait for their end. May be called twice."""
        self._items = iter(())
        await self._pages.aclose()


def _look_at_failure(task: asyncio.Task[Page[Any, Any]]) -> None:
    # asyncio would log it if the iteration ends before this page.
    if not task.cancelled():
        task.exception()
