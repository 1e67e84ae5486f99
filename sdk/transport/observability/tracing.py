"""OpenTelemetry client spans, one for each request that is sent.

They follow the semantic conventions for HTTP clients
(https://opentelemetry.io/docs/specs/semconv/http/http-spans/): the name is the method and the route
template, and a retry has the attribute ``http.request.resend_count``.
"""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable, Generator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from sdk.transport.request.request import Request
    from sdk.transport.response.response import Response


class Span:
    """The span of one request; `headers` propagate the trace to the API."""

    __slots__ = ("_span", "headers")

    def __init__(self, span: Any, headers: Mapping[str, str]) -> None:
        self._span = span
        self.headers = headers

    def answered(self, response: Response) -> None:
        """Record the response."""
        self._span.set_attribute("http.response.status_code", response.status)
        if response.status >= 400:
            self._span.set_attribute("error.type", str(response.status))
            self._mark_failed()

    def failed(self, error: BaseException) -> None:
        """Record an error by its class only: its text may contain private data."""
        self._span.set_attribute("error.type", type(error).__name__)
        self._mark_failed()

    def _mark_failed(self) -> None:
        from opentelemetry.trace import StatusCode

        self._span.set_status(StatusCode.ERROR)


def tracing() -> bool:
    """Return whether there is a current trace or a tracer provider.

    An app that uses OpenTelemetry has imported it; the SDK never imports it first. An import alone
    is not enough, because FastAPI imports it in every app.
    """
    if "opentelemetry.trace" not in sys.modules:
        return False
    from opentelemetry import context, trace

    if context.get_current():
        return True
    return not isinstance(trace.get_tracer_provider(), trace.ProxyTracerProvider)


@contextmanager
def span(request: Request, attempt: int) -> Generator[Span]:
    """Run one request inside a client span; used only if ``tracing()``."""
    from opentelemetry import propagate, trace

    operation = request.operation
    address = urlsplit(request.url)
    attributes: dict[str, str | int] = {
        "http.request.method": operation.method,
        "url.template": operation.path,
        "url.full": request.url.partition("?")[0],
        "server.address": address.hostname or "",
    }
    port = address.port or {"http": 80, "https": 443}.get(address.scheme)
    if port is not None:
        attributes["server.port"] = port
    if attempt > 1:
        attributes["http.request.resend_count"] = attempt - 1
    tracer = trace.get_tracer("github-sdk")
    with tracer.start_as_current_span(
        f"{operation.method} {operation.path}",
        kind=trace.SpanKind.CLIENT,
        attributes=attributes,
        record_exception=False,
        set_status_on_exception=False,
    ) as current:
        headers: dict[str, str] = {}
        propagate.inject(headers)
        one = Span(current, headers)
        try:
            yield one
        except BaseException as error:
            one.failed(error)
            raise


async def in_span(
    request: Request, attempt: int, send: Callable[[Mapping[str, str]], Awaitable[Response]]
) -> Response:
    """Send one request inside a client span; `send` takes the headers that propagate the trace."""
    with span(request, attempt) as current:
        response = await send(current.headers)
        current.answered(response)
        return response
