"""How a call travels, for any API: it knows nothing of GitHub, of FastAPI, or of models."""

from typing import TYPE_CHECKING

from .answer import Answer
from .api_client import ApiClient
from .auth import Auth, NoAuth, OnBehalf
from .clock import Clock
from .dialect import Dialect, Failure
from .metadata import Metadata, RateLimit, metadata
from .omit import OMIT, Omit
from .operation import Operation
from .options import CallOptions, Retry, Timeout
from .pacing import Pacing
from .resource import Resource
from .session import Session

if TYPE_CHECKING:
    from .paging import Page, Paged

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
        from . import paging

        return getattr(paging, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
