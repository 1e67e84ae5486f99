"""The HTTP client that the transport builds itself."""

import asyncio
import functools
import logging
import ssl
import sys
import tracemalloc

import httpx
import pytest
import respx
import trustme

from sdk import ConnectFailed, InvalidInput
from sdk.transport.http.default_client import build_default_client
from tests.faults import FaultServer, ok
from tests.transport.secure import SecureServer
from tests.transport.servers import HandlerServer
from tests.transport.support import Api


async def test_the_default_client_is_an_httpx_client_for_all_other_uses():
    async with FaultServer([ok({"a": 1})]) as server, Api() as api:
        client = api.http_client
        assert isinstance(client, httpx.AsyncClient)
        assert (await client.get(f"{server.url}/a")).json() == {"a": 1}
        assert (await client.post(f"{server.url}/a", json={"b": 2})).status_code == 200
        async with client.stream("GET", f"{server.url}/a") as response:
            assert [part async for part in response.aiter_bytes()] == [b'{"a": 1}']
        with pytest.raises(httpx.ConnectError):
            await client.get("http://no-such-host.invalid/")


async def test_redirects_of_other_uses_are_followed_only_when_asked():
    moved = [ok(status="302 Found", headers={"location": "/b"})]
    async with FaultServer(moved, [ok({})], moved, [ok({})]) as server, Api() as api:
        assert (await api.http_client.get(f"{server.url}/a", follow_redirects=True)).is_success
        assert (await api.http_client.get(f"{server.url}/a")).is_redirect


async def test_httpx_does_not_write_our_addresses_to_the_log(caplog):
    caplog.set_level(logging.INFO)
    async with FaultServer([ok({})]) as server, Api(base_url=server.url) as api:
        await api.request("GET", "/x", params={"token": "s3cret"})
        assert "s3cret" not in caplog.text
        # Other uses are logged by httpx as usual.
        await api.http_client.get(f"{server.url}/other")
        assert "/other" in caplog.text


@pytest.mark.parametrize("using", ["httpcore", "httpx"])
async def test_respx_intercepts_its_calls(using):
    async with Api() as api:
        with respx.mock(using=using) as mock:
            mock.get("https://api.example.com/x").respond(json={"a": 1})
            assert (await api.request("GET", "/x")).json() == {"a": 1}
            assert mock.calls.call_count == 1


async def test_real_calls_are_sent_again_after_respx():
    async with FaultServer([ok({"real": True})]) as server, Api(base_url=server.url) as api:
        with respx.mock() as mock:
            mock.get(f"{server.url}/x").respond(json={"real": False})
            assert (await api.request("GET", "/x")).json() == {"real": False}
        assert (await api.request("GET", "/x")).json() == {"real": True}


def intercept(monkeypatch, owner, name):
    """Replace a method as pytest-httpx or vcrpy do, wrapped or not; return its calls."""
    seen = []
    real = getattr(owner, name)

    @functools.wraps(real)
    async def replacement(self, request):
        seen.append(str(request.url))
        return httpx.Response(200, json={"real": False}, request=request)

    monkeypatch.setattr(owner, name, replacement)
    return seen


@pytest.mark.parametrize(
    ("owner", "name"),
    [
        (httpx.AsyncHTTPTransport, "handle_async_request"),
        (httpx.AsyncClient, "_send_single_request"),
    ],
)
async def test_tools_that_patch_httpx_intercept_its_calls(monkeypatch, owner, name):
    async with FaultServer([ok({"real": True})]) as server, Api(base_url=server.url) as api:
        with monkeypatch.context() as patched:
            seen = intercept(patched, owner, name)
            assert (await api.request("GET", "/x")).json() == {"real": False}
        assert seen == [f"{server.url}/x"]
        assert (await api.request("GET", "/x")).json() == {"real": True}


# ------------------------------------------------------------------ TLS


async def test_all_clients_of_a_process_share_one_tls_context(monkeypatch):
    made = []
    real = ssl.create_default_context
    monkeypatch.setattr(ssl, "create_default_context", lambda **o: made.append(o) or real(**o))
    for _ in range(3):
        async with Api():
            pass
    assert len(made) <= 1


async def test_other_certificates_make_another_context(trusted):
    async with SecureServer(trusted, [ok({})]) as server, Api(base_url=server.url) as api:
        assert (await api.request("GET", "/x")).status == 200


async def test_good_certificates_are_not_loaded_before_the_first_https_host(monkeypatch, tmp_path):
    path = tmp_path / "ca.pem"
    path.write_text("# Some CA\n" + trustme.CA().cert_pem.bytes().decode())
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    monkeypatch.setattr(ssl, "create_default_context", None)
    async with FaultServer([ok({})]) as server, Api(base_url=server.url) as api:
        assert (await api.request("GET", "/x")).status == 200


async def test_a_small_file_of_certificates_takes_little_memory(trusted):
    async with Api():
        pass
    tracemalloc.start()
    try:
        async with Api():
            assert tracemalloc.get_traced_memory()[1] < 1 << 20
    finally:
        tracemalloc.stop()


_CERTIFICATE = trustme.CA().cert_pem.bytes().decode()


@pytest.mark.parametrize(
    "content",
    [
        None,
        "no certificate",
        _CERTIFICATE[:-60],
        _CERTIFICATE + _CERTIFICATE.replace("MII", "M!I"),
        _CERTIFICATE + _CERTIFICATE.replace("MII", "AII"),
    ],
)
async def test_certificates_that_cannot_be_read_are_refused_by_the_variable_s_name(
    monkeypatch, tmp_path, content
):
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_text(content)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    with pytest.raises(InvalidInput, match="certificates that SSL_CERT_FILE names cannot be read"):
        await Api().open()


# ------------------------------------------------------------------ proxies


async def test_a_proxy_in_the_environment_is_used(monkeypatch):
    async with FaultServer([ok({"proxied": True})]) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        async with Api(base_url="http://api.example.com") as api:
            assert (await api.request("GET", "/x")).json() == {"proxied": True}
    assert proxy.requests[0].line == "GET http://api.example.com/x HTTP/1.1"


async def test_a_proxy_that_does_not_connect_is_a_connect_error(monkeypatch):
    async with FaultServer([ok(status="407 Proxy Authentication Required")]) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url.replace("//", "//user:s3cret@"))
        async with Api(retry=None) as api:
            with pytest.raises(ConnectFailed, match="The proxy could not connect") as caught:
                await api.request("POST", "/x", json={})
    assert not caught.value.sent
    assert "s3cret" not in str(caught.value)
    assert proxy.requests[0].line == "CONNECT api.example.com:443 HTTP/1.1"


async def test_a_socks_proxy_without_its_package_is_refused_when_the_client_opens(monkeypatch):
    monkeypatch.setenv("ALL_PROXY", "socks5://127.0.0.1:1080")
    monkeypatch.setitem(sys.modules, "socksio", None)
    with pytest.raises(InvalidInput, match="needs the socksio package"):
        await Api().open()


@pytest.mark.parametrize(
    "proxy",
    [
        "gopher://user:s3cret@proxy.example.com",
        "http://user:s3cret/x@proxy.example.com:3128",
        "http://[::1",
    ],
)
async def test_an_invalid_proxy_url_is_refused_and_not_shown(monkeypatch, proxy):
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    api = Api()
    with pytest.raises(InvalidInput, match=r"A proxy in the environment .*HTTPS_PROXY") as caught:
        await api.open()
    assert "s3cret" not in f"{caught.value} {caught.value.__cause__}"
    monkeypatch.delenv("HTTPS_PROXY")
    await api.open()
    await api.aclose()


# ------------------------------------------------------------------ connections


async def test_idle_connections_are_kept_and_used_again():
    async with FaultServer([ok({})]) as server, Api(base_url=server.url) as api:
        await asyncio.gather(*(api.request("GET", "/x") for _ in range(30)))
        opened = server.connections
        await asyncio.gather(*(api.request("GET", "/x") for _ in range(30)))
        assert server.connections == opened


async def test_a_connection_that_the_server_closed_while_idle_is_replaced_silently():
    async def once(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(ok({}))

    async with HandlerServer(once) as server, Api(base_url=server.url, retry=None) as api:
        for _ in range(5):
            assert (await api.request("POST", "/x")).status == 200
            # The end of the connection arrives.
            await asyncio.sleep(0.01)


async def test_closing_closes_every_connection():
    closed = []

    async def serve(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(ok({}))
        closed.append(await reader.read())

    async with HandlerServer(serve) as server:
        async with Api(base_url=server.url) as api:
            await asyncio.gather(*(api.request("GET", "/x") for _ in range(3)))
            assert closed == []
        async with asyncio.timeout(5):
            while len(closed) < 3:  # noqa: ASYNC110  the server sets no event
                await asyncio.sleep(0.001)
        assert closed == [b""] * 3


async def test_an_unknown_exception_is_raised_unchanged():
    def broken(request):
        raise ZeroDivisionError

    async with httpx.AsyncClient(transport=httpx.MockTransport(broken)) as client:
        with pytest.raises(ZeroDivisionError):
            await Api(http_client=client).request("GET", "/x")


async def test_a_client_that_was_never_used_can_be_closed():
    client = build_default_client(None, max_connections=1, http2=False)
    await client.aclose()
    assert client.is_closed
