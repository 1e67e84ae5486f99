"""The base of every resource class: a group of an API's operations as methods."""

from __future__ import annotations

from collections.abc import Awaitable
from functools import lru_cache
from types import FunctionType
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from .omit import OMIT

if TYPE_CHECKING:
    from .calls.executor import Executor
    from .download import Download
    from .event_stream import EventStream
    from .files import Progress
    from .operation import Operation
    from .options import CallOptions
    from .pagination.paged import Paged, PagedObject

T = TypeVar("T")


class Client(Protocol):
    """What a resource needs of its client."""

    @property
    def caller(self) -> Executor:
        """Makes the client's calls."""
        ...


class Resource:
    """A group of operations, as methods.

    ::

        GET_INVOICE = Operation("GET", "/invoices/{invoice_id}", returns=Invoice)


        class Invoices(Resource):
            async def get(self, invoice_id: str) -> Invoice:
                return await self._call(GET_INVOICE, invoice_id=invoice_id)
    """

    __slots__ = ("_caller",)

    def __init_subclass__(cls, **options: Any) -> None:
        """Let methods with the same defaults share them; most have ``options=None`` alone."""
        super().__init_subclass__(**options)
        shared: dict[tuple[object, ...], dict[str, Any]] = {}
        for method in vars(cls).values():
            defaults = method.__kwdefaults__ if isinstance(method, FunctionType) else None
            if defaults:
                alike = (*defaults, *map(id, defaults.values()))
                method.__kwdefaults__ = shared.setdefault(alike, defaults)

    def __init__(self, client: Client) -> None:
        # The client's caller and not the client: no reference cycle, so that a client which nobody
        # closed is noticed as soon as it is dropped.
        self._caller = client.caller

    if not TYPE_CHECKING:
        # Type checkers find this mistake themselves; at run time the text names what exists.

        def __getattr__(self, name: str) -> Any:
            from .missing_names import no_attribute

            raise no_attribute(self, name)

    def _call(
        self, operation: Operation[T], options: CallOptions | None = None, /, **values: object
    ) -> Awaitable[T]:
        return self._caller.call(operation, options, values)

    def _paginate(
        self, operation: Operation[Any], options: CallOptions | None = None, /, **values: object
    ) -> Paged[Any, Any]:
        paged, _ = _paged_classes()
        return paged(self._caller, self._caller.prepare(operation, options, values))

    def _paginate_object(
        self, operation: Operation[Any], options: CallOptions | None = None, /, **values: object
    ) -> PagedObject[Any, Any]:
        """Return an object with one page of its list; iterate over it for the items of all."""
        _, paged_object = _paged_classes()
        return paged_object(self._caller, self._caller.prepare(operation, options, values))

    def _complete_object(
        self, operation: Operation[Any], options: CallOptions | None = None, /, **values: object
    ) -> PagedObject[Any, Any]:
        """Return an object with the items of all pages, unless a page or its size is given."""
        _, paged_object = _paged_classes()
        one_page = any(values.get(name, OMIT) is not OMIT for name in ("page", "per_page"))
        request = self._caller.prepare(operation, options, values)
        return paged_object(self._caller, request, complete=not one_page)

    async def _call_until_ready(
        self,
        operation: Operation[T],
        options: CallOptions | None,
        wait: float,
        /,
        **values: object,
    ) -> T:
        """Return the response; repeat the call for up to `wait` seconds while it is 202."""
        from .calls.polling import call_until_ready

        result: T = await call_until_ready(self._caller, operation, options, wait, values)
        return result

    def _download(
        self, operation: Operation[Any], options: CallOptions | None = None, /, **values: object
    ) -> Download:
        from .download import Download

        request = self._caller.prepare(operation, options, values)
        return Download(self._caller, request.as_streamed())

    def _events(
        self, operation: Operation[Any], options: CallOptions | None = None, /, **values: object
    ) -> EventStream[Any]:
        from .event_stream import EventStream

        request = self._caller.prepare(operation, options, values)
        return EventStream(self._caller, request.as_streamed())

    def _upload(
        self,
        operation: Operation[T],
        options: CallOptions | None = None,
        progress: Progress | None = None,
        /,
        **values: object,
    ) -> Awaitable[T]:
        if progress is not None and isinstance(operation.body, str):
            from .request.upload import content_of

            values[operation.body] = content_of(values.get(operation.body), progress)
        return self._caller.call(operation, options, values)


@lru_cache(maxsize=1)
def _paged_classes() -> tuple[type[Paged[Any, Any]], type[PagedObject[Any, Any]]]:
    # Imported for the first list; kept, because an import takes 2 us.
    from .pagination.paged import Paged, PagedObject

    return Paged, PagedObject
