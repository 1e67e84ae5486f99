"""Test programs that use this SDK; needs the ``testing`` extra.

In pytest, the fixture ``github`` answers in GitHub's place, and ``fake`` makes models::

    async def test_profile(github):
        github.on(github.sdk.users.get, "octocat").respond(login="octocat", followers=3)
        user = await github.sdk.users.get("octocat")

``StandIn`` is an ASGI app that answers like api.github.com, without network or token::

    from sdk.testing import StandIn, serve

    async with serve(StandIn()) as base_url, Sdk(base_url=base_url) as sdk:
        user = await sdk.users.get("octocat")

Any ASGI server can run it too, and ``python -m sdk.testing`` starts it from a shell.

Importing this package loads nothing: each name is imported when it is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sdk.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from .apps import in_process, mock_of
    from .current import assert_current
    from .deliveries import deliver
    from .fake_server import AppSeed, InstallationSeed, RegisteredApp, StandIn, serve
    from .fakes import fake
    from .mocking import ApiMock, Call, GitHubMock, ListRoute, NetworkBlocked, Route, UnmockedCall
    from .sign_in import sign_in_user

__all__ = [
    "ApiMock",
    "AppSeed",
    "Call",
    "GitHubMock",
    "InstallationSeed",
    "ListRoute",
    "NetworkBlocked",
    "RegisteredApp",
    "Route",
    "StandIn",
    "UnmockedCall",
    "assert_current",
    "deliver",
    "fake",
    "in_process",
    "mock_of",
    "serve",
    "sign_in_user",
]

__getattr__, __dir__ = lazy_exports(
    __name__,
    {
        "ApiMock": ".mocking",
        "AppSeed": ".fake_server",
        "Call": ".mocking",
        "StandIn": ".fake_server",
        "GitHubMock": ".mocking",
        "InstallationSeed": ".fake_server",
        "ListRoute": ".mocking",
        "NetworkBlocked": ".mocking",
        "RegisteredApp": ".fake_server",
        "Route": ".mocking",
        "UnmockedCall": ".mocking",
        "assert_current": ".current",
        "deliver": ".deliveries",
        "fake": ".fakes",
        "in_process": ".apps",
        "mock_of": ".apps",
        "serve": ".fake_server",
        "sign_in_user": ".sign_in",
    },
    extras={"respx": "testing"},
)
