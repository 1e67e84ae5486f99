"""How a call travels, for any API: it knows nothing of GitHub, of FastAPI, or of models."""

from typing import TYPE_CHECKING

from .api_client import ApiClient
from .auth import Auth, NoAuth, OnBehalf
from .clock import Clock
from .dialect import Dialect, Failure
from .http.session import Session
from .omit import OMIT, Omit
from .operation import Operation
from .options import CallOptions, Retry, Timeout
from .rate_limits.pacer import Pacing
from .resource import Resource
from .response.metadata import Metadata, RateLimit, metadata
from .response.response import Answer

if TYPE_CHECKING:
    from .pagination.paged import Page, Paged

__all__ = [
    "OMIT",
    "Answer",
    "ApiClient",
    "Auth",
    "CallOptions",
    "Clock",
    "Dialect",
    "Failure",
    "Metadata",
    "NoAuth",
    "Omit",
    "OnBehalf",
    "Operation",
    "Pacing",
    "Page",
    "Paged",
    "RateLimit",
    "Resource",
    "Retry",
    "Session",
    "Timeout",
    "metadata",
]


def __getattr__(name: str) -> object:
    # Calls that give no list are made without what lists need.
    if name in {"Page", "Paged"}:
        from .pagination import paged

        return getattr(paged, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
