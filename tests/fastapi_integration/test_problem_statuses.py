"""The status and problem type of each upstream failure."""

import asyncio

import httpx
import pytest
from fastapi.testclient import TestClient

from fastapi_integration import (
    SdkDep,
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
from tests.fastapi_integration.failing_app import SECRETS, app_for, failing, refusal


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
        # A nonsensical time does not stop the application's own clients for good.
        (refusal(429, retry_after="9999999999"), 503, "rate-limit", "3600"),
        (
            refusal(429, retry_after="Fri, 31 Dec 9999 23:59:59 GMT"),
            503,
            "rate-limit",
            "3600",
        ),
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
