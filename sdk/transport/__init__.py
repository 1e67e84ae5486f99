"""The transport of typed API clients, for any HTTP API.

Other packages import the modules of this package and the names below. Its folders are internal.
"""

from typing import TYPE_CHECKING

from sdk.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from .api_client import ApiClient
    from .auth import Auth, NoAuth, OnBehalf
    from .cache import Cache
    from .client_options import ClientOptions
    from .clock import Clock
    from .decoding import Decoder, Drift, DriftKey, DriftKind, DriftReporter, Undecodable
    from .dialect import Dialect, Failure
    from .download import Download, DownloadStream
    from .event_stream import EventStream
    from .files import Progress
    from .http.adapter import HttpClient
    from .http.exceptions import translate
    from .http.session import Session
    from .observability.events import (
        AttemptFinished,
        CallFinished,
        CallStarted,
        Event,
        Observer,
        RetryScheduled,
    )
    from .omit import OMIT, Omit
    from .operation import Operation
    from .options import CallOptions, Pacing, Retry, Timeout
    from .pagination.paged import Collected, Page, Paged, PagedObject
    from .request.multipart import File, FileData
    from .request.upload import Readable, UploadData
    from .resource import Resource
    from .response.rate_limit import RateLimit
    from .response.response import Metadata, Response, attach, metadata

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

# Models, generated code and webhooks need little of it, and a call not all.
__getattr__, __dir__ = lazy_exports(
    __name__,
    {
        "ApiClient": ".api_client",
        "AttemptFinished": ".observability.events",
        "Auth": ".auth",
        "Cache": ".cache",
        "CallFinished": ".observability.events",
        "CallOptions": ".options",
        "CallStarted": ".observability.events",
        "ClientOptions": ".client_options",
        "Clock": ".clock",
        "Collected": ".pagination.paged",
        "Decoder": ".decoding",
        "Dialect": ".dialect",
        "Download": ".download",
        "DownloadStream": ".download",
        "Drift": ".decoding",
        "DriftKey": ".decoding",
        "DriftKind": ".decoding",
        "DriftReporter": ".decoding",
        "Event": ".observability.events",
        "EventStream": ".event_stream",
        "Failure": ".dialect",
        "File": ".request.multipart",
        "FileData": ".request.multipart",
        "HttpClient": ".http.adapter",
        "Metadata": ".response.response",
        "NoAuth": ".auth",
        "OMIT": ".omit",
        "Observer": ".observability.events",
        "Omit": ".omit",
        "OnBehalf": ".auth",
        "Operation": ".operation",
        "Pacing": ".options",
        "Page": ".pagination.paged",
        "Paged": ".pagination.paged",
        "PagedObject": ".pagination.paged",
        "Progress": ".files",
        "RateLimit": ".response.rate_limit",
        "Readable": ".request.upload",
        "Resource": ".resource",
        "Response": ".response.response",
        "Retry": ".options",
        "RetryScheduled": ".observability.events",
        "Session": ".http.session",
        "Timeout": ".options",
        "Undecodable": ".decoding",
        "UploadData": ".request.upload",
        "attach": ".response.response",
        "metadata": ".response.response",
        "translate": ".http.exceptions",
    },
)
