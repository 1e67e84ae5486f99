"""Calls on behalf of the caller of the app."""

import asyncio
from typing import Annotated

import httpx
import pytest
from fastapi import Depends, FastAPI, Header
from fastapi.security import HTTPBearer
from fastapi.testclient import TestClient

from fastapi_integration import (
    SdkDep,
    SharedClient,
    install_error_handlers,
    sdk_lifespan,
    shared_sdk,
)
from sdk import Sdk
from tests.fastapi_integration.support import answering, running

CallerSdk = Annotated[Sdk, Depends(shared_sdk.as_caller(HTTPBearer(auto_error=False)))]


def app_for(factory):
    app = FastAPI(lifespan=sdk_lifespan(factory))
    install_error_handlers(app)

    @app.get("/mine")
    async def mine(sdk: CallerSdk) -> str:
        return (await sdk.users.get("whoami")).login

    @app.get("/ours")
    async def ours(sdk: SdkDep) -> str:
        return (await sdk.users.get("whoami")).login

    return app


def response_of(status, headers=None):
    return answering(lambda request: httpx.Response(status, json={}, headers=headers))


def bearer(token):
    return {"authorization": f"Bearer {token}"}


async def test_200_callers_over_10_connections_each_get_their_own_response(upstream):
    app = app_for(lambda: Sdk(base_url=upstream.url, token="the-apps-own", max_connections=10))
    tokens = [f"token-{number}" for number in range(200)]
    async with running(app) as client:
        client.timeout = httpx.Timeout(30)
        responses = await asyncio.gather(
            *(client.get("/mine", headers=bearer(token)) for token in tokens),
            *(client.get("/ours") for _ in range(5)),
        )
    assert [response.json() for response in responses] == [*tokens, *["the-apps-own"] * 5]
    assert len(upstream.connections) <= 10
    assert not [headers for _, headers in upstream.requests if "cookie" in headers]


async def test_without_a_token_the_apps_own_is_not_used(upstream):
    async with running(app_for(lambda: Sdk(base_url=upstream.url, token="the-apps-own"))) as client:
        assert (await client.get("/mine")).json() == ""
    assert "authorization" not in upstream.requests[0][1]


@pytest.mark.parametrize(
    ("status", "upstream_headers", "ours", "callers"),
    [
        (401, {}, 502, 401),
        (403, {}, 502, 403),
        (403, {"x-ratelimit-remaining": "0", "retry-after": "7"}, 503, 429),
        (429, {"retry-after": "7"}, 503, 429),
        (404, {}, 404, 404),
        (422, {}, 502, 502),
        (500, {}, 502, 502),
    ],
)
def test_the_status_depends_on_whose_token_was_used(status, upstream_headers, ours, callers):
    with TestClient(app_for(response_of(status, upstream_headers))) as client:
        assert client.get("/ours").status_code == ours
        response = client.get("/mine", headers=bearer("t"))
    assert response.status_code == callers
    assert response.headers.get("www-authenticate") == ("Bearer" if callers == 401 else None)
    assert response.headers.get("retry-after") == ("7" if callers == 429 else None)


@pytest.mark.parametrize("token", ["a b", "t\u00f6ken"])
def test_a_malformed_token_is_a_401(token):
    with TestClient(app_for(response_of(200))) as client:
        response = client.get("/mine", headers={"authorization": f"Bearer {token}".encode()})
    assert response.status_code == 401
    assert response.headers["www-authenticate"] == "Bearer"
    assert token not in response.text


class BasicAuth:
    async def headers(self):
        return {"authorization": "Basic abc"}


@pytest.mark.parametrize(
    ("credentials", "sent"),
    [("t", "Bearer t"), (BasicAuth(), "Basic abc"), (None, None)],
)
def test_a_token_dependency_returns_a_str_an_auth_or_none(credentials, sent):
    seen = []

    def response(request):
        seen.append(request.headers.get("authorization"))
        return httpx.Response(200, json={"login": "x", "id": 1})

    app = FastAPI(lifespan=sdk_lifespan(answering(response)))

    @app.get("/mine")
    async def mine(
        sdk: Annotated[Sdk, Depends(shared_sdk.as_caller(lambda: credentials))],
    ) -> None:
        await sdk.users.get("x")

    with TestClient(app) as client:
        client.get("/mine")
    assert seen == [sent]


def test_a_view_of_the_callers_sdk_still_acts_for_the_caller():
    app = FastAPI(lifespan=sdk_lifespan(response_of(401)))
    install_error_handlers(app)

    @app.get("/mine")
    async def mine(sdk: CallerSdk) -> None:
        await sdk.with_options(timeout=5).users.get("x")

    with TestClient(app) as client:
        assert client.get("/mine", headers=bearer("t")).status_code == 401


def test_the_token_dependency_is_in_the_docs():
    operation = app_for(response_of(200)).openapi()["paths"]["/mine"]["get"]
    assert operation["security"] == [{"HTTPBearer": []}]
    assert "parameters" not in operation


def test_an_overridden_client_serves_callers_too():
    app = app_for(response_of(500))
    app.dependency_overrides[shared_sdk] = answering(
        lambda request: httpx.Response(
            200, json={"login": request.headers["authorization"], "id": 1}
        )
    )
    assert TestClient(app).get("/mine", headers=bearer("t")).json() == "Bearer t"


def test_any_dependency_may_return_the_token():
    async def from_header(x_token: Annotated[str, Header()]) -> str:
        return x_token

    app = FastAPI(lifespan=sdk_lifespan(response_of(401)))
    install_error_handlers(app)

    @app.get("/mine")
    async def mine(sdk: Annotated[Sdk, Depends(shared_sdk.as_caller(from_header))]) -> None:
        await sdk.users.get("x")

    with TestClient(app) as client:
        assert client.get("/mine", headers={"x-token": "t"}).status_code == 401
        assert client.get("/mine").status_code == 422


@pytest.mark.parametrize("token", [None, "theirs"])
@pytest.mark.parametrize(
    "given", [{"headers": {"Authorization": "Bearer own"}}, {"cookies": {"s": "own"}}]
)
async def test_no_credential_of_the_app_is_sent_with_a_callers_call(token, given):
    sent = []

    def respond(request):
        sent.append(request.headers)
        return httpx.Response(204)

    transport = httpx.MockTransport(respond)
    async with httpx.AsyncClient(transport=transport, **given) as client:
        factory = SharedClient(
            lambda: Sdk(http_client=client, headers={"cookie": "session=own", "x-kept": "1"})
        )
        as_caller = factory.as_caller(lambda: token)
        async with factory.lifespan(object()) as state:
            sdk = await as_caller(factory.of(state), token)
            await sdk.request("GET", "/x")
    assert "own" not in str(sent[0].raw)
    assert sent[0].get("authorization") == (token and f"Bearer {token}")
    assert sent[0]["x-kept"] == "1"
