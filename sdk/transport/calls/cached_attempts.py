"""The attempts of a call whose client has a response cache."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sdk.transport.caching.keys import base_parts_of, written_prefixes
from sdk.transport.caching.lookup import Lookup
from sdk.transport.caching.rules import is_cacheable
from sdk.transport.response.response import Response

from .attempts import Attempts
from .outcome import Outcome, Rejected

if TYPE_CHECKING:
    from sdk.transport.caching.guard import GuardedCache

# In seconds: a little more than a call waits for the cache.
_LEAST_TIME = 0.1

_READS = frozenset({"GET", "HEAD", "OPTIONS"})


class CachedAttempts(Attempts):
    """Looks into the cache before the first attempt, and stores what comes back.

    ``last`` is the response as it was received, a 304 included; an outcome is the stored response
    in its place.
    """

    __slots__ = ("_cache", "_is_bound", "_use_stored")

    _cache: GuardedCache
    _use_stored: bool
    _is_bound: bool

    def use(self, cache: GuardedCache, *, use_stored: bool) -> None:
        """Set the cache, and whether it may answer this call."""
        self._cache = cache
        self._use_stored = use_stored
        self._is_bound = False
        if not is_cacheable(self._request, self._settings.dialect):
            return
        settings = self._settings
        self._lookup = Lookup(
            cache,
            self._request,
            self.auth,
            dialect=settings.dialect,
            clock=settings.clock,
            fresh_for=settings.fresh_for,
        )

    async def attempt(self) -> Outcome:
        """Return the stored response if it may be used as it is; else make an attempt."""
        lookup = self._lookup
        if lookup is not None:
            if not self._is_bound:
                # A closed client raises here: it gives no stored responses either.
                lookup.bind(self._session.sender())
                self._is_bound = True
                wanted = self._use_stored and self._has_time
                stored = await lookup.fresh() if wanted else None
                if stored is not None:
                    stored.deadline = self._deadline
                    stored.find_request_id = self._settings.dialect.request_id
                    self.last = stored
                    return stored
            lookup.begin()
        outcome = await super().attempt()
        await self._settle(outcome)
        if lookup is not None and lookup.again:
            lookup.again = False
            return await self.attempt()
        return outcome

    def _headers_replaced(self, rejected: Rejected) -> bool:
        replaced = super()._headers_replaced(rejected)
        if replaced:
            # They are part of the key.
            self._is_bound = False
        return replaced

    def _classified(self, response: Response) -> Outcome:
        if self._lookup is None:
            return super()._classified(response)
        outcome = super()._classified(self._lookup.answered(response))
        response.find_request_id = self._settings.dialect.request_id
        self.last = response
        return outcome

    async def _settle(self, outcome: Outcome) -> None:
        """Store the response of a read; forget what a write may have changed."""
        if self._lookup is not None:
            if self.last is not None and self._has_time:
                await self._lookup.settle(self.last, accepted=isinstance(outcome, Response))
        elif self._cache.fresh and self._request.operation.method not in _READS:
            refused = isinstance(outcome, Rejected) and outcome.response.status < 500
            if not refused:
                await self._forget()

    @property
    def _has_time(self) -> bool:
        """Whether the call can wait for the cache without running into its own time limit."""
        left = self._time_left()
        return left is None or left > _LEAST_TIME or self._cache.never_waits

    async def _forget(self) -> None:
        settings, operation = self._settings, self._request.operation
        base_url = settings.base_url
        if operation.server is not None:
            base_url = settings.dialect.server(operation.server, base_url)
        base_parts = base_parts_of(base_url)
        await self._cache.wrote(written_prefixes(self._request.url, operation.path, base_parts))
