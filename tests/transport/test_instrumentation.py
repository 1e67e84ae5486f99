"""Tools that instrument httpx see the calls of a client that the transport built itself."""

import httpx
import pytest
import sentry_sdk
from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from sentry_sdk.integrations.httpx import HttpxIntegration
from sentry_sdk.transport import Transport

from sdk.transport.http.engine.client import Engine
from tests.faults import FaultServer, ok
from tests.transport.support import Api


@pytest.fixture
def spans():
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    instrumentor = HTTPXClientInstrumentor()
    exporter.provider = provider
    exporter.instrumentor = instrumentor
    yield exporter
    if instrumentor.is_instrumented_by_opentelemetry:
        instrumentor.uninstrument()


async def test_opentelemetry_sees_each_call_and_propagates_its_trace(spans):
    async with FaultServer([ok({})]) as server, Api(base_url=server.url) as api:
        await api.request("GET", "/before")
        spans.instrumentor.instrument(tracer_provider=spans.provider)
        for _ in range(3):
            assert (await api.request("POST", "/x", json={"a": 1})).status == 200
        spans.instrumentor.uninstrument()
        await api.request("GET", "/after")
        assert isinstance(api.session.sender(), Engine)
        # The engine's connection is under the wrapped call, too.
        assert server.connections == 1
    assert ["traceparent" in each.headers for each in server.requests] == [
        False,
        True,
        True,
        True,
        False,
    ]
    assert [span.attributes["http.method"] for span in spans.get_finished_spans()] == ["POST"] * 3
    assert server.requests[1].body == b'{"a":1}'


async def test_opentelemetry_on_this_client_alone_sees_its_calls(spans):
    async with FaultServer([ok({})]) as server, Api(base_url=server.url) as api:
        spans.instrumentor.instrument_client(api.http_client, tracer_provider=spans.provider)
        await api.request("GET", "/x")
        spans.instrumentor.uninstrument_client(api.http_client)
        await api.request("GET", "/y")
    assert len(spans.get_finished_spans()) == 1


class Envelopes(Transport):
    def __init__(self):
        super().__init__()
        self.kept = []

    def capture_envelope(self, envelope):
        self.kept.append(envelope)


async def test_sentry_sees_each_call(monkeypatch):
    # It patches httpx for good, so its patch is undone with the test.
    for name in ("send", "__init__"):
        monkeypatch.setattr(httpx.AsyncClient, name, getattr(httpx.AsyncClient, name))
        monkeypatch.setattr(httpx.Client, name, getattr(httpx.Client, name))
    envelopes = Envelopes()
    sentry_sdk.init(
        dsn="http://key@127.0.0.1:9/1",
        transport=envelopes,
        traces_sample_rate=1.0,
        default_integrations=False,
        auto_enabling_integrations=False,
        integrations=[HttpxIntegration()],
    )
    try:
        async with FaultServer([ok({})]) as server, Api(base_url=server.url) as api:
            with sentry_sdk.start_transaction(name="t", op="test"):
                await api.request("GET", "/x")
            assert "sentry-trace" in server.requests[0].headers
    finally:
        sentry_sdk.get_client().close()
        sentry_sdk.get_global_scope().set_client(None)
    (transaction,) = [each.get_transaction_event() for each in envelopes.kept]
    assert [span["op"] for span in transaction["spans"]] == ["http.client"]


def _with_hook(client, seen):
    async def hook(request):
        seen.append(request.url.path)

    client.event_hooks = {"request": [hook]}


async def test_a_tool_that_adds_hooks_to_each_new_client_sees_its_calls(monkeypatch):
    seen, original = [], httpx.AsyncClient.__init__

    def init(self, *args, **options):
        original(self, *args, **options)
        _with_hook(self, seen)

    monkeypatch.setattr(httpx.AsyncClient, "__init__", init)
    async with FaultServer([ok({})]) as server, Api(base_url=server.url) as api:
        await api.request("GET", "/x")
    assert seen == ["/x"]


async def test_hooks_and_headers_of_the_raw_client_apply_to_calls_too():
    seen = []

    async def hook(request):
        seen.append(request.url.path)

    async with FaultServer([ok({})]) as server, Api(base_url=server.url) as api:
        api.http_client.event_hooks["request"].append(hook)
        await api.request("GET", "/x")
        api.http_client.event_hooks["request"].clear()
        api.http_client.headers["x-mine"] = "1"
        await api.request("GET", "/y")
        del api.http_client.headers["x-mine"]
        await api.request("GET", "/z")
        assert isinstance(api.session.sender(), Engine)
    assert seen == ["/x"]
    assert [each.headers.get("x-mine") for each in server.requests] == [None, "1", None]
