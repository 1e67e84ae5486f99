"""Errors that GraphQL reports with status 200 become the app's own responses."""

from typing import Annotated

import httpx
import pytest
from fastapi import Depends, FastAPI
from fastapi.security import HTTPBearer
from fastapi.testclient import TestClient

from fastapi_integration import SdkDep, install_error_handlers, sdk_lifespan, shared_sdk
from sdk import Sdk

QUERY = 'query { repository(owner: "o", name: "r") { id } }'
Caller = Annotated[Sdk, Depends(shared_sdk.as_caller(HTTPBearer()))]


def responses(*errors, data=None, status=200, headers=None):
    """Return the app's responses to these errors: as itself, and on behalf of its caller."""
    body = {"data": data, "errors": list(errors)}

    def answer(request):
        headers_ = {"x-github-request-id": "AB:12", **(headers or {})}
        return httpx.Response(status, json=body, headers=headers_)

    def factory():
        http_client = httpx.AsyncClient(transport=httpx.MockTransport(answer))
        return Sdk(token="ghp_planted", http_client=http_client, retry=None)

    app = FastAPI(lifespan=sdk_lifespan(factory))
    install_error_handlers(app)

    @app.get("/own")
    async def own(sdk: SdkDep) -> dict:
        return await sdk.graphql.query(QUERY)

    @app.get("/caller")
    async def of_the_caller(sdk: Caller) -> dict:
        return await sdk.graphql.query(QUERY)

    with TestClient(app) as client:
        return client.get("/own"), client.get("/caller", headers={"authorization": "Bearer u"})


def error(kind, message="s3cret trouble"):
    return {"type": kind, "message": message, "path": ["repository"]}


@pytest.mark.parametrize(
    ("kinds", "own", "caller"),
    [
        (["NOT_FOUND"], 404, 404),
        (["NOT_FOUND", "NOT_FOUND"], 404, 404),
        (["NOT_FOUND", "SOMETHING"], 502, 502),
        (["FORBIDDEN"], 502, 403),
        (["INSUFFICIENT_SCOPES"], 502, 403),
        (["FORBIDDEN", "NOT_FOUND"], 502, 403),
        (["UNPROCESSABLE"], 502, 502),
        ([None], 502, 502),
        (["RATE_LIMITED"], 503, 429),
        (["RATE_LIMIT"], 503, 429),
    ],
)
def test_the_status_depends_on_the_errors_and_on_who_calls(kinds, own, caller):
    found = responses(*(error(kind) for kind in kinds))
    assert [response.status_code for response in found] == [own, caller]
    for response in found:
        assert response.headers["content-type"] == "application/problem+json"
        assert response.json()["status"] == response.status_code
        assert response.json()["upstream_request_id"] == "AB:12"
        assert "s3cret" not in response.text
        assert "ghp_planted" not in response.text


def test_a_rate_limit_has_retry_after():
    found = responses(error("RATE_LIMITED"), headers={"retry-after": "17"})
    assert [response.headers["retry-after"] for response in found] == ["17", "17"]


def test_partial_data_is_not_returned():
    data = {"repository": None, "viewer": {"login": "octocat"}}
    found = responses(error("NOT_FOUND"), data=data)
    assert [response.status_code for response in found] == [404, 404]
    assert "octocat" not in found[0].text + found[1].text


def test_a_failure_of_the_server_is_a_502():
    found = responses(error(None, "Something went wrong while executing your query."))
    assert [response.status_code for response in found] == [502, 502]
