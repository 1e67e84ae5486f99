"""Requests to the OAuth endpoints of GitHub's website, and the errors in their responses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from sdk.auth.errors import SignInRefused, sign_in_refused
from sdk.transport import NoAuth, Operation, Response

if TYPE_CHECKING:
    from sdk.transport.auth import AuthCaller

WEBSITE = "https://github.com"

_CALL_SECONDS = 30.0


def _form(path: str, name: str) -> Operation[Response]:
    return Operation(
        "POST",
        path,
        id=name,
        server=WEBSITE,
        body="form",
        media="application/x-www-form-urlencoded",
        accept="application/json",
        returns=Response,
        reads=True,
    )


ACCESS_TOKEN = _form("/login/oauth/access_token", "oauth/access-token")
DEVICE_CODE = _form("/login/device/code", "oauth/device-code")


async def post_form(
    caller: AuthCaller, operation: Operation[Response], form: Mapping[str, str]
) -> Response:
    """Send a form to GitHub's website, without the client's credentials and own headers."""
    website = caller.with_auth(NoAuth(), own_headers=False)
    response: Response = await website.call(operation, {"timeout": _CALL_SECONDS}, {"form": form})
    return response


def json_object(response: Response) -> dict[str, Any]:
    """Return the JSON object of a response; an empty dict if the body is anything else."""
    try:
        body: Any = response.json()
    except ValueError:
        return {}
    return cast("dict[str, Any]", body) if isinstance(body, dict) else {}


def raise_refusal(body: Mapping[str, Any], operation: Operation[Any]) -> None:
    """Raise the error that a response with status 200 reports, if any."""
    code = body.get("error")
    if isinstance(code, str) and code:
        raise refusal(code, body.get("error_description"), operation)


def refusal(code: str, description: object, operation: Operation[Any]) -> SignInRefused:
    """Return the error for one of GitHub's codes."""
    from sdk.transport.dialect import one_line

    text = one_line(description) if isinstance(description, str) else ""
    return sign_in_refused(one_line(code), text, operation)
