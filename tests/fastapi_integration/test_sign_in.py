"""Signing in with GitHub: the browser's way through it, forged callbacks, arguments."""

import logging
import re
from typing import Annotated

import httpx
import pytest
from fastapi import Depends, FastAPI

from fastapi_integration import (
    GitHubSignIn,
    install_error_handlers,
    sdk_lifespan,
    shared_sdk,
)
from sdk import InvalidInput, Sdk
from sdk.auth import OAuthApp
from tests.auth.fake_github import FakeGitHub
from tests.fastapi_integration.sign_in_fake import (
    CALLBACK,
    CLIENT_SECRET,
    SECRET,
    GitHub,
    browser,
    make_app,
    sign_in_with,
)


@pytest.fixture
def github():
    return GitHub()


async def test_a_user_signs_in_is_known_and_signs_out(github):
    async with browser(make_app(github)) as client:
        done = await sign_in_with(client, github, "/who?a=1")
        assert (done.status_code, done.headers["location"]) == (303, "/who?a=1")
        assert done.headers["cache-control"] == "no-store"
        assert done.headers["referrer-policy"] == "no-referrer"
        assert (await client.get("/who")).json() == "octocat 7"
        assert (await client.get("/me")).json() == "octocat"
        out = await client.post("/logout", headers={"origin": "https://app.example"})
        assert (out.status_code, out.headers["location"]) == (303, "/")
        assert dict(client.cookies) == {}
        assert (await client.get("/who")).json() == "nobody"
        assert (await client.get("/me")).status_code == 401


async def test_the_cookies_are_bound_to_host_and_https_and_hidden_from_scripts(github):
    async with browser(make_app(github)) as client:
        begun = await client.get("/login")
        done = await client.get(
            "/login/callback", params=github.authorize(begun.headers["location"])
        )
    cookies = [*begun.headers.get_list("set-cookie"), *done.headers.get_list("set-cookie")]
    names = [cookie.partition("=")[0] for cookie in cookies]
    # What tells the sign-ins apart may contain a hyphen.
    assert [re.sub(r"(signin|gh)-(?!signin).*", r"\1", name) for name in names] == [
        "__Host-gh-signin",
        "__Host-gh",
        "__Host-gh-signin",
    ]
    for cookie in cookies:
        for attribute in ("HttpOnly", "Secure", "SameSite=lax", "Path=/"):
            assert attribute in cookie
        assert "Domain" not in cookie
        assert "pl4nted" not in cookie


async def test_on_a_loopback_address_http_works_without_the_cookie_prefix(github):
    app = make_app(github, redirect_uri="http://127.0.0.1:8000/login/callback")
    async with browser(app, "http://127.0.0.1:8000") as client:
        begun = await client.get("/login")
        cookie = begun.headers["set-cookie"]
        assert not cookie.startswith("__Host-")
        assert "Secure" not in cookie
        await sign_in_with(client, github)
        assert (await client.get("/who")).json() == "octocat 7"


async def begin(client):
    return (await client.get("/login")).headers["location"]


async def assert_not_signed_in(client, response, status, said):
    assert response.status_code == status
    assert said in response.text
    assert response.headers["content-security-policy"].startswith("default-src 'none'")
    assert (await client.get("/who")).json() == "nobody"


async def test_cancelling_shows_a_page(github):
    async with browser(make_app(github)) as client:
        query = github.authorize(await begin(client))
        response = await client.get(
            "/login/callback", params={"error": "access_denied", "state": query["state"]}
        )
        await assert_not_signed_in(client, response, 403, "Sign-in cancelled")
        assert 'href="/login"' in response.text
    assert github.exchanges == 0


async def test_a_forged_state_a_foreign_cookie_and_a_replay_are_refused(github):
    said = "did not begin in this browser"
    async with browser(make_app(github)) as client:
        mine = github.authorize(await begin(client))
        async with httpx.AsyncClient(
            transport=client._transport, base_url="https://app.example"
        ) as stranger:
            # The callback of one browser, opened in another: no cookie there.
            response = await stranger.get("/login/callback", params=mine)
            await assert_not_signed_in(stranger, response, 400, said)
            # With that browser's own sign-in under way too.
            await begin(stranger)
            response = await stranger.get("/login/callback", params=mine)
            await assert_not_signed_in(stranger, response, 400, said)
        for forged in ("x" * 43, "", "é" * 43, "a.b", mine["state"][:8] + "A" * 35):
            response = await client.get("/login/callback", params={**mine, "state": forged})
            await assert_not_signed_in(client, response, 400, said)
        cookies = dict(client.cookies)
        assert (await client.get("/login/callback", params=mine)).status_code == 303
        # Replayed with all that the browser had.
        header = "; ".join(f"{name}={value}" for name, value in cookies.items())
        async with httpx.AsyncClient(
            transport=client._transport, base_url="https://app.example"
        ) as thief:
            response = await thief.get("/login/callback", params=mine, headers={"cookie": header})
            assert response.status_code == 400
    assert github.exchanges == 1


async def test_used_callbacks_are_remembered_up_to_a_limit(github, monkeypatch):
    monkeypatch.setattr("fastapi_integration.sign_in._MOST_USED", 3)
    app = make_app(github)
    used = app.state.sign_in._used
    async with browser(app) as client:
        for _ in range(5):
            await sign_in_with(client, github)
        assert len(used) == 3
        github.clock.time += 601
        await sign_in_with(client, github)
    assert len(used) == 1


async def test_a_changed_cookie_is_refused(github):
    async with browser(make_app(github)) as client:
        mine = github.authorize(await begin(client))
        ((name, value),) = dict(client.cookies).items()
        state, return_to, ends, mac = value.split(".")
        for changed in (
            f"{state}.Ly9ldmls.{ends}.{mac}",
            f"{state}.{return_to}.9999999999.{mac}",
            f"{state}.{return_to}.{ends}.{mac[:-1]}",
            f"{state}.{return_to}.{ends}",
            "",
        ):
            client.cookies.clear()
            response = await client.get(
                "/login/callback", params=mine, headers={"cookie": f"{name}={changed}"}
            )
            await assert_not_signed_in(client, response, 400, "did not begin in this browser")


async def test_a_sign_in_expires_after_10_minutes(github):
    async with browser(make_app(github)) as client:
        mine = github.authorize(await begin(client))
        github.clock.time += 601
        response = await client.get("/login/callback", params=mine)
        await assert_not_signed_in(client, response, 400, "longer than 10 minutes")


async def test_two_tabs_can_sign_in_and_abandoned_sign_ins_do_not_fill_the_cookies(github):
    async with browser(make_app(github)) as client:
        first, second = await begin(client), await begin(client)
        assert (
            await client.get("/login/callback", params=github.authorize(second))
        ).status_code == 303
        assert (
            await client.get("/login/callback", params=github.authorize(first))
        ).status_code == 303
        for _ in range(20):
            last = await begin(client)
        assert len([name for name in client.cookies if "signin" in name]) <= 5
        assert (
            await client.get("/login/callback", params=github.authorize(last))
        ).status_code == 303


@pytest.mark.parametrize(
    "evil",
    [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "evil",
        "",
        "/a\n/b",
        "/\t/e",
        "javascript:alert(1)",
        "/" + "a" * 3000,
    ],
)
async def test_return_to_accepts_paths_of_the_app_only(github, evil):
    async with browser(make_app(github)) as client:
        response = await client.get("/login", params={"return_to": evil})
        assert response.status_code == 400
        assert "set-cookie" not in response.headers
        assert "evil" not in response.text


@pytest.mark.parametrize(
    ("refusal", "status", "shown"),
    [
        ("bad_verification_code", 400, "GitHub did not accept this sign-in."),
        ("unverified_user_email", 403, "Verify your email address at GitHub"),
        ("incorrect_client_credentials", 502, "Signing in does not work at the moment"),
    ],
)
async def test_refusals_show_constant_pages_and_only_the_log_has_details(
    github, refusal, status, shown, caplog
):
    caplog.set_level(logging.INFO)
    async with browser(make_app(github)) as client:
        mine = github.authorize(await begin(client))
        github.refusal = refusal
        response = await client.get("/login/callback", params=mine)
        assert response.status_code == status
        assert shown in response.text
        assert refusal not in response.text
    assert refusal in caplog.text
    for secret in ("pl4nted", mine["state"]):
        assert secret not in response.text
        ours = [r.getMessage() for r in caplog.records if r.name in ("sdk", "fastapi_integration")]
        assert secret not in "\n".join(ours)


@pytest.mark.parametrize("down", ["no connection", "server error"])
async def test_an_unreachable_github_shows_a_page(github, down):
    async with browser(make_app(github)) as client:
        mine = github.authorize(await begin(client))
        github.down = down
        response = await client.get("/login/callback", params=mine)
        await assert_not_signed_in(client, response, 502, "could not be reached")


WRONG = {
    "short secret": ({"secret": "pl4nted"}, "at least 32 characters"),
    "no secret": ({"secret": None}, "at least 32 characters"),
    "http": ({"redirect_uri": "http://app.example/login/callback"}, "must begin with https://"),
    "after logout": ({"after_logout": "//evil"}, "after_logout must be a path"),
}


@pytest.mark.parametrize("name", WRONG)
def test_invalid_arguments_are_refused(name):
    changes, said = WRONG[name]
    options = {"secret": SECRET, "redirect_uri": CALLBACK} | changes
    app = OAuthApp("Iv1", CLIENT_SECRET, redirect_uri=options.pop("redirect_uri"))
    with pytest.raises(InvalidInput, match=said) as caught:
        GitHubSignIn(app, **options)
    assert "pl4nted" not in str(caught.value)
    assert SECRET not in repr(GitHubSignIn(OAuthApp("Iv1", "s"), secret=SECRET))


# ------------------------------------------------------------------ installations


async def test_a_dependency_calls_as_an_installation():
    github = FakeGitHub()

    def which(owner: str, repo: str):
        return {"none": None, "id": 42}.get(owner, f"{owner}/{repo}")

    app = FastAPI(lifespan=sdk_lifespan(github.sdk))
    install_error_handlers(app)

    @app.get("/{owner}/{repo}")  # noqa: FAST003  the dependency takes them
    async def read(
        sdk: Annotated[Sdk, Depends(shared_sdk.as_installation(which))],
    ) -> dict[str, str]:
        return (await sdk.request("GET", "/repos/o/r")).json()

    async with browser(app) as client:
        assert (await client.get("/o/r")).json() == {"token": "ghs_1"}
        assert (await client.get("/id/r")).json() == {"token": "ghs_1"}
        assert (await client.get("/none/r")).status_code == 404
        github.suspended = True
        assert (await client.get("/o/r")).status_code == 502
        github.suspended, github.gone = False, True
        assert (await client.get("/other/r")).status_code == 404
        assert (await client.get("/id/r")).status_code == 502
