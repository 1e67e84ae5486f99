"""Redirects and TLS over sockets, on every HTTP client: which are followed, with which headers."""

import httpx
import pytest

from sdk import (
    ConnectFailed,
    InvalidInput,
    Redirected,
    Response,
    Retry,
    Sdk,
    SdkError,
    TransportError,
)
from tests.faults import FaultServer, ok
from tests.transport.secure import SecureServer
from tests.transport.servers import HandlerServer
from tests.transport.support import Api, FakeClock, Upstream

TOKEN = "ghp_s3cretS3cretS3cret"
SECRETS = {"authorization": f"Bearer {TOKEN}", "x-api-key": TOKEN, "x-signature": "s3cret"}


class Signed:
    """Credentials of an invented scheme, in several headers."""

    async def headers(self):
        return SECRETS


def redirect(location, status="302 Found"):
    return [ok(status=status, headers={"location": location})]


FILE = [ok({"file": True})]
ASSET = [ok({"id": 1, "name": "a.bin"})]


def secrets_in(request):
    return [name for name in request.headers if "s3cret" in request.headers[name].lower()]


# ------------------------------------------------------------------ within one origin


async def test_a_redirect_on_the_same_origin_keeps_the_credentials(lane):
    async with FaultServer(redirect("/repositories/1", "301 Moved"), FILE) as server:
        api = await lane.api(server.url, auth=Signed())
        response = await api.request("GET", "/repos/old")
        assert response.url == f"{server.url}/repositories/1"
    assert [request.path for request in server.requests] == ["/repos/old", "/repositories/1"]
    assert secrets_in(server.requests[1]) == list(SECRETS)


async def test_301_on_a_post_is_an_error(lane):
    async with FaultServer(redirect("/new", "301 Moved"), FILE) as server:
        api = await lane.api(server.url)
        with pytest.raises(Redirected, match=r"answered 301.*Check base_url") as caught:
            await api.request("POST", "/old", json={})
        assert caught.value.headers["location"] == "/new"
    assert f"It redirects to {server.url}/new. " in str(caught.value)
    assert len(server.requests) == 1


async def test_307_on_a_post_repeats_the_request(lane):
    async with FaultServer(redirect("/new", "307 There"), FILE) as server:
        await (await lane.api(server.url)).request("POST", "/old", json={"a": 1})
    assert server.requests[1].line == "POST /new HTTP/1.1"
    assert server.requests[1].body == b'{"a":1}'


async def test_303_on_a_post_is_followed_with_a_get(lane):
    async with FaultServer(redirect("/result", "303 See"), ASSET) as server:
        await (await lane.api(server.url)).request("POST", "/old", json={"a": 1})
    assert server.requests[1].line == "GET /result HTTP/1.1"
    assert server.requests[1].body == b""
    assert not [name for name in server.requests[1].headers if name.startswith("content-")]


async def test_303_after_an_upload_is_followed_with_a_get(lane):
    async with FaultServer(redirect("/result", "303 See"), ASSET) as server:
        sdk = await lane.api(server.url, cls=Sdk, token=None)
        await sdk.repos.upload_release_asset("o", "r", 1, name="a.bin", data=b"abc")
    assert server.requests[0].body == b"abc"
    assert server.requests[1].line == "GET /result HTTP/1.1"
    assert not [name for name in server.requests[1].headers if name.startswith("content-")]


async def test_a_post_is_not_retried_when_the_target_of_its_303_is_unreachable(lane):
    async with FaultServer(redirect("http://127.0.0.1:1/result", "303 See")) as server:
        api = await lane.api(server.url, retry=Retry(initial_delay=0))
        with pytest.raises(ConnectFailed) as caught:
            await api.request("POST", "/orders", json={})
    assert len(server.requests) == 1
    assert caught.value.sent


async def test_a_redirect_loop_ends_after_five_redirects(lane):
    async with FaultServer(redirect("/x")) as server:
        api = await lane.api(server.url)
        with pytest.raises(TransportError, match="GET /x failed: More than 5 redirects"):
            await api.request("GET", "/x")
    assert len(server.requests) == 6


async def test_a_redirect_reuses_the_connection(lane):
    async with FaultServer(redirect("/y"), FILE) as server:
        api = await lane.api(server.url, max_connections=1)
        await api.request("GET", "/x")
        assert server.connections == 1


# ------------------------------------------------------------------ to another origin


async def test_a_redirect_to_an_invalid_host_name_is_an_sdk_error(lane):
    async with FaultServer(redirect("https://xn--a/")) as server:
        api = await lane.api(server.url)
        with pytest.raises(ConnectFailed):
            await api.request("GET", "/x")


async def test_a_host_header_of_the_caller_is_sent_to_the_api_only(lane):
    async with (
        FaultServer(FILE) as storage,
        FaultServer(redirect(f"{storage.url}/blob")) as server,
    ):
        api = await lane.api(server.url, headers={"host": "internal.example"})
        await api.request("GET", "/archive")
    assert server.requests[0].headers["host"] == "internal.example"
    assert storage.requests[0].headers["host"] == storage.url.removeprefix("http://")


async def test_a_download_from_another_origin_works_without_credentials(lane):
    async with FaultServer(FILE) as storage:
        async with FaultServer(redirect(f"{storage.url}/blob?sig=1")) as server:
            api = await lane.api(
                server.url, auth=Signed(), headers={"x-private": "s3cret", "cookie": "a=s3cret"}
            )
            response = await api.request(
                "GET", "/archive", options={"headers": {"range": "bytes=0-"}}
            )
        assert response.json() == {"file": True}
    assert set(secrets_in(server.requests[0])) == {*SECRETS, "x-private", "cookie"}
    assert secrets_in(storage.requests[0]) == []
    assert storage.requests[0].path == "/blob?sig=1"
    assert storage.requests[0].headers["range"] == "bytes=0-"


async def test_defaults_of_an_injected_client_are_not_sent_to_another_origin(lane):
    if lane.name == "default":
        pytest.skip("nobody else's defaults are on our own client")
    async with FaultServer(FILE) as storage, lane.http_client() as client:
        client.headers["authorization"] = f"Bearer {TOKEN}"
        client.headers["x-private"] = "s3cret"
        client.params = {"key": "s3cret"}
        async with FaultServer(redirect(f"{storage.url}/blob?sig=1")) as server:
            await Api(base_url=server.url, http_client=client).request("GET", "/archive")
    assert set(secrets_in(server.requests[0])) == {"authorization", "x-private"}
    assert secrets_in(storage.requests[0]) == []
    assert storage.requests[0].path == "/blob?sig=1"


async def test_credentials_are_not_sent_again_after_a_redirect_back(lane):
    async with (
        FaultServer(FILE) as server,
        FaultServer(redirect(f"{server.url}/back")) as storage,
    ):
        server._scripts = (redirect(f"{storage.url}/away"), FILE)
        await (await lane.api(server.url, auth=Signed())).request("GET", "/x")
    assert server.requests[1].path == "/back"
    assert secrets_in(server.requests[1]) == []


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
async def test_unsafe_methods_are_not_redirected_to_another_origin(lane, method):
    async with (
        FaultServer(FILE) as elsewhere,
        FaultServer(redirect(elsewhere.url, "307 There")) as server,
    ):
        api = await lane.api(server.url)
        with pytest.raises(Redirected):
            await api.request(method, "/x", json={})
    assert elsewhere.requests == []


async def test_a_location_with_a_password_is_not_followed(lane):
    async with FaultServer(FILE) as elsewhere:
        address = elsewhere.url.replace("//", "//user:s3cret@")
        async with FaultServer(redirect(address)) as server:
            api = await lane.api(server.url)
            with pytest.raises(Redirected) as caught:
                await api.request("GET", "/x")
    assert elsewhere.requests == []
    assert "s3cret" not in str(caught.value)


async def test_raw_utf_8_in_a_location_is_encoded_once():
    raw = [(b"location", "/größe/%C3%A9?name=é".encode())]
    upstream = Upstream(httpx.Response(302, headers=raw), httpx.Response(200, json={}))
    await upstream.api().request("GET", "/x")
    assert upstream.requests[1].url.raw_path == b"/gr%C3%B6%C3%9Fe/%C3%A9?name=%C3%A9"


@pytest.mark.parametrize(
    "location",
    [
        *("javascript:alert(1)", "http://[v1.x]/", "http://a:b:c/", "//", "::", "http://[::1"),
        *("http://h:99999/", "http://h:x/", "mailto:x@y", "file:///etc/passwd", "http:\\\\evil"),
    ],
)
async def test_an_invalid_location_is_not_blamed_on_the_caller(lane, location):
    async with FaultServer(redirect(location)) as server:
        api = await lane.api(server.url, retry=None)
        with pytest.raises(SdkError, match="GET /x") as caught:
            await api.request("GET", "/x")
    assert not isinstance(caught.value, InvalidInput)
    # Sent once, or along a circle.
    assert len(server.requests) in {1, 6}


# ------------------------------------------------------------------ TLS


async def test_a_call_over_tls(lane, trusted):
    async with SecureServer(trusted, FILE) as server:
        assert (await (await lane.api(server.url)).request("GET", "/x")).json() == {"file": True}


async def test_https_never_leads_to_http(lane, trusted):
    async with (
        FaultServer(FILE) as plain,
        SecureServer(trusted, redirect(f"{plain.url}/x")) as server,
    ):
        api = await lane.api(server.url)
        with pytest.raises(Redirected):
            await api.request("GET", "/x")
    assert plain.requests == []


async def test_an_untrusted_certificate_is_a_connect_error(lane, authority):
    async with SecureServer(authority, FILE) as server:
        api = await lane.api(server.url)
        with pytest.raises(
            TransportError, match=r"No connection to .*certificate verify failed"
        ) as c:
            await api.request("POST", "/x", json={})
    assert not c.value.sent
    assert server.requests == []


async def test_a_certificate_error_is_not_retried(lane, authority):
    async with SecureServer(authority, FILE) as server:
        api = await lane.api(server.url, retry=Retry(initial_delay=0))
        with pytest.raises(ConnectFailed) as caught:
            await api.request("GET", "/x")
    assert caught.value.attempts == 1
    assert caught.value.permanent


async def test_a_certificate_for_another_name_is_a_connect_error(lane, trusted):
    async with SecureServer(trusted, FILE) as server:
        api = await lane.api(server.url.replace("localhost", "127.0.0.1"))
        with pytest.raises(TransportError, match="No connection"):
            await api.request("GET", "/x")
    assert server.requests == []


async def test_a_server_without_tls_is_a_connect_error(lane):
    async def plain(reader, writer):
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await reader.read()

    async with HandlerServer(plain) as server:
        api = await lane.api(f"https://127.0.0.1:{server.port}")
        with pytest.raises(ConnectFailed, match="No connection") as caught:
            await api.request("POST", "/x", json={})
    assert not caught.value.sent


async def test_the_token_is_not_sent_with_raw_requests_over_the_same_pool():
    async with FaultServer(FILE) as server, Sdk(base_url=server.url, token=TOKEN) as sdk:
        await sdk.request("GET", "/x", returns=Response)
        await sdk.http_client.get(f"{server.url}/other")
    assert secrets_in(server.requests[0]) == ["authorization"]
    assert secrets_in(server.requests[1]) == []


# ------------------------------------------------------------------ what the errors say


@pytest.mark.parametrize(
    ("location", "shown"),
    [
        ("https://user:s3cret@new.example.com/a?key=s3cret#x", "https://new.example.com/a. "),
        ("https://new.example.com:8443/" + "a" * 900, "https://new.example.com:8443/aaa"),
        ("http://[::1]:80/", "http://[::1]/. "),
    ],
)
async def test_a_redirect_that_is_not_followed_is_named_without_secrets(lane, location, shown):
    async with FaultServer(redirect(location)) as server:
        api = await lane.api(server.url)
        with pytest.raises(Redirected) as caught:
            await api.request("POST", "/old", json={})
    assert f"It redirects to {shown}" in str(caught.value)
    assert "s3cret" not in str(caught.value)
    assert len(str(caught.value)) < 500


@pytest.mark.parametrize("location", ["http://[::1", "mailto:a", "", "https://"])
async def test_a_redirect_to_nowhere_is_not_named(lane, location):
    async with FaultServer(redirect(location)) as server:
        api = await lane.api(server.url)
        with pytest.raises((Redirected, TransportError)) as caught:
            await api.request("POST", "/old", json={})
    assert "It redirects to" not in str(caught.value)


@pytest.mark.parametrize("status", ["401 No", "403 No", "404 No"])
async def test_a_refusal_after_a_redirect_to_another_host_says_that_credentials_were_left_out(
    lane, status
):
    async with (
        FaultServer([ok({"message": "no"}, status=status)]) as other,
        FaultServer(redirect(f"{other.url}/new")) as server,
    ):
        # After a 401 the call waits for a second, in case that the credentials are new.
        api = await lane.api(server.url, auth=Signed(), clock=FakeClock().clock)
        with pytest.raises(SdkError) as caught:
            await api.request("GET", "/old")
    assert f"It was redirected to {other.url}, where no credentials are sent" in str(caught.value)
    assert "change base_url" in str(caught.value)
