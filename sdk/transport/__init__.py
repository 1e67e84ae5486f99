"""The transport of typed API clients, for any HTTP API.

Other packages import the modules of this package and the names below. Its folders are internal.
"""

from typing import TYPE_CHECKING

from sdk.lazy_exports import lazy_exports

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
from .response.metadata import Metadata, attach, metadata
from .response.rate_limit import RateLimit
from .response.response import Response

if TYPE_CHECKING:
    from .cache import Cache
    from .client_options import ClientOptions
    from .decoding import Decoder, Drift, DriftKey, DriftKind, DriftReporter, Undecodable
    from .download import Download, DownloadStream
    from .event_stream import EventStream
    from .files import Progress
    from .http.adapter import HttpClient
    from .http.exceptions import translate
    from .observability.events import (
        AttemptFinished,
        CallFinished,
        CallStarted,
        Event,
        Observer,
        RetryScheduled,
    )
    from .pagination.paged import Collected, Page, Paged, PagedObject
    from .request.multipart import File, FileData
    from .request.upload import Readable, UploadData

__all__ = [
    "OMIT",
    "ApiClient",
    "AttemptFinished",
    "Auth",
    "Cache",
    "CallFinished",
    "CallOptions",
    "CallStarted",
    "ClientOptions",
    "Clock",
    "Collected",
    "Decoder",
    "Dialect",
    "Download",
    "DownloadStream",
    "Drift",
    "DriftKey",
    "DriftKind",
    "DriftReporter",
    "Event",
    "EventStream",
    "Failure",
    "File",
    "FileData",
    "HttpClient",
    "Metadata",
    "NoAuth",
    "Observer",
    "Omit",
    "OnBehalf",
    "Operation",
    "Pacing",
    "Page",
    "Paged",
    "PagedObject",
    "Progress",
    "RateLimit",
    "Readable",
    "Resource",
    "Response",
    "Retry",
    "RetryScheduled",
    "Session",
    "Timeout",
    "Undecodable",
    "UploadData",
    "attach",
    "metadata",
    "translate",
]

# A call that returns no list, uploads nothing and is not observed needs none of these.
__getattr__, __dir__ = lazy_exports(
    __name__,
    {
        "AttemptFinished": ".observability.events",
        "Cache": ".cache",
        "CallFinished": ".observability.events",
        "CallStarted": ".observability.events",
        "Download": ".download",
        "DownloadStream": ".download",
        "ClientOptions": ".client_options",
        "Decoder": ".decoding",
        "Drift": ".decoding",
        "DriftKey": ".decoding",
        "DriftKind": ".decoding",
        "DriftReporter": ".decoding",
        "Event": ".observability.events",
        "EventStream": ".event_stream",
        "File": ".request.multipart",
        "FileData": ".request.multipart",
        "HttpClient": ".http.adapter",
        "Observer": ".observability.events",
        "Collected": ".pagination.paged",
        "Page": ".pagination.paged",
        "Paged": ".pagination.paged",
        "PagedObject": ".pagination.paged",
        "Progress": ".files",
        "Readable": ".request.upload",
        "RetryScheduled": ".observability.events",
        "Undecodable": ".decoding",
        "UploadData": ".request.upload",
        "translate": ".http.exceptions",
    },
)
