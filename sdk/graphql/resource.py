"""``GraphQL``: queries and mutations with typed results."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar, overload

from sdk.transport import Resource, attach
from sdk.transport.auth import is_on_behalf
from sdk.transport.errors import InvalidInput
from sdk.transport.refusals import hides_arguments, without_frames

from .errors import GraphQLError, failed, no_data, read_errors
from .plan import definition_of, optional, plan
from .values import cost_of
from .variables import check_variables

if TYPE_CHECKING:
    from sdk.transport import CallOptions, Retry
    from sdk.transport.resource import Client

    from .pages import GraphPaged

T = TypeVar("T")
I = TypeVar("I")  # noqa: E741  an item

# GitHub deducts rate-limit points for each query that timed out.
_MOST_ATTEMPTS = 2


@dataclass(frozen=True)
class Partial(Generic[T]):
    """The result of a query that may fail in parts.

    Attributes:
        data: the decoded data; None if there is none.
        errors: the errors; empty if there are none.
    """

    data: T | None
    errors: tuple[GraphQLError, ...]

    @property
    def cost(self) -> int | None:
        """The points that the query took, if the document asks for ``rateLimit { cost }``."""
        return cost_of(self.data)


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

    __slots__ = ("_path", "_retry", "_server")

    def __init__(
        self, client: Client, *, path: str = "/graphql", server: str | None = None
    ) -> None:
        super().__init__(client)
        self._path = path
        self._server = server
        self._retry = _capped(self._caller.settings.retry)

    if not TYPE_CHECKING:
        # Type checkers find this mistake themselves; at run time the text names the fix.

        def __call__(self, *_args: Any, **_options: Any) -> Any:  # noqa: D102
            del _args, _options
            raise TypeError("Name the kind of operation: write sdk.graphql.query(...) or .mutate.")

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
        sending = self._send("query", document, variables, returns, operation, options)
        # Tracebacks show local variables, and these may be secret.
        del document, variables, options
        return await sending

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
        sending = self._send("mutation", document, variables, returns, operation, options)
        # Tracebacks show local variables, and these may be secret.
        del document, variables, options
        return await sending

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
        sending = self._send(
            "query", document, variables, returns, operation, options, partial=True
        )
        # Tracebacks show local variables, and these may be secret.
        del document, variables, options
        return await sending

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
    @hides_arguments
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
            variables: values by name, without the ``$``. Set the cursor's variable to start at
                that cursor.
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
        definition = definition_of("query", document, operation)
        connection = connection_of(definition, path)
        given = check_variables(definition, variables)
        if returns is None:
            node = optional("item", dict[str, Any] if item is None else item)
            returns = connection_type(connection, node)

        # Not async: its frame, with the variables, would be in the tracebacks of failed queries.
        def fetch(cursor: str | None) -> Awaitable[Any]:
            changed = given if cursor is None else {**given, connection.variable: cursor}
            return self.query(
                document, changed, returns=returns, operation=operation, options=options
            )

        return GraphPaged(connection, fetch)

    # -------------------------------------------------------------- sending

    async def _send(
        self,
        kind: str,
        document: str,
        variables: Mapping[str, object] | None,
        returns: Any,
        operation: str | None,
        options: CallOptions | None,
        *,
        partial: bool = False,
    ) -> Any:
        caller = self._caller
        request: Any
        try:
            request = self._prepared(kind, document, variables, returns, operation, options)
        except InvalidInput as error:
            request = without_frames(error)
        # Tracebacks show local variables, and these may be secret.
        del document, variables, options
        if isinstance(request, InvalidInput):
            raise request
        response = await caller.execute(request)
        envelope = await caller.decode(request, response)
        data = envelope.data
        if data is not None:
            attach(data, response)
        errors = read_errors(envelope.errors) if envelope.errors else ()
        if data is None and not errors:
            raise no_data(request.operation, response)
        if partial:
            return Partial(data, errors)
        if errors:
            on_behalf = is_on_behalf(caller.settings.auth)
            raise failed(request.operation, response, errors, data, on_behalf=on_behalf)
        return data

    def _prepared(
        self,
        kind: str,
        document: str,
        variables: Mapping[str, object] | None,
        returns: Any,
        operation: str | None,
        options: CallOptions | None,
    ) -> Any:
        """Return the encoded request."""
        found = plan(kind, document, operation, returns, self._path, self._server)
        caller = self._caller
        given = found.checks.checked(variables)
        body: object
        if options and "extra_body" in options:
            body = found.fields(given)
        else:
            body = found.body(given, naive_times=caller.settings.naive_times)
        request = caller.prepare(found.call, options, {"body": body})
        if kind == "query" and not (options and "retry" in options):
            request.retry = self._retry
        return request


@lru_cache(maxsize=256)
def _capped(retry: Retry) -> Retry:
    return replace(retry, attempts=min(retry.attempts, _MOST_ATTEMPTS))
