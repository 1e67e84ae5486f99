"""Error handlers: logs, task groups, websockets, streams and mounted apps."""

import asyncio
import logging

import httpx
import pytest
from fastapi import FastAPI, WebSocket
from fastapi.responses import StreamingResponse
from fastapi.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from fastapi_integration import (
    SdkDep,
    install_error_handlers,
    sdk_lifespan,
)
from tests.fastapi_integration.failing_app import app_for, failing, refusal
from tests.fastapi_integration.support import answering, running


def test_the_log_has_the_details_that_the_response_hides_but_no_token(caplog):
    caplog.set_level(logging.INFO, "fastapi_integration")
    with TestClient(app_for(failing(refusal(500)))) as client:
        client.get("/user")
    (record,) = [r for r in caplog.records if r.name == "fastapi_integration"]
    assert record.levelname == "WARNING"
    assert record.message.startswith(
        "Answered 502: GET /users/{username} (octocat) answered 500: s3cret"
    )
    assert "AB:12" in record.message
    assert "ghp_planted" not in caplog.text


def test_a_404_is_logged_at_info(caplog):
    caplog.set_level(logging.INFO, "fastapi_integration")
    with TestClient(app_for(failing(refusal(404)))) as client:
        client.get("/user")
    assert [r.levelname for r in caplog.records if r.name == "fastapi_integration"] == ["INFO"]


# ------------------------------------------------------------------ groups


def parallel(factory, *others):
    app = app_for(factory)

    @app.get("/both")
    async def both(sdk: SdkDep) -> None:
        async def bug(error):
            raise error

        async with asyncio.TaskGroup() as group:
            group.create_task(sdk.users.get("one"))
            group.create_task(sdk.users.get("other"))
            for error in others:
                group.create_task(bug(error))

    return app


def test_failures_in_a_task_group_become_a_problem():
    def answer(request):
        return refusal(500 if request.url.path.endswith("other") else 404)

    with TestClient(parallel(answering(answer))) as client:
        response = client.get("/both")
    assert response.status_code == 502
    assert response.headers["content-type"] == "application/problem+json"


def test_a_group_with_another_exception_is_not_handled():
    with (
        TestClient(parallel(failing(refusal(404)), KeyError("bug"))) as client,
        pytest.raises(ExceptionGroup),
    ):
        client.get("/both")


# ------------------------------------------------------------------ websockets


def websocket_app(*, accept):
    app = app_for(failing(refusal(500)))

    @app.websocket("/ws")
    async def talk(websocket: WebSocket, sdk: SdkDep) -> None:
        if accept:
            await websocket.accept()
        await sdk.users.get("octocat")

    return app


def test_an_upstream_failure_closes_a_websocket_with_1011():
    with (
        TestClient(websocket_app(accept=True)) as client,
        client.websocket_connect("/ws") as websocket,
        pytest.raises(WebSocketDisconnect) as caught,
    ):
        websocket.receive_text()
    assert caught.value.code == 1011
    assert caught.value.reason == "The upstream service failed"


def test_a_websocket_that_was_not_accepted_is_denied_with_the_problem():
    from starlette.testclient import WebSocketDenialResponse

    with (
        TestClient(websocket_app(accept=False)) as client,
        pytest.raises(WebSocketDenialResponse) as caught,
        client.websocket_connect("/ws"),
    ):
        pass
    assert caught.value.status_code == 502
    assert caught.value.headers["content-type"] == "application/problem+json"


# ------------------------------------------------------------------ when it is too late


async def test_a_failure_after_the_response_began_cuts_the_response():
    app = app_for(failing(refusal(500)))

    @app.get("/stream")
    async def stream(sdk: SdkDep) -> StreamingResponse:
        async def body():
            yield b"first part"
            await sdk.users.get("octocat")

        return StreamingResponse(body())

    async with running(app) as client, client.stream("GET", "/stream") as response:
        assert response.status_code == 200
        parts = response.aiter_bytes()
        assert await anext(parts) == b"first part"
        # Not a clean end: a reader can tell that something is missing.
        with pytest.raises(httpx.RemoteProtocolError):
            await anext(parts)


def test_handlers_cannot_be_installed_after_the_start():
    app = FastAPI()
    with TestClient(app), pytest.raises(RuntimeError, match="before the app starts"):
        install_error_handlers(app)


def test_a_mounted_sub_app_needs_handlers_of_its_own():
    outer = FastAPI(lifespan=sdk_lifespan(failing(refusal(404))))
    bare, handled = FastAPI(), FastAPI()
    install_error_handlers(handled)

    async def user(sdk: SdkDep) -> None:
        await sdk.users.get("octocat")

    bare.get("/user")(user)
    handled.get("/user")(user)
    outer.mount("/bare", bare)
    outer.mount("/handled", handled)
    with TestClient(outer, raise_server_exceptions=False) as client:
        assert client.get("/bare/user").status_code == 500
        assert client.get("/handled/user").status_code == 404
