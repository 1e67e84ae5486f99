"""GraphQL in the fake server: the registered documents and their responses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

from sdk.graphql.document import choose
from sdk.graphql.variables import check_variables
from sdk.transport.errors import InvalidInput

from .messages import Refused, Reply, Request, problem

Answer = Mapping[str, Any] | Callable[[dict[str, Any]], Mapping[str, Any]]
"""The ``data`` of a response, or a function from the variables to it."""


class Documents:
    """Responses by document."""

    def __init__(self) -> None:
        self._answers: dict[tuple[tuple[str, ...], str | None], Answer] = {}

    def add(self, document: str, answer: Answer, operation: str | None) -> None:
        """Register an operation; raise InvalidInput if the document has none of that name."""
        definition = choose(document, operation)
        self._answers[tuple(document.split()), definition.name] = answer

    def clear(self) -> None:
        """Remove every document."""
        self._answers.clear()

    def response(self, request: Request) -> Reply:
        """Return the response; like GitHub, errors of an operation are in the body of a 200."""
        if request.login is None:
            raise Refused(problem(401, "This endpoint requires you to be authenticated."))
        body = _as_object(request.json())
        document = body.get("query")
        if not isinstance(document, str):
            raise Refused(problem(400, "A query attribute must be specified and must be a string."))
        variables: dict[str, Any] = body.get("variables") or {}
        try:
            definition = choose(document, body.get("operationName"))
            check_variables(definition, variables)
        except InvalidInput as error:
            return _errors(str(error))
        answer = self._answers.get((tuple(document.split()), definition.name))
        if answer is None:
            return _errors(
                f"The fake server has no response for {definition.name or 'this document'}: "
                "register one with StandIn.graphql(document, data)."
            )
        return Reply(200, {"data": answer(variables) if callable(answer) else answer})


def _as_object(body: object) -> dict[str, Any]:
    return cast("dict[str, Any]", body) if isinstance(body, dict) else {}


def _errors(message: str) -> Reply:
    return Reply(200, {"data": None, "errors": [{"message": message}]})
