"""What a client is built from: its headers, its cache, and what it shares with processes."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from .auth import Auth, checked_auth, is_on_behalf
from .errors import InvalidInput
from .headers import FixedHeaders
from .http.session import Session
from .omit import OMIT, Omit
from .options import Retry, Timeout, checked_seconds
from .request.request import checked_headers
from .version import __version__

if TYPE_CHECKING:
    from .cache import Cache
    from .caching.guard import GuardedCache
    from .calls.settings import Settings
    from .clock import Clock
    from .dialect import Dialect
    from .http.adapter import HttpClient
    from .shared_state import SharedState

_SOFTWARE = f"github-sdk/{__version__} python/{sys.version_info[0]}.{sys.version_info[1]}"


def session_of(
    session: Session | None, http_client: HttpClient | None, *, max_connections: int, http2: bool
) -> Session:
    """Return the session that was passed in, or a new one; raise InvalidInput."""
    if session is None:
        return Session(http_client, max_connections=max_connections, http2=http2)
    if http_client is not None:
        raise InvalidInput("Pass either session or http_client, not both.")
    if not isinstance(session, Session):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise InvalidInput("Pass the session of another client: session=other.session.")
    return session


def client_headers(dialect: Dialect, name: str, headers: Mapping[str, str] | None) -> FixedHeaders:
    """Return the headers of every request: the API's, the client's own, and the user's.

    Args:
        dialect: the API's conventions.
        name: what the client calls itself in the user agent.
        headers: those that the user chose.

    Raises:
        InvalidInput: one of them cannot be sent.
    """
    return FixedHeaders(
        {
            **checked_headers(dialect.headers),
            "user-agent": _user_agent(name),
            # Only gzip: it is decompressed here, which bounds the memory that a bomb can take.
            "accept-encoding": "gzip",
            **checked_headers({} if headers is None else headers),
        }
    )


def changed_settings(
    settings: Settings,
    *,
    auth: Auth | None | Omit,
    timeout: Timeout | float | None | Omit,
    retry: Retry | None | Omit,
    headers: Mapping[str, str] | Omit,
    cache: Cache | None | Omit,
    fresh_for: float | Omit,
) -> Settings:
    """Return the settings of a view; raise InvalidInput if an option cannot be used."""
    new_auth, new_headers = settings.auth, settings.headers
    if auth is not OMIT:
        new_auth = checked_auth(auth)
        if is_on_behalf(auth):
            # The application's own credentials must not be sent together with a user's.
            new_headers = new_headers.without("authorization", "cookie")
    if headers is not OMIT:
        new_headers = FixedHeaders({**new_headers, **checked_headers(headers)})
    changed = settings.changed(
        new_auth,
        new_headers,
        settings.timeout if timeout is OMIT else settings.timeout.changed(timeout),
        settings.retry if retry is OMIT else Retry.of(retry),
    )
    if cache is not OMIT:
        changed = replace(changed, cache=guarded(cache, settings.clock))
    if fresh_for is not OMIT:
        changed = replace(changed, fresh_for=checked_seconds(fresh_for=fresh_for))
    return changed


def guarded(cache: Cache | None, clock: Clock) -> GuardedCache | None:
    """Return the cache, guarded against its own failures; None without one."""
    if cache is None:
        return None
    # Imported here, because most programs have no cache.
    from .caching.guard import guarded

    return guarded(cache, clock)


def checked_fresh_for(seconds: float, cache: Cache | None) -> float:
    """Return the seconds that a response is used for without asking; raise InvalidInput."""
    seconds = checked_seconds(fresh_for=seconds)
    if seconds and cache is None:
        raise InvalidInput("fresh_for needs a cache: pass cache=MemoryCache() of sdk.stores, too.")
    return seconds


def checked_shared(shared: SharedState | None) -> SharedState | None:
    """Return what is shared with other processes; raise InvalidInput if it cannot be."""
    if shared is not None and (isinstance(shared, type) or not hasattr(shared, "attach")):
        if hasattr(shared, "get") and hasattr(shared, "put"):
            raise InvalidInput("A cache is passed as cache=, not as shared=.")
        raise InvalidInput(
            "shared must be an object such as RedisShared.from_url(...), not "
            f"{shared.__name__ if isinstance(shared, type) else type(shared).__name__}."
        )
    return shared


def _user_agent(title: str) -> str:
    """Return the user agent of a client: its own name before the library's."""
    if title in {"Sdk", "ApiClient"}:
        return _SOFTWARE
    # RFC 9110, 10.1.5: a product is a token.
    name = re.sub(r"[^!#$%&'*+.^_`|~0-9A-Za-z-]+", "-", title).strip("-")
    return f"{name} {_SOFTWARE}" if name else _SOFTWARE
