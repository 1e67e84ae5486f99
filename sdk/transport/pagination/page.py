"""One page of a list: its items, and the link to the next page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Generic, cast, overload

from typing_extensions import TypeVar

from sdk.transport.body_fields import member
from sdk.transport.errors import DecodeError, NotFound, SdkError
from sdk.transport.refusals import hides_arguments
from sdk.transport.response.response import Metadata, attach
from sdk.transport.response.response import metadata as metadata_of
from sdk.transport.urls import origin, with_origin_of

from .links import host_in, page_number, parse_links, resolved, with_page_number

if TYPE_CHECKING:
    from sdk.transport.calls.executor import Executor
    from sdk.transport.request.request import Request
    from sdk.transport.response.response import Response

T = TypeVar("T")
# The body of a page: the list itself, if a type says nothing else.
B_co = TypeVar("B_co", default=list[T], covariant=True)

# Statuses that say that there is no content (RFC 9110, 15.3.5 and 15.3.6).
_WITHOUT_CONTENT = (204, 205)

# Relations of a Link header that has to do with pages.
_RELATIONS = frozenset(("next", "prev", "previous", "first", "last"))

# A filtered list may have some pages without items. An endless run of them is a fault.
_MOST_EMPTY = 100


class Page(Sequence[T], Generic[T, B_co]):
    """One page of a list. It is a sequence: it iterates, has a length, an index and slices.

    Attributes:
        items: the items of this page, in a list.
        total_count: the number of items on all pages, None if the API does not tell.
        body: the whole body: the list itself, or the object that wraps it, which can have further
            fields (``page.body.incomplete_results`` of a search). None for a response without
            content.
    """

    __slots__ = ("__weakref__", "_body", "_links", "_request", "_url", "items", "total_count")

    def __init__(
        self,
        items: list[T],
        total_count: int | None,
        body: object,
        request: PageRequest[T, B_co],
        url: str,
        links: Mapping[str, str],
    ) -> None:
        self.items = items
        self.total_count = total_count
        self._body: Any = body
        self._request = request
        self._url = url
        self._links = links

    if not TYPE_CHECKING:
        # Type checkers report these mistakes; at runtime the error text names the fix.

        def __aiter__(self) -> Any:
            raise TypeError(
                "A Page is one page, and is fetched already: write `for x in page`. For the items "
                "of all pages, write `async for x in ...` without `await`."
            )

        @classmethod
        def __get_pydantic_core_schema__(cls, _source: Any, _handler: Any) -> Any:
            raise TypeError(
                "A Page is a page of a list, not data: let the endpoint return list[...], with "
                "`return page.items`."
            )

    @property
    def body(self) -> B_co:
        """The whole body: the list, or the object around it, which may have further fields."""
        body: B_co = self._body
        return body

    @property
    def number(self) -> int:
        """The number of the page: ``page`` in its URL, or else counted from 1."""
        return self._request.number

    @property
    def metadata(self) -> Metadata:
        """Status, headers and request id of the page's response."""
        return metadata_of(self)

    @property
    def has_next(self) -> bool:
        """Whether there is a next page."""
        return "next" in self._links

    async def next(self) -> Page[T, B_co] | None:
        """Fetch the page after this one; None if this is the last.

        Raises:
            DecodeError: the API's link to the next page leads to another host, or back.
            SdkError: as any call; ``page`` says which page failed.
        """
        request = self.next_request()
        return None if request is None else await request.fetch()

    def next_request(self) -> PageRequest[T, B_co] | None:
        """Return the request of the next page, not yet fetched; None if this is the last.

        Raises:
            DecodeError: as for ``next``.
        """
        if not self.has_next:
            return None
        return self._request.for_link(self._url, self._links["next"])

    @property
    def incomplete(self) -> bool:
        """Whether the API reports that a search timed out and its results are incomplete."""
        return member(self._body, "incomplete_results") is True

    @property
    def last_number(self) -> int | None:
        """The number of the last page if the API sends it, else None."""
        return page_number(self._links["last"]) if "last" in self._links else None

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
        return f"<Page {self.number}: {len(self)} items{total}>"


@dataclass(slots=True, eq=False, repr=False)
class PageRequest(Generic[T, B_co]):
    """A request for one page. It is not changed.

    Attributes:
        position: 1 for the page that the iteration began with.
        positions: the position of every URL of this iteration, shared by all its requests. A link
            that leads in a circle is recognized by it.
        linked: whether an earlier page had a ``Link`` header: then only such links are followed.
        previous: the hash of the page before this one, if a rule led from there to here.
        empty: how many pages in a row, up to this one, had no items.
    """

    caller: Executor
    request: Request
    position: int = 1
    positions: dict[str, int] = field(default_factory=dict[str, int])
    linked: bool = False
    previous: int | None = None
    empty: int = 0

    @property
    def number(self) -> int:
        """The page's own number, where its address has one, else its position."""
        return page_number(self.request.url) or self.position

    async def fetch(self, *, use_stored: bool = True) -> Page[T, B_co]:
        """Fetch the page; raise what any call raises, with the number in the error's ``page``.

        Args:
            use_stored: whether a response cache may answer it.
        """
        self.positions.setdefault(self.request.url, self.position)
        try:
            response = await self.caller.execute(self.request, use_stored=use_stored)
            body = await self._body(response)
            items, total_count = self._unwrap(body)
        except NotFound as error:
            if self.previous is None:
                _name_page(error, self.number)
                raise
            return self._after_the_last(error)
        except SdkError as error:
            _name_page(error, self.number)
            raise
        links = parse_links(response.headers.get("link", ""))
        fetched = replace(self, empty=0 if items else self.empty + 1)
        if not self.linked:
            if not _RELATIONS.isdisjoint(links):
                fetched = replace(fetched, linked=True, previous=None)
            elif (rule := self.request.operation.pages) is not None:
                fetched = replace(fetched, previous=hash(response.body))
                if items and self.previous == fetched.previous:
                    raise self._bad_link("gives the same page again")
                if (target := rule.next(self.request.url, body, items)) is not None:
                    links = {"next": target}
        if response.revalidated and "next" not in links and self._may_be_full(items):
            # A 304 has no Link header, and a tag covers one page: there may be a page behind it.
            return await self.fetch(use_stored=False)
        page: Page[T, B_co] = Page(items, total_count, body, fetched, response.url, links)
        attach(page, response)
        return page

    async def _body(self, response: Response) -> Any:
        if response.status in _WITHOUT_CONTENT or _is_null(response.body):
            return None
        return await self.caller.decode(self.request, response)

    def _may_be_full(self, items: list[T]) -> bool:
        dialect = self.caller.settings.dialect
        return bool(items) and dialect.page_may_be_full(self.request.url, len(items))

    @hides_arguments
    def for_link(self, base: str, link: str) -> PageRequest[T, B_co]:
        """Return the request for the next page, at the `link` in the response from `base`.

        Raises:
            DecodeError: it is not a URL, leads to another host, or leads back to a page that was
                fetched before.
        """
        if self.empty >= _MOST_EMPTY:
            raise self._bad_link(f"follows {self.empty} pages in a row without items")
        url = resolved(base, link)
        if url is not None and origin(url) in self.caller.settings.link_origins:
            url = with_origin_of(url, self.request.url)
        if url is None:
            raise self._bad_link("is not a URL that can be followed")
        if origin(url) != origin(self.request.url):
            raise self._bad_link(
                f"leads to another host ({host_in(link)!r}), where the credentials must not go, "
                "and is not followed (link_origins=[...] is for an API behind a gateway)"
            )
        here, there = page_number(self.request.url), page_number(url)
        went_back = here is not None and there is not None and there <= here
        if went_back or self.positions.get(url, self.position + 1) <= self.position:
            raise self._bad_link("leads back to a page that was fetched before")
        return replace(self, request=replace(self.request, url=url), position=self.position + 1)

    def pages_later(self, pages: int) -> PageRequest[T, B_co]:
        """Return the request for so many pages later, for a list whose pages have numbers."""
        request = self.request
        url = with_page_number(request.url, self.number + pages)
        position = self.position + pages
        return replace(self, request=replace(request, url=url), position=position)

    def _after_the_last(self, error: NotFound) -> Page[T, B_co]:
        """Return the empty page for a 404 after the last page of a list that is counted."""
        page: Page[T, B_co] = Page([], None, None, self, self.request.url, {})
        attach(
            page,
            Metadata(
                status=404,
                headers=error.headers,
                request_id=error.request_id,
                url=self.request.url.partition("?")[0],
                attempts=error.attempts,
            ),
        )
        return page

    def _bad_link(self, reason: str) -> DecodeError:
        text = (
            f"{self.request}: the API's link to the page after page {self.number} {reason}. The "
            "items up to here are complete."
        )
        return self.request.operation.call_error(DecodeError, text, page=self.number + 1)

    def _unwrap(self, body: object) -> tuple[list[T], int | None]:
        key = self.request.operation.items
        total = None
        if key is not None and not isinstance(body, list):
            rule = self.request.operation.pages
            total = member(body, getattr(rule, "total", None) or "total_count")
            body = member(body, key)
        if body is None:
            return [], total if isinstance(total, int) else None
        if not isinstance(body, list):
            under = f" under {key!r}" if key else ""
            text = f"{self.request} answered no list{under}, but a value of type "
            raise self.request.operation.call_error(DecodeError, f"{text}{type(body).__name__}.")
        return cast("list[T]", body), total if isinstance(total, int) else None


def _name_page(error: SdkError, number: int) -> None:
    if error.page is None:
        error.page = number
        if number > 1:
            error.args = (f"Page {number} of the list: {error}",)


def _is_null(body: bytes) -> bool:
    return len(body) < 16 and body.strip() == b"null"
