"""Lists that come in pages."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, AsyncIterator, Generator, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast, overload
from urllib.parse import urljoin

from .errors import DecodeError
from .metadata import attach
from .metadata import metadata as metadata_of
from .redirects import origin

if TYPE_CHECKING:
    from .caller import Caller
    from .headers import Headers
    from .metadata import Metadata
    from .request import Request

T = TypeVar("T")


class Page(Generic[T]):
    """One page of a list: it iterates, has a length and an index like a list.

    Attributes:
        items: the items of this page.
        total_count: how many items all pages have together, where the API says so, else None.
    """

    __slots__ = ("__weakref__", "_caller", "_next", "items", "total_count")

    def __init__(
        self, items: list[T], total_count: int | None, caller: Caller, following: Request | None
    ) -> None:
        self.items = items
        self.total_count = total_count
        self._caller = caller
        self._next = following

    @property
    def metadata(self) -> Metadata:
        """Status, headers and request id of the answer that this page came in."""
        return metadata_of(self)

    @property
    def has_next(self) -> bool:
        """Whether the API named a page after this one."""
        return self._next is not None

    async def next(self) -> Page[T] | None:
        """Fetch the page after this one; None if this is the last. Raises what any call raises."""
        return None if self._next is None else await _fetch(self._caller, self._next)

    def __iter__(self) -> Iterator[T]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> list[T]: ...
    def __getitem__(self, index: int | slice) -> T | list[T]:
        return self.items[index]

    def __repr__(self) -> str:
        total = "" if self.total_count is None else f" of {self.total_count}"
        return f"<Page of {len(self.items)} items{total}>"


class Paged(Generic[T]):
    """A list that the API gives in pages; nothing is fetched until it is awaited or iterated.

    ``await`` gives the first page, ``async for`` every item of every page::

        page = await sdk.users.list_followers_for_user("octocat")
        async for follower in sdk.users.list_followers_for_user("octocat"): ...
    """

    __slots__ = ("_caller", "_first")

    def __init__(self, caller: Caller, first: Request) -> None:
        self._caller = caller
        self._first = first

    def __await__(self) -> Generator[Any, None, Page[T]]:
        return _fetch(self._caller, self._first).__await__()

    async def __aiter__(self) -> AsyncIterator[T]:
        async for page in self.pages():
            for item in page:
                yield item

    async def pages(self) -> AsyncGenerator[Page[T]]:
        """Fetch page after page; raises what any call raises, at the page that fails."""
        page: Page[T] | None = await _fetch(self._caller, self._first)
        seen = {self._first.url}
        while page is not None:
            yield page
            following = page._next
            if following is not None and following.url in seen:
                raise DecodeError(
                    f"{_route(self._first)}: the API's link to the next page leads to a page that "
                    "was fetched before. The items so far are complete up to that point.",
                    method=self._first.operation.method,
                    route=self._first.operation.path,
                )
            if following is not None:
                seen.add(following.url)
            page = await page.next()

    async def collect(self, *, limit: int | None = None) -> list[T]:
        """Fetch items into a list: all of them, or the first `limit`, and no page beyond those."""
        items: list[T] = []
        if limit is not None and limit <= 0:
            return items
        async for page in self.pages():
            items.extend(page)
            if limit is not None and len(items) >= limit:
                return items[:limit]
        return items

    def __repr__(self) -> str:
        return f"<Paged {_route(self._first)}: await it for one page, or use async for>"


async def _fetch(caller: Caller, request: Request) -> Page[Any]:
    answer, metadata = await caller.settle(request)
    value = caller.decode(request, answer, metadata)
    key = request.operation.items
    items, total = (value, None) if key is None else _unwrap(value, key)
    following = next_url(metadata.headers, answer.url)
    page: Page[Any] = Page(
        [] if items is None else items,
        total,
        caller,
        None if following is None else replace(request, url=_on_our_server(following, request)),
    )
    attach(page, metadata)
    return page


def _unwrap(value: Any, key: str) -> tuple[list[Any], int | None]:
    if isinstance(value, Mapping):
        wrapper = cast("Mapping[str, Any]", value)
        return wrapper[key], wrapper.get("total_count")
    return getattr(value, key), getattr(value, "total_count", None)


def _on_our_server(url: str, request: Request) -> str:
    if origin(url) != origin(request.url):
        raise DecodeError(
            f"{_route(request)}: the API's link to the next page leads to another host, "
            f"{origin(url)[1]!r}, and is not followed: the token would go there.",
            method=request.operation.method,
            route=request.operation.path,
        )
    return url


def next_url(headers: Headers, url: str) -> str | None:
    """Give the target of ``rel="next"`` in a Link header (RFC 8288), resolved against `url`."""
    for match in _LINK.finditer(headers.get("link", "")):
        relations = _REL.search(match["parameters"])
        if relations and "next" in relations[1].lower().split():
            target: str = match["target"]
            return urljoin(url, target)
    return None


_LINK = re.compile(r'<(?P<target>[^>]*)>(?P<parameters>(?:[^,"]|"[^"]*")*)')
_REL = re.compile(r';\s*rel\s*=\s*"?([^";]+)"?', re.IGNORECASE)


def _route(request: Request) -> str:
    return f"{request.operation.method} {request.operation.path}"
