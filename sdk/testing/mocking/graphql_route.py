"""A GraphQL operation with some variables: its responses and its calls."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Self, cast
from unittest.mock import ANY

import httpx

from sdk.graphql.document import Definition, choose
from sdk.graphql.variables import check_variables
from sdk.testing.fake_server.messages import Reply
from sdk.testing.synthesis import build
from sdk.transport import Operation

from .calls import Call
from .expected_call import ExpectedCall
from .responses import json_response
from .route import BaseRoute


class GraphQLCall(Call):
    """A request of a GraphQL operation; ``arguments`` are its variables."""

    @property
    def arguments(self) -> dict[str, Any]:
        """The variables, as JSON values."""
        return dict(self.sent)


class GraphQLRoute(BaseRoute[Any]):
    """A GraphQL operation; made by ``GitHubMock.on_graphql``.

    The default response is that of ``respond()``.
    """

    def __init__(
        self,
        document: str,
        variables: Mapping[str, object] | None,
        *,
        operation: str | None,
        returns: Any,
        url: str,
        now: Callable[[], float],
    ) -> None:
        self._definition = choose(document, operation)
        self._document = document.split()
        self._returns = returns
        self._url = url
        self._variables = _checked(self._definition, variables)
        call: Operation[Any] = Operation(
            "POST", "/graphql", id=f"graphql/{self._definition.name or self._definition.kind}"
        )
        base_url = url.removesuffix("/graphql")
        super().__init__(ExpectedCall(call, self._variables, base_url, False, self.respond), now)

    def respond(self, **data: object) -> Self:
        """Respond with this ``data``; with ``returns=``, other fields are generated.

        Args:
            data: the root fields; a mapping sets some fields of an object.

        Raises:
            TypeError: the type in ``returns=`` has no such field, or a value is not valid.
        """
        whole = data if self._returns is None else build(self._returns, data or ...)
        return self._add(lambda _: json_response(200, {"data": whole}))

    def respond_with_errors(
        self, *errors: Mapping[str, object], data: Mapping[str, object] | None = None
    ) -> Self:
        """Respond with 200 and errors: the call raises GraphQLFailed.

        Args:
            errors: in GitHub's format, such as ``{"type": "NOT_FOUND", "message": "...", "path":
                ["repository"]}``.
            data: the partial data.
        """
        listed = [{"message": "An error prepared by the test.", **error} for error in errors]
        return self._add(lambda _: json_response(200, {"data": data, "errors": listed}))

    def not_found(self) -> Self:
        """Respond with a NOT_FOUND error: the call raises NotFound."""
        error = {"type": "NOT_FOUND", "message": "Could not resolve to a node."}
        return self.respond_with_errors(error)

    def covers(self, other: BaseRoute[Any]) -> bool:
        """Return whether this route matches every call that `other` matches."""
        return (
            isinstance(other, GraphQLRoute)
            and (self._url, self._document, self._definition.name)
            == (other._url, other._document, other._definition.name)
            and all(
                value is ANY or other._variables.get(name, ANY) == value
                for name, value in self._variables.items()
            )
        )

    def take(self, request: httpx.Request) -> Reply | None:
        """Return the reply to a request, or None if it does not match."""
        if request.method != "POST" or str(request.url) != self._url:
            return None
        sent = body_of(request)
        variables: dict[str, Any] = sent.get("variables") or {}
        if str(sent.get("query")).split() != self._document:
            return None
        if sent.get("operationName") not in (self._definition.name, None):
            return None
        if any(variables.get(name) != value for name, value in self._variables.items()):
            return None
        expected = self._expected
        self.calls.append(GraphQLCall(expected.operation, expected.method, request, variables))
        if not self._responders:
            self.respond()
        return self._responders[min(len(self.calls), len(self._responders)) - 1](request)

    def _compare(self, calls: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> None:
        if args:
            raise TypeError("Name the variables: assert_called_with(owner=..., name=...).")
        if not any(dict(kwargs) == call.sent for call in calls):
            raise AssertionError(f"Expected the variables {kwargs}, but was: {calls}")


def body_of(request: httpx.Request) -> dict[str, Any]:
    """Return the JSON object in a request's body; an empty one if there is none."""
    try:
        body = json.loads(request.content)
    except ValueError:
        return {}
    return cast("dict[str, Any]", body) if isinstance(body, dict) else {}


def _checked(definition: Definition, variables: Mapping[str, object] | None) -> dict[str, Any]:
    """Check the variables of a route, which may be incomplete."""
    given = dict(variables or {})
    optional = {name: replace(each, required=False) for name, each in definition.variables.items()}
    loose = replace(definition, variables=optional)
    known = definition.variables.keys()
    anything = {name: ANY for name, value in given.items() if value is ANY and name in known}
    stated = {name: value for name, value in given.items() if name not in anything}
    return {**check_variables(loose, stated), **anything}
