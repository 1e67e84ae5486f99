"""A typed, async SDK for the GitHub REST API.

::

    from sdk import Sdk

    async with Sdk() as sdk:
        user = await sdk.users.get("octocat")

Importing this package loads no resource, no model and no HTTP library: each name below is loaded
when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sdk.auth import TokenAuth, TokenFromEnvironment
    from sdk.client import Sdk
    from sdk.transport import (
        OMIT,
        Answer,
        ApiClient,
        Auth,
        CallOptions,
        Metadata,
        Omit,
        OnBehalf,
        Operation,
        Pacing,
        Page,
        Paged,
        RateLimit,
        Resource,
        Retry,
        Session,
        Timeout,
        metadata,
    )
    from sdk.transport.decoding import Drift
    from sdk.transport.download import Download, DownloadStream, Progress
    from sdk.transport.errors import (
        ApiError,
        BadRequest,
        ClientClosed,
        ClientNotOpen,
        Conflict,
        ConnectFailed,
        ConnectionLost,
        ConnectTimeout,
        DeadlineExceeded,
        DecodeError,
        Forbidden,
        Gone,
        InvalidInput,
        LifecycleError,
        NotFound,
        PayloadTooLarge,
        PoolTimeout,
        RateLimited,
        RateLimitExceeded,
        ReadTimeout,
        Redirected,
        ResponseTooLarge,
        SdkError,
        SecondaryRateLimited,
        ServerError,
        TimedOut,
        TransportError,
        Unauthorized,
        UnavailableForLegalReasons,
        ValidationFailed,
        WriteTimeout,
        WrongEventLoop,
    )
    from sdk.transport.request.upload import UploadData
    from sdk.transport.version import __version__

__all__ = [
    "OMIT",
    "Answer",
    "ApiClient",
    "ApiError",
    "Auth",
    "BadRequest",
    "CallOptions",
    "ClientClosed",
    "ClientNotOpen",
    "Conflict",
    "ConnectFailed",
    "ConnectTimeout",
    "ConnectionLost",
    "DeadlineExceeded",
    "DecodeError",
    "Download",
    "DownloadStream",
    "Drift",
    "Forbidden",
    "Gone",
    "InvalidInput",
    "LifecycleError",
    "Metadata",
    "NotFound",
    "Omit",
    "OnBehalf",
    "Operation",
    "Pacing",
    "Page",
    "Paged",
    "PayloadTooLarge",
    "PoolTimeout",
    "Progress",
    "RateLimit",
    "RateLimitExceeded",
    "RateLimited",
    "ReadTimeout",
    "Redirected",
    "Resource",
    "ResponseTooLarge",
    "Retry",
    "Sdk",
    "SdkError",
    "SecondaryRateLimited",
    "ServerError",
    "Session",
    "TimedOut",
    "Timeout",
    "TokenAuth",
    "TokenFromEnvironment",
    "TransportError",
    "Unauthorized",
    "UnavailableForLegalReasons",
    "UploadData",
    "ValidationFailed",
    "WriteTimeout",
    "WrongEventLoop",
    "__version__",
    "metadata",
]

# Where the public names live, cheapest and most wanted first.
_HOMES = (
    "sdk.transport.errors",
    "sdk.transport.version",
    "sdk.transport",
    "sdk.transport.decoding",
    "sdk.auth",
    "sdk.client",
    "sdk.transport.download",
    "sdk.transport.request.upload",
)


def __getattr__(name: str) -> object:
    if name in __all__:
        for home in _HOMES:
            module = import_module(home)
            if hasattr(module, name):
                value = globals()[name] = getattr(module, name)
                return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
