"""What can be set for a client: its address, its credentials, its other options."""

import traceback
from unittest.mock import AsyncMock

import httpx
import pytest

from sdk import InvalidInput
from tests.transport.support import BASE_URL, Api, Upstream


class Key:
    """Credentials in a header of the API's own."""

    async def headers(self):
        return {"x-api-key": "key"}


class AsyncCallable:
    async def __call__(self, event):
        pass


# ------------------------------------------------------------------ base_url


def test_a_client_has_its_base_url():
    assert Api().base_url == BASE_URL
    own = Api(base_url="http://127.0.0.1:8000/")
    assert own.base_url == own.with_options(timeout=1).base_url == "http://127.0.0.1:8000"


@pytest.mark.parametrize(
    ("base_url", "path", "address"),
    [
        ("https://api.example.com", "/x", "https://api.example.com/x"),
        ("https://api.example.com/", "/x", "https://api.example.com/x"),
        ("https://ghe.example.com/api/v3/", "/x/y", "https://ghe.example.com/api/v3/x/y"),
        ("http://127.0.0.1:8000", "/", "http://127.0.0.1:8000/"),
        ("http://[::1]:8000", "/x", "http://[::1]:8000/x"),
    ],
)
async def test_paths_are_appended_to_the_base_url(base_url, path, address):
    upstream = Upstream()
    await upstream.api(base_url=base_url).request("GET", path)
    assert str(upstream.last.url) == address


@pytest.mark.parametrize(
    "base_url",
    [
        "",
        "api.example.com",
        "localhost:8000",
        "//api.example.com",
        "ftp://api.example.com",
        "https://",
        "https:///x",
        "https://api.example.com:port",
        "https://api.example.com:99999",
        "https://[::1",
        "https://exämple.com",
        "https://api.example.com\n",
        "https://api example.com",
        b"https://api.example.com",
        443,
    ],
)
def test_a_base_url_that_is_not_an_http_url_is_refused(base_url):
    with pytest.raises(InvalidInput, match="base_url must be"):
        Api(base_url=base_url)


@pytest.mark.parametrize(
    "base_url",
    [
        "https://user:s3cret@api.example.com",
        "https://api.example.com?token=s3cret",
        "https://api.example.com/#s3cret",
        "https://api.example.com?",
        "https://api.example.com/#",
        "api.example.com?token=s3cret",
        "user:s3cret@api.example.com",
    ],
)
def test_a_base_url_with_more_than_an_address_is_refused_and_not_shown(base_url):
    with pytest.raises(InvalidInput) as caught:
        Api(base_url=base_url)
    assert "s3cret" not in str(caught.value)


async def test_default_parameters_of_an_injected_client_are_not_sent():
    upstream = Upstream()
    async with upstream.http_client(params={"key": "s3cret"}) as client:
        await Api(http_client=client).request("GET", "/x", params={"per_page": 100})
    assert str(upstream.last.url) == f"{BASE_URL}/x?per_page=100"


# ------------------------------------------------------------------ credentials


@pytest.mark.parametrize("name", ["Authorization", "authorization"])
async def test_credentials_among_the_headers_are_refused_with_the_fix(name):
    api = Upstream().api()
    for give in (
        lambda headers: Api(headers=headers),
        lambda headers: api.with_options(headers=headers),
    ):
        with pytest.raises(InvalidInput, match="auth=") as caught:
            give({name: "Bearer s3cret"})
        assert "s3cret" not in str(caught.value)
    with pytest.raises(InvalidInput, match="auth="):
        await api.request("GET", "/x", options={"headers": {name: "Bearer s3cret"}})


class Given:
    """Credentials that are given as they are."""

    def __init__(self, headers):
        self._headers = headers

    async def headers(self):
        return self._headers


async def test_credentials_replace_a_header_in_any_case():
    upstream = Upstream()
    api = upstream.api(headers={"x-api-key": "old"}, auth=Given({"X-API-Key": "new"}))
    await api.request("GET", "/x")
    assert upstream.last.headers.get_list("x-api-key") == ["new"]


@pytest.mark.parametrize("headers", [{"authorization": "Bearer s3crét"}, {"x-a": None}, "s3cret"])
async def test_credentials_that_are_not_valid_in_a_header_are_refused_and_not_shown(headers):
    upstream = Upstream()
    with pytest.raises(InvalidInput) as caught:
        await upstream.api(auth=Given(headers)).request("GET", "/x")
    shown = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    ours = [frame for frame in shown.stack if "/sdk/transport/" in frame.filename]
    assert ours
    assert "s3cr" not in str(caught.value)
    assert not [frame for frame in ours if "s3cr" in str(frame.locals)]
    assert upstream.requests == []


# ------------------------------------------------------------------ other options


@pytest.mark.parametrize(
    ("options", "fix"),
    [
        ({"timeout": 0}, "positive number of seconds"),
        ({"timeout": "5"}, "positive number of seconds"),
        ({"retry": 3}, "Write Retry(attempts=...)"),
        ({"pacing": False}, "Write Pacing(max_wait=...)"),
        ({"auth": "s3cret"}, 'TokenAuth("...")'),
        ({"auth": Key}, "an object with an async method headers()"),
        ({"headers": "s3cret"}, "a mapping of names to values"),
        ({"headers": [("x-a", "s3cret")]}, "a mapping of names to values"),
        ({"session": httpx.AsyncClient}, "Pass the session of another client"),
        ({"observers": print}, "a list of callables"),
        ({"observers": ["s3cret"]}, "a list of callables"),
        ({"on_drift": "s3cret"}, "on_drift must be a callable"),
        ({"on_drift": AsyncMock()}, "on_drift must be a callable, not async"),
        ({"observers": [AsyncMock()]}, "write `def`"),
        ({"observers": [AsyncCallable()]}, "Observers are plain functions"),
        ({"max_connections": 0}, "max_connections must be a whole number, 1 or more"),
        ({"max_connections": None}, "max_connections must be a whole number, 1 or more"),
        ({"max_response_bytes": None}, "max_response_bytes must be a whole number, 1 or more"),
        ({"max_connections": "9"}, "max_connections must be a whole number, 1 or more"),
        ({"max_response_bytes": 0}, "max_response_bytes must be a whole number, 1 or more"),
        ({"max_response_bytes": "4M"}, "max_response_bytes must be a whole number, 1 or more"),
    ],
)
def test_an_invalid_option_is_refused_with_the_fix(options, fix):
    with pytest.raises(InvalidInput) as caught:
        Api(**options)
    assert fix in str(caught.value)
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize("options", [{"auth": "s3cret"}, {"headers": "s3cret"}, {"retry": False}])
def test_an_invalid_option_of_a_view_is_refused(options):
    with pytest.raises(InvalidInput) as caught:
        Api().with_options(**options)
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize(
    "options", [{"timeuot": 5}, {"headers": "s3cret"}, {"extra_query": "s3cret"}]
)
async def test_an_invalid_option_of_a_call_is_refused(options):
    upstream = Upstream()
    with pytest.raises(InvalidInput) as caught:
        await upstream.api().request("GET", "/x", options=options)
    assert next(iter(options)) in str(caught.value)
    assert "s3cret" not in str(caught.value)
    assert upstream.requests == []


async def test_headers_of_the_client_are_sent_with_every_call():
    upstream = Upstream()
    api = upstream.api(headers={"X-Team": "blue", "Accept": "text/plain"})
    await api.request("GET", "/x")
    assert upstream.last.headers["x-team"] == "blue"
    assert upstream.last.headers.get_list("accept") == ["text/plain"]


async def test_user_agent_accept_and_accept_encoding_are_sent():
    upstream = Upstream()
    await upstream.api().request("GET", "/x")
    assert upstream.last.headers["user-agent"].startswith("Api github-sdk/")
    assert upstream.last.headers["accept-encoding"] == "gzip"
    assert upstream.last.headers["accept"] == "application/json"


async def test_headers_of_a_call_replace_those_of_the_client_for_that_call_only():
    upstream = Upstream()
    api = upstream.api(headers={"X-Team": "blue"})
    await api.request("GET", "/x", options={"headers": {"x-team": "red"}})
    assert upstream.last.headers.get_list("x-team") == ["red"]
    await api.request("GET", "/x")
    assert upstream.last.headers.get_list("x-team") == ["blue"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("x-a", "s3cret\r\nx-b: 1"),
        ("x-a", "s3cret\0"),
        ("x-a", "s3crét"),
        ("x-a", b"s3cret"),
        ("x-a", None),
        ("x a", "s3cret"),
        ("x-a\r\nx-b", "s3cret"),
        ("", "s3cret"),
        ("x-ä", "s3cret"),
    ],
)
async def test_a_header_that_could_split_a_request_is_refused_and_not_shown(name, value):
    api = Upstream().api()
    with pytest.raises(InvalidInput) as for_client:
        Api(headers={name: value})
    with pytest.raises(InvalidInput) as for_view:
        api.with_options(headers={name: value})
    with pytest.raises(InvalidInput) as for_call:
        await api.request("GET", "/x", options={"headers": {name: value}})
    texts = [str(caught.value) for caught in (for_client, for_view, for_call)]
    assert "s3c" not in "".join(texts)
    assert all(text.isprintable() for text in texts)
