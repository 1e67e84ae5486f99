"""Signing users in at the fake server: the web flow, the device flow, refresh, token checks."""

import re
from html import unescape
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest

from sdk.testing import AppSeed, StandIn

# RFC 7636, appendix B.
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
CALLBACK = "https://app.example/callback"
JSON = {"accept": "application/json"}


@pytest.fixture
def server(time):
    return StandIn(apps=[AppSeed(redirect_uris=[CALLBACK])], now=time)


@pytest.fixture
def app(server):
    return server.apps[0]


def returned(response):
    assert response.status_code == 302
    target = urlsplit(response.headers["location"])
    assert target._replace(query="").geturl() == CALLBACK
    return {name: values[0] for name, values in parse_qs(target.query).items()}


async def authorize(http, app, **params):
    params = {"client_id": app.client_id, "state": "s", **params}
    return await http.get("/login/oauth/authorize", params=params)


async def exchange(http, app, **fields):
    form = {"client_id": app.client_id, "client_secret": app.client_secret, **fields}
    response = await http.post("/login/oauth/access_token", data=form, headers=JSON)
    assert response.status_code == 200
    return response.json()


def form_on(page, decision):
    fields = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', page.text)
    return {**{name: unescape(value) for name, value in fields}, "decision": decision}


async def test_the_page_has_both_buttons(http, app):
    page = await authorize(http, app, login="<b>ada", state='"><script>')
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert ">Authorize</button>" in page.text
    assert ">Cancel</button>" in page.text
    assert "<script>" not in page.text
    assert "<b>ada" not in page.text


async def test_a_user_who_authorizes_is_sent_back_with_a_code(http, app):
    page = await authorize(http, app)
    back = returned(await http.post("/login/oauth/authorize", data=form_on(page, "authorize")))
    assert back["state"] == "s"
    token = await exchange(http, app, code=back["code"])
    assert (token["expires_in"], token["refresh_token_expires_in"]) == (28800, 15811200)
    me = await http.get("/user", headers={"authorization": f"Bearer {token['access_token']}"})
    assert me.json()["login"] == "octocat"


async def test_a_user_who_cancels_is_sent_back_with_an_error(http, app):
    page = await authorize(http, app)
    back = returned(await http.post("/login/oauth/authorize", data=form_on(page, "cancel")))
    assert (back["error"], back["state"]) == ("access_denied", "s")
    assert "code" not in back


async def test_auto_authorizes_without_a_click(http, app, server):
    back = returned(await authorize(http, app, auto="1", login="ada-example"))
    token = await exchange(http, app, code=back["code"])
    me = await http.get("/user", headers={"authorization": f"Bearer {token['access_token']}"})
    assert me.json()["login"] == "ada-example"
    assert server.requests["oauth/access-token"] == 1


async def test_a_code_works_once_and_for_ten_minutes(http, app, server, time):
    code = server.authorization_code(app)
    assert "access_token" in await exchange(http, app, code=code)
    assert (await exchange(http, app, code=code))["error"] == "bad_verification_code"
    code = server.authorization_code(app)
    time.now += 600
    assert (await exchange(http, app, code=code))["error"] == "bad_verification_code"


@pytest.mark.parametrize(
    ("verifier", "works"), [(VERIFIER, True), ("x" * 43, False), (None, False)]
)
async def test_the_verifier_is_checked(http, app, verifier, works):
    pkce = {"code_challenge": CHALLENGE, "code_challenge_method": "S256"}
    code = returned(await authorize(http, app, auto="1", **pkce))["code"]
    fields = {"code_verifier": verifier} if verifier else {}
    token = await exchange(http, app, code=code, **fields)
    assert ("access_token" in token) is works


async def test_only_s256_challenges_are_accepted(http, app):
    back = returned(await authorize(http, app, auto="1", code_challenge="x"))
    assert back["error"] == "invalid_request"


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"client_secret": "wrong"}, "incorrect_client_credentials"),
        ({"client_id": "Iv1"}, "incorrect_client_credentials"),
        ({"code": "wrong"}, "bad_verification_code"),
        ({"redirect_uri": "https://evil.example/"}, "redirect_uri_mismatch"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": "refresh_token", "refresh_token": "ghr_x"}, "bad_refresh_token"),
    ],
)
async def test_errors_come_with_status_200(http, app, server, fields, error):
    code = server.authorization_code(app, redirect_uri=CALLBACK)
    answered = await exchange(http, app, **{"code": code, **fields})
    assert answered["error"] == error


@pytest.mark.parametrize(
    ("uri", "allowed"),
    [(CALLBACK, True), (f"{CALLBACK}/more", False), ("https://evil.example/callback", False)],
)
async def test_callback_urls_are_registered(http, app, uri, allowed):
    back = returned(await authorize(http, app, auto="1", redirect_uri=uri))
    assert ("code" in back) is allowed
    assert back.get("error") == (None if allowed else "redirect_uri_mismatch")


async def test_a_loopback_callback_has_any_port(http, server):
    app = server.register_app(name="local", redirect_uris=["http://127.0.0.1/cb"])
    response = await authorize(http, app, auto="1", redirect_uri="http://127.0.0.1:4711/cb")
    assert response.headers["location"].startswith("http://127.0.0.1:4711/cb?code=")


async def test_a_refresh_ends_the_old_pair(http, app, server):
    old = server.issue_user_token(app)
    fields = {"grant_type": "refresh_token", "refresh_token": old["refresh_token"]}
    new = await exchange(http, app, **fields)
    assert new["access_token"] != old["access_token"]
    for token, status in ((old, 401), (new, 200)):
        headers = {"authorization": f"Bearer {token['access_token']}"}
        assert (await http.get("/user", headers=headers)).status_code == status
    assert (await exchange(http, app, **fields))["error"] == "bad_refresh_token"


async def test_user_tokens_expire(http, app, server, time):
    token = server.issue_user_token(app)
    headers = {"authorization": f"Bearer {token['access_token']}"}
    time.now += 28_800
    assert (await http.get("/user", headers=headers)).status_code == 401


async def test_an_oauth_apps_token_does_not_expire(http, server):
    app = server.register_app(name="oauth", oauth_app=True)
    code = server.authorization_code(app, scope="repo,user")
    token = await exchange(http, app, code=code)
    assert token["scope"] == "repo,user"
    assert token["access_token"].startswith("gho_")
    assert "refresh_token" not in token


async def test_without_the_accept_header_a_form_comes_back(http, app, server):
    form = {"client_id": app.client_id, "client_secret": app.client_secret}
    form["code"] = server.authorization_code(app)
    response = await http.post("/login/oauth/access_token", data=form)
    assert dict(parse_qsl(response.text))["token_type"] == "bearer"


# ------------------------------------------------------------ the device flow


async def begin(http, app):
    response = await http.post(
        "/login/device/code", data={"client_id": app.client_id}, headers=JSON
    )
    return response.json()


async def poll(http, app, device):
    grant = "urn:ietf:params:oauth:grant-type:device_code"
    fields = {"client_id": app.client_id, "device_code": device["device_code"], "grant_type": grant}
    return (await http.post("/login/oauth/access_token", data=fields, headers=JSON)).json()


async def test_the_device_flow_returns_a_token_after_the_authorization(http, app, server, time):
    device = await begin(http, app)
    assert device["verification_uri"] == "http://github.test/login/device"
    assert (device["interval"], device["expires_in"]) == (5, 900)
    time.now += 5
    assert (await poll(http, app, device))["error"] == "authorization_pending"
    page = await http.post(
        "/login/device",
        data={"user_code": device["user_code"].lower(), "decision": "authorize"},
    )
    assert "now connected" in page.text
    time.now += 5
    assert "access_token" in await poll(http, app, device)
    assert (await poll(http, app, device))["error"] == "incorrect_device_code"


async def test_polls_that_come_too_soon_are_slowed_down(http, app, time):
    device = await begin(http, app)
    slowed = await poll(http, app, device)
    assert (slowed["error"], slowed["interval"]) == ("slow_down", 10)
    time.now += 9
    assert (await poll(http, app, device))["interval"] == 15
    time.now += 15
    assert (await poll(http, app, device))["error"] == "authorization_pending"


async def test_a_slow_down_can_be_requested_by_the_test(http, app, server, time):
    device = await begin(http, app)
    server.device_slow_down()
    time.now += 5
    assert (await poll(http, app, device))["error"] == "slow_down"


async def test_a_denied_device_is_an_error(http, app, server, time):
    device = await begin(http, app)
    server.deny_device(device["user_code"])
    time.now += 5
    assert (await poll(http, app, device))["error"] == "access_denied"


async def test_an_expired_device_code_is_an_error(http, app, server, time):
    device = await begin(http, app)
    time.now += 900
    assert (await poll(http, app, device))["error"] == "expired_token"
    with pytest.raises(ValueError, match="expired"):
        server.authorize_device(device["user_code"])


async def test_a_disabled_device_flow_is_an_error(http, server):
    app = server.register_app(name="no-device", device_flow=False)
    assert (await begin(http, app))["error"] == "device_flow_disabled"


# ------------------------------------------------------------ checks of tokens


async def manage(http, app, method, what, token, secret=None):
    auth = (app.client_id, secret or app.client_secret)
    url = f"/applications/{app.client_id}/{what}"
    return await http.request(method, url, auth=auth, json={"access_token": token})


async def test_an_app_checks_resets_and_deletes_tokens(http, app, server):
    token = server.issue_user_token(app)["access_token"]
    checked = await manage(http, app, "POST", "token", token)
    assert (checked.status_code, checked.json()["user"]["login"]) == (200, "octocat")
    fresh = (await manage(http, app, "PATCH", "token", token)).json()["token"]
    assert (await manage(http, app, "POST", "token", token)).status_code == 404
    assert (await manage(http, app, "DELETE", "token", fresh)).status_code == 204
    assert (await manage(http, app, "DELETE", "token", fresh)).status_code == 404
    one, other = [server.issue_user_token(app)["access_token"] for _ in range(2)]
    assert (await manage(http, app, "DELETE", "grant", one)).status_code == 204
    assert (await manage(http, app, "POST", "token", other)).status_code == 404


async def test_the_apps_secret_is_needed(http, app, server):
    token = server.issue_user_token(app)["access_token"]
    assert (await manage(http, app, "POST", "token", token, secret="x")).status_code == 401
    url = f"/applications/{app.client_id}/token"
    plain = await http.post(url, json={"access_token": token})
    assert plain.status_code == 401


async def test_sign_in_can_be_made_to_fail(http, app, server):
    server.fail("oauth/access-token", status=502)
    response = await http.post("/login/oauth/access_token", data={"client_id": app.client_id})
    assert response.status_code == 502
