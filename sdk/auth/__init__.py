"""Credentials: tokens, GitHub Apps, signed-in users, GitHub Actions."""

from typing import TYPE_CHECKING

from sdk.lazy_exports import lazy_exports

from .token import TokenAuth, TokenFromEnvironment

if TYPE_CHECKING:
    from .actions import ActionsAuth
    from .app import GitHubApp
    from .app_auth import AppAuth
    from .device import DeviceCode, sign_in_on_device
    from .gh import GhAuth
    from .installation import InstallationAuth
    from .oauth import OAuthApp, SignIn
    from .user_auth import UserAuth
    from .user_token import TokenStore, UserToken

__all__ = [
    "ActionsAuth",
    "AppAuth",
    "DeviceCode",
    "GhAuth",
    "GitHubApp",
    "InstallationAuth",
    "OAuthApp",
    "SignIn",
    "TokenAuth",
    "TokenFromEnvironment",
    "TokenStore",
    "UserAuth",
    "UserToken",
    "sign_in_on_device",
]

# A call with a token needs none of these.
__getattr__, __dir__ = lazy_exports(
    __name__,
    {
        "ActionsAuth": ".actions",
        "AppAuth": ".app_auth",
        "DeviceCode": ".device",
        "GhAuth": ".gh",
        "GitHubApp": ".app",
        "InstallationAuth": ".installation",
        "OAuthApp": ".oauth",
        "SignIn": ".oauth",
        "TokenStore": ".user_token",
        "UserAuth": ".user_auth",
        "UserToken": ".user_token",
        "sign_in_on_device": ".device",
    },
)
