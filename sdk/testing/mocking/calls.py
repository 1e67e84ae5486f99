"""A request that a route responded to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import httpx

from sdk.transport import Operation
from sdk.transport.headers import Headers

from .arguments import arguments_of


class Call:
    """A request that a route responded to. A call that is retried makes several.

    Attributes:
        operation: the called operation.
        method: the HTTP method.
        url: the URL, including the query.
        headers: as sent, names in lower case.
        content: the body, in bytes.
    """

    def __init__(
        self,
        operation: Operation[Any],
        function: Callable[..., Any],
        request: httpx.Request,
        sent: Mapping[str, Any],
    ) -> None:
        self.operation = operation
        self.method = request.method
        self.url = str(request.url)
        self.headers = Headers(request.headers.raw)
        self.content = request.content
        self._function = function
        self._sent = sent

    @property
    def sent(self) -> Mapping[str, Any]:
        """The sent values by our names: text in path and headers, lists of text in the query."""
        return self._sent

    @property
    def arguments(self) -> dict[str, Any]:
        """The sent values by our names, in the types of the method's signature.

        A page number is an int, a time is a datetime. Fields of the body are JSON values.
        """
        return arguments_of(self.operation, self._function, self._sent)

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={value!r}" for name, value in self.arguments.items())
        return f"<Call {self.operation.id}({shown})>"
