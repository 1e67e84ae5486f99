"""Errors name the values of the path, and the host that was not reached."""

import httpx
import pytest

from sdk import ConnectFailed, NotFound, Retry
from tests.transport.support import Upstream

ROUTE = "/repos/{owner}/{repo}"


async def test_the_values_of_the_path_are_named():
    api = Upstream(httpx.Response(404)).api(auth=None)
    with pytest.raises(NotFound) as caught:
        await api.request("GET", ROUTE, path_params={"owner": "octocat", "repo": "a b"})
    assert str(caught.value).startswith(f"GET {ROUTE} (octocat/a b) answered 404")
    assert caught.value.route == ROUTE


async def test_a_value_does_not_break_the_line_and_is_shortened():
    api = Upstream(httpx.Response(404)).api(auth=None)
    with pytest.raises(NotFound) as caught:
        await api.request("GET", "/x/{name}", path_params={"name": "a\n\x1b[31m" + "b" * 500})
    text = str(caught.value)
    assert "\n" not in text
    assert "\x1b" not in text
    assert len(text) < 300


@pytest.mark.parametrize(
    ("base_url", "host"),
    [
        ("https://api.example.com", "api.example.com"),
        ("https://api.example.com:8443/v1", "api.example.com:8443"),
        ("http://[::1]:8000", "[::1]:8000"),
    ],
)
async def test_the_host_that_was_not_reached_is_named(base_url, host):
    api = Upstream(httpx.ConnectError("refused")).api(base_url=base_url, retry=None)
    with pytest.raises(ConnectFailed, match="No connection to") as caught:
        await api.request("GET", "/x")
    assert f"No connection to {host}: refused" in str(caught.value)
    assert caught.value.host == host


async def test_the_host_behind_a_redirect_is_named():
    upstream = Upstream(
        httpx.Response(302, headers={"location": "https://files.example.com/f?sig=s3cret"}),
        httpx.ConnectError("refused"),
    )
    with pytest.raises(ConnectFailed) as caught:
        await upstream.api(retry=Retry(attempts=1)).request("GET", "/x")
    assert "No connection to files.example.com" in str(caught.value)
    assert "s3cret" not in str(caught.value)
