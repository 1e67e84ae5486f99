"""A cache behind a time limit and a circuit breaker: it can neither fail nor delay a call."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from sdk.transport.decoding.decoded_values import DecodedValues
from sdk.transport.errors import InvalidInput

from .keys import prefixes_of
from .parsed_entries import ParsedEntries

if TYPE_CHECKING:
    from sdk.transport.cache import Cache
    from sdk.transport.clock import Clock

T = TypeVar("T")
P = ParamSpec("P")

logger = logging.getLogger("sdk")

# The longest that a call waits for the cache, and how long it then does without, in seconds.
_TIME_LIMIT = 0.05
_PAUSE = 5.0
# What happens once may take longer.
_OPEN_LIMIT = _CLOSE_LIMIT = 1.0

# For decoded values, in bytes of memory, unless the cache names another limit.
_MOST_DECODED = 32 * 1024 * 1024

# Writes that are remembered; older ones are taken for writes to everything.
_MOST_WRITES = 1024


class GuardedCache:
    """A cache as the calls of one client and its views use it.

    After a failure, or an operation of more than 50 ms, the cache is left alone for 5 seconds; then
    one operation tries it. One warning is logged for each outage.

    Attributes:
        cache: the cache itself.
        decoded: the decoded values of what was used lately.
        parsed: the entries of what was used lately.
        never_waits: whether its operations need no time limit.
        fresh: whether any call has used responses without asking the API (``fresh_for``).
    """

    __slots__ = (
        "_broken",
        "_clock",
        "_retry_at",
        "_written",
        "_written_all",
        "cache",
        "decoded",
        "fresh",
        "never_waits",
        "parsed",
    )

    def __init__(self, cache: Cache, clock: Clock) -> None:
        self.cache = cache
        # A time limit costs 5 us.
        self.never_waits: bool = getattr(cache, "never_waits", False)
        self.fresh = False
        most: int = getattr(cache, "max_decoded", _MOST_DECODED)
        self.decoded = DecodedValues(most)
        self.parsed = ParsedEntries(most // 4)
        self._clock = clock
        self._broken = False
        self._retry_at = 0.0
        # When something below a prefix was last written, in seconds since the epoch.
        self._written: dict[str, float] = {}
        self._written_all = float("-inf")

    async def get(self, key: str) -> bytes | None:
        """Return the value under a key; None if there is none, or if the cache failed."""
        return await self._guarded(self.cache.get, key)

    async def put(self, key: str, value: bytes, seconds: int) -> None:
        """Store a value, if the cache works."""
        await self._guarded(self.cache.put, key, value, seconds)

    async def drop(self, prefix: str) -> None:
        """Forget the values under a prefix, if the cache works."""
        await self._guarded(self.cache.drop, prefix)

    async def open(self) -> None:
        """Open the cache, if it has to be opened; a failure is logged."""
        opener: Callable[[], Awaitable[object]] | None = getattr(self.cache, "open", None)
        if opener is None or not self._usable():
            return
        try:
            async with asyncio.timeout(_OPEN_LIMIT):
                await opener()
        except Exception as error:  # noqa: BLE001  as for any operation
            self._failed(error)

    async def aclose(self) -> None:
        """Close the cache; a failure is logged, and it may take a second at most."""
        try:
            async with asyncio.timeout(_CLOSE_LIMIT):
                await self.cache.aclose()
        except Exception as error:  # noqa: BLE001  nothing is lost with a cache
            name = type(self.cache).__name__
            logger.warning("Closing the cache %s failed (%s).", name, type(error).__name__)

    async def wrote(self, prefixes: list[str]) -> None:
        """Note that what is stored under these prefixes may have changed, and forget it.

        It is noted here as well, for responses that were sent before the write and are stored
        after it, and for a cache that does not work.
        """
        now = self._clock.now()
        for prefix in prefixes:
            self._written[prefix] = now
        if len(self._written) > _MOST_WRITES:
            self._written_all = now
            self._written.clear()
        for prefix in prefixes:
            await self.drop(prefix)

    def was_written_since(self, key: str, moment: float) -> bool:
        """Return whether what is stored under a key may have changed since a moment."""
        if self._written_all >= moment:
            return True
        written = self._written
        if not written:
            return False
        return any(written.get(prefix, float("-inf")) >= moment for prefix in prefixes_of(key))

    def _usable(self) -> bool:
        if not self._broken:
            return True
        now = self._clock.monotonic()
        if now < self._retry_at:
            return False
        # This operation is the probe; until it has ended, others do without.
        self._retry_at = now + _PAUSE
        return True

    async def _guarded(
        self, operation: Callable[P, Awaitable[T]], *args: P.args, **options: P.kwargs
    ) -> T | None:
        if not self._usable():
            return None
        try:
            if self.never_waits:
                result = await operation(*args, **options)
            else:
                async with asyncio.timeout(_TIME_LIMIT):
                    result = await operation(*args, **options)
        except Exception as error:  # noqa: BLE001  whatever a store raises is a miss
            self._failed(error)
            return None
        if self._broken:
            self._broken = False
            logger.info("The cache %s works again.", type(self.cache).__name__)
        return result

    def _failed(self, error: Exception) -> None:
        self._retry_at = self._clock.monotonic() + _PAUSE
        if self._broken:
            return
        self._broken = True
        reason = type(error).__name__
        if isinstance(error, TimeoutError):
            reason = "no result in time"
        # Without its text, which may hold an address with a password.
        logger.warning(
            "The cache %s failed (%s): calls go on without it, and it is tried again every %.0f s.",
            type(self.cache).__name__,
            reason,
            _PAUSE,
        )

    def __repr__(self) -> str:
        return f"<GuardedCache of {type(self.cache).__name__}>"


def guarded(cache: Cache | None, clock: Clock) -> GuardedCache | None:
    """Return a cache behind its guard; None for None.

    Raises:
        InvalidInput: it is not a cache.
    """
    if cache is None:
        return None
    methods = ("get", "put", "drop", "aclose")
    if isinstance(cache, type) or not all(callable(getattr(cache, name, None)) for name in methods):
        kind = f"the class {cache.__name__}" if isinstance(cache, type) else type(cache).__name__
        if hasattr(cache, "attach"):
            raise InvalidInput(
                f"{kind} is no cache, but has one: pass it as shared=, not as cache=."
            )
        raise InvalidInput(
            f"cache must be a Cache such as MemoryCache() from sdk.stores, with the async methods "
            f"{', '.join(methods)}; not {kind}."
        )
    return GuardedCache(cache, clock)
