"""What a program that uses this SDK is tested with; needs the ``testing`` extra.

In pytest, the fixture ``github`` answers in GitHub's place, and ``fake`` makes models::

    async def test_profile(github):
        github.on(github.sdk.users.get, "octocat").respond(login="octocat", followers=3)
        user = await github.sdk.users.get("octocat")

``StandIn`` is an ASGI app that answers like api.github.com, without network or token::

    from sdk.testing import StandIn, serve

    async with serve(StandIn()) as base_url, Sdk(base_url=base_url) as sdk:
        user = await sdk.users.get("octocat")

Any ASGI server can run it too, and ``python -m sdk.testing`` starts it from a shell.

Importing this package loads none of it: each name is loaded when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .apps import in_process, mock_of
    from .current import assert_current
    from .deliveries import deliver
    from .fake_server import AppSeed, InstallationSeed, RegisteredApp, StandIn, serve
    from .fakes import fake
    from .mocking import ApiMock, Call, GitHubMock, ListRoute, NetworkBlocked, Route, UnmockedCall

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
]

_HOMES = {
    "ApiMock": "mocking",
    "AppSeed": "fake_server",
    "InstallationSeed": "fake_server",
    "RegisteredApp": "fake_server",
    "Call": "mocking",
    "GitHubMock": "mocking",
    "ListRoute": "mocking",
    "NetworkBlocked": "mocking",
    "Route": "mocking",
    "StandIn": "fake_server",
    "UnmockedCall": "mocking",
    "assert_current": "current",
    "deliver": "deliveries",
    "fake": "fakes",
    "in_process": "apps",
    "mock_of": "apps",
    "serve": "fake_server",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        home = import_module(f"{__name__}.{_HOMES[name]}")
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "respx":
            raise
        raise ImportError(
            f"sdk.testing.{name} needs respx: install github-sdk[testing]."
        ) from error
    value = globals()[name] = getattr(home, name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
