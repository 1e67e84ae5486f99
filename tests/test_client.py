"""``Sdk``: where its token comes from and is sent to, GitHub's errors, and resources."""

import httpx
import pytest

from sdk import (
    ApiClient,
    InvalidInput,
    NotFound,
    Sdk,
    TokenAuth,
    TokenFromEnvironment,
    Unauthorized,
)
from sdk.resources.users import Users
from tests.transport.support import Upstream

TOKEN = "ghp_s3cretS3cretS3cret"
BAD_CREDENTIALS = httpx.Response(
    401,
    json={"message": "Bad credentials", "documentation_url": "https://docs.github.com/rest"},
    headers={"x-github-request-id": "AB:1"},
)


def sdk(upstream, **options):
    return Sdk(http_client=upstream.http_client(), **options)


# ------------------------------------------------------------------ where the token comes from


async def test_the_token_is_sent_with_every_call():
    upstream = Upstream()
    await sdk(upstream, token=TOKEN).request("GET", "/user")
    assert upstream.last.headers["authorization"] == f"Bearer {TOKEN}"
    assert str(upstream.last.url) == "https://api.github.com/user"


async def test_without_a_token_no_credentials_are_sent():
    upstream = Upstream()
    await sdk(upstream).request("GET", "/users/octocat")
    assert "authorization" not in upstream.last.headers


async def test_the_environment_is_read_when_the_client_opens(monkeypatch):
    upstream = Upstream()
    client = sdk(upstream)
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    async with client:
        monkeypatch.delenv("GITHUB_TOKEN")
        await client.request("GET", "/user")
    assert upstream.last.headers["authorization"] == f"Bearer {TOKEN}"


async def test_a_passed_token_takes_precedence_over_the_environment(monkeypatch):
    upstream = Upstream()
    monkeypatch.setenv("GITHUB_TOKEN", "from-the-environment")
    await sdk(upstream, token=TOKEN).request("GET", "/user")
    assert upstream.last.headers["authorization"] == f"Bearer {TOKEN}"


async def test_token_none_does_not_send_the_environment_s_token(monkeypatch):
    upstream = Upstream()
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    await sdk(upstream, token=None).request("GET", "/user")
    assert "authorization" not in upstream.last.headers


async def test_a_wrong_token_in_the_environment_is_refused_when_the_client_opens(monkeypatch):
    monkeypatch.setenv("GITHUB_TOKEN", f"{TOKEN}\n")
    with pytest.raises(InvalidInput, match="Environment variable GITHUB_TOKEN"):
        await Sdk().open()


@pytest.mark.parametrize(
    ("base_url", "environment", "sent"),
    [
        ("https://api.github.com", {}, True),
        ("https://API.github.com:443", {}, True),
        ("https://api.octo.ghe.com", {}, True),
        ("http://api.github.com", {}, False),
        ("https://api.github.com.example.com", {}, False),
        ("https://notghe.com", {}, False),
        ("https://ghe.example.com/api/v3", {}, False),
        ("https://ghe.example.com/api/v3", {"GITHUB_API_URL": "https://other.example.com"}, False),
        (
            "https://ghe.example.com/api/v3/",
            {"GITHUB_API_URL": "https://ghe.example.com/api/v3"},
            True,
        ),
        ("http://ghe.example.com", {"GITHUB_API_URL": "http://ghe.example.com"}, False),
        ("http://127.0.0.1:8080", {}, False),
        ("http://127.0.0.1:8080", {"GITHUB_API_URL": "http://127.0.0.1:8080"}, True),
    ],
)
async def test_a_token_of_the_environment_is_sent_to_its_own_server_only(
    monkeypatch, caplog, base_url, environment, sent
):
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    upstream = Upstream()
    client = sdk(upstream, base_url=base_url)
    for _ in range(2):
        await client.request("GET", "/user")
    assert ("authorization" in upstream.last.headers) is sent
    warnings = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
    assert len(warnings) == (0 if sent else 1)
    assert all("Pass token=" in text and TOKEN not in text for text in warnings)


async def test_a_passed_token_is_sent_to_any_base_url(monkeypatch):
    monkeypatch.setenv("OTHER_TOKEN", TOKEN)
    for options in ({"token": TOKEN}, {"auth": TokenFromEnvironment("OTHER_TOKEN")}):
        upstream = Upstream()
        await sdk(upstream, base_url="http://127.0.0.1:8080", **options).request("GET", "/user")
        assert upstream.last.headers["authorization"] == f"Bearer {TOKEN}"


async def test_a_view_may_carry_another_token_or_none():
    upstream = Upstream()
    client = sdk(upstream, token=TOKEN)
    await client.with_options(token="theirs").request("GET", "/user")
    assert upstream.last.headers["authorization"] == "Bearer theirs"
    await client.with_options(token=None).request("GET", "/user")
    assert "authorization" not in upstream.last.headers
    await client.request("GET", "/user")
    assert upstream.last.headers["authorization"] == f"Bearer {TOKEN}"


def test_a_token_and_other_credentials_at_once_are_refused():
    with pytest.raises(InvalidInput, match="either token or auth, not both"):
        Sdk(token=TOKEN, auth=TokenAuth(TOKEN))
    with pytest.raises(InvalidInput, match="either token or auth, not both"):
        Sdk().with_options(token=TOKEN, auth=TokenAuth(TOKEN))


# ------------------------------------------------------------------ errors in GitHub's words


async def test_a_wrong_token_is_an_error_that_names_the_fix():
    with pytest.raises(Unauthorized) as caught:
        await sdk(Upstream(BAD_CREDENTIALS), token=TOKEN).users.get("octocat")
    assert str(caught.value) == (
        "GET /users/{username} (octocat) answered 401: Bad credentials (request id AB:1). "
        "Check the token: it is missing, mistyped, expired or revoked. "
        "See https://docs.github.com/rest"
    )


async def test_an_unknown_user_is_an_error_that_names_the_fix():
    reply = httpx.Response(404, json={"message": "Not Found", "status": "404"})
    with pytest.raises(NotFound, match="Check the spelling, and that the token may read it"):
        await sdk(Upstream(reply)).users.get("no-such-user")


# ------------------------------------------------------------------ the client itself


def test_sdk_is_a_plain_subclass_of_api_client():
    assert issubclass(Sdk, ApiClient)
    assert not hasattr(Sdk, "__class_getitem__")


async def test_resources_are_created_once_per_client():
    client = sdk(Upstream())
    assert isinstance(client.users, Users)
    assert client.users is client.users
    assert client.with_options(timeout=5).users is not client.users


async def test_github_s_media_type_and_api_version_are_requested():
    upstream = Upstream()
    await sdk(upstream).request("GET", "/x")
    assert upstream.last.headers["accept"] == "application/vnd.github+json"
    assert upstream.last.headers["x-github-api-version"] == "2026-03-10"


async def test_github_enterprise_server_has_another_address():
    upstream = Upstream()
    client = sdk(upstream, token=TOKEN, base_url="https://ghe.example.com/api/v3/")
    await client.request("GET", "/user")
    assert str(upstream.last.url) == "https://ghe.example.com/api/v3/user"
