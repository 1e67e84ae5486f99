"""One pacer for each credential, so that callers who share a token share its rate limits."""

from __future__ import annotations

import weakref
from collections import OrderedDict
from functools import partial
from typing import TYPE_CHECKING, Any

from sdk.transport.auth import Auth, OnBehalf, identity_of

from .pacer import Pacer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sdk.transport.clock import Clock
    from sdk.transport.dialect import Dialect
    from sdk.transport.options import Pacing
    from sdk.transport.shared_state import (
        LeaseGrant,
        LeaseReport,
        LimitsListener,
        LimitsState,
    )

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
        self._reserved = False
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
        pacer.take_share(self._workers, reserved=self._reserved)
        if not self._hold(identity, auth):
            # The same in every process, unlike an id.
            pacer.on_learned = partial(self._learned, identity)
            pacer.on_short = partial(self._ran_short, identity)
            if self.listener is not None:
                self.listener.began(identity)
                pacer.probe(ended=self._workers == 1)
        self._keep(self._on_trial, identity, pacer)
        return pacer

    def state_of(self, identity: str) -> LimitsState | None:
        """Return what is known of a credential; None if it is not used here."""
        pacer = self._accepted.get(identity)
        return None if pacer is None else pacer.state()

    def merge(self, identity: str, state: LimitsState) -> None:
        """Take in what another process knows of a credential that is used here."""
        pacer = self._known(identity)
        if pacer is not None:
            pacer.merge(state)

    def take_share(self, workers: int, *, reserved: bool) -> None:
        """Use one part of each limit, of as many as there are processes.

        Args:
            workers: how many there are.
            reserved: whether calls are reserved for each of them.
        """
        self._workers, self._reserved = workers, reserved
        for pacers in (self._accepted, self._on_trial):
            for pacer in pacers.values():
                pacer.take_share(workers, reserved=reserved)

    def settle(self, identity: str) -> None:
        """Note that the others have been asked for what they know of a credential."""
        pacer = self._known(identity)
        if pacer is not None:
            pacer.probe(ended=True)

    def leases_of(self, identity: str, *, wanted: bool) -> Sequence[LeaseReport]:
        """Return what this process holds of the limits of a credential."""
        pacer = self._known(identity)
        return () if pacer is None else pacer.leases(wanted=wanted)

    def grant(self, identity: str, resource: str, grant: LeaseGrant, age: float) -> bool:
        """Take in the reply to a report of so many seconds ago; return whether calls still wait."""
        pacer = self._known(identity)
        return pacer is not None and pacer.grant(resource, grant, age)

    def give_back(self, identity: str) -> None:
        """Give up the reserved calls that no call waits for."""
        pacer = self._known(identity)
        if pacer is not None:
            pacer.give_back()

    def _known(self, identity: str) -> Pacer | None:
        return self._accepted.get(identity) or self._on_trial.get(identity)

    def _ran_short(self, identity: str) -> None:
        if self.listener is not None:
            self.listener.ran_short(identity)

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
