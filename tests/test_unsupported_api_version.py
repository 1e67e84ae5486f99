"""A server that does not support an API version: only the default version is replaced."""

import httpx
import pytest

from sdk import BadRequest, CallOptions, Sdk, metadata
from sdk.testing import StandIn
from tests.transport.support import Upstream

OLD, NEW = "2022-11-28", "2026-03-10"
USER = {"login": "octocat"}


def refusal(*versions, sent=NEW):
    listed = ", ".join(f'"{version}"' for version in versions)
    message = (
        f'The version you specified in the "X-GitHub-API-Version" request header, "{sent}", is not '
        f"a supported version. The following versions are currently supported: {listed}."
    )
    return httpx.Response(400, json={"message": message})


def client(upstream, **options):
    options = {"base_url": "https://github.corp.example", **options}
    return Sdk(token="t", http_client=upstream.http_client(), **options)


def versions(upstream):
    return [request.headers["x-github-api-version"] for request in upstream.requests]


async def test_the_default_is_replaced_once_for_the_client_and_its_views():
    upstream = Upstream(refusal(OLD), httpx.Response(200, json=USER))
    async with client(upstream, retry=None) as sdk:
        user = await sdk.users.get("octocat")
        assert metadata(user).attempts == 2
        await sdk.users.get("octocat")
        view = sdk.with_options(headers={"x-mark": "1"})
        await view.users.get("octocat")
        assert (sdk.api_version, view.api_version) == (OLD, OLD)
    assert versions(upstream) == [NEW, OLD, OLD, OLD]


async def test_the_newest_version_that_the_sdk_knows_is_chosen():
    upstream = Upstream(refusal("2031-01-01", NEW, sent=OLD), httpx.Response(200, json=USER))
    async with client(upstream, base_url="https://ghe.example.com/api/v3") as sdk:
        await sdk.users.get("octocat")
    assert versions(upstream) == [OLD, NEW]


async def test_a_write_is_sent_again_since_the_refused_one_had_no_effect():
    upstream = Upstream(refusal(OLD), httpx.Response(201, json={"number": 1}))
    async with client(upstream) as sdk:
        await sdk.issues.create("o", "r", title="t")
    assert versions(upstream) == [NEW, OLD]
    assert upstream.requests[0].content == upstream.requests[1].content


async def test_an_upload_that_cannot_be_sent_again_fails_and_the_next_call_does_not():
    async def data():
        yield b"content"

    upstream = Upstream(refusal(OLD), httpx.Response(200, json=USER))
    async with client(upstream) as sdk:
        with pytest.raises(BadRequest):
            await sdk.repos.upload_release_asset("o", "r", 1, name="a", data=data())
        await sdk.users.get("octocat")
    assert versions(upstream) == [NEW, OLD]


@pytest.mark.parametrize("place", ["client", "view", "client header", "call header"])
async def test_a_chosen_version_is_not_replaced(place):
    upstream = Upstream(refusal(OLD))
    header = {"X-GitHub-Api-Version": NEW}
    options = {
        "client": {"api_version": NEW},
        "client header": {"headers": header},
    }.get(place, {})
    async with client(upstream, **options) as sdk:
        view = sdk.with_options(api_version=NEW) if place == "view" else sdk
        call = CallOptions(headers=header) if place == "call header" else None
        with pytest.raises(BadRequest, match=r'Sdk\(api_version="2022-11-28"\)'):
            await view.users.get("octocat", options=call)
    assert versions(upstream) == [NEW]


@pytest.mark.parametrize(
    ("supported", "hint"),
    [(["2031-01-01"], "2031-01-01.*update the SDK"), ([], "not a supported version"), ([NEW], NEW)],
)
async def test_without_a_version_in_common_the_error_says_what_the_server_supports(supported, hint):
    upstream = Upstream(refusal(*supported))
    async with client(upstream) as sdk:
        with pytest.raises(BadRequest, match=hint):
            await sdk.users.get("octocat")
    assert versions(upstream) == [NEW]


async def test_servers_that_refuse_every_version_end_the_call():
    upstream = Upstream(refusal(OLD), refusal(NEW, sent=OLD))
    async with client(upstream) as sdk:
        with pytest.raises(BadRequest):
            await sdk.users.get("octocat")
    assert versions(upstream) == [NEW, OLD]


async def test_another_bad_request_replaces_nothing():
    upstream = Upstream(httpx.Response(400, json={"message": "Problems parsing JSON"}))
    async with client(upstream) as sdk:
        with pytest.raises(BadRequest):
            await sdk.users.get("octocat")
    assert len(upstream.requests) == 1


@pytest.mark.parametrize("release", [None, "3.19"])
async def test_the_fake_server_refuses_versions_as_github_does(release):
    base_url = "https://api.github.com" if release is None else "https://ghe.example.com/api/v3"
    transport = httpx.ASGITransport(StandIn(enterprise=release))
    refused = NEW if release else "2021-01-01"
    async with httpx.AsyncClient(transport=transport) as http_client:
        headers = {"x-github-api-version": refused}
        response = await http_client.get(f"{base_url}/users/octocat", headers=headers)
    supported = f'"{OLD}" (most recent)' if release else f'"{NEW}" (most recent), "{OLD}"'
    assert response.status_code == 400
    assert response.json()["message"].endswith(f"currently supported: {supported}.")


async def test_a_server_at_an_unusual_address_is_called_with_its_own_version():
    app = StandIn(enterprise="3.19")
    mounted = httpx.ASGITransport(app)

    class Gateway(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request):
            url = request.url.copy_with(path=f"/api/v3{request.url.path}")
            return await mounted.handle_async_request(
                httpx.Request(request.method, url, headers=request.headers, stream=request.stream)
            )

    http_client = httpx.AsyncClient(transport=Gateway())
    async with Sdk(token="t", base_url="https://gh.corp.example", http_client=http_client) as sdk:
        assert (await sdk.users.get("octocat")).login == "octocat"
        assert sdk.api_version == OLD
