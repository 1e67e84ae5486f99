"""The device flow (RFC 8628): sign a user in from a program without a browser."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sdk.auth.oauth import OAuthApp
from sdk.auth.oauth_requests import (
    ACCESS_TOKEN,
    DEVICE_CODE,
    json_object,
    post_form,
    raise_refusal,
    refusal,
)
from sdk.auth.user_token import UserToken, is_token, user_token_in
from sdk.transport import ApiClient
from sdk.transport.credentials import SecretFields
from sdk.transport.errors import CredentialsError, InvalidInput, ServerError, TransportError

if TYPE_CHECKING:
    from sdk.transport.auth import AuthCaller

_GRANT_TYPE = "urn:ietf:params:oauth:grant-type:device_code"

# RFC 8628, 3.2 and 3.5.
_USUAL_INTERVAL = 5.0
_SLOWER = 5.0


@dataclass(frozen=True, slots=True)
class DeviceCode:
    """The code and the address to show to the user.

    Attributes:
        user_code: the code to enter, such as ``"WDJB-MJHT"``.
        verification_uri: the page to enter it on, such as ``"https://github.com/login/device"``.
        expires_in: seconds until the code expires.
    """

    user_code: str
    verification_uri: str
    expires_in: float
    _device_code: str = field(repr=False)
    _interval: float = field(default=_USUAL_INTERVAL, repr=False)


Show = Callable[[DeviceCode], Awaitable[None] | None]


async def sign_in_on_device(
    app: OAuthApp, client: ApiClient, show: Show, *, scopes: tuple[str, ...] | None = None
) -> UserToken:
    """Show the user a code, and wait until they have entered it at GitHub.

    ::

        def show(code: DeviceCode) -> None:
            print(f"Open {code.verification_uri} and enter {code.user_code}")

        token = await sign_in_on_device(OAuthApp(CLIENT_ID, None), sdk, show)

    Cancel the task to stop waiting.

    Args:
        app: the App; its settings must allow the device flow. It needs no client secret.
        client: an open client of the same GitHub.
        show: called with the code to show; may be async.
        scopes: in place of the App's own.

    Raises:
        AccessDenied: the user declined.
        DeviceCodeExpired: the code was not entered in time.
        SignInRefused: GitHub refused for another reason; see the subclasses.
    """
    if not callable(show):
        raise InvalidInput("show must be a function that takes the DeviceCode to show.")
    caller = client.caller
    code = await _begin(app, caller, scopes)
    shown = show(code)
    if inspect.isawaitable(shown):
        await shown
    return await _wait(app, caller, code)


async def _begin(app: OAuthApp, caller: AuthCaller, scopes: tuple[str, ...] | None) -> DeviceCode:
    form = SecretFields(client_id=app.client_id)
    wanted = " ".join(app.scopes if scopes is None else scopes)
    if wanted:
        form["scope"] = wanted
    body = json_object(await post_form(caller, DEVICE_CODE, form))
    raise_refusal(body, DEVICE_CODE)
    device_code, user_code = body.get("device_code"), body.get("user_code")
    uri = body.get("verification_uri")
    if not is_token(device_code) or not isinstance(user_code, str) or not isinstance(uri, str):
        del body, device_code
        raise CredentialsError(f"POST {DEVICE_CODE.path} was answered without a device code.")
    return DeviceCode(
        user_code=user_code,
        verification_uri=uri,
        expires_in=_seconds(body.get("expires_in"), 900.0),
        _device_code=device_code,
        _interval=_seconds(body.get("interval"), _USUAL_INTERVAL),
    )


async def _wait(app: OAuthApp, caller: AuthCaller, code: DeviceCode) -> UserToken:
    clock, interval = caller.settings.clock, code._interval
    ends = clock.monotonic() + code.expires_in
    form = SecretFields(
        client_id=app.client_id, device_code=code._device_code, grant_type=_GRANT_TYPE
    )
    while clock.monotonic() + interval < ends:
        await clock.sleep(interval)
        try:
            response = await post_form(caller, ACCESS_TOKEN, form)
        except (TransportError, ServerError):
            # RFC 8628, 3.5: poll less often after a network failure.
            interval *= 2
            continue
        body = json_object(response)
        error = body.get("error")
        if error == "authorization_pending":
            continue
        if error == "slow_down":
            # Permanently, and by the interval in GitHub's response.
            interval = _seconds(body.get("interval"), interval + _SLOWER)
            continue
        raise_refusal(body, ACCESS_TOKEN)
        token = user_token_in(body, response.headers.date("date") or clock.now())
        if token is None:
            del body
            raise CredentialsError(f"POST {ACCESS_TOKEN.path} was answered without a token.")
        return token
    raise refusal("expired_token", None, ACCESS_TOKEN)


def _seconds(value: object, usual: float) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value <= 0:
        return usual
    return float(value)
