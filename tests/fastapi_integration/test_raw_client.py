"""The raw HTTP client: the same pool, without tokens or cookies."""

import httpx
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from fastapi_integration import HttpClientDep, SdkDep, install_error_handlers, sdk_lifespan
from sdk import Sdk
from tests.fastapi_integration.support import answering, octocat, running


def app_for(upstream):
    app = FastAPI(lifespan=sdk_lifespan(lambda: Sdk(base_url=upstream.url)))

    @app.get("/raw")
    async def raw(http: HttpClientDep) -> int:
        return (await http.get(f"{upstream.url}/users/whoami")).status_code

    @app.get("/typed")
    async def typed(sdk: SdkDep) -> str:
        return (await sdk.users.get("whoami")).login

    return app


async def test_the_raw_client_sends_no_token(upstream, monkeypatch):
    monkeypatch.setenv("GITHUB_TOKEN", "planted")
    monkeypatch.setenv("GITHUB_API_URL", upstream.url)
    async with running(app_for(upstream)) as client:
        assert (await client.get("/typed")).json() == "planted"
        assert (await client.get("/raw")).json() == 200
    (_, typed), (_, raw) = upstream.requests
    assert typed["authorization"] == "Bearer planted"
    assert "authorization" not in raw
    assert "planted" not in str(raw)


async def test_no_cookie_is_kept_between_calls(upstream):
    async with running(app_for(upstream)) as client:
        for path in ("/typed", "/raw", "/typed", "/raw"):
            await client.get(path)
    assert len(upstream.requests) == 4
    assert not [headers for _, headers in upstream.requests if "cookie" in headers]


async def test_the_raw_client_shares_the_connection_of_the_sdk(upstream):
    async with running(app_for(upstream)) as client:
        await client.get("/typed")
        await client.get("/raw")
    assert len(upstream.connections) == 1


@pytest.mark.parametrize(
    ("failure", "status", "kind"),
    [
        (httpx.ConnectError("refused"), 502, "no-response"),
        (httpx.ReadTimeout("slow"), 504, "timeout"),
        (httpx.PoolTimeout("busy"), 503, "busy"),
        (httpx.Response(404), 404, "not-found"),
        (httpx.Response(500), 502, "failed"),
    ],
)
def test_failures_of_the_raw_client_become_problems(failure, status, kind):
    def answer(request):
        if isinstance(failure, Exception):
            raise failure
        return failure

    app = FastAPI(lifespan=sdk_lifespan(answering(answer)))
    install_error_handlers(app)

    @app.get("/raw")
    async def raw(http: HttpClientDep) -> None:
        (await http.get("https://upstream.example/secret")).raise_for_status()

    with TestClient(app) as client:
        response = client.get("/raw")
    assert response.status_code == status
    assert response.json()["type"] == f"urn:problem-type:upstream:{kind}"
    assert "upstream.example" not in response.text


@pytest.mark.parametrize("url", ["ftp://upstream.example", "http://"])
def test_a_url_that_cannot_be_called_stays_a_500(url):
    app = FastAPI(lifespan=sdk_lifespan())
    install_error_handlers(app)

    @app.get("/raw")
    async def raw(http: HttpClientDep) -> None:
        await http.get(url)

    with TestClient(app) as client, pytest.raises(httpx.UnsupportedProtocol):
        client.get("/raw")


def test_the_raw_client_is_the_injected_client():
    app = FastAPI(lifespan=sdk_lifespan(answering(octocat)))

    @app.get("/raw")
    async def raw(http: HttpClientDep) -> str:
        return (await http.get("https://anywhere.example")).json()["login"]

    with TestClient(app) as client:
        assert client.get("/raw").json() == "octocat"
