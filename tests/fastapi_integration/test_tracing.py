"""Spans of FastAPI and of the SDK are in one trace."""

import pytest
from fastapi import FastAPI, Request
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from fastapi_integration import SdkDep, sdk_lifespan, until_disconnect
from sdk import Sdk
from sdk.transport.observability.tracing import tracing
from tests.fastapi_integration.support import running

pytest.importorskip("fastapi.telemetry", reason="this FastAPI has no tracing of its own")


@pytest.fixture
def exporter(monkeypatch):
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    # OpenTelemetry lets a process set its provider once, and other tests set theirs.
    monkeypatch.setattr(trace, "_TRACER_PROVIDER", provider)
    return exporter


def ancestors(span, spans):
    """Return the parents of a span, innermost first."""
    by_id = {other.context.span_id: other for other in spans}
    names = []
    while span.parent is not None and span.parent.span_id in by_id:
        span = by_id[span.parent.span_id]
        names.append((span.name, span.kind))
    return names


@pytest.mark.parametrize("path", ["/plain/octocat", "/watched/octocat"])
async def test_the_span_of_a_call_is_inside_that_of_the_request(exporter, upstream, path):
    app = FastAPI(lifespan=sdk_lifespan(lambda: Sdk(base_url=upstream.url)))

    @app.get("/plain/{name}")
    async def plain(name: str, sdk: SdkDep) -> str:
        return (await sdk.users.get(name)).login

    @app.get("/watched/{name}")
    async def watched(name: str, request: Request, sdk: SdkDep) -> str:
        return (await until_disconnect(request, sdk.users.get(name))).login

    async with running(app) as client:
        assert (await client.get(path)).json() == "octocat"
    spans = exporter.get_finished_spans()
    (ours,) = [span for span in spans if span.kind is trace.SpanKind.CLIENT]
    (request,) = [span for span in spans if span.kind is trace.SpanKind.SERVER]
    assert ours.name == "GET /users/{username}"
    assert ancestors(ours, spans)[-1] == (request.name, trace.SpanKind.SERVER)
    # The trace context is sent to the API.
    trace_id = f"{request.context.trace_id:032x}"
    assert trace_id in upstream.requests[0][1]["traceparent"]


async def test_a_provider_passed_to_fastapi_only_continues_the_trace(monkeypatch, upstream):
    monkeypatch.setattr(trace, "_TRACER_PROVIDER", None)
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    app = FastAPI(
        lifespan=sdk_lifespan(lambda: Sdk(base_url=upstream.url)),
        telemetry={"tracer_provider": provider},
    )

    @app.get("/login")
    async def login(sdk: SdkDep) -> str:
        return (await sdk.users.get("octocat")).login

    async with running(app) as client:
        assert (await client.get("/login")).json() == "octocat"
    (request,) = [s for s in exporter.get_finished_spans() if s.kind is trace.SpanKind.SERVER]
    assert f"{request.context.trace_id:032x}" in upstream.requests[0][1]["traceparent"]


async def test_without_a_tracer_provider_no_trace_is_sent(monkeypatch, upstream):
    monkeypatch.setattr(trace, "_TRACER_PROVIDER", None)
    seen = []
    app = FastAPI(lifespan=sdk_lifespan(lambda: Sdk(base_url=upstream.url)))

    @app.get("/login")
    async def login(sdk: SdkDep) -> str:
        seen.append(tracing())
        return (await sdk.users.get("octocat")).login

    async with running(app) as client:
        await client.get("/login")
    assert seen == [False]
    assert "traceparent" not in upstream.requests[0][1]
