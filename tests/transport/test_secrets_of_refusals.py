"""What was refused leaves no secret in the local variables that tracebacks show."""

import httpx
import pytest
from pydantic import BaseModel

from fastapi_integration import GitHubSignIn
from sdk import (
    ApiClient,
    ApiKey,
    Basic,
    ClientCredentials,
    DecodeError,
    InvalidInput,
    OnBehalf,
    Operation,
    Paged,
    Sdk,
    ServerError,
    TokenAuth,
)
from sdk.auth import GitHubApp, OAuthApp
from sdk.transport.dialect import Failure
from sdk.transport.errors import NotFound, SdkError
from sdk.transport.http.proxies import environment_mounts
from sdk.webhooks import HmacSignature, InvalidSignature, StandardSignature, Webhooks, verify
from tests.tracebacks import chain, frames
from tests.transport.support import Upstream

SECRET = "ghp_" + "S3cr3t" * 6


URL = f"https://u:{SECRET}@api.example.com"


def _shown(failure):
    """List where an error shows the secret: in a local variable, or in its text."""
    found = [
        (frame.f_code.co_qualname, name)
        for frame in frames(failure)
        for name, value in frame.f_locals.items()
        if SECRET in repr(value)
    ]
    return found + [one for one in chain(failure) if SECRET in f"{one} {one!r}"]


@pytest.mark.parametrize(
    ("error", "options"),
    [
        (InvalidInput, {"token": f"{SECRET}\n"}),
        (InvalidInput, {"token": SECRET.encode()}),
        (InvalidInput, {"token": SECRET, "timeout": "x"}),
        (InvalidInput, {"token": SECRET, "auth": TokenAuth("x")}),
        (InvalidInput, {"token": None, "headers": {"x-key": f"{SECRET}\n"}}),
        (InvalidInput, {"token": None, "base_url": f"https://u:{SECRET}@api.example.com"}),
        (TypeError, {"token": SECRET, "tokne": 1}),
    ],
)
def test_a_client_whose_constructor_refuses(error, options):
    with pytest.raises(error) as caught:
        Sdk(**options)
    assert list(frames(caught.value))
    assert _shown(caught.value) == []


def test_a_token_that_is_refused():
    with pytest.raises(InvalidInput) as caught:
        TokenAuth(f"{SECRET}\n")
    assert _shown(caught.value) == []


@pytest.mark.parametrize("address", ["htp://u:{}@proxy", "http://u:{}@proxy:x", "http://u:{}@[::1"])
def test_a_proxy_whose_address_is_broken(address, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", address.format(SECRET))
    with pytest.raises(InvalidInput, match="A proxy in the environment") as caught:
        environment_mounts(None, None)
    assert _shown(caught.value) == []


def test_the_parsed_error_does_not_show_what_the_api_repeats():
    told = Failure(NotFound, f"no {SECRET}", ({"value": SECRET},), f"https://x/{SECRET}", 5.0)
    assert SECRET not in repr(told)
    assert "NotFound" in repr(told)


def test_credentials_that_were_refused_have_a_repr():
    made = ClientCredentials.__new__(ClientCredentials)
    with pytest.raises(InvalidInput):
        ClientCredentials.__init__(made, "http://login.example.com/token", "id", SECRET)
    assert SECRET not in repr(made)


@pytest.mark.parametrize(
    "options",
    [
        {"token": f"{SECRET}\n"},
        {"token": SECRET.encode()},
        {"token": SECRET, "auth": TokenAuth("x")},
        {"token": SECRET, "timeout": "x"},
        {"auth": SECRET},
        {"headers": {"x-key": f"{SECRET}\n"}},
        {"headers": {"x-key": SECRET.encode()}},
        {"headers": {"authorization": SECRET}},
        {"headers": {f"x-key: {SECRET}": ""}},
        {"headers": [("x-key", SECRET)]},
        {"headers": {"x-key": SECRET}, "retry": 5},
        {"headers": {"x-key": SECRET}, "fresh_for": "x"},
    ],
)
def test_a_view_whose_options_are_refused(options):
    with pytest.raises(InvalidInput) as caught:
        Sdk(token=None).with_options(**options)
    assert _shown(caught.value) == []


@pytest.mark.parametrize(
    "options",
    [
        {"base_url": URL},
        {"base_url": f"https://{SECRET}@api.example.com"},
        {"base_url": f"u:{SECRET}@api.example.com"},
        {"base_url": f"https://u:{SECRET}@api.example.com/zoë"},
        {"base_url": f"https://api.example.com?key={SECRET}"},
        {"base_url": f"api.example.com#{SECRET}"},
        {"base_url": SECRET},
        {"base_url": f"${SECRET}"},
        {"link_origins": URL},
        {"link_origins": [URL]},
        {"auth": {"token": SECRET}},
        {"headers": {"x-key": f"{SECRET}\n"}},
        {"headers": {"x-key": SECRET}, "timeout": "x"},
    ],
)
def test_a_client_of_another_api_that_is_refused(options):
    with pytest.raises(InvalidInput) as caught:
        ApiClient(**{"base_url": "https://api.example.com", **options})
    assert _shown(caught.value) == []


@pytest.mark.parametrize(
    "made",
    [
        lambda: ClientCredentials(URL, "id", "secret"),
        lambda: ClientCredentials("https://login.example.com", "id", SECRET, "read"),
        lambda: ClientCredentials("https://login.example.com", "id", "s", [f"{SECRET} x"]),
        lambda: ClientCredentials("https://login.example.com", "id", "s", extra={"key": [SECRET]}),
        lambda: ClientCredentials("https://login.example.com", "id", "s", extra=[SECRET]),
        lambda: Basic("a:b", SECRET),
        lambda: ApiKey(f"{SECRET};", cookie="key"),
        lambda: ApiKey("x-api-key", header=f"{SECRET} "),
        lambda: OnBehalf(SECRET),
        lambda: OAuthApp("no id", SECRET),
        lambda: OAuthApp("id", SECRET, scopes=[f"{SECRET} x"]),
        lambda: GitHubApp(app_id=1, private_key=SECRET),
        lambda: GitHubApp(app_id=1, private_key="x", client_secret=SECRET),
        lambda: GitHubSignIn(
            OAuthApp("id", "secret"), secret=SECRET[:8] + SECRET, after_logout="x"
        ),
        lambda: Webhooks(secret=SECRET, concurrency=0),
        lambda: Webhooks(secret=[SECRET, ""]),
        lambda: HmacSignature([SECRET, ""], "x-signature"),
        lambda: StandardSignature(SECRET),
    ],
)
def test_credentials_and_secrets_that_are_refused(made):
    with pytest.raises(InvalidInput) as caught:
        made()
    assert _shown(caught.value) == []
    # Also of no object that is not complete.
    assert [frame for frame in frames(caught.value) if "self" in frame.f_locals] == []


def test_a_webhook_that_was_signed_with_another_secret():
    with pytest.raises(InvalidSignature) as caught:
        verify(b"{}", "sha256=00", SECRET)
    assert _shown(caught.value) == []


class Model(BaseModel):
    id: int


@pytest.mark.parametrize(
    ("expected", "path", "values"),
    [
        (InvalidInput, "/x", {"json": object()}),
        (InvalidInput, "/x", {"options": {"timeout": "x"}}),
        (InvalidInput, "/x", {"options": {"header": {"x-key": SECRET}}}),
        (InvalidInput, "/x", {"options": {"headers": {"x-key": f"{SECRET}\n"}}}),
        (InvalidInput, "/x", {"path_params": {"y": SECRET}}),
        (InvalidInput, f"/x?key={SECRET}", {}),
        (InvalidInput, URL, {}),
        (ServerError, "/x", {}),
        (DecodeError, "/decoded", {"returns": Model}),
    ],
)
async def test_a_call_by_its_path(expected, path, values):
    upstream = Upstream(
        lambda sent: httpx.Response(200 if sent.url.path == "/decoded" else 500, json=[SECRET])
    )
    given = {"params": {"key": SECRET}, "json": {"password": SECRET}}
    async with upstream.api(retry=None) as api:
        with pytest.raises(expected) as caught:
            await api.request("POST", path, **{**given, **values})
    assert _shown(caught.value) == []


@pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 500])
async def test_an_api_that_repeats_the_token_in_its_headers(status, caplog):
    caplog.set_level("DEBUG", "sdk")
    seen = []
    told = {"x-request-id": f"Bearer {SECRET}", "x-other": SECRET, "retry-after": "100"}
    upstream = Upstream(httpx.Response(status, json={}, headers=told))
    async with upstream.api(
        auth=TokenAuth(SECRET), retry=None, observers=[lambda event: seen.append(repr(event))]
    ) as api:
        with pytest.raises(SdkError) as caught:
            await api.request("GET", "/x")
    assert _shown(caught.value) == []
    assert caught.value.request_id == "***"
    assert SECRET not in f"{dict(caught.value.headers)} {seen} {caplog.text}"


async def test_an_api_that_repeats_the_token_as_the_id_of_a_success(caplog):
    caplog.set_level("DEBUG", "sdk")
    seen = []
    upstream = Upstream(httpx.Response(200, json={}, headers={"x-request-id": SECRET}))
    async with upstream.api(
        auth=TokenAuth(SECRET), observers=[lambda event: seen.append(repr(event))]
    ) as api:
        await api.request("GET", "/x")
    assert "***" in caplog.text
    assert SECRET not in f"{seen} {caplog.text}"


async def test_a_signed_link_to_another_host():
    link = f'<https://elsewhere.example.com/?sig={SECRET}>; rel="next"'
    upstream = Upstream(httpx.Response(200, json=[1], headers={"link": link}))
    operation = Operation("GET", "/x", returns=list[int])
    async with upstream.api() as api:
        listed = Paged(api.caller, api.caller.prepare(operation, None, {}))
        with pytest.raises(DecodeError, match="another host") as caught:
            await listed.collect()
    assert _shown(caught.value) == []
