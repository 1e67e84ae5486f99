"""``NO_PROXY`` in the forms that other programs read."""

import httpx
import pytest

from sdk.transport.http.proxies import environment_mounts
from tests.faults import FaultServer, ok
from tests.transport.support import Api

ROUTES = [
    # ---- networks
    ("10.0.0.0/8", "http://10.1.2.3", "direct"),
    ("10.0.0.0/8", "http://11.1.2.3", "proxy"),
    ("10.1.2.3/8", "http://10.9.9.9", "direct"),
    ("10.0.0.0/255.0.0.0", "http://10.9.9.9", "direct"),
    ("fd07:b51a:cc66:f0::/64", "http://[fd07:b51a:cc66:f0::5]", "direct"),
    ("fd07:b51a:cc66:f0::/64", "http://[fd07:b51a:cc66:f1::5]", "proxy"),
    ("[fe80::]/10", "http://[fe80::1]", "direct"),
    ("10.0.0.0/8", "http://ten.example", "proxy"),
    # ---- addresses
    ("::1", "http://[::1]", "direct"),
    ("[::1]", "http://[::1]:8080", "direct"),
    ("[::1]:8080", "http://[::1]:8080", "direct"),
    ("[::1]:8080", "http://[::1]:9090", "proxy"),
    ("0:0:0:0:0:0:0:1", "http://[::1]", "direct"),
    ("127.0.0.1:8080", "http://127.0.0.1:8080", "direct"),
    ("127.0.0.1:8080", "http://127.0.0.1", "proxy"),
    # ---- names
    ("example.com", "http://example.com", "direct"),
    ("example.com", "http://api.example.com", "direct"),
    ("example.com", "http://badexample.com", "proxy"),
    (".example.com", "http://api.example.com", "direct"),
    (".example.com", "http://example.com", "proxy"),
    ("*.example.com", "http://api.example.com", "direct"),
    ("Example.COM.", "http://example.com", "direct"),
    ("example.com:80", "http://example.com", "direct"),
    ("example.com:8080", "http://example.com", "proxy"),
    ("bücher.example", "http://xn--bcher-kva.example", "direct"),
    ("localhost", "http://localhost", "direct"),
    # ---- forms of httpx, everything, several at once
    ("http://example.com", "http://example.com", "direct"),
    ("https://example.com", "http://example.com", "proxy"),
    ("http://", "http://example.com", "direct"),
    ("*", "http://example.com", "direct"),
    ("a.example, *", "http://example.com", "direct"),
    ("a.example b.example", "http://b.example", "direct"),
    # ---- what nobody can read is ignored
    ("10.0.0.0/99,[::1,:80,http://[,a b/c,%,example.com", "http://example.com", "direct"),
    ("10.0.0.0/99,[::1,:80,http://[,a b/c,%", "http://example.com", "proxy"),
    ("", "http://example.com", "proxy"),
]


def _says(text):
    return httpx.MockTransport(lambda _: httpx.Response(200, text=text))


@pytest.mark.parametrize(("value", "url", "way"), ROUTES)
async def test_no_proxy_decides_which_calls_are_direct(monkeypatch, value, url, way):
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.example:3128")
    monkeypatch.setenv("NO_PROXY", value)
    direct = _says("direct")
    mounts = environment_mounts(direct, lambda _: _says("proxy"))
    async with httpx.AsyncClient(transport=direct, mounts=mounts, trust_env=False) as client:
        assert (await client.get(url)).text == way


@pytest.mark.parametrize("value", ["127.0.0.0/8", "[::1],127.0.0.0/8", "fe80::/10 127.0.0.1", "*"])
async def test_an_excluded_server_is_called_without_the_proxy(monkeypatch, value):
    async with FaultServer([ok({"way": "direct"})]) as server:
        monkeypatch.setenv("HTTP_PROXY", "http://proxy.invalid")
        monkeypatch.setenv("NO_PROXY", value)
        async with Api(base_url=server.url, retry=None) as api:
            assert (await api.request("GET", "/x")).json() == {"way": "direct"}


async def test_a_server_outside_the_excluded_networks_is_called_through_the_proxy(monkeypatch):
    async with FaultServer([ok({"way": "proxy"})]) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("NO_PROXY", "10.0.0.0/8,fe80::/10,[::1]")
        async with Api(base_url="http://api.example.com", retry=None) as api:
            assert (await api.request("GET", "/x")).json() == {"way": "proxy"}
