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
