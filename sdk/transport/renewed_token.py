"""A token with an expiry: fetched once for all callers, and renewed before it expires."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from .errors import RateLimited, SdkError, ServerError, TransportError
from .shared_state import Fetched
from .single_flight import SingleFlight

if TYPE_CHECKING:
    from .auth import AuthCall
    from .clock import Clock

logger = logging.getLogger("sdk")

# How long before its end a token is renewed in the background, and how long before its end callers
# wait for the next one: at most so many seconds, and at most such a part of its lifetime.
_RENEW_SECONDS, _RENEW_PART = 600.0, 1 / 6
_WAIT_SECONDS, _WAIT_PART = 300.0, 1 / 12

# The delay after a failed renewal in the background, in seconds.
_PAUSE_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class HeldToken:
    """A current token, with times on the monotonic clock.

    Attributes:
        token: the token itself.
        number: a number that is unique to the token; not a secret.
        fetched_at: when it was requested, in seconds.
        renew_from: from when on it is renewed in the background, in seconds.
        wait_from: from when on callers wait for the next one, in seconds.
        ends: when it expires, in seconds.
    """

    token: str
    number: int
    fetched_at: float
    renew_from: float
    wait_from: float
    ends: float

    def __repr__(self) -> str:
        return f"HeldToken(***, number={self.number})"


class SentToken(NamedTuple):
    """The tokens that a call was sent with: the last and the first one."""

    number: int
    first: int


Fetch = Callable[[], Awaitable[Fetched]]


class RenewedToken:
    """A token that several callers share.

    The first use fetches it, and all who need it then wait for that one request. Some time before
    its end a use renews it in the background, later ones wait for it. Where a renewal fails because
    the server cannot be reached, the token in hand is used as long as it lives.
    """

    __slots__ = ("_flight", "_number", "_pause_until", "held", "newest")

    def __init__(self) -> None:
        self.held: HeldToken | None = None
        # The one that was fetched last, also after it was dropped; "" before the first.
        self.newest = ""
        self._flight: SingleFlight[HeldToken] = SingleFlight()
        self._number = 0
        self._pause_until = float("-inf")

    async def current(self, call: AuthCall, fetch: Fetch) -> HeldToken:
        """Return the token to use now, and record its number on the call.

        Raises:
            SdkError: none could be fetched, and there is none that still lives.
        """
        clock = call.caller.settings.clock
        held, now = self.held, clock.monotonic()
        if held is None or now >= held.wait_from:
            held = await self._waited_for(call, clock, fetch)
        elif now >= held.renew_from and now >= self._pause_until:
            until_closed = call.caller.until_closed
            self._flight.start("token", lambda: self._renew(clock, fetch), until_closed)
        sent = call.note
        first = sent.first if isinstance(sent, SentToken) else held.number
        call.note = SentToken(held.number, first)
        return held

    async def _waited_for(self, call: AuthCall, clock: Clock, fetch: Fetch) -> HeldToken:
        try:
            return await self._flight.run(
                "token", lambda: self._renew(clock, fetch), call.caller.until_closed
            )
        except (TransportError, ServerError, RateLimited) as error:
            held = self.held
            if held is not None and clock.monotonic() < held.ends:
                return held
            _name_call(error, call)
            raise
        except SdkError as error:
            _name_call(error, call)
            raise

    async def _renew(self, clock: Clock, fetch: Fetch) -> HeldToken:
        started = clock.monotonic()
        try:
            token, lifetime, age = await fetch()
        except Exception as error:
            self._pause_until = clock.monotonic() + _PAUSE_SECONDS
            logger.info("A token could not be renewed: %s", type(error).__name__)
            raise
        self._number += 1
        self.newest = token
        # Another process may have fetched it.
        started -= age
        ends = started + (float("inf") if lifetime is None else max(lifetime, 0.0))
        length = ends - started
        self.held = HeldToken(
            token=token,
            number=self._number,
            fetched_at=started,
            renew_from=ends - min(_RENEW_SECONDS, length * _RENEW_PART),
            wait_from=ends - min(_WAIT_SECONDS, length * _WAIT_PART),
            ends=ends,
        )
        return self.held

    def was_replaced(self, call: AuthCall) -> bool:
        """Return whether the token of a call has been replaced since."""
        sent = call.note
        return (
            self.held is None or not isinstance(sent, SentToken) or self.held.number != sent.number
        )

    def was_renewed_in(self, call: AuthCall) -> bool:
        """Return whether a call was sent with more than one token."""
        sent = call.note
        return isinstance(sent, SentToken) and sent.number != sent.first

    def drop(self) -> None:
        """Drop the token, so that the next use fetches another."""
        self.held = None

    def __repr__(self) -> str:
        return f"RenewedToken({self.held!r})"


def _name_call(error: SdkError, call: AuthCall) -> None:
    operation = call.operation
    error.add_note(f"Credentials were needed for {operation.method} {operation.path}")
