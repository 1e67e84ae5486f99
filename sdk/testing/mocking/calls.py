"""One request that a route answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import httpx

from sdk.transport import Operation
from sdk.transport.headers import Headers

from .arguments import arguments_of


class Call:
    """One request that a route answered. A call that is retried makes several.

    Attributes:
        operation: what was asked for.
        method: the HTTP method.
        url: the address, query included.
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
        """What was sent, by our names: text in path and headers, lists of texts in the query."""
        return self._sent

    @property
    def arguments(self) -> dict[str, Any]:
        """What was sent, by our names, in the types of the method's signature.

        A page number is an int, a time a datetime. What went in the body is as JSON has it.
        """
        return arguments_of(self.operation, self._function, self._sent)

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={value!r}" for name, value in self.arguments.items())
        return f"<Call {self.operation.id}({shown})>"
