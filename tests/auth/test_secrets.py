"""Planted secrets of Apps and users are in no error, traceback local, repr, event or log."""

import logging
import pickle
import traceback

import httpx
import pytest

from sdk import ClientCredentials, GitHubApp, Sdk, SdkError
from sdk.auth import OAuthApp, UserAuth, UserToken, sign_in_on_device
from tests.auth.keys import pem
from tests.tracebacks import frames
from tests.transport.support import FakeClock

SECRETS = {
    "client secret": "pl4ntedClientSecret",
    "installation token": "ghs_pl4nted",
    "user token": "ghu_pl4nted",
    "refresh token": "ghr_pl4nted",
    "code": "pl4ntedCode",
    "device code": "pl4ntedDevice",
    "verifier": "pl4ntedVerifier",
    "state": "pl4ntedState",
}
KEY = pem()
# A piece of the key's text.
SECRETS["key"] = KEY.splitlines()[5]

MINTED = {"token": SECRETS["installation token"], "expires_at": "2099-01-01T00:00:00Z"}
OAUTH = OAuthApp("Iv23liTest", SECRETS["client secret"])


def github(answer):
    """Return a handler that mints a token and answers every other request with `answer`."""

    def reply(request):
        if request.url.path.endswith("/access_tokens") and answer != "mint fails":
            return httpx.Response(201, json=MINTED)
        if request.url.path == "/login/device/code":
            body = {"device_code": SECRETS["device code"], "user_code": "A", "interval": 1}
            return httpx.Response(200, json=body | {"verification_uri": "https://x"})
        if answer in ("mint fails", "lost"):
            raise httpx.ReadError("cut")
        if isinstance(answer, dict):
            return httpx.Response(200, json=answer)
        return httpx.Response(answer, json={"message": "No."})

    return reply


def app():
    return GitHubApp(
        client_id="Iv23liTest", private_key=KEY, client_secret=SECRETS["client secret"]
    )


async def installation(sdk):
    await sdk.as_installation(42).request("GET", "/x")


async def of_app(sdk):
    await sdk.request("GET", "/app")


async def finish(sdk):
    begun = OAUTH.begin(sdk, state=SECRETS["state"], verifier=SECRETS["verifier"])
    await OAUTH.finish(sdk, begun, code=SECRETS["code"], state=SECRETS["state"])


async def wrong_state(sdk):
    begun = OAUTH.begin(sdk, state=SECRETS["state"], verifier=SECRETS["verifier"])
    await OAUTH.finish(sdk, begun, code=SECRETS["code"], state="other")


async def renew(sdk):
    token = UserToken(SECRETS["user token"], 0.0, SECRETS["refresh token"])
    await sdk.with_options(auth=UserAuth(OAUTH, token)).request("GET", "/x")


async def refused_user(sdk):
    token = UserToken(SECRETS["user token"], None, SECRETS["refresh token"])
    await sdk.with_options(auth=UserAuth(OAUTH, token)).request("GET", "/x")


async def check(sdk):
    await OAUTH.reset_token(sdk, SECRETS["user token"])


async def device(sdk):
    await sign_in_on_device(OAUTH, sdk, print)


async def client_credentials(sdk):
    auth = ClientCredentials("https://x.example/token", "id", SECRETS["client secret"])
    await sdk.with_options(auth=auth).request("GET", "/x")


BAD = {"error": "bad_verification_code"}
FAILURES = {
    "the call is refused": (installation, 401),
    "the call is forbidden": (installation, 403),
    "the call's connection is lost": (installation, "lost"),
    "the mint's connection is lost": (installation, "mint fails"),
    "the App is refused": (of_app, 401),
    "the App's call fails": (of_app, 500),
    "a code is refused": (finish, BAD),
    "an exchange fails": (finish, 500),
    "an exchange is cut off": (finish, "lost"),
    "an exchange gives no token": (finish, {}),
    "another state": (wrong_state, BAD),
    "a refresh token is refused": (renew, {"error": "bad_refresh_token"}),
    "a renewal fails": (renew, 502),
    "a renewal is cut off": (renew, "lost"),
    "a user's token is refused": (refused_user, 401),
    "a token cannot be reset": (check, 404),
    "a device is denied": (device, {"error": "access_denied"}),
    "a device's code runs out": (device, {"error": "authorization_pending"}),
    "client credentials are refused": (client_credentials, 401),
    "client credentials are cut off": (client_credentials, "lost"),
}


def locals_of(failure):
    """Yield every local variable of the frames that an error keeps alive."""
    for frame in frames(failure):
        for name, value in frame.f_locals.items():
            yield f"{frame.f_code.co_qualname}: {name} = {value!r}"


@pytest.mark.parametrize("name", FAILURES)
async def test_no_failure_shows_a_secret(name, caplog):
    caplog.set_level(logging.DEBUG)
    work, answer = FAILURES[name]
    seen = []
    transport = httpx.MockTransport(github(answer))
    async with Sdk(
        app=app(),
        http_client=httpx.AsyncClient(transport=transport),
        clock=FakeClock().clock,
        observers=[lambda event: seen.append(repr(event))],
    ) as sdk:
        with pytest.raises(SdkError) as caught:
            await work(sdk)
        seen += [repr(sdk), repr(sdk.caller.settings), repr(sdk.app), repr(vars(sdk))]
    failure = caught.value
    shown = "\n".join(
        [
            str(failure),
            repr(failure),
            repr(vars(failure)),
            *getattr(failure, "__notes__", []),
            *traceback.format_exception(failure),
            *locals_of(failure),
            *seen,
            *(record.getMessage() for record in caplog.records if record.name == "sdk"),
        ]
    )
    packed = pickle.dumps(failure)
    for kind, secret in SECRETS.items():
        assert secret not in shown, kind
        assert secret.encode() not in packed, kind


def test_invalid_arguments_of_an_app_show_no_secret_in_their_frames():
    for options in (
        {"private_key": KEY[:700]},
        {"private_key": KEY, "client_secret": " "},
        {"private_key": KEY, "app_id": "no number", "client_id": None},
    ):
        arguments = {"client_id": "Iv23liTest", "client_secret": SECRETS["client secret"]} | options
        with pytest.raises(SdkError) as caught:
            GitHubApp(**arguments)
        shown = "\n".join([str(caught.value), *locals_of(caught.value)])
        for kind, secret in SECRETS.items():
            assert secret not in shown, kind
