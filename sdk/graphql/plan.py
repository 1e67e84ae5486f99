"""What all calls of an operation share, computed once."""

from __future__ import annotations

from contextlib import suppress
from functools import lru_cache
from json.encoder import encode_basestring
from typing import TYPE_CHECKING, Any

from sdk.transport import Operation
from sdk.transport.encoding import encode_json
from sdk.transport.errors import InvalidInput

from .document import Definition, choose
from .variables import VariableChecks

if TYPE_CHECKING:
    from collections.abc import Mapping


class Plan:
    """How an operation is checked, encoded, sent and decoded.

    Attributes:
        definition: the operation, as the document defines it.
        call: how it is sent. Its only value, ``body``, is the request's body.
        checks: checks the variables.
    """

    __slots__ = ("_document", "_start", "call", "checks", "definition")

    def __init__(
        self, document: str, definition: Definition, data: Any, path: str, server: str | None
    ) -> None:
        self.definition = definition
        self.checks = VariableChecks(definition.variables.values())
        repeatable = definition.kind == "query"
        self.call: Operation[Any] = Operation(
            "POST",
            path,
            id=f"graphql/{definition.name or definition.kind}",
            body="body",
            media="application/json",
            returns=lambda: _envelope(data),
            server=server,
            repeatable=repeatable,
            reads=repeatable,
            errors_in_success=True,
        )
        self._document = document
        # Variables are last, so that all of the body before them can be encoded once.
        self._start = encode_json(self._unvarying())[:-1] + b',"variables":'

    def body(self, variables: Mapping[str, object], *, naive_times: bool) -> bytes:
        """Return the body of a request, as JSON."""
        return b"%b%b}" % (self._start, _json(variables, naive_times=naive_times))

    def fields(self, variables: Mapping[str, object]) -> dict[str, object]:
        """Return the fields of the body, for a call that adds some of its own."""
        return {**self._unvarying(), "variables": variables}

    def _unvarying(self) -> dict[str, object]:
        fields: dict[str, object] = {"query": self._document}
        if self.definition.name is not None:
            fields["operationName"] = self.definition.name
        return fields


def plan(
    kind: str, document: str, operation: str | None, returns: Any, path: str, server: str | None
) -> Plan:
    """Return the plan of an operation; the last 256 are kept.

    Raises:
        InvalidInput: it is not a GraphQL document, the operation is of another kind, or `returns`
            is not a type.
    """
    try:
        return _kept(kind, document, operation, returns, path, server)
    except TypeError:
        if not isinstance(document, str):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise InvalidInput(
                f"The document must be a str, not {type(document).__name__}."
            ) from None
        # An unhashable type, such as Annotated[int, {}].
        raise InvalidInput(f"returns= must be a hashable type, not {returns!r}.") from None


@lru_cache(maxsize=256)
def _kept(
    kind: str, document: str, operation: str | None, returns: Any, path: str, server: str | None
) -> Plan:
    definition = definition_of(kind, document, operation)
    return Plan(document, definition, optional("returns", returns), path, server)


def optional(argument: str, type_: Any) -> Any:
    """Return a type that also accepts None.

    Raises:
        InvalidInput: it is not a type; names the argument.
    """
    try:
        if type_ is not None:
            return type_ | None
    except TypeError:
        pass
    raise InvalidInput(
        f"{argument}= must be a type, such as a pydantic model or a TypedDict, not {type_!r}."
    )


def definition_of(kind: str, document: str, operation: str | None) -> Definition:
    """Return an operation of a document.

    Raises:
        InvalidInput: it is not a GraphQL document, or the operation is of another kind.
    """
    definition = choose(document, operation)
    if definition.kind != kind:
        method = {"query": "query", "mutation": "mutate"}.get(definition.kind)
        raise InvalidInput(
            f"This is a {definition.kind}: "
            + (f"call {method}()." if method else "it cannot be sent over HTTP.")
        )
    return definition


def _envelope(data: Any) -> Any:
    from pydantic import ConfigDict, create_model

    fields: Any = {"data": (data, None), "errors": (list[Any] | None, None)}
    return create_model("Envelope", __config__=ConfigDict(defer_build=True), **fields)


def _json(variables: Mapping[str, object], *, naive_times: bool) -> bytes:
    if not variables:
        return b"{}"
    pairs: list[str] = []
    for name, value in variables.items():
        # Most variables are texts, and their names need no escapes: a tenth of the time.
        if type(value) is not str:
            break
        pairs.append(f'"{name}":{encode_basestring(value)}')
    else:
        with suppress(UnicodeEncodeError):
            return f"{{{','.join(pairs)}}}".encode()
    return encode_json(variables, naive_times=naive_times)
