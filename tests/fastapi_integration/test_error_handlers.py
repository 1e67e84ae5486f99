"""Failed upstream calls become the app's own answers."""

import asyncio
import logging

import httpx
import pytest
from fastapi import FastAPI, WebSocket
from fastapi.responses import StreamingResponse
from fastapi.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from fastapi_integration import (
    CALLER_RESPONSES,
    UPSTREAM_RESPONSES,
    SdkDep,
    install_error_handlers,
    sdk_lifespan,
)
from sdk import (
    ApiError,
    DeadlineExceeded,
    InvalidInput,
    NotFound,
    Sdk,
    TimedOut,
    ValidationFailed,
)
from tests.fastapi_integration.support import answering, running

SECRETS = ("s3cret", "rack 12", "upstream.example", "ghp_planted")


def failing(failure):
    """Give a factory of an Sdk whose every call fails so, with secrets on the way."""

    def answer(request):
        if isinstance(failure, Exception):
            raise failure
        return failure

    return lambda: Sdk(
        token="ghp_planted",
        base_url="https://upstream.example",
        http_client=httpx.AsyncClient(transport=httpx.MockTransport(answer)),
        retry=None,
    )


def refusal(status, **headers):
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(
        status,
        json={
            "message": "s3cret trouble in rack 12",
            "documentation_url": "https://upstream.example",
        },
        headers={"x-github-request-id": "AB:12", **headers},
    )


def app_for(factory, **options):
    app = FastAPI(lifespan=sdk_lifespan(factory))
    install_error_handlers(app, **options)

    @app.get("/user")
    async def user(sdk: SdkDep) -> str:
        return (await sdk.users.get("octocat")).login

    return app


@pytest.mark.parametrize(
    ("failure", "status", "kind", "retry_after"),
    [
        (refusal(404), 404, "not-found", None),
        (refusal(410), 410, "gone", None),
        (refusal(451), 451, "legal", None),
        (refusal(401), 502, "refused", None),
        (refusal(403), 502, "refused", None),
        (refusal(400), 502, "refused", None),
        (refusal(409), 502, "refused", None),
        (refusal(422), 502, "refused", None),
        (refusal(302), 502, "refused", None),
        (refusal(403, x_ratelimit_remaining="0", retry_after="90"), 503, "rate-limit", "90"),
        (refusal(429, retry_after="7"), 503, "rate-limit", "7"),
        (refusal(500), 502, "failed", None),
        (refusal(503, retry_after="5"), 502, "failed", None),
        (httpx.Response(502, html="<h1>s3cret</h1>"), 502, "failed", None),
        (httpx.Response(200, html="<h1>s3cret</h1>"), 502, "unreadable", None),
        (httpx.Response(200, content=b'{"s3cret": '), 502, "unreadable", None),
        (httpx.ConnectError("no way to upstream.example"), 502, "no-response", None),
        (httpx.ReadError("s3cret"), 502, "no-response", None),
        (httpx.RemoteProtocolError("s3cret"), 502, "no-response", None),
        (httpx.ConnectTimeout("s3cret"), 504, "timeout", None),
        (httpx.ReadTimeout("s3cret"), 504, "timeout", None),
        (httpx.PoolTimeout("s3cret"), 503, "busy", "1"),
    ],
)
def test_each_upstream_failure_has_its_status_and_problem_type(failure, status, kind, retry_after):
    with TestClient(app_for(failing(failure))) as client:
        response = client.get("/user")
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers.get("retry-after") == retry_after
    problem = response.json()
    has_id = isinstance(failure, httpx.Response) and "x-github-request-id" in failure.headers
    assert problem.pop("upstream_request_id", None) == ("AB:12" if has_id else None)
    assert problem.pop("title")
    assert problem == {"type": f"urn:problem-type:upstream:{kind}", "status": status}
    for secret in SECRETS:
        assert secret not in response.text
        assert secret not in str(response.headers)


def test_a_deadline_is_a_504():
    async def answer(request):
        await asyncio.sleep(30)

    def factory():
        client = httpx.AsyncClient(transport=httpx.MockTransport(answer))
        return Sdk(http_client=client, timeout=0.05)

    with TestClient(app_for(factory)) as client:
        assert client.get("/user").status_code == 504


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


# ------------------------------------------------------------------ statuses of the app's own


@pytest.mark.parametrize(
    ("statuses", "failure", "status"),
    [
        ({ValidationFailed: 422}, refusal(422), 422),
        ({ValidationFailed: 422}, refusal(409), 502),
        ({NotFound: 410}, refusal(404), 410),
        ({ApiError: 500}, refusal(400), 500),
        ({ApiError: 500}, refusal(404), 404),
        ({TimedOut: 503}, httpx.ReadTimeout(""), 503),
        ({DeadlineExceeded: 503}, httpx.ReadTimeout(""), 504),
    ],
)
def test_an_own_status_applies_to_the_nearest_class(statuses, failure, status):
    with TestClient(app_for(failing(failure), statuses=statuses)) as client:
        response = client.get("/user")
    assert response.status_code == response.json()["status"] == status


def test_an_own_status_can_be_set_for_a_class_without_one():
    app = app_for(failing(refusal(404)), statuses={InvalidInput: 422})

    @app.get("/bad")
    async def bad(sdk: SdkDep) -> None:
        await sdk.users.get("..")

    with TestClient(app) as client:
        response = client.get("/bad")
    assert response.status_code == 422
    assert response.json()["type"] == "urn:problem-type:upstream:error"


# ------------------------------------------------------------------ what stays a 500


@pytest.mark.parametrize("name", ["..", ""])
def test_invalid_input_stays_a_500(name):
    app = app_for(failing(refusal(404)))

    @app.get("/bad")
    async def bad(sdk: SdkDep) -> None:
        await sdk.users.get(name)

    with TestClient(app, raise_server_exceptions=False) as client:
        response = client.get("/bad")
    assert response.status_code == 500
    assert "problem" not in response.headers["content-type"]


def test_a_client_that_is_not_open_stays_a_500():
    client = TestClient(app_for(failing(refusal(404))), raise_server_exceptions=False)
    assert client.get("/user").status_code == 500


def test_other_exceptions_are_not_handled():
    app = app_for(failing(refusal(404)))

    @app.get("/bug")
    async def bug() -> None:
        raise KeyError("bug")

    with TestClient(app) as client, pytest.raises(KeyError):
        client.get("/bug")


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


# ------------------------------------------------------------------ OpenAPI


@pytest.mark.parametrize(
    ("declared", "statuses"),
    [
        (UPSTREAM_RESPONSES, {"404", "502", "503", "504"}),
        (CALLER_RESPONSES, {"401", "403", "404", "429", "502", "503", "504"}),
    ],
)
def test_upstream_responses_in_openapi(declared, statuses):
    app = FastAPI()

    @app.get("/user", responses=declared)
    async def user() -> str: ...

    responses = app.openapi()["paths"]["/user"]["get"]["responses"]
    assert set(responses) == {"200", *statuses}
    for status in statuses:
        assert list(responses[status]["content"]) == ["application/problem+json"]


def test_a_mounted_sub_app_needs_handlers_of_its_own():
    outer = FastAPI(lifespan=sdk_lifespan(failing(refusal(404))))
    inner = FastAPI()
    install_error_handlers(inner)

    @inner.get("/user")
    async def user(sdk: SdkDep) -> None:
        await sdk.users.get("octocat")

    outer.mount("/inner", inner)
    with TestClient(outer) as client:
        assert client.get("/inner/user").status_code == 404
