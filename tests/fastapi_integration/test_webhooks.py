"""Webhooks in a FastAPI app: requests, handlers and responses."""

import asyncio
import json
from contextlib import asynccontextmanager

import httpx
import pytest
from asgi_lifespan import LifespanManager
from fastapi import APIRouter, Depends, FastAPI, HTTPException
from fastapi.testclient import TestClient

from fastapi_integration import (
    combine_lifespans,
    sdk_lifespan,
    shared_sdk,
    webhook_router,
    webhooks_lifespan,
)
from sdk import ClientNotOpen, Sdk
from sdk.testing import deliver
from sdk.webhooks import MemoryInbox, Webhooks

SECRET = "a secret of the tests"


@pytest.fixture
def hooks():
    return Webhooks(secret=SECRET)


def app_of(hooks, lifespan=None, **options):
    app = FastAPI(lifespan=lifespan or webhooks_lifespan(hooks), **options)
    app.include_router(webhook_router(hooks, path="/webhooks"))
    return app


@asynccontextmanager
async def client_of(app):
    async with LifespanManager(app) as manager:
        transport = httpx.ASGITransport(manager.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://app") as client:
            client.app = manager.app
            yield client


async def test_a_delivery_is_accepted_at_once_and_handled(hooks):
    titles = []

    @hooks.on("issues", "opened")
    async def handler(delivery):
        titles.append(delivery.payload.issue.title)

    async with client_of(app_of(hooks)) as client:
        response = await deliver(
            client.app, "issues", "opened", secret=SECRET, issue={"title": "It breaks"}
        )
    assert (response.status_code, response.text) == (202, "Accepted.")
    assert titles == ["It breaks"]


async def test_a_forged_delivery_is_refused_without_details(hooks):
    async with client_of(app_of(hooks)) as client:
        response = await deliver(client.app, "issues", "opened", secret="guessed")
    assert response.status_code == 401
    assert response.text == "The signature does not match the body."


async def test_a_body_with_too_large_a_content_length_is_not_read(hooks):
    async def endless():
        raise AssertionError("the body was read")
        yield b""

    async with client_of(app_of(hooks)) as client:
        response = await client.post(
            "/webhooks", content=endless(), headers={"Content-Length": str(30 << 20)}
        )
    assert response.status_code == 413


async def test_reading_stops_when_a_body_becomes_too_large(hooks):
    sent = 0

    async def pieces():
        nonlocal sent
        for _ in range(100):
            sent += 1
            yield bytes(1 << 20)

    async with client_of(app_of(hooks)) as client:
        response = await client.post("/webhooks", content=pieces())
    assert response.status_code == 413
    assert sent <= 27


async def test_a_body_that_stops_arriving_is_a_408(hooks, monkeypatch):
    monkeypatch.setattr("fastapi_integration.bounded_body._READ_SECONDS", 0.02)

    async def stalled():
        yield b"{"
        await asyncio.Event().wait()

    async with client_of(app_of(hooks)) as client:
        response = await client.post("/webhooks", content=stalled())
    assert response.status_code == 408


@pytest.mark.parametrize("length", ["many", "-1", "1e3"])
async def test_a_content_length_that_is_not_a_number_is_refused(hooks, length):
    messages = []

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        messages.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/webhooks",
        "query_string": b"",
        "headers": [(b"content-length", length.encode())],
    }
    await app_of(hooks)(scope, receive, send)
    assert messages[0]["status"] == 400


async def test_a_full_queue_tells_github_when_to_try_again():
    hooks = Webhooks(secret=SECRET, inbox=MemoryInbox(size=1), concurrency=1)
    started, gate = asyncio.Event(), asyncio.Event()

    @hooks.on("push")
    async def handler(delivery):
        started.set()
        await gate.wait()

    async with client_of(app_of(hooks)) as client:
        responses = [await deliver(client.app, "push", secret=SECRET)]
        await started.wait()
        responses += [await deliver(client.app, "push", secret=SECRET) for _ in range(2)]
        gate.set()
    assert [response.status_code for response in responses] == [202, 202, 503]
    assert responses[-1].headers["retry-after"] == "30"


async def test_handlers_act_through_the_apps_client(hooks):
    clients = []

    @hooks.on("push")
    async def handler(delivery):
        clients.append(delivery.sdk)

    lifespan = combine_lifespans(
        sdk_lifespan(lambda: Sdk(token="t")), webhooks_lifespan(hooks, on=shared_sdk)
    )
    async with client_of(app_of(hooks, lifespan)) as client:
        await deliver(client.app, "push", secret=SECRET)
    assert [type(client) for client in clients] == [Sdk]


async def test_the_clients_lifespan_must_come_first(hooks):
    lifespan = combine_lifespans(
        webhooks_lifespan(hooks, on=shared_sdk), sdk_lifespan(lambda: Sdk(token="t"))
    )
    with pytest.raises(ClientNotOpen, match=r"combine_lifespans\(\)"):
        async with client_of(app_of(hooks, lifespan)):
            pass


def test_one_app_after_another_with_the_same_handlers(hooks):
    handled = []

    @hooks.on("push")
    async def handler(delivery):
        handled.append(delivery.id)

    from sdk.testing.deliveries import payload_of, signed

    for guid in ("one", "two"):
        headers, body = signed("push", payload_of("push"), secret=SECRET, guid=guid)
        with TestClient(app_of(hooks)) as client:
            assert client.post("/webhooks", content=body, headers=headers).status_code == 202
    assert handled == ["one", "two"]


async def test_openapi_has_one_operation_without_internals(hooks):
    document = app_of(hooks).openapi()
    assert list(document["paths"]) == ["/webhooks"]
    (operation,) = document["paths"]["/webhooks"].values()
    assert operation["requestBody"]["content"] == {
        "application/json": {"schema": {"type": "object"}}
    }
    assert sorted(operation["responses"]) == [
        "200",
        "202",
        "400",
        "401",
        "408",
        "413",
        "415",
        "503",
    ]
    assert SECRET not in json.dumps(document)
    assert "components" not in document


def test_something_else_than_webhooks_is_refused():
    with pytest.raises(TypeError, match="webhook_router"):
        webhook_router("/webhooks")


@pytest.mark.parametrize("level", ["app", "include_router", "router"])
async def test_dependencies_of_the_app_guard_the_endpoint(hooks, level):
    def guard():
        raise HTTPException(403)

    dependencies = [Depends(guard)]
    app = FastAPI(
        lifespan=webhooks_lifespan(hooks), dependencies=dependencies if level == "app" else None
    )
    router = webhook_router(hooks, path="/webhooks")
    if level == "router":
        outer = APIRouter(dependencies=dependencies)
        outer.include_router(router)
        router = outer
    app.include_router(router, dependencies=dependencies if level == "include_router" else None)

    async with client_of(app) as client:
        response = await deliver(client.app, "issues", "opened", secret=SECRET)
    assert response.status_code == 403
