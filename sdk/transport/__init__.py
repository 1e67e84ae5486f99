"""How a call travels, for any API: it knows nothing of GitHub, of FastAPI, or of models."""

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
from .paging import Page, Paged
from .resource import Resource
from .session import Session

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
