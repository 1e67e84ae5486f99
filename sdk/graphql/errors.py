"""Errors that a GraphQL API reports inside a successful response.

::

    ApiError
    └── GraphQLFailed         the response has errors; .data has the partial data
        ├── GraphQLNotFound   every error says NOT_FOUND (also a NotFound)
        └── GraphQLForbidden  an error is of type FORBIDDEN or similar (also a Forbidden)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from sdk.transport.dialect import one_line
from sdk.transport.errors import ApiError, DecodeError, Forbidden, NotFound

if TYPE_CHECKING:
    from sdk.transport import Operation, Response

_FORBIDDEN = frozenset({"FORBIDDEN", "INSUFFICIENT_SCOPES", "UNAUTHORIZED", "UNAUTHENTICATED"})
_MOST_SHOWN = 3
_LONGEST = 300


@dataclass(frozen=True)
class GraphQLError:
    """One error of a response.

    Attributes:
        message: the API's text.
        type: the API's error type, such as ``"NOT_FOUND"``; None if there is none.
        path: response keys and list indexes that lead to the field.
        locations: positions in the document, as ``(line, column)``.
        extensions: further details from the API.
    """

    message: str
    type: str | None = None
    path: tuple[str | int, ...] = ()
    locations: tuple[tuple[int, int], ...] = ()
    extensions: Mapping[str, Any] = field(default_factory=dict[str, Any])

    @property
    def place(self) -> str:
        """The path as text, such as ``repository.issues.nodes[3].author``; ``""`` for none."""
        text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in self.path)
        return text.removeprefix(".")

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> GraphQLError:
        """Return the error in one entry of ``errors``; malformed entries are accepted."""
        extensions = raw.get("extensions")
        extra = cast("dict[str, Any]", extensions) if isinstance(extensions, dict) else {}
        type_ = raw.get("type") or extra.get("type") or extra.get("code")
        return cls(
            message=one_line(str(raw.get("message") or "no message")),
            type=type_ if isinstance(type_, str) else None,
            path=tuple(step for step in _list(raw.get("path")) if type(step) in (str, int)),
            locations=tuple(
                (place["line"], place["column"])
                for place in dictionaries(raw.get("locations"))
                if type(place.get("line")) is type(place.get("column")) is int
            ),
            extensions=extra,
        )


class GraphQLFailed(ApiError):
    """The response has errors. ``status`` is that of the response, usually 200.

    Attributes:
        errors: the errors, as ``GraphQLError``.
        data: the partial data, decoded as far as possible; None if there is none.
    """

    data: Any = None


class GraphQLNotFound(GraphQLFailed, NotFound):
    """The requested object does not exist, or the credential may not see it."""


class GraphQLForbidden(GraphQLFailed, Forbidden):
    """The credential may not do this, or lacks a scope."""


def read_errors(value: object) -> tuple[GraphQLError, ...]:
    """Return the errors of a response, from its ``errors``; texts are accepted too."""
    found = _list(value) or [value]
    texts = [{"message": each} if isinstance(each, str) else each for each in found if each]
    return tuple(GraphQLError.read(each) for each in dictionaries(texts))


def failed(
    call: Operation[Any],
    response: Response,
    errors: tuple[GraphQLError, ...],
    data: object,
    *,
    on_behalf: bool,
) -> GraphQLFailed:
    """Return the exception for a response with errors.

    Args:
        call: the operation that was sent.
        response: the response.
        errors: the errors.
        data: the partial data, decoded.
        on_behalf: whether the credentials were an end user's.
    """
    message, request_id = summary(errors), response.request_id
    identity = f" (request id {request_id})" if request_id else ""
    cls = error_class_for(errors)
    return call.call_error(
        cls,
        f"{call.id} failed: {message}{identity}. {cls.hint}".rstrip(),
        response,
        message=message,
        errors=errors,
        headers=response.headers,
        data=data,
        on_behalf=on_behalf,
    )


def no_data(call: Operation[Any], response: Response) -> DecodeError:
    """Return the exception for a response with neither data nor errors."""
    message = _message(response)
    text = f"{call.id} was answered {response.status} with neither data nor errors" + (
        f", but with the message: {message}" if message else ". Is this a GraphQL API?"
    )
    content_type = response.content_type or None
    return call.call_error(DecodeError, text, response, content_type=content_type)


def error_class_for(errors: tuple[GraphQLError, ...]) -> type[GraphQLFailed]:
    """Return the exception class for a list of errors."""
    types = {error.type for error in errors}
    if types == {"NOT_FOUND"}:
        return GraphQLNotFound
    return GraphQLForbidden if types & _FORBIDDEN else GraphQLFailed


def summary(errors: tuple[GraphQLError, ...]) -> str:
    """Return the first errors on one line, each with its place."""
    shown = [
        f"{_cut(error.message)} (at {_cut(one_line(error.place))})"
        if error.place
        else _cut(error.message)
        for error in errors[:_MOST_SHOWN]
    ]
    more = len(errors) - len(shown)
    return "; ".join(shown) + (f"; and {more} more" if more > 0 else "")


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"


def _message(response: Response) -> str:
    """Return the message in a response that has nothing else; "" if it has none."""
    try:
        body = response.json()
    except ValueError:
        return ""
    message = next((each.get("message") for each in dictionaries([body])), None)
    return _cut(one_line(message)) if isinstance(message, str) else ""


def dictionaries(value: object) -> list[dict[str, Any]]:
    """Return the objects in a list from the API; an empty list if it is not a list."""
    return [cast("dict[str, Any]", each) for each in _list(value) if isinstance(each, dict)]


def _list(value: object) -> list[Any]:
    return cast("list[Any]", value) if isinstance(value, list) else []
