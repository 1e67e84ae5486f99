"""Operations of an API: values that describe the request and the response."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import FunctionType, MappingProxyType
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast, overload

from .decoding import Decoder
from .errors import SdkError
from .operation_checks import check_items, checked_headers
from .paths import parameter_names
from .response.response import Metadata, Response

if TYPE_CHECKING:
    from .page_rules import PageRule

T = TypeVar("T")
E = TypeVar("E", bound=SdkError)

Lazy = Callable[[], Any]
"""A function without arguments that returns a type, which delays the import of the type."""

# The methods that only read, unless an operation says otherwise.
_READS = frozenset({"GET", "HEAD", "OPTIONS"})

_NOTHING: Mapping[Any, Any] = MappingProxyType({})

# The types that need no decoding.
_PLAIN = (None, bool, bytes, str, Response)


class Operation(Generic[T]):
    """A description of one kind of call.

    Args:
        method: the HTTP method.
        path: the route template, such as ``/invoices/{number}``. Its parameters are values of the
            call.
        returns: the type of a 2xx response, or a function without arguments that returns the type
            and is called at the first use. None for no content; bool for a check of existence (2xx
            is True, 404 is False); bytes or str for the body; ``Response`` for the whole response.
        id: the API's name of the operation; by default "METHOD path".
        query: names of the values that are sent in the query string.
        body: names of the values that are fields of the JSON body, or the name of the one value
            that is the whole body.
        media: the media type of the body, if it is not JSON. bytes and str are sent unchanged;
            ``application/x-www-form-urlencoded`` and ``multipart/form-data`` take a mapping.
        headers: header names by the names of the values that are sent in them.
        names: the API's names by Python name, for values whose names differ.
        multi_segment: names of path parameters whose slashes are not encoded.
        may_be_empty: names of path parameters that may be empty. Other parameters must not be: the
            remaining path would be that of another operation.
        items: for lists, the key of the list, if the body is an object that contains it; `returns`
            is then the type of that object.
        responses: types by status, if 2xx responses differ.
        accept: the media type to request, if it is not the API's default.
        server: the base URL, if it is not the API's own.
        docs: the URL of the operation's documentation.
        repeatable: whether it may be sent again after a failure although its method is not
            idempotent, such as a POST that only reads.
        reads: whether it counts as a read for rate limits; by default the method decides.
        errors_in_success: whether a 2xx response may report an error
            (``Dialect.failure_in_success``).
        errors: types of error bodies (``error.body``) by status. 4 means 400 to 499, 5 means 500 to
            599, 0 means any other status.
        pages: the rule for the next page of a list, see ``sdk.transport.page_rules``; by default
            the ``Link`` header.
        security: alternative sets of the client's credentials, by name; the first set that the
            client has is sent. () for no credentials; by default all credentials of the client.
        cookies: cookie names by the names of the values that are sent in them.
        styles: serialization styles of lists and mappings by the names of the values: "comma",
            "space" or "pipe" as the separator, "deep" for ``name[key]=value``, "json"; in a path
            also "label" and "matrix"; with "*" at the end, exploded.
        files: names of the values that are files of a form (``multipart/form-data``).
        parts: media types of parts of a form by the names of the values, if not the default.
        idempotency_key: the name of the value, one of `headers`, that is sent as the idempotency
            key. The key is created once per call, and a call with a key may be sent again.
        removed: values that newer versions of the API do not accept, with the first such version
            (``Dialect.accepts``).

    Raises:
        InvalidInput: the type in `returns` has no field with the name in `items`.
    """

    __slots__ = (
        "_decoders",
        "_known",
        "_responses",
        "_returns",
        "accept",
        "body",
        "cookies",
        "docs",
        "errors",
        "errors_in_success",
        "files",
        "headers",
        "id",
        "idempotency_key",
        "items",
        "may_be_empty",
        "media",
        "method",
        "multi_segment",
        "names",
        "pages",
        "parts",
        "path",
        "query",
        "reads",
        "removed",
        "repeatable",
        "security",
        "server",
        "styles",
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
        errors: Mapping[int, type[Any] | Lazy] = ...,
        pages: PageRule | None = ...,
        security: tuple[tuple[str, ...], ...] | None = ...,
        cookies: Mapping[str, str] = ...,
        styles: Mapping[str, str] = ...,
        files: tuple[str, ...] = ...,
        parts: Mapping[str, str] = ...,
        idempotency_key: str | None = ...,
        removed: Mapping[str, str] = ...,
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
        errors: Mapping[int, type[Any] | Lazy] = ...,
        pages: PageRule | None = ...,
        security: tuple[tuple[str, ...], ...] | None = ...,
        cookies: Mapping[str, str] = ...,
        styles: Mapping[str, str] = ...,
        files: tuple[str, ...] = ...,
        parts: Mapping[str, str] = ...,
        idempotency_key: str | None = ...,
        removed: Mapping[str, str] = ...,
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
        errors: Mapping[int, type[Any] | Lazy] | None = None,
        pages: PageRule | None = None,
        security: tuple[tuple[str, ...], ...] | None = None,
        cookies: Mapping[str, str] | None = None,
        styles: Mapping[str, str] | None = None,
        files: tuple[str, ...] = (),
        parts: Mapping[str, str] | None = None,
        idempotency_key: str | None = None,
        removed: Mapping[str, str] | None = None,
    ) -> None:
        if items is not None:
            check_items(items, returns)
        self.method = method
        self.path = path
        self.id = id or f"{method} {path}"
        self.query = query
        self.body = body
        self.media = media
        self.headers: Mapping[str, str] = checked_headers(headers) if headers else _NOTHING
        self.names: Mapping[str, str] = names or _NOTHING
        self.multi_segment = multi_segment
        self.may_be_empty = may_be_empty
        self.cookies: Mapping[str, str] = cookies or _NOTHING
        self.styles: Mapping[str, str] = styles or _NOTHING
        self.files = files
        self.parts: Mapping[str, str] = parts or _NOTHING
        self.idempotency_key = idempotency_key
        self.removed: Mapping[str, str] = removed or _NOTHING
        self.security = security
        self.pages = pages
        self.errors: Mapping[int, type[Any] | Lazy] = errors or _NOTHING
        self.items = items
        self.accept = accept
        self.server = server
        self.docs = docs
        self.repeatable = repeatable or idempotency_key is not None
        self.reads = method in _READS if reads is None else reads
        self.errors_in_success = errors_in_success
        self._returns = returns
        self._responses: Mapping[int, type[Any] | Lazy | None] = responses or _NOTHING
        # A module has hundreds of operations, of which a program calls few.
        self._decoders: dict[int, Decoder[Any] | type[Any] | None] | None = None
        self._known: frozenset[str] | None = None

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of the path's parameters, in order."""
        return parameter_names(self.path)

    @property
    def known(self) -> frozenset[str]:
        """The names of the values that a call may have."""
        if self._known is None:
            body = (self.body,) if isinstance(self.body, str) else self.body
            self._known = frozenset(
                (*self.parameters, *self.query, *self.headers, *self.cookies, *body)
            )
        return self._known

    def returns(self, status: int) -> Any:
        """Return the type of a response with this status; None for no content."""
        declared = self._responses.get(status, self._returns)
        # A class is callable too, so only a real function is taken for a lazy type.
        return cast("Lazy", declared)() if isinstance(declared, FunctionType) else declared

    @property
    def may_be_none(self) -> bool:
        """Whether a successful response may have no value: one of the declared ones has no body."""
        return self._returns is None or None in self._responses.values()

    def decoder(self, status: int) -> Decoder[Any] | type[Any] | None:
        """Return the decoder for this status, created once, or a plain type that needs none."""
        decoders = self._decoders
        if decoders is None:
            decoders = self._decoders = {}
        try:
            return decoders[status]
        except KeyError:
            declared = self.returns(status)
            decoder: Decoder[Any] | type[Any] | None = (
                declared if declared in _PLAIN else Decoder[Any](declared, operation=self.id)
            )
            decoders[status] = decoder
            return decoder

    def error_decoder(self, status: int) -> Decoder[Any] | None:
        """Return the decoder of an error's body, created once; None if none is declared."""
        key = next((each for each in (status, status // 100, 0) if each in self.errors), None)
        if key is None:
            return None
        # In the same dictionary as those of successes, under numbers that are not statuses.
        kept = -1 - key
        if self._decoders is None:
            self._decoders = {}
        if kept not in self._decoders:
            declared = self.errors[key]
            type_ = cast("Lazy", declared)() if isinstance(declared, FunctionType) else declared
            self._decoders[kept] = Decoder[Any](type_, operation=self.id)
        return cast("Decoder[Any]", self._decoders[kept])

    def call_error(
        self,
        error_class: type[E],
        text: str,
        received: Response | Metadata | None = None,
        **attributes: Any,
    ) -> E:
        """Return the error of a call of this operation.

        Args:
            error_class: its class.
            text: its text.
            received: the response that it is about, for its status, request id and attempts.
            attributes: its other attributes.
        """
        if received is not None:
            attributes.setdefault("status", received.status)
            attributes.setdefault("request_id", received.request_id)
            attributes.setdefault("attempts", received.attempts)
        return error_class(text, method=self.method, route=self.path, **attributes)

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    def __repr__(self) -> str:
        return f"<Operation {self.id}: {self.method} {self.path}>"
