"""The device flow: how often it polls, and how it ends."""

from urllib.parse import parse_qs

import httpx
import pytest

from sdk import InvalidInput, Sdk
from sdk.auth import DeviceCode, OAuthApp, sign_in_on_device
from sdk.auth.errors import (
    AccessDenied,
    CodeRefused,
    CredentialsError,
    DeviceCodeExpired,
    DeviceFlowDisabled,
    SignInRefused,
)
from tests.transport.support import FakeClock, Upstream

APP = OAuthApp("Iv23liTest", None, scopes=["repo"])
CODE = {
    "device_code": "pl4ntedDeviceCode",
    "user_code": "WDJB-MJHT",
    "verification_uri": "https://github.com/login/device",
    "expires_in": 900,
    "interval": 1,
}
PENDING = {"error": "authorization_pending"}
TOKEN = {"access_token": "ghu_pl4nted", "token_type": "bearer", "scope": ""}


async def sign_in(*replies, begin=CODE, show=None):
    """Sign in with these responses; return the clock, the requests, the outcome and the codes."""
    clock, shown = FakeClock(), []
    answers = [
        reply if isinstance(reply, (httpx.Response, Exception)) else httpx.Response(200, json=reply)
        for reply in (begin, *replies)
    ]
    upstream = Upstream(*answers)
    async with Sdk(
        token="ghp_mine", http_client=upstream.http_client(), clock=clock.clock, retry=None
    ) as sdk:
        try:
            outcome = await sign_in_on_device(APP, sdk, show or shown.append)
        except CredentialsError as error:
            outcome = error
    return clock, upstream.requests, outcome, shown


async def test_the_code_is_shown_and_the_token_is_polled_for():
    clock, requests, token, shown = await sign_in(PENDING, PENDING, TOKEN)
    assert token.token == "ghu_pl4nted"
    (code,) = shown
    assert (code.user_code, code.verification_uri, code.expires_in) == (
        "WDJB-MJHT",
        "https://github.com/login/device",
        900,
    )
    assert "pl4nted" not in repr(code)
    assert clock.slept == [1, 1, 1]
    assert [request.url.path for request in requests] == ["/login/device/code"] + [
        "/login/oauth/access_token"
    ] * 3
    assert parse_qs(requests[0].content.decode()) == {
        "client_id": ["Iv23liTest"],
        "scope": ["repo"],
    }
    assert parse_qs(requests[1].content.decode()) == {
        "client_id": ["Iv23liTest"],
        "device_code": ["pl4ntedDeviceCode"],
        "grant_type": ["urn:ietf:params:oauth:grant-type:device_code"],
    }
    assert all("authorization" not in request.headers for request in requests)


@pytest.mark.parametrize("told", [{"interval": 6}, {}])
async def test_slow_down_lengthens_every_later_interval(told):
    clock, *_ = await sign_in({"error": "slow_down", **told}, PENDING, TOKEN)
    assert clock.slept == [1, 6, 6]


@pytest.mark.parametrize(
    ("code", "error_class"),
    [
        ("access_denied", AccessDenied),
        ("expired_token", DeviceCodeExpired),
        ("incorrect_device_code", CodeRefused),
        ("device_flow_disabled", DeviceFlowDisabled),
        ("unsupported_grant_type", SignInRefused),
    ],
)
async def test_a_final_error_ends_the_flow_at_once(code, error_class):
    _, requests, error, _ = await sign_in(PENDING, {"error": code})
    assert type(error) is error_class
    assert error.error == code
    assert len(requests) == 3
    assert "pl4nted" not in str(error)


async def test_the_flow_ends_when_the_code_expires():
    clock, requests, error, _ = await sign_in(PENDING, begin=CODE | {"expires_in": 10})
    assert isinstance(error, DeviceCodeExpired)
    assert sum(clock.slept) < 10
    assert len(requests) == 1 + len(clock.slept)


async def test_polling_slows_down_while_the_network_fails():
    clock, _, token, _ = await sign_in(httpx.ConnectError("x"), httpx.Response(502), PENDING, TOKEN)
    assert token.token == "ghu_pl4nted"
    assert clock.slept == [1, 2, 4, 4]


async def test_the_code_may_be_shown_by_an_async_function():
    shown = []

    async def show(code: DeviceCode):
        shown.append(code.user_code)

    await sign_in(TOKEN, show=show)
    assert shown == ["WDJB-MJHT"]


@pytest.mark.parametrize("begin", [{}, {"device_code": "x"}, CODE | {"user_code": 7}])
async def test_a_response_without_a_code_is_an_error(begin):
    _, _, error, shown = await sign_in(begin=begin)
    assert "without a device code" in str(error)
    assert shown == []


async def test_a_disabled_flow_is_an_error_that_names_the_fix():
    _, _, error, _ = await sign_in(begin={"error": "device_flow_disabled"})
    assert type(error) is DeviceFlowDisabled
    assert "Enable the device flow" in str(error)


async def test_show_must_be_callable():
    with pytest.raises(InvalidInput, match="show must be a function"):
        await sign_in_on_device(APP, Sdk(token=None), "print")
