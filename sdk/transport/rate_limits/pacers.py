"""One pacer for each credential, so that callers who share a token share its rate limits."""

from __future__ import annotations

import weakref
from collections import OrderedDict
from functools import partial
from typing import TYPE_CHECKING, Any

from sdk.transport.auth import Auth, OnBehalf, identity_of

from .pacer import Pacer

if TYPE_CHECKING:
    from sdk.transport.clock import Clock
    from sdk.transport.dialect import Dialect
    from sdk.transport.options import Pacing
    from sdk.transport.shared_state import LimitsListener, LimitsState

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
        self._workers = 1
        self.listener: LimitsListener | None = None
        # What keeps the id of a credential without an identity from being used again.
        self._holders: dict[str, object] = {}

    def of(self, auth: Auth) -> Pacer | None:
        """Return the pacer of a credential; None when pacing is off."""
        if self._pacing is None:
            return None
        identity: str = getattr(auth, "identity", None) or identity_of(auth)
        for pacers in (self._accepted, self._on_trial):
            pacer = pacers.get(identity)
            if pacer is not None:
                pacers.move_to_end(identity)
                return pacer
        pacer = Pacer(self._pacing, self._dialect, self._clock)
        pacer.on_accepted = partial(self._accept, identity, pacer)
        pacer.take_share(self._workers)
        if not self._hold(identity, auth):
            # The same in every process, unlike an id.
            pacer.on_learned = partial(self._learned, identity)
            if self.listener is not None:
                self.listener.began(identity)
        self._keep(self._on_trial, identity, pacer)
        return pacer

    def state_of(self, identity: str) -> LimitsState | None:
        """Return what is known of a credential; None if it is not used here."""
        pacer = self._accepted.get(identity)
        return None if pacer is None else pacer.state()

    def merge(self, identity: str, state: LimitsState) -> None:
        """Take in what another process knows of a credential that is used here."""
        pacer = self._accepted.get(identity) or self._on_trial.get(identity)
        if pacer is not None:
            pacer.merge(state)

    def take_share(self, workers: int) -> None:
        """Use one part of each limit, of as many as there are processes."""
        self._workers = workers
        for pacers in (self._accepted, self._on_trial):
            for pacer in pacers.values():
                pacer.take_share(workers)

    def _learned(self, identity: str) -> None:
        if self.listener is not None:
            self.listener.learned(identity)

    def _accept(self, identity: str, pacer: Pacer) -> None:
        self._on_trial.pop(identity, None)
        self._keep(self._accepted, identity, pacer)

    def _keep(self, pacers: OrderedDict[str, Pacer], identity: str, pacer: Pacer) -> None:
        pacers[identity] = pacer
        if len(pacers) > _MOST_PACERS:
            oldest, _ = pacers.popitem(last=False)
            self._holders.pop(oldest, None)

    def _hold(self, identity: str, auth: Auth) -> bool:
        """Forget the pacer of a credential that is known by its id as soon as that is freed.

        Return whether it is known by its id.
        """
        owner: Any = auth
        while isinstance(owner, OnBehalf):
            owner = owner._auth
        if getattr(owner, "identity", None):
            return False
        try:
            self._holders[identity] = weakref.ref(owner, partial(self._forget, identity))
        except TypeError:
            # It has __slots__ without __weakref__.
            self._holders[identity] = owner
        return True

    def _forget(self, identity: str, _: object) -> None:
        self._holders.pop(identity, None)
        self._accepted.pop(identity, None)
        self._on_trial.pop(identity, None)
