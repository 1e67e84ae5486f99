"""Activates mocks: interception, clocks and the network guard, in any order of ending."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sdk import ApiClient, Sdk
from sdk.transport import Clock

from . import interception
from .call_recorder import CALL_RECORDER
from .interception import MockHooks
from .network_guard import NetworkGuard


@dataclass(frozen=True, slots=True, eq=False)
class ActiveMock:
    """A mock, as far as it is started and stopped.

    Attributes:
        answering: what answers requests.
        clock: that of clients which are built meanwhile.
        no_network: what keeps others from the network.
    """

    answering: MockHooks
    clock: Clock
    no_network: NetworkGuard


_mocks: list[ActiveMock] = []
_clocks: list[Clock] = []


def activate(mock: ActiveMock) -> None:
    """Let `mock` answer first, and its clock be that of new clients."""
    if not _mocks:
        _clocks[:] = [_defaults(client)["clock"] for client in (ApiClient, Sdk)]
        CALL_RECORDER.start()
    _mocks.append(mock)
    interception.start(mock.answering)
    mock.no_network.start()
    _set_clocks()


def deactivate(mock: ActiveMock) -> None:
    """Deactivate `mock`; with the last one, restore everything."""
    _mocks.remove(mock)
    mock.no_network.stop()
    interception.stop(mock.answering)
    _set_clocks()
    if not _mocks:
        CALL_RECORDER.stop()


def _set_clocks() -> None:
    for client, original in zip((ApiClient, Sdk), _clocks, strict=True):
        _defaults(client)["clock"] = _mocks[-1].clock if _mocks else original


def _defaults(client: Any) -> dict[str, Any]:
    defaults: dict[str, Any] = client.__init__.__kwdefaults__
    return defaults
