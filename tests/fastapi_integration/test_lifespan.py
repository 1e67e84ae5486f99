"""When the shared client is opened and closed."""

import asyncio
from contextlib import asynccontextmanager
from typing import Annotated

import pytest
from fastapi import APIRouter, Depends, FastAPI
from fastapi.testclient import TestClient

from fastapi_integration import (
    SdkDep,
    SharedClient,
    combine_lifespans,
    lifespan,
    sdk_lifespan,
    shared_sdk,
)
from sdk import ApiClient, ClientNotOpen, Sdk
from tests.fastapi_integration.support import answering, octocat


def app_with(*lifespans):
    app = FastAPI(lifespan=combine_lifespans(*lifespans) if len(lifespans) > 1 else lifespans[0])

    @app.get("/session")
    async def session(sdk: SdkDep) -> str:
        return sdk.session.id

    return app


def test_opened_once_and_closed_once_per_run(lifecycle):
    with TestClient(app_with(lifespan)) as client:
        assert lifecycle() == ["Opened"]
        assert len({client.get("/session").text for _ in range(5)}) == 1
        assert lifecycle() == ["Opened"]
    assert lifecycle() == ["Opened", "Closed"]


def test_the_same_app_started_twice_has_two_clients(lifecycle):
    app = app_with(lifespan)
    seen = []
    for _ in range(2):
        with TestClient(app) as client:
            seen.append(client.get("/session").text)
    assert seen[0] != seen[1]
    assert lifecycle() == ["Opened", "Closed"] * 2


def test_the_same_app_running_twice_at_once_has_two_clients():
    app = app_with(lifespan)
    with TestClient(app) as one, TestClient(app) as other:
        assert one.get("/session").text != other.get("/session").text


def test_two_apps_in_one_process_have_a_client_each():
    with TestClient(app_with(lifespan)) as one, TestClient(app_with(lifespan)) as other:
        assert one.get("/session").text != other.get("/session").text


def test_ready_made_lifespan_takes_a_factory_of_your_own():
    app = FastAPI(lifespan=sdk_lifespan(answering(octocat)))

    @app.get("/login")
    async def login(sdk: SdkDep) -> str:
        return (await sdk.users.get("octocat")).login

    with TestClient(app) as client:
        assert client.get("/login").json() == "octocat"


def test_closed_when_the_users_startup_fails_and_their_error_is_shown(lifecycle):
    @asynccontextmanager
    async def failing(app):
        raise ValueError("the database is away")
        yield

    with pytest.raises(ValueError, match="the database is away"):
        TestClient(app_with(lifespan, failing)).__enter__()
    assert lifecycle() == ["Opened", "Closed"]


def test_closed_when_the_users_shutdown_fails_and_their_error_is_shown(lifecycle):
    @asynccontextmanager
    async def failing(app):
        yield
        raise ValueError("cannot flush")

    client = TestClient(app_with(lifespan, failing))
    client.__enter__()
    with pytest.raises(ValueError, match="cannot flush"):
        client.__exit__(None, None, None)
    assert lifecycle() == ["Opened", "Closed"]


def test_an_open_client_is_closed_when_a_later_one_cannot_open(lifecycle):
    def broken():
        raise ValueError("no settings")

    with pytest.raises(ValueError, match="no settings"):
        TestClient(app_with(lifespan, SharedClient(broken).lifespan)).__enter__()
    assert lifecycle() == ["Opened", "Closed"]


def test_the_users_startup_and_shutdown_may_call(lifecycle):
    shared = SharedClient(answering(octocat))
    calls = []

    @asynccontextmanager
    async def warm(app):
        async with shared.lifespan(app) as state:
            sdk = shared.of(state)
            calls.append((await sdk.users.get("octocat")).login)
            yield state
            calls.append((await sdk.users.get("octocat")).login)

    with TestClient(FastAPI(lifespan=warm)):
        assert calls == ["octocat"]
    assert calls == ["octocat", "octocat"]


def test_lifespan_of_an_included_router(lifecycle):
    router = APIRouter(lifespan=lifespan)

    @router.get("/session")
    async def session(sdk: SdkDep) -> str:
        return sdk.session.id

    app = FastAPI()
    app.include_router(router)
    with TestClient(app) as client:
        assert client.get("/session").status_code == 200
    assert lifecycle() == ["Opened", "Closed"]


def test_the_client_is_an_attribute_of_the_request_state():
    from fastapi import Request

    app = FastAPI(lifespan=lifespan)

    @app.get("/type")
    async def kind(request: Request) -> str:
        return type(request.state.sdk).__name__

    with TestClient(app) as client:
        assert client.get("/type").json() == "Sdk"


async def test_a_server_without_lifespan_state_fails_at_startup(lifecycle):
    sent = []
    messages = asyncio.Queue()
    await messages.put({"type": "lifespan.startup"})

    async def send(message):
        sent.append(message)

    with pytest.raises(RuntimeError, match='does not support "state"'):
        await app_with(lifespan)({"type": "lifespan"}, messages.get, send)
    assert sent[0]["type"] == "lifespan.startup.failed"
    assert lifecycle() == ["Opened", "Closed"]


# ------------------------------------------------------------------ mistakes


def test_an_instance_instead_of_a_factory_is_refused():
    with pytest.raises(TypeError, match=r"not Sdk.*SharedClient\(lambda: Sdk\(timeout=5\)\)"):
        SharedClient(Sdk())


def test_sdk_lifespan_without_its_parentheses_is_refused():
    app = FastAPI(lifespan=sdk_lifespan)
    with pytest.raises(TypeError, match=r"lifespan=sdk_lifespan\(\)"):
        TestClient(app).__enter__()


async def async_factory():
    return Sdk()


@pytest.mark.parametrize(
    ("factory", "given"),
    [
        (lambda: None, "NoneType"),
        (dict, "dict"),
        (async_factory, "coroutine"),
        (lambda: Sdk, "type"),
    ],
)
def test_a_factory_that_returns_something_else_is_refused(factory, given):
    with pytest.raises(TypeError, match=rf"returned {given}, not an ApiClient. Pass a class"):
        TestClient(FastAPI(lifespan=SharedClient(factory).lifespan)).__enter__()


def test_a_factory_that_returns_the_same_client_again_is_refused():
    sdk = Sdk()
    app = FastAPI(lifespan=SharedClient(lambda: sdk).lifespan)
    with TestClient(app):
        pass
    with pytest.raises(Exception, match="build a new client: a closed one is not opened again"):
        TestClient(app).__enter__()


def test_a_lifespan_passed_to_combine_lifespans_twice_is_refused(lifecycle):
    with pytest.raises(RuntimeError, match="passed to the same app twice"):
        TestClient(app_with(lifespan, lifespan)).__enter__()
    assert lifecycle() == ["Opened", "Closed"]


def test_a_lifespan_of_both_the_app_and_its_router_is_refused():
    app = FastAPI(lifespan=lifespan)
    app.include_router(APIRouter(lifespan=lifespan))
    with pytest.raises(RuntimeError, match="passed to the same app twice"):
        TestClient(app).__enter__()


@pytest.mark.parametrize("on_router", [True, False])
def test_two_ready_made_lifespans_in_one_app_are_refused(lifecycle, on_router):
    if on_router:
        app = FastAPI(lifespan=lifespan)
        app.include_router(APIRouter(lifespan=sdk_lifespan()))
    else:
        app = app_with(lifespan, sdk_lifespan())
    with pytest.raises(RuntimeError, match="passed to the same app twice"):
        TestClient(app).__enter__()
    assert lifecycle() == ["Opened", "Closed"]


def test_a_lifespan_from_another_factory_for_the_same_dependency():
    shared = SharedClient(Sdk)
    app = FastAPI(lifespan=shared.lifespan_from(answering(octocat)))

    @app.get("/login")
    async def login(sdk: Annotated[Sdk, Depends(shared)]) -> str:
        return (await sdk.users.get("octocat")).login

    with TestClient(app) as client:
        assert client.get("/login").json() == "octocat"


# ------------------------------------------------------------------ one pool for several clients


class Billing(ApiClient):
    base_url = "https://billing.example.com"


def test_a_client_on_the_pool_of_another_is_created_once_per_run(lifecycle):
    billing = SharedClient(lambda sdk: Billing(session=sdk.session), on=shared_sdk)
    app = app_with(sdk_lifespan(), billing.lifespan)

    @app.get("/billing")
    async def of_billing(
        sdk: SdkDep, billing: Annotated[Billing, Depends(billing)]
    ) -> tuple[bool, int]:
        return billing.session is sdk.session, id(billing)

    with TestClient(app) as client:
        one, other = (client.get("/billing").json() for _ in range(2))
    assert one == other
    assert one[0] is True
    assert lifecycle() == ["Opened", "Closed"]


@pytest.mark.parametrize("alone", [True, False])
def test_a_client_whose_pool_is_not_open_yet_names_the_fix(alone):
    billing = SharedClient(lambda sdk: Billing(session=sdk.session), on=shared_sdk)
    lifespans = [billing.lifespan] if alone else [billing.lifespan, sdk_lifespan()]
    with (
        pytest.raises(ClientNotOpen, match=r"combine_lifespans\(\), with the lifespan of that one"),
        TestClient(app_with(*lifespans)),
    ):
        pass
