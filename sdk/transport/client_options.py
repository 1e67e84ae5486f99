"""The common options of clients, for client classes with arguments of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from .auth import Auth
    from .cache import Cache
    from .clock import Clock
    from .decoding import Drift
    from .http.adapter import HttpClient
    from .http.session import Session
    from .observability.events import Observer
    from .options import Pacing, Retry, Timeout
    from .shared_state import SharedState


class ClientOptions(TypedDict, total=False):
    """The options of ``ApiClient`` except ``base_url``, which describes them in full.

    ::

        class Billing(ApiClient):
            def __init__(self, token: str, **options: Unpack[ClientOptions]) -> None:
                super().__init__(base_url="https://billing.example.com", **options)

    Keys:
        auth: the credentials; None for no credentials.
        timeout: a Timeout, the limit of a whole call in seconds, or None for no limit.
        retry: the retry policy, or None for a single attempt.
        pacing: how calls are kept within the API's rate limits, or None.
        headers: headers of every request.
        session: another client's ``session``, to share its pool.
        http_client: an open ``httpx.AsyncClient`` or ``httpx2.AsyncClient`` to use.
        max_connections: the size of the pool.
        http2: whether to offer HTTP/2.
        max_response_bytes: the largest body to accept, in bytes after decompression.
        strict: whether a response that differs from its description raises DecodeError.
        on_drift: called with each such difference.
        observers: called with an event for every call, attempt and retry.
        shared: what this client shares with those of other processes.
        cache: the store of responses, or None for no cache.
        fresh_for: how long a stored response is used without asking the API, in seconds.
        clock: the source of time.
    """

    auth: Auth | None
    timeout: Timeout | float | None
    retry: Retry | None
    pacing: Pacing | None
    headers: Mapping[str, str] | None
    session: Session | None
    http_client: HttpClient | None
    max_connections: int
    http2: bool
    max_response_bytes: int
    strict: bool
    on_drift: Callable[[Drift], object] | None
    observers: Iterable[Observer]
    cache: Cache | None
    fresh_for: float
    shared: SharedState | None
    clock: Clock
