"""``GraphQL``: queries and mutations with typed results."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar, overload

from sdk.transport import Operation, Resource, attach, metadata
from sdk.transport.auth import is_on_behalf
from sdk.transport.errors import DecodeError, InvalidInput

from .document import Definition, choose
from .errors import GraphQLError, dictionaries, error_class_for, summary
from .variables import check_variables

if TYPE_CHECKING:
    from sdk.transport import CallOptions, Retry
    from sdk.transport.resource import Client

    from .pages import GraphPaged

T = TypeVar("T")
I = TypeVar("I")  # noqa: E741  an item

# GitHub deducts rate-limit points for each query that timed out.
_MOST_QUERY_ATTEMPTS = 2


@dataclass(frozen=True)
class Partial(Generic[T]):
    """The result of a query that may fail in parts.

    Attributes:
        data: the decoded data; None if there is none.
        errors: the errors; empty if there are none.
    """

    data: T | None
    errors: tuple[GraphQLError, ...]


class HasGraphQL(Protocol):
    """A client with a ``graphql`` attribute; ``Sdk`` is one."""

    @property
    def graphql(self) -> GraphQL:
        """Sends the client's GraphQL operations."""
        ...


class GraphQL(Resource):
    """Sends GraphQL operations; ``sdk.graphql`` for GitHub, or one for a client of your own API.

    ::

        result = await sdk.graphql.query("query { viewer { login } }", returns=Result)

    Args:
        client: the client whose credentials, retries and rate limits to use.
        path: the endpoint's path.
        server: the base URL of the path, if it is not the client's ``base_url``; the client's
            dialect may map it.
    """

    __slots__ = ("_path", "_server")

    def __init__(
        self, client: Client, *, path: str = "/graphql", server: str | None = None
    ) -> None:
        super().__init__(client)
        self._path = path
        self._server = server

    @overload
    async def query(
        self,
        document: str,
        variables: Mapping[str, object] | None = None,
        *,
        operation: str | None = None,
        options: CallOptions | None = None,
    ) -> dict[str, Any]: ...
    @overload
    async def query(
        self,
        document: str,
        variables: Mapping[str, object] | None = None,
        *,
        returns: type[T],
        operation: str | None = None,
        options: CallOptions | None = None,
    ) -> T: ...
    async def query(
        self,
        document: str,
        variables: Mapping[str, object] | None = None,
        *,
        returns: Any = dict[str, Any],
        operation: str | None = None,
        options: CallOptions | None = None,
    ) -> Any:
        """Send a query and return its ``data``.

        It is retried once after a failure that may be transient.

        Args:
            document: the GraphQL text.
            variables: values by name, without the ``$``. One that is ``OMIT`` is not sent.
            returns: the type of ``data``: a pydantic model, a TypedDict, or any type that pydantic
                knows; plain dictionaries by default.
            operation: the name of the operation, if the document has several.
            options: other options for this call.

        Raises:
            GraphQLFailed: the response has errors. ``.data`` has the partial data.
            InvalidInput: the document or a variable is refused before sending.
            SdkError: as any call.
        """
        partial = await self._send("query", document, variables, returns, operation, options)
        return self._whole(partial)

    @overload
    async def mutate(
        self,
        document: str,
        variables: Mapping[str, object] | None = None,
        *,
        operation: str | None = None,
        options: CallOptions | None = None,
    ) -> dict[str, Any]: ...
    @overload
    async def mutate(
        self,
        document: str,
        variables: Mapping[str, object] | None = None,
        *,
        returns: type[T],
        operation: str | None = None,
        options: CallOptions | None = None,
    ) -> T: ...
    async def mutate(
        self,
        document: str,
        variables: Mapping[str, object] | None = None,
        *,
        returns: Any = dict[str, Any],
        operation: str | None = None,
        options: CallOptions | None = None,
    ) -> Any:
        """Send a mutation and return its ``data``. It is retried only if it was not sent.

        Args:
            document: the GraphQL text.
            variables: values by name, without the ``$``. One that is ``OMIT`` is not sent.
            returns: the type of ``data``, as for ``query``.
            operation: the name of the operation, if the document has several.
            options: other options for this call.

        Raises:
            GraphQLFailed: the response has errors. ``.data`` has the partial data.
            InvalidInput: the document or a variable is refused before sending.
            SdkError: as any call.
        """
        partial = await self._send("mutation", document, variables, returns, operation, options)
        return self._whole(partial)

    @overload
    async def try_query(
        self,
        document: str,
        variables: Mapping[str, object] | None = None,
        *,
        operation: str | None = None,
        options: CallOptions | None = None,
    ) -> Partial[dict[str, Any]]: ...
    @overload
    async def try_query(
        self,
        document: str,
        variables: Mapping[str, object] | None = None,
        *,
        returns: type[T],
        operation: str | None = None,
        options: CallOptions | None = None,
    ) -> Partial[T]: ...
    async def try_query(
        self,
        document: str,
        variables: Mapping[str, object] | None = None,
        *,
        returns: Any = dict[str, Any],
        operation: str | None = None,
        options: CallOptions | None = None,
    ) -> Any:
        """Send a query and return its data and errors, without raising ``GraphQLFailed``.

        Args:
            document: the GraphQL text.
            variables: values by name, without the ``$``. One that is ``OMIT`` is not sent.
            returns: the type of ``data``, as for ``query``.
            operation: the name of the operation, if the document has several.
            options: other options for this call.

        Raises:
            InvalidInput: the document or a variable is refused before sending.
            SdkError: as any call; a rate limit is one of them.
        """
        partial = await self._send("query", document, variables, returns, operation, options)
        return Partial(partial.data, partial.errors)

    @overload
    def pages(
        self,
        document: str,
        variables: Mapping[str, object] | None = None,
        *,
        path: str | None = None,
        operation: str | None = None,
        options: CallOptions | None = None,
    ) -> GraphPaged[dict[str, Any]]: ...
    @overload
    def pages(
        self,
        document: str,
        variables: Mapping[str, object] | None = None,
        *,
        item: type[I],
        path: str | None = None,
        operation: str | None = None,
        options: CallOptions | None = None,
    ) -> GraphPaged[I]: ...
    @overload
    def pages(
        self,
        document: str,
        variables: Mapping[str, object] | None = None,
        *,
        returns: type[Any],
        path: str | None = None,
        operation: str | None = None,
        options: CallOptions | None = None,
    ) -> GraphPaged[Any]: ...
    def pages(
        self,
        document: str,
        variables: Mapping[str, object] | None = None,
        *,
        item: Any = None,
        returns: Any = None,
        path: str | None = None,
        operation: str | None = None,
        options: CallOptions | None = None,
    ) -> GraphPaged[Any]:
        """Return a connection's items in pages: await it for one page, or use ``async for``.

        Args:
            document: the GraphQL text. The connection takes its ``after`` (or ``before``, to walk
                backwards) from a variable, and selects ``pageInfo`` and ``nodes`` or ``edges``.
            variables: by name, without the ``$``. Set the cursor's variable to
                start there.
            item: the type of an item.
            returns: the type of the whole ``data``, in place of `item`.
            path: response keys that lead to the connection, such as ``"repository.issues"``; needed
                if several connections take a cursor from a variable.
            operation: the name of the operation, if the document has several.
            options: other options for each call.

        Raises:
            InvalidInput: the connection is ambiguous, or lacks selections that pagination needs.
        """
        from .pages import GraphPaged, connection_of, connection_type

        if item is not None and returns is not None:
            raise InvalidInput("Pass item= or returns=, not both.")
        definition = self._definition("query", document, operation)
        connection = connection_of(definition, path)
        given = check_variables(definition, variables)
        type_ = connection_type(connection, item or dict[str, Any]) if returns is None else returns

        async def fetch(cursor: str | None) -> Any:
            changed = given if cursor is None else {**given, connection.variable: cursor}
            return await self.query(
                document, changed, returns=type_, operation=operation, options=options
            )

        return GraphPaged(connection, fetch)

    # -------------------------------------------------------------- sending

    def _definition(self, kind: str, document: str, operation: str | None) -> Definition:
        definition = choose(document, operation)
        if definition.kind != kind:
            method = {"query": "query", "mutation": "mutate"}.get(definition.kind)
            raise InvalidInput(
                f"This is a {definition.kind}: "
                + (f"call {method}()." if method else "it cannot be sent over HTTP.")
            )
        return definition

    async def _send(
        self,
        kind: str,
        document: str,
        variables: Mapping[str, object] | None,
        returns: Any,
        operation: str | None,
        options: CallOptions | None,
    ) -> _Outcome:
        definition = self._definition(kind, document, operation)
        call = _operation(self._path, self._server, kind, definition.name, returns)
        if kind == "query":
            options = self._with_fewer_attempts(options)
        envelope: Any = await self._call(
            call,
            options,
            query=document,
            variables=check_variables(definition, variables),
            operationName=definition.name,
        )
        errors = tuple(GraphQLError.read(each) for each in dictionaries(envelope.errors))
        if envelope.data is None and not errors:
            raise _no_data(call, envelope)
        if envelope.data is not None:
            attach(envelope.data, metadata(envelope))
        return _Outcome(call, envelope, envelope.data, errors)

    def _with_fewer_attempts(self, options: CallOptions | None) -> CallOptions | None:
        if options is not None and "retry" in options:
            return options
        retry = self._caller.settings.retry
        if retry.attempts <= _MOST_QUERY_ATTEMPTS:
            return options
        return {**(options or {}), "retry": _capped(retry)}

    def _whole(self, outcome: _Outcome) -> Any:
        if not outcome.errors:
            return outcome.data
        call, found = outcome.call, metadata(outcome.envelope)
        message = summary(outcome.errors)
        identity = f" (request id {found.request_id})" if found.request_id else ""
        cls = error_class_for(outcome.errors)
        raise call.call_error(
            cls,
            f"{call.id} failed: {message}{identity}. {cls.hint}".rstrip(),
            found,
            message=message,
            errors=outcome.errors,
            headers=found.headers,
            data=outcome.data,
            on_behalf=is_on_behalf(self._caller.settings.auth),
        )


@dataclass(frozen=True)
class _Outcome:
    call: Operation[Any]
    envelope: Any
    data: Any
    errors: tuple[GraphQLError, ...]


@lru_cache(maxsize=256)
def _operation(
    path: str, server: str | None, kind: str, name: str | None, returns: Any
) -> Operation[Any]:
    return Operation(
        "POST",
        path,
        id=f"graphql/{name or kind}",
        body=("query", "variables", "operationName"),
        returns=lambda: _envelope(returns),
        server=server,
        repeatable=kind == "query",
        reads=kind == "query",
        errors_in_success=True,
    )


@lru_cache(maxsize=256)
def _envelope(returns: Any) -> Any:
    from pydantic import ConfigDict, create_model

    fields: Any = {"data": (returns | None, None), "errors": (list[Any] | None, None)}
    return create_model("Envelope", __config__=ConfigDict(defer_build=True), **fields)


@lru_cache(maxsize=256)
def _capped(retry: Retry) -> Retry:
    return replace(retry, attempts=_MOST_QUERY_ATTEMPTS)


def _no_data(call: Operation[Any], envelope: object) -> DecodeError:
    found = metadata(envelope)
    text = (
        f"{call.id} was answered {found.status} with neither data nor errors. Is this a GraphQL "
        "API?"
    )
    content_type = found.headers.content_type or None
    return call.call_error(DecodeError, text, found, content_type=content_type)
