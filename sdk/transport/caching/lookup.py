"""One call and the cache: what it sends along, and what becomes of its response."""

from __future__ import annotations

import itertools
import os
from collections.abc import Collection, Mapping
from functools import partial
from hashlib import blake2b
from typing import TYPE_CHECKING, Any
from uuid import uuid4
from weakref import WeakKeyDictionary

from sdk.transport.auth import query_of, sees_of
from sdk.transport.cache import CacheEntry
from sdk.transport.headers import Headers
from sdk.transport.response.response import Response, RevalidatedResponse, StoredResponse

from .keys import fingerprint, key_of
from .rules import is_storable, same_tag, stored_headers, updated_headers

if TYPE_CHECKING:
    from sdk.transport.auth import Auth
    from sdk.transport.clock import Clock
    from sdk.transport.dialect import Dialect
    from sdk.transport.request.request import Request

    from .guard import GuardedCache

# A week: what nobody asked for in that time goes. An entry that is in use is written again before.
_KEEP = 7 * 24 * 3600

_GONE = (404, 410)


class Lookup:
    """What a cache holds for one GET call, over all its attempts.

    Attributes:
        again: whether the call is to be sent again without a condition, after a 404 or 410 that may
            be wrong.
    """

    __slots__ = (
        "_auth",
        "_cache",
        "_clock",
        "_dialect",
        "_entry",
        "_fingerprint",
        "_fresh_for",
        "_hops",
        "_key",
        "_predictable",
        "_request",
        "_sent_at",
        "_storable",
        "_tag",
        "_unkeyed",
        "again",
    )

    def __init__(
        self,
        cache: GuardedCache,
        request: Request,
        auth: Auth,
        *,
        dialect: Dialect,
        clock: Clock,
        fresh_for: float,
    ) -> None:
        self._cache = cache
        self._request = request
        self._auth = auth
        self._dialect = dialect
        self._clock = clock
        # Credentials that do not say who they are may be anyone's next time.
        named = getattr(auth, "sees", None) or getattr(auth, "identity", None)
        self._fresh_for = fresh_for if named else 0.0
        self._key = ""
        self._entry: CacheEntry | None = None
        self._fingerprint = ""
        self._tag: str | None = None
        self._sent_at = 0.0
        self._hops = 0
        self._unkeyed: Collection[str] = ()
        self._predictable = self._storable = False
        self.again = False
        cache.fresh = cache.fresh or self._fresh_for > 0

    def bind(self, client: object) -> None:
        """Set the HTTP client that the call is sent with."""
        request = self._request
        added = added_by(client, request)
        self._key = key_of(request.url, request.headers, added, sees_of(self._auth))

    async def fresh(self) -> Response | None:
        """Read the cache; return the stored response if it may be used without asking the API."""
        value = await self._cache.get(self._key)
        parsed = self._cache.parsed
        self._entry = entry = None if value is None else parsed.read(self._key, value)
        if entry is None or self._fresh_for <= 0:
            return None
        age = self._clock.now() - entry.checked_at
        if not 0 <= age < self._fresh_for:
            return None
        if self._cache.was_written_since(self._key, entry.checked_at):
            return None
        headers = Headers.of(entry.headers)
        response = StoredResponse(200, headers, entry.body, self._request.url, 0)
        response.read = partial(self._cache.decoded.decode, self._key)
        return response

    def begin(self) -> None:
        """Begin an attempt."""
        self._hops = 0
        self._tag, self._storable = None, False

    def stamp(
        self,
        headers: Mapping[str, str],
        added: Mapping[str, str],
        trace_headers: Mapping[str, str],
    ) -> Mapping[str, str]:
        """Return what is added to a request, with the condition if it is the first of an attempt.

        Args:
            headers: the headers of the call.
            added: the credentials and `trace_headers`.
            trace_headers: what carries a trace.
        """
        if self._hops:
            return added
        self._unkeyed = trace_headers.keys()
        credentials = added
        if trace_headers:
            credentials = {name: added[name] for name in added if name not in trace_headers}
        self._fingerprint = fingerprint(self._key, credentials, query_of(self._auth))
        self._sent_at = self._clock.now()
        entry = self._entry
        if entry is None:
            return added
        if entry.fingerprint == self._fingerprint:
            self._tag = entry.etag
        elif entry.predictable:
            self._tag = self._dialect.tag({**headers, **added}, entry.body)
        return added if self._tag is None else {**added, "if-none-match": self._tag}

    def note(
        self, response: Response, headers: Mapping[str, str], added: Mapping[str, str]
    ) -> None:
        """Look at a response while the headers that were sent are at hand: they hold a token."""
        self._hops += 1
        if response.status != 200 or self._redirected:
            return
        self._storable = is_storable(response.headers, self._unkeyed)
        if self._storable:
            tag = self._dialect.tag({**headers, **added}, response.body)
            self._predictable = tag is not None and same_tag(tag, response.headers["etag"])

    @property
    def _redirected(self) -> bool:
        """Whether the response is that of another request than the first of its attempt."""
        return self._hops > 1

    def answered(self, response: Response) -> Response:
        """Return the stored response in place of a 304; any other response as it is."""
        entry = self._entry
        if response.status != 304 or self._tag is None or entry is None or self._redirected:
            return response
        headers = updated_headers({**entry.headers, "etag": self._tag}, response.headers)
        stored = RevalidatedResponse(200, headers, entry.body, response.url, response.attempts)
        stored.read = partial(self._cache.decoded.decode, self._key)
        return stored

    async def settle(self, response: Response, *, accepted: bool) -> None:
        """Store what the response says; `response` is the one that was received.

        Args:
            response: the response as received.
            accepted: whether the call takes it, or the stored one in its place, for a success.
        """
        if self._redirected:
            return
        if response.status in _GONE and self._tag is not None:
            self._entry, self.again = None, True
            await self._cache.drop(self._key)
        elif accepted and response.status == 304:
            await self._renew(response)
        elif accepted and self._storable:
            headers = stored_headers(response.headers, self._dialect)
            await self._put(response.headers["etag"], headers, response.body)

    async def _renew(self, response: Response) -> None:
        """Write an entry again, if it would be of less use as it is."""
        entry, tag = self._entry, self._tag
        if entry is None or tag is None:
            return
        old = self._sent_at - entry.stored_at > _KEEP / 2
        if entry.fingerprint != self._fingerprint or self._fresh_for > 0 or old:
            self._predictable = entry.predictable
            headers = updated_headers({**entry.headers, "etag": tag}, response.headers)
            await self._put(tag, stored_headers(headers, self._dialect), entry.body)

    async def _put(self, etag: str, headers: Mapping[str, str], body: bytes) -> None:
        moment = self._sent_at
        self._entry = entry = CacheEntry(
            etag, self._fingerprint, self._predictable, moment, moment, headers, body
        )
        await self._cache.put(self._key, entry.to_bytes(), _KEEP)


_run = uuid4().hex
_numbers = itertools.count(1)
_numbered: WeakKeyDictionary[Any, str] = WeakKeyDictionary()

# Not about what a response holds.
_HOP = frozenset({"connection", "content-length", "host", "transfer-encoding"})


def added_by(client: Any, request: Request) -> str:
    """Return a hash of what an injected HTTP client adds to a request; "" for nothing.

    Its default headers may be credentials. A hook of its own may add any others: such a client
    shares its stored responses with no other one, and not beyond its life.
    """
    defaults = getattr(client, "headers", None)
    if defaults is None:
        return ""
    added = {name: value for name, value in defaults.items() if name not in request.headers}
    lines = [f"{name}:{added[name]}" for name in sorted(added.keys() - _HOP)]
    hooks: Mapping[str, Any] = getattr(client, "event_hooks", {})
    if hooks.get("request"):
        if client not in _numbered:
            _numbered[client] = f"{_run}/{next(_numbers)}"
        # A forked process has the same numbers.
        lines.append(f"{os.getpid()}/{_numbered[client]}")
    if not lines:
        return ""
    return blake2b("\n".join(lines).encode(), digest_size=16).hexdigest()
