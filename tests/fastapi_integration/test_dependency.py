"""The dependency: where it works, in tests, and its errors elsewhere."""

import asyncio
from typing import Annotated
from unittest.mock import AsyncMock, create_autospec

import anyio.from_thread
import httpx
import pytest
from asgi_lifespan import LifespanManager
from fastapi import BackgroundTasks, Depends, FastAPI, WebSocket
from fastapi.responses import StreamingResponse
from fastapi.testclient import TestClient

from fastapi_integration import (
    HttpClientDep,
    SdkDep,
    SharedClient,
    combine_lifespans,
    lifespan,
    sdk_lifespan,
    shared_sdk,
)
from sdk import ClientNotOpen, Sdk, WrongEventLoop
from tests.fastapi_integration.support import answering, octocat, running


def add_login(app):
    @app.get("/login")
    async def login(sdk: SdkDep) -> str:
        return (await sdk.users.get("octocat")).login

    return app


def octocat_app():
    return add_login(FastAPI(lifespan=sdk_lifespan(answering(octocat))))


# ------------------------------------------------------------------ where it works


def test_an_endpoint_gets_the_client():
    with TestClient(octocat_app()) as client:
        assert client.get("/login").json() == "octocat"


def test_mounted_sub_app_sees_the_outer_client():
    outer = FastAPI(lifespan=sdk_lifespan(answering(octocat)))
    outer.mount("/inner", add_login(FastAPI()))
    with TestClient(outer) as client:
        assert client.get("/inner/login").json() == "octocat"


def test_a_websocket_endpoint_gets_the_client():
    app = FastAPI(lifespan=sdk_lifespan(answering(octocat)))

    @app.websocket("/ws")
    async def talk(websocket: WebSocket, sdk: SdkDep) -> None:
        await websocket.accept()
        await websocket.send_text((await sdk.users.get("octocat")).login)
        await websocket.close()

    with TestClient(app) as client, client.websocket_connect("/ws") as websocket:
        assert websocket.receive_text() == "octocat"


def test_background_task_still_has_the_client():
    app = FastAPI(lifespan=sdk_lifespan(answering(octocat)))
    logins = []

    async def later(sdk: Sdk) -> None:
        logins.append((await sdk.users.get("octocat")).login)

    @app.post("/jobs")
    async def start(tasks: BackgroundTasks, sdk: SdkDep) -> None:
        tasks.add_task(later, sdk)

    with TestClient(app) as client:
        client.post("/jobs")
    assert logins == ["octocat"]


def test_streaming_body_still_has_the_client():
    app = FastAPI(lifespan=sdk_lifespan(answering(octocat)))

    @app.get("/stream")
    async def stream(sdk: SdkDep) -> StreamingResponse:
        async def body():
            for _ in range(3):
                yield (await sdk.users.get("octocat")).login

        return StreamingResponse(body())

    with TestClient(app) as client:
        assert client.get("/stream").text == "octocat" * 3


def test_plain_def_endpoint_through_anyio_from_thread():
    app = FastAPI(lifespan=sdk_lifespan(answering(octocat)))

    @app.get("/login")
    def login(sdk: SdkDep) -> str:
        return anyio.from_thread.run(sdk.users.get, "octocat").login

    with TestClient(app) as client:
        assert client.get("/login").json() == "octocat"


def test_parallel_calls_in_one_endpoint():
    app = FastAPI(lifespan=sdk_lifespan(answering(octocat)))

    @app.get("/logins")
    async def logins(sdk: SdkDep) -> list[str]:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(sdk.users.get("octocat")) for _ in range(3)]
        return [task.result().login for task in tasks]

    with TestClient(app) as client:
        assert client.get("/logins").json() == ["octocat"] * 3


def test_two_clients_in_one_app_are_separate():
    def enterprise(request):
        return httpx.Response(200, json={"login": "enterprise", "id": 1})

    own = SharedClient(answering(enterprise))
    app = add_login(
        FastAPI(lifespan=combine_lifespans(sdk_lifespan(answering(octocat)), own.lifespan))
    )

    @app.get("/own")
    async def own_login(sdk: Annotated[Sdk, Depends(own)]) -> str:
        return (await sdk.users.get("x")).login

    with TestClient(app) as client:
        assert client.get("/login").json() == "octocat"
        assert client.get("/own").json() == "enterprise"


def test_one_client_for_all_parameters_of_a_request():
    app = FastAPI(lifespan=lifespan)

    @app.get("/same")
    async def same(sdk: SdkDep, other: SdkDep, http: HttpClientDep) -> bool:
        return sdk is other and sdk.http_client is http

    with TestClient(app) as client:
        assert client.get("/same").json() is True


async def test_twenty_requests_one_after_the_other_need_one_connection(upstream):
    app = add_login(FastAPI(lifespan=sdk_lifespan(lambda: Sdk(base_url=upstream.url))))
    async with running(app) as client:
        for _ in range(20):
            assert (await client.get("/login")).json() == "octocat"
        assert len(upstream.connections) == 1


def test_the_dependency_adds_no_openapi_parameter():
    app = FastAPI(lifespan=lifespan)

    @app.get("/all")
    async def all_of_them(sdk: SdkDep, http: HttpClientDep) -> None: ...

    operation = app.openapi()["paths"]["/all"]["get"]
    assert "parameters" not in operation
    assert "requestBody" not in operation
    assert "422" not in operation["responses"]


# ------------------------------------------------------------------ in tests


def test_dependency_overrides_without_lifespan_or_network(lifecycle):
    app = add_login(FastAPI(lifespan=lifespan))
    fake = create_autospec(Sdk, instance=True)
    fake.users.get = AsyncMock(return_value=type("User", (), {"login": "fake"}))
    app.dependency_overrides[shared_sdk] = lambda: fake
    # Without `with`, no lifespan runs at all.
    client = TestClient(app)
    assert client.get("/login").json() == "fake"
    assert lifecycle() == []


async def test_asgi_transport_with_asgi_lifespan():
    async with (
        LifespanManager(octocat_app()) as manager,
        httpx.AsyncClient(
            transport=httpx.ASGITransport(manager.app), base_url="http://app"
        ) as client,
    ):
        assert (await client.get("/login")).json() == "octocat"


# ------------------------------------------------------------------ where it does not work


NAMES = (
    "FastAPI(lifespan=shared.lifespan)",
    "FastAPI(lifespan=sdk_lifespan())",
    "sub-app",
    "`with TestClient(app) as client:`",
    "LifespanManager",
    "ASGITransport(manager.app)",
    "dependency_overrides",
)


async def test_bare_asgi_transport_names_every_fix():
    transport = httpx.ASGITransport(octocat_app())
    async with httpx.AsyncClient(transport=transport, base_url="http://app") as client:
        with pytest.raises(ClientNotOpen) as caught:
            await client.get("/login")
    assert str(caught.value).startswith("SharedClient(Sdk) has no open client here")
    for name in NAMES:
        assert name in str(caught.value)


def test_a_test_client_without_with_names_the_fix():
    with pytest.raises(ClientNotOpen, match="with TestClient"):
        TestClient(octocat_app()).get("/login")


def test_an_app_without_the_lifespan_names_the_fix():
    with (
        TestClient(add_login(FastAPI())) as client,
        pytest.raises(ClientNotOpen, match="lifespan="),
    ):
        client.get("/login")


def test_a_lifespan_on_the_mounted_sub_app_only_names_the_fix():
    outer = FastAPI()
    outer.mount("/inner", octocat_app())
    with TestClient(outer) as client, pytest.raises(ClientNotOpen, match="outermost app"):
        client.get("/inner/login")


def test_another_event_loop_names_pytest_asyncio_loop_scope():
    async def start():
        return await LifespanManager(octocat_app()).__aenter__()

    async def call(manager):
        transport = httpx.ASGITransport(manager.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://app") as client:
            await client.get("/login")

    # A session-wide fixture on one loop, a test on another.
    with asyncio.Runner() as fixture, asyncio.Runner() as test:
        manager = fixture.run(start())
        with pytest.raises(WrongEventLoop, match="loop_scope"):
            test.run(call(manager))
        fixture.run(manager.__aexit__())
