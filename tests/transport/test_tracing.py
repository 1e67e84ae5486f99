"""An app that uses OpenTelemetry sees a client span for every request."""

import subprocess
import sys
from collections.abc import Iterator

import pytest
import respx
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from sdk import NotFound, Sdk
from tests.virtual_time import clock, run

URL = "https://api.github.com/users/octocat"


@pytest.fixture(scope="module")
def exporter() -> Iterator[InMemorySpanExporter]:
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    # OpenTelemetry lets a process set its provider once, for all tests after this module's too.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(trace, "_TRACER_PROVIDER", provider)
        yield exporter


@pytest.fixture
def spans(exporter: InMemorySpanExporter) -> Iterator[InMemorySpanExporter]:
    exporter.clear()
    yield exporter
    exporter.clear()


@respx.mock
async def test_the_span_is_named_by_the_route_and_follows_the_http_conventions(
    spans: InMemorySpanExporter,
) -> None:
    respx.get(URL).respond(json={"login": "octocat", "id": 1})

    async with Sdk(token=None) as sdk:
        await sdk.users.get("octocat")

    (span,) = spans.get_finished_spans()
    assert span.name == "GET /users/{username}"
    assert span.kind is trace.SpanKind.CLIENT
    assert dict(span.attributes or {}) == {
        "http.request.method": "GET",
        "url.template": "/users/{username}",
        "url.full": URL,
        "server.address": "api.github.com",
        "server.port": 443,
        "http.response.status_code": 200,
    }


def test_a_retried_request_has_a_resend_count(spans: InMemorySpanExporter) -> None:
    async def main() -> None:
        with respx.mock:
            respx.get(URL).side_effect = [
                respx.MockResponse(503),
                respx.MockResponse(json={"login": "octocat", "id": 1}),
            ]
            async with Sdk(token=None, clock=clock()) as sdk:
                await sdk.users.get("octocat")

    run(main())

    first, second = spans.get_finished_spans()
    assert first.attributes is not None
    assert second.attributes is not None
    assert "http.request.resend_count" not in first.attributes
    assert first.attributes["error.type"] == "503"
    assert second.attributes["http.request.resend_count"] == 1


@respx.mock
async def test_the_span_is_a_child_of_the_open_span(
    spans: InMemorySpanExporter,
) -> None:
    respx.get(URL).respond(404)

    async with Sdk(token=None) as sdk:
        with trace.get_tracer("test").start_as_current_span("outer"), pytest.raises(NotFound):
            await sdk.users.get("octocat")

    inner, outer = spans.get_finished_spans()
    assert inner.parent is not None
    assert inner.parent.span_id == outer.context.span_id
    assert not inner.status.is_ok


@respx.mock
async def test_the_trace_context_is_sent_in_a_header(spans: InMemorySpanExporter) -> None:
    route = respx.get(URL).respond(json={"login": "octocat", "id": 1})

    async with Sdk(token=None) as sdk:
        await sdk.users.get("octocat")

    (span,) = spans.get_finished_spans()
    assert f"{span.context.trace_id:032x}" in route.calls.last.request.headers["traceparent"]


@respx.mock
async def test_no_query_and_no_text_of_an_error_reaches_a_span(spans: InMemorySpanExporter) -> None:
    respx.get("https://api.github.com/search/users").mock(side_effect=OSError("planted-text"))

    async with Sdk(token="planted-token", retry=None) as sdk:
        with pytest.raises(Exception, match="search"):
            await sdk.search.users(q="planted-query")

    (span,) = spans.get_finished_spans()
    assert "planted" not in span.to_json()
    assert span.attributes is not None
    assert span.attributes["error.type"] == "ConnectionLost"


def test_an_app_without_opentelemetry_never_imports_it() -> None:
    program = """
import asyncio, sys, httpx
from sdk import Sdk

async def main():
    transport = httpx.MockTransport(lambda request: httpx.Response(200, json={}))
    async with httpx.AsyncClient(transport=transport) as http:
        await Sdk(http_client=http).request("GET", "/x")

asyncio.run(main())
sys.exit(any(name.startswith("opentelemetry") for name in sys.modules))
"""
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
