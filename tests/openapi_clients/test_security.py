"""What an operation is sent, by what its description asks for."""

import httpx
import pytest

from tests.openapi_clients.made import described, get, imported
from tests.transport.support import Upstream

_KEY = {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}}
_NONE = {"security": []}
_KEYED = {"security": [{"key": []}]}


@pytest.mark.parametrize(
    ("first", "second", "sent"),
    [
        ({}, {}, ["k", "k"]),
        (_NONE, {}, [None, "k"]),
        (_KEYED, {}, ["k", None]),
        (_KEYED, _NONE, ["k", None]),
    ],
)
async def test_schemes_that_no_operation_asks_for_apply_to_all(first, second, sent, tmp_path):
    paths = {
        "/a": get({}, operationId="first", **first),
        "/b": get({}, operationId="second", **second),
    }
    description = described(paths, components={"securitySchemes": _KEY})
    client_class, _ = imported(description, tmp_path)
    upstream = Upstream(httpx.Response(200, json={}))
    client = client_class(http_client=upstream.http_client(), api_key="k")
    await client.root.first()
    await client.root.second()
    assert [each.headers.get("x-key") for each in upstream.requests] == sent


_LOGIN = {
    "login": {
        "type": "oauth2",
        "flows": {
            "clientCredentials": {"tokenUrl": "https://login.example/token", "scopes": {"r": ""}}
        },
    }
}


@pytest.mark.parametrize(
    ("options", "environment", "asked", "form"),
    [
        ({}, {}, "https://login.example/token", "grant_type=client_credentials"),
        ({"token_url": "https://staging.example/t"}, {}, "https://staging.example/t", "grant_type"),
        ({}, {"TOKEN_URL": "https://env.example/t"}, "https://env.example/t", "grant_type"),
        ({"scopes": ["r", "w"]}, {}, "https://login.example/token", "scope=r%20w"),
    ],
)
async def test_where_a_token_is_fetched_and_for_what_can_be_said(
    options, environment, asked, form, tmp_path, monkeypatch
):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    description = described(
        {"/a": get({}, operationId="first", security=[{"login": ["r"]}])},
        components={"securitySchemes": _LOGIN},
    )
    client_class, _ = imported(description, tmp_path, credentials={"token_url": "env:TOKEN_URL"})
    token = {"access_token": "t1", "token_type": "bearer", "expires_in": 3600}
    upstream = Upstream(httpx.Response(200, json=token), httpx.Response(200, json={}))
    client = client_class(
        http_client=upstream.http_client(), client_id="me", client_secret="s", **options
    )
    await client.root.first()
    fetched, call = upstream.requests
    assert str(fetched.url) == asked
    assert form in fetched.content.decode()
    assert call.headers["authorization"] == "Bearer t1"
