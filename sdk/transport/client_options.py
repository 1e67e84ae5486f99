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
    from .options import Retry, Timeout
    from .rate_limits.pacer import Pacing


class ClientOptions(TypedDict, total=False):
    """The options of ``ApiClient`` except ``base_url``; see there.

    ::

        class Billing(ApiClient):
            def __init__(self, token: str, **options: Unpack[ClientOptions]) -> None:
                super().__init__(base_url="https://billing.example.com", **options)
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
    clock: Clock
