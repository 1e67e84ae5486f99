"""One thing that an API can do: a value that says how to ask for it and what comes back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import FunctionType
from typing import Any, Generic, TypeVar, cast, get_origin, overload

from .decoding import Decoder
from .errors import InvalidInput
from .paths import parameter_names
from .response.response import Response

T = TypeVar("T")

Lazy = Callable[[], Any]
"""A function without arguments that gives a type, so that naming a type imports nothing yet."""

# What a response can be taken as without decoding.
_PLAIN = (None, bool, bytes, str, Response)


class Operation(Generic[T]):
    """How to make one kind of call.

    Args:
        method: the HTTP method.
        path: the route template. Its parameters are taken from the values of the call.
        returns: what a 2xx answer holds: a type, or a function that gives it when it is first
            needed. None for no content; bool to be told whether the thing exists (a 2xx answer is
            True, 404 is False); bytes or str for the body as it is; Answer for everything.
        id: the API's own name of the operation, for reports; "METHOD path" if not given.
        query: names of the values that go into the query string.
        body: names of the values that are the fields of the JSON body, or the one name of the value
            that is the whole body.
        media: the media type of the body when it is not JSON: bytes and str are sent as they are,
            ``application/x-www-form-urlencoded`` from a mapping.
        headers: names of the values that are sent as headers, each with the header's name.
        names: the API's names of values that have another one here, by our name.
        multi_segment: names of path parameters whose slashes are kept.
        may_be_empty: names of path parameters that may be empty. Any other is refused then, since
            what is left of the path is another operation's.
        items: for lists: the key of the wrapped list, when the list is not the whole body; what it
            returns is then the object that has this key.
        answers: types by status, where 2xx answers differ.
        accept: the media type to ask for, when it is not the API's usual one.
        server: the base URL, when it is not the API's own.
        docs: the address of the API's page about it.
        repeatable: whether it may be sent again after a failure although its method is not
            idempotent, such as a POST that only reads.
        reads: whether rate limits take it for a read; by default as its method says.
        errors_in_success: whether a 2xx response may report an error
            (``Dialect.failure_in_success``).

    Raises:
        InvalidInput: what it returns has no such `items`.
    """

    __slots__ = (
        "_decoders",
        "_responses",
        "_returns",
        "accept",
        "body",
        "docs",
        "errors_in_success",
        "headers",
        "id",
        "items",
        "known",
        "may_be_empty",
        "media",
        "method",
        "multi_segment",
        "names",
        "parameters",
        "path",
        "query",
        "reads",
        "repeatable",
        "server",
    )

    @overload
    def __init__(
        self,
        method: str,
        path: str,
        *,
        returns: type[T],
        id: str | None = ...,
        query: tuple[str, ...] = ...,
        body: tuple[str, ...] | str = ...,
        media: str | None = ...,
        headers: Mapping[str, str] = ...,
        names: Mapping[str, str] = ...,
        multi_segment: tuple[str, ...] = ...,
        may_be_empty: tuple[str, ...] = ...,
        items: str | None = ...,
        responses: Mapping[int, type[Any] | Lazy | None] = ...,
        accept: str | None = ...,
        server: str | None = ...,
        docs: str | None = ...,
        repeatable: bool = ...,
        reads: bool | None = ...,
        errors_in_success: bool = ...,
    ) -> None: ...
    @overload
    def __init__(
        self: Operation[Any],
        method: str,
        path: str,
        *,
        returns: Lazy | None = ...,
        id: str | None = ...,
        query: tuple[str, ...] = ...,
        body: tuple[str, ...] | str = ...,
        media: str | None = ...,
        headers: Mapping[str, str] = ...,
        names: Mapping[str, str] = ...,
        multi_segment: tuple[str, ...] = ...,
        may_be_empty: tuple[str, ...] = ...,
        items: str | None = ...,
        responses: Mapping[int, type[Any] | Lazy | None] = ...,
        accept: str | None = ...,
        server: str | None = ...,
        docs: str | None = ...,
        repeatable: bool = ...,
        reads: bool | None = ...,
        errors_in_success: bool = ...,
    ) -> None: ...
    def __init__(
        self,
        method: str,
        path: str,
        *,
        returns: type[Any] | Lazy | None = None,
        id: str | None = None,
        query: tuple[str, ...] = (),
        body: tuple[str, ...] | str = (),
        media: str | None = None,
        headers: Mapping[str, str] | None = None,
        names: Mapping[str, str] | None = None,
        multi_segment: tuple[str, ...] = (),
        may_be_empty: tuple[str, ...] = (),
        items: str | None = None,
        responses: Mapping[int, type[Any] | Lazy | None] | None = None,
        accept: str | None = None,
        server: str | None = None,
        docs: str | None = None,
        repeatable: bool = False,
        reads: bool | None = None,
        errors_in_success: bool = False,
    ) -> None:
        if items is not None:
            _check_items(items, returns)
        self.method = method
        self.path = path
        self.id = id or f"{method} {path}"
        self.parameters = parameter_names(path)
        self.query = query
        self.body = body
        self.media = media
        self.headers: Mapping[str, str] = headers or {}
        self.names: Mapping[str, str] = names or {}
        self.multi_segment = multi_segment
        self.may_be_empty = may_be_empty
        self.known = frozenset(
            (*self.parameters, *query, *self.headers, *((body,) if isinstance(body, str) else body))
        )
        self.items = items
        self.accept = accept
        self.server = server
        self.docs = docs
        self.repeatable = repeatable
        self.reads = reads
        self.errors_in_success = errors_in_success
        self._returns = returns
        self._responses: Mapping[int, type[Any] | Lazy | None] = responses or {}
        self._decoders: dict[int, Decoder[Any] | type[Any] | None] = {}

    def returns(self, status: int) -> Any:
        """Give the type that a response of this status holds; None for no content."""
        declared = self._responses.get(status, self._returns)
        # A class is callable too, so only a real function is taken for a lazy type.
        return cast("Lazy", declared)() if isinstance(declared, FunctionType) else declared

    def decoder(self, status: int) -> Decoder[Any] | type[Any] | None:
        """Give the decoder of this status, made once, or the plain type that needs none."""
        try:
            return self._decoders[status]
        except KeyError:
            declared = self.returns(status)
            decoder: Decoder[Any] | type[Any] | None = (
                declared if declared in _PLAIN else Decoder[Any](declared, operation=self.id)
            )
            self._decoders[status] = decoder
            return decoder

    def __repr__(self) -> str:
        return f"<Operation {self.id}: {self.method} {self.path}>"


def _check_items(items: str, returns: object) -> None:
    # A lazy type is a function and has neither; what it gives is not looked at here.
    fields: Mapping[str, Any] | None = getattr(returns, "model_fields", None)
    if get_origin(returns) is list:
        wrong = "a list"
    elif fields is not None and not any(
        items == (details.alias or name) for name, details in fields.items()
    ):
        wrong = f"{getattr(returns, '__name__', returns)}, which has no such field"
    else:
        return
    raise InvalidInput(
        f"items={items!r} is a key of the object that comes back, but returns= is {wrong}. Pass a "
        f"model of the whole object, with the list as its field {items!r}."
    )
