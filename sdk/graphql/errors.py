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
from typing import Any, cast

from sdk.transport.dialect import one_line
from sdk.transport.errors import ApiError, Forbidden, NotFound

_FORBIDDEN = frozenset({"FORBIDDEN", "INSUFFICIENT_SCOPES", "UNAUTHORIZED", "UNAUTHENTICATED"})
_MOST_SHOWN = 3


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
            path=tuple(step for step in _list(raw.get("path")) if isinstance(step, (str, int))),
            locations=tuple(
                (place["line"], place["column"])
                for place in dictionaries(raw.get("locations"))
                if {"line", "column"} <= place.keys()
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


def error_class_for(errors: tuple[GraphQLError, ...]) -> type[GraphQLFailed]:
    """Return the exception class for a list of errors."""
    types = {error.type for error in errors}
    if types == {"NOT_FOUND"}:
        return GraphQLNotFound
    return GraphQLForbidden if types & _FORBIDDEN else GraphQLFailed


def summary(errors: tuple[GraphQLError, ...]) -> str:
    """Return the first errors on one line, each with its place."""
    shown = [
        f"{error.message} (at {one_line(error.place)})" if error.place else error.message
        for error in errors[:_MOST_SHOWN]
    ]
    more = len(errors) - len(shown)
    return "; ".join(shown) + (f"; and {more} more" if more > 0 else "")


def dictionaries(value: object) -> list[dict[str, Any]]:
    """Return the objects in a list from the API; an empty list if it is not a list."""
    return [cast("dict[str, Any]", each) for each in _list(value) if isinstance(each, dict)]


def _list(value: object) -> list[Any]:
    return cast("list[Any]", value) if isinstance(value, list) else []
