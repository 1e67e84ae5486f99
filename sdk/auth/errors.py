"""Errors of credentials.

    CredentialsError                    (sdk.transport.errors)
    ├── AppRefused                      GitHub does not accept the App's JWT
    ├── InstallationGone                the App is no longer installed there
    ├── InstallationSuspended           its owner, or GitHub, suspended the installation
    ├── ScopeRefused                    the installation lacks a requested permission or repository
    └── SignInRefused                   GitHub refused a step of signing a user in
        ├── AccessDenied                the user declined, or closed the page
        ├── CodeRefused                 the code is wrong, used, or older than 10 minutes
        ├── ClientRefused               wrong client id or client secret
        ├── RedirectUriRefused          redirect_uri is not the one of the App's settings
        ├── EmailNotVerified            the user has no verified email address
        ├── SignInExpired               the user has to sign in again
        ├── DeviceCodeExpired           the device code was not entered in time
        └── DeviceFlowDisabled          the App's settings do not allow the device flow

All of them pickle, and none holds a token, a secret or a code.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sdk.transport.errors import CredentialsError

if TYPE_CHECKING:
    from sdk.transport import Operation

__all__ = [
    "AccessDenied",
    "AppRefused",
    "ClientRefused",
    "CodeRefused",
    "CredentialsError",
    "DeviceCodeExpired",
    "DeviceFlowDisabled",
    "EmailNotVerified",
    "InstallationGone",
    "InstallationSuspended",
    "RedirectUriRefused",
    "ScopeRefused",
    "SignInExpired",
    "SignInRefused",
]


class AppRefused(CredentialsError):
    """GitHub did not accept the App's JWT: another App's key, a wrong id, or the wrong time."""


class InstallationGone(CredentialsError):
    """The App has no such installation: it was removed, or belongs to another App."""

    hint = "Stop using this installation id; the App has to be installed again."


class InstallationSuspended(CredentialsError):
    """The installation is suspended, by its owner or by GitHub."""

    hint = "Nothing works until the owner unsuspends it; skip this installation."


class ScopeRefused(CredentialsError):
    """The installation lacks a permission or repository that was requested for the token."""

    hint = "Request less, or let the owner of the installation grant more."


class SignInRefused(CredentialsError):
    """GitHub refused a step of signing a user in.

    Attributes:
        error: GitHub's error code, such as ``"bad_verification_code"``.
        description: GitHub's description of the error.
    """

    error: str = ""
    description: str = ""


class AccessDenied(SignInRefused):
    """The user declined."""

    hint = "Let the user begin again if they want to."


class CodeRefused(SignInRefused):
    """The code is wrong, was used before, or is older than 10 minutes."""

    hint = "Begin the sign-in again: a code works once."


class ClientRefused(SignInRefused):
    """The client id or the client secret is wrong."""

    hint = "Check the client id and the client secret on the App's settings page."


class RedirectUriRefused(SignInRefused):
    """``redirect_uri`` is not one that the App's settings allow."""

    hint = "Make redirect_uri the callback URL of the App's settings page."


class EmailNotVerified(SignInRefused):
    """The user has no verified primary email address."""

    hint = "The user has to verify an email address at GitHub first."


class SignInExpired(SignInRefused):
    """The user's tokens have expired and cannot be renewed."""

    hint = "The user has to sign in again."


class DeviceCodeExpired(SignInRefused):
    """The device code expired before a user entered it."""

    hint = "Begin again and show the new code."


class DeviceFlowDisabled(SignInRefused):
    """The App does not allow the device flow."""

    hint = "Enable the device flow on the App's settings page."


_BY_CODE: dict[str, type[SignInRefused]] = {
    "access_denied": AccessDenied,
    "bad_refresh_token": SignInExpired,
    "bad_verification_code": CodeRefused,
    "device_flow_disabled": DeviceFlowDisabled,
    "expired_token": DeviceCodeExpired,
    "incorrect_client_credentials": ClientRefused,
    "incorrect_device_code": CodeRefused,
    "redirect_uri_mismatch": RedirectUriRefused,
    "unverified_user_email": EmailNotVerified,
}


def sign_in_refused(code: str, description: str, operation: Operation[Any]) -> SignInRefused:
    """Return the error for one of GitHub's codes (RFC 6749, 5.2; RFC 8628, 3.5)."""
    error_class = _BY_CODE.get(code, SignInRefused)
    said = description or error_class.__doc__ or ""
    text = f"{said.strip().rstrip('.')} ({code})"
    text = f"{operation}: {text}. {error_class.hint}".rstrip()
    return operation.call_error(error_class, text, error=code, description=description)
