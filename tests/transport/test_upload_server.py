"""The server that uploads are sent to."""

import httpx
import pytest
import respx

from sdk import Operation, Resource, Sdk
from sdk.transport.errors import (
    ValidationFailed,
)
from tests.transport.support import Upstream
from tests.transport.uploads import files

ASSET = Operation(
    "POST",
    "/repos/{owner}/{repo}/releases/{release_id}/assets",
    id="repos/upload-release-asset",
    query=("name", "label"),
    body="data",
    media="application/octet-stream",
    server="https://uploads.github.com",
    returns=dict[str, int],
)


@pytest.mark.parametrize(
    ("base_url", "uploads"),
    [
        (None, "https://uploads.github.com"),
        ("https://api.github.com/", "https://uploads.github.com"),
        ("https://github.example.com/api/v3", "https://github.example.com/api/uploads"),
        ("https://github.example.com:8443/api/v3/", "https://github.example.com:8443/api/uploads"),
        ("https://api.octocorp.ghe.com", "https://uploads.octocorp.ghe.com"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("https://proxy.example.com/github", "https://proxy.example.com/github"),
    ],
)
@respx.mock
async def test_a_release_asset_is_sent_to_the_upload_server_with_the_token(base_url, uploads):
    route = respx.post(f"{uploads}/repos/o/r/releases/1/assets").respond(201, json={"id": 7})

    async with Sdk(token="t0ken", base_url=base_url) as sdk:
        response = await Resource(sdk)._upload(
            ASSET, owner="o", repo="r", release_id=1, name="a b.zip", data=b"PK"
        )

    request = route.calls.last.request
    assert response == {"id": 7}
    assert request.url.query == b"name=a%20b.zip"
    assert request.content == b"PK"
    assert request.headers["authorization"].endswith("t0ken")


async def test_a_declared_server_of_another_api_is_used_unchanged():
    upstream = Upstream(httpx.Response(201, json={}))
    operation = Operation(
        "POST", "/x", server="https://up.example.net/base", returns=dict[str, int]
    )
    await Resource(upstream.api())._call(operation)
    assert str(upstream.last.url) == "https://up.example.net/base/x"


async def test_a_refused_upload_raises_the_api_s_error():
    resource, _ = files(httpx.Response(422, json={"message": "already_exists"}))
    with pytest.raises(ValidationFailed, match="already_exists"):
        await resource.put(b"x")
