"""Calls that end before their response: disconnects, cancellation, timeouts."""

import asyncio

import httpx
import pytest
from fastapi import FastAPI, Request, WebSocket, WebSocketDisconnect
from fastapi.testclient import TestClient
from starlette.requests import ClientDisconnect

from fastapi_integration import SdkDep, install_error_handlers, sdk_lifespan, until_disconnect
from sdk import Sdk
from tests.fastapi_integration.support import running


def app_for(upstream):
    app = FastAPI(lifespan=sdk_lifespan(lambda: Sdk(base_url=upstream.url, max_connections=1)))
    install_error_handlers(app)
    app.state.ended = []

    @app.api_route("/users/{username}", methods=["GET", "POST"])
    async def read(username: str, request: Request, sdk: SdkDep) -> str:
        if request.method == "POST":
            await request.body()
        try:
            return (await until_disconnect(request, sdk.users.get(username))).login
        except BaseException as error:
            app.state.ended.append(type(error))
            raise

    @app.get("/timeout")
    async def timeout(sdk: SdkDep) -> str:
        try:
            async with asyncio.timeout(0.1):
                return (await sdk.users.get("slow")).login
        except TimeoutError:
            return "late"

    return app


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_caller_who_hangs_up_ends_the_upstream_call(upstream, method):
    app = app_for(upstream)
    async with running(app) as client:
        call = asyncio.create_task(client.request(method, "/users/slow"))
        await upstream.waiting.wait()
        call.cancel()
        async with asyncio.timeout(5):
            await upstream.hung_up.wait()
        # The one connection of the pool is free again.
        assert (await client.get("/users/octocat")).json() == "octocat"
    assert app.state.ended == [ClientDisconnect]


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_caller_who_stays_gets_the_response(upstream, method):
    async with running(app_for(upstream)) as client:
        response = await client.request(method, "/users/octocat", content=b"x" * 100_000)
        assert response.json() == "octocat"


async def test_upstream_errors_are_raised(upstream):
    async with running(app_for(upstream)) as client:
        assert (await client.get("/users/nobody-at-all")).status_code == 404


async def test_without_until_disconnect_the_upstream_call_continues(upstream):
    app = app_for(upstream)

    @app.get("/plain")
    async def plain(sdk: SdkDep) -> str:
        return (await sdk.users.get("slow")).login

    async with running(app) as client:
        with pytest.raises(httpx.ReadTimeout):
            await client.get("/plain", timeout=0.2)
        assert not upstream.hung_up.is_set()
        upstream.release.set()


async def test_any_awaitable_may_be_passed():
    class Silent:
        async def receive(self):
            await asyncio.Event().wait()

    class Paged:
        def __await__(self):
            return asyncio.sleep(0, "page").__await__()

    assert await until_disconnect(Silent(), Paged()) == "page"


async def test_cancelling_until_disconnect_cancels_the_call():
    class Silent:
        async def receive(self):
            await asyncio.Event().wait()

    ended = asyncio.Event()

    async def work():
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    waiting = asyncio.create_task(until_disconnect(Silent(), work()))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert ended.is_set()


async def test_asyncio_timeout_around_a_call_ends_the_upstream_call(upstream):
    async with running(app_for(upstream)) as client:
        assert (await client.get("/timeout")).json() == "late"
        async with asyncio.timeout(5):
            await upstream.hung_up.wait()
        assert (await client.get("/users/octocat")).json() == "octocat"


async def test_a_websocket_that_is_closed_cancels_the_work():
    messages = [
        {"type": "websocket.connect"},
        {"type": "websocket.receive", "text": "ignored"},
        {"type": "websocket.disconnect", "code": 1001, "reason": "gone"},
    ]
    cancelled = asyncio.Event()

    async def receive():
        await asyncio.sleep(0)
        return messages.pop(0)

    async def send(message): ...

    async def work():
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.set()

    websocket = WebSocket({"type": "websocket"}, receive, send)
    await websocket.accept()
    with pytest.raises(WebSocketDisconnect) as raised:
        await until_disconnect(websocket, work())
    assert (raised.value.code, raised.value.reason) == (1001, "gone")
    assert cancelled.is_set()


def test_a_websocket_gets_the_result():
    app = FastAPI()

    @app.websocket("/")
    async def endpoint(websocket: WebSocket):
        await websocket.accept()
        await websocket.send_text(await until_disconnect(websocket, asyncio.sleep(0, "done")))

    with TestClient(app) as client, client.websocket_connect("/") as websocket:
        assert websocket.receive_text() == "done"
