"""One pacer for each credential, so that callers who share a token share its rate limits."""

from __future__ import annotations

import weakref
from collections import OrderedDict
from functools import partial
from typing import TYPE_CHECKING, Any

from sdk.transport.auth import Auth, OnBehalf, identity_of

from .pacer import Pacer, Pacing

if TYPE_CHECKING:
    from sdk.transport.clock import Clock
    from sdk.transport.dialect import Dialect

# A service that acts for its users has a pacer for each of them. The least recently used one goes.
_MOST_PACERS = 1024


class Pacers:
    """The pacers of a client and its views, by credential: at most 2,048 of them.

    A credential's pacer is on trial until the API has accepted the credential once. So invented
    tokens push out only each other, and never the limits of a real one.
    """

    def __init__(self, pacing: Pacing | None, dialect: Dialect, clock: Clock) -> None:
        self._pacing = pacing
        self._dialect = dialect
        self._clock = clock
        self._accepted: OrderedDict[str, Pacer] = OrderedDict()
        self._on_trial: OrderedDict[str, Pacer] = OrderedDict()
        # What keeps the id of a credential without an identity from being used again.
        self._holders: dict[str, object] = {}

    def of(self, auth: Auth) -> Pacer | None:
        """Return the pacer of a credential; None when pacing is off."""
        if self._pacing is None:
            return None
        identity = identity_of(auth)
        for pacers in (self._accepted, self._on_trial):
            pacer = pacers.get(identity)
            if pacer is not None:
                pacers.move_to_end(identity)
                return pacer
        pacer = Pacer(self._pacing, self._dialect, self._clock)
        pacer.on_accepted = partial(self._accept, identity, pacer)
        self._hold(identity, auth)
        self._keep(self._on_trial, identity, pacer)
        return pacer

    def _accept(self, identity: str, pacer: Pacer) -> None:
        self._on_trial.pop(identity, None)
        self._keep(self._accepted, identity, pacer)

    def _keep(self, pacers: OrderedDict[str, Pacer], identity: str, pacer: Pacer) -> None:
        pacers[identity] = pacer
        if len(pacers) > _MOST_PACERS:
            oldest, _ = pacers.popitem(last=False)
            self._holders.pop(oldest, None)

    def _hold(self, identity: str, auth: Auth) -> None:
        """Remove the pacer of a credential without an identity when the credential is freed."""
        owner: Any = auth
        while isinstance(owner, OnBehalf):
            owner = owner._auth
        if getattr(owner, "identity", None):
            return
        try:
            self._holders[identity] = weakref.ref(owner, partial(self._forget, identity))
        except TypeError:
            # It has __slots__ without __weakref__.
            self._holders[identity] = owner

    def _forget(self, identity: str, _: object) -> None:
        self._holders.pop(identity, None)
        self._accepted.pop(identity, None)
        self._on_trial.pop(identity, None)
