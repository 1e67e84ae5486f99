"""Signing users in: URLs, the code exchange, its errors, and operations on tokens."""

from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from sdk import InvalidInput, Sdk
from sdk.auth import OAuthApp, UserToken
from sdk.auth.errors import (
    ClientRefused,
    CodeRefused,
    EmailNotVerified,
    RedirectUriRefused,
    SignInExpired,
    SignInRefused,
)
from sdk.auth.oauth import code_challenge
from tests.transport.support import FakeClock, Upstream

SECRET = "pl4ntedSecret"
APP = OAuthApp("Iv23liTest", SECRET, redirect_uri="https://app.example/callback", scopes=["repo"])
TOKENS = {
    "access_token": "ghu_pl4nted",
    "token_type": "bearer",
    "scope": "repo,gist",
    "expires_in": 28800,
    "refresh_token": "ghr_pl4nted",
    "refresh_token_expires_in": 15811200,
}
DATE = "Wed, 15 Nov 2023 00:00:00 GMT"
MIDNIGHT = 1_700_006_400


def sdk_on(*replies, **options):
    upstream = Upstream(*replies)
    options = {"token": "ghp_mine", "clock": FakeClock().clock} | options
    return upstream, Sdk(http_client=upstream.http_client(), **options)


def answer(body, status=200):
    return httpx.Response(status, json=body, headers={"date": DATE})


def query_of(url):
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def test_the_challenge_is_that_of_the_rfc():
    # RFC 7636, B.
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    assert code_challenge(verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


def test_the_authorize_url_has_all_parameters():
    _, sdk = sdk_on()
    begun = APP.begin(sdk, prompt="select_account", login="octocat", allow_signup=False)
    assert begun.url.startswith("https://github.com/login/oauth/authorize?")
    assert query_of(begun.url) == {
        "client_id": "Iv23liTest",
        "redirect_uri": "https://app.example/callback",
        "scope": "repo",
        "state": begun.state,
        "code_challenge": code_challenge(begun.verifier),
        "code_challenge_method": "S256",
        "prompt": "select_account",
        "login": "octocat",
        "allow_signup": "false",
    }
    assert SECRET not in begun.url
    assert begun.verifier not in begun.url
    assert begun.verifier not in repr(begun)
    assert len(begun.state) >= 43
    assert len(begun.verifier) >= 43
    assert APP.begin(sdk).state != begun.state


@pytest.mark.parametrize(
    ("base_url", "website"),
    [
        ("https://api.github.com", "https://github.com"),
        ("https://ghes.example/api/v3", "https://ghes.example"),
        ("https://api.octo.ghe.com", "https://octo.ghe.com"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
    ],
)
async def test_each_github_has_its_own_website(base_url, website):
    upstream, sdk = sdk_on(answer(TOKENS), base_url=base_url)
    async with sdk:
        begun = APP.begin(sdk)
        assert begun.url.startswith(f"{website}/login/oauth/authorize?")
        await APP.finish(sdk, begun, code="c", state=begun.state)
    assert str(upstream.last.url) == f"{website}/login/oauth/access_token"


async def test_a_code_is_exchanged_for_the_user_s_tokens():
    upstream, sdk = sdk_on(answer(TOKENS), headers={"x-mine": "1"})
    async with sdk:
        begun = APP.begin(sdk)
        token = await APP.finish(sdk, begun, code="c0de", state=begun.state)
    assert token == UserToken(
        token="ghu_pl4nted",
        expires_at=MIDNIGHT + 28800,
        refresh_token="ghr_pl4nted",
        refresh_expires_at=MIDNIGHT + 15811200,
        scopes=("repo", "gist"),
    )
    form = {name: values[0] for name, values in parse_qs(upstream.last.content.decode()).items()}
    assert form == {
        "client_id": "Iv23liTest",
        "client_secret": SECRET,
        "code": "c0de",
        "code_verifier": begun.verifier,
        "redirect_uri": "https://app.example/callback",
    }
    assert upstream.last.headers["accept"] == "application/json"
    # Neither the client's own token nor its headers go to the website.
    assert "authorization" not in upstream.last.headers
    assert "x-mine" not in upstream.last.headers
    assert upstream.last.url.query == b""


async def test_a_token_that_does_not_expire_has_no_refresh_token():
    _, sdk = sdk_on(answer({"access_token": "gho_x", "token_type": "bearer", "scope": ""}))
    async with sdk:
        begun = APP.begin(sdk)
        token = await APP.finish(sdk, begun, code="c", state=begun.state)
    assert token == UserToken("gho_x")


@pytest.mark.parametrize("state", ["", "other", "é"])
async def test_another_state_is_refused_before_anything_is_sent(state):
    upstream, sdk = sdk_on()
    async with sdk:
        with pytest.raises(CodeRefused, match="another browser, or is forged") as caught:
            await APP.finish(sdk, APP.begin(sdk), code="c", state=state)
    assert upstream.requests == []
    assert caught.value.error == "state_mismatch"


@pytest.mark.parametrize(
    ("code", "error_class"),
    [
        ("bad_verification_code", CodeRefused),
        ("incorrect_client_credentials", ClientRefused),
        ("redirect_uri_mismatch", RedirectUriRefused),
        ("unverified_user_email", EmailNotVerified),
        ("bad_refresh_token", SignInExpired),
        ("something_new", SignInRefused),
    ],
)
async def test_an_error_with_status_200_is_an_error(code, error_class):
    body = {"error": code, "error_description": "No\nwonder.", "error_uri": "https://x"}
    _, sdk = sdk_on(answer(body))
    async with sdk:
        begun = APP.begin(sdk)
        with pytest.raises(SignInRefused, match=rf"No wonder \({code}\)") as caught:
            await APP.finish(sdk, begun, code="c0de", state=begun.state)
    assert type(caught.value) is error_class
    assert caught.value.error == code
    assert caught.value.route == "/login/oauth/access_token"
    for secret in (SECRET, "c0de", begun.verifier):
        assert secret not in str(caught.value)


@pytest.mark.parametrize("body", [b"", b"[]", b"not JSON", b'{"access_token": "a b"}'])
async def test_a_response_without_a_token_is_an_error(body):
    _, sdk = sdk_on(httpx.Response(200, content=body))
    async with sdk:
        begun = APP.begin(sdk)
        with pytest.raises(Exception, match="without a token"):
            await APP.finish(sdk, begun, code="c", state=begun.state)


async def test_a_refresh_sends_the_refresh_token():
    upstream, sdk = sdk_on(answer(TOKENS))
    async with sdk:
        await APP.refresh(sdk, UserToken("old", refresh_token="ghr_old"))
        with pytest.raises(InvalidInput, match="has no refresh token"):
            await APP.refresh(sdk, UserToken("old"))
    form = parse_qs(upstream.last.content.decode())
    assert (form["grant_type"], form["refresh_token"]) == (["refresh_token"], ["ghr_old"])


async def test_a_token_that_was_reset_expires_when_github_says():
    body = {"token": "ghu_new", "scopes": ["repo"], "expires_at": "2026-03-01T10:00:00Z"}
    _, sdk = sdk_on(
        httpx.Response(200, json=body),
        httpx.Response(200, json=body | {"expires_at": None}),
        httpx.Response(200, json=body | {"expires_at": "soon"}),
    )
    async with sdk:
        token = await APP.reset_token(sdk, "ghu_a")
        assert (token.expires_at, token.scopes) == (1772359200.0, ("repo",))
        for _ in range(2):
            assert (await APP.reset_token(sdk, "ghu_a")).expires_at is None


async def test_tokens_are_checked_reset_and_deleted_with_the_client_secret():
    upstream, sdk = sdk_on(
        httpx.Response(200, json={}),
        httpx.Response(404, json={}),
        httpx.Response(200, json={"token": "ghu_new", "scopes": []}),
        httpx.Response(204),
        httpx.Response(404, json={}),
        httpx.Response(204),
    )
    async with sdk:
        assert await APP.is_valid(sdk, "ghu_a") is True
        assert await APP.is_valid(sdk, "ghu_b") is False
        assert (await APP.reset_token(sdk, "ghu_a")).token == "ghu_new"
        await APP.delete_token(sdk, "ghu_new")
        await APP.delete_token(sdk, "ghu_new")
        await APP.delete_grant(sdk, "ghu_new")
        with pytest.raises(InvalidInput, match="client_secret"):
            await OAuthApp("Iv1", None).is_valid(sdk, "x")
    sent = [(request.method, request.url.path) for request in upstream.requests]
    token, grant = "/applications/Iv23liTest/token", "/applications/Iv23liTest/grant"
    assert sent == [
        ("POST", token),
        ("POST", token),
        ("PATCH", token),
        ("DELETE", token),
        ("DELETE", token),
        ("DELETE", grant),
    ]
    basic = httpx.BasicAuth("Iv23liTest", SECRET)._auth_header
    assert {request.headers["authorization"] for request in upstream.requests} == {basic}


WRONG = {
    "client id": (("Iv 1", SECRET), {}, "client_id is the client id"),
    "secret": (("Iv1", f"{SECRET}\n"), {}, "client_secret holds a space or a line break"),
    "empty secret": (("Iv1", ""), {}, "Pass None without one"),
    "redirect": (("Iv1", SECRET), {"redirect_uri": "/callback"}, "redirect_uri is the callback"),
    "redirect scheme": (("Iv1", SECRET), {"redirect_uri": "ftp://x/y"}, "redirect_uri is"),
    "scopes": (("Iv1", SECRET), {"scopes": "repo"}, "scopes must be a list"),
    "scope": (("Iv1", SECRET), {"scopes": ["a b"]}, "A scope is a word"),
}


@pytest.mark.parametrize("name", WRONG)
def test_invalid_arguments_are_refused(name):
    arguments, options, said = WRONG[name]
    with pytest.raises(InvalidInput, match=said) as caught:
        OAuthApp(*arguments, **options)
    assert SECRET not in str(caught.value)


def test_no_repr_shows_a_secret():
    token = UserToken("ghu_pl4nted", 1.0, "ghr_pl4nted")
    assert SECRET not in repr(APP)
    assert "pl4nted" not in repr(token)
    assert UserToken.from_dict(token.as_dict()) == token
    with pytest.raises(InvalidInput) as caught:
        UserToken("ghu_pl4nted\n")
    assert "pl4nted" not in str(caught.value)
