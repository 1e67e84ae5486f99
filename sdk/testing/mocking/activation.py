"""Activate mocks: interception, clocks and the network guard; they may end in any order."""

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
    """The parts of a mock that are activated with it.

    Attributes:
        hooks: the mock's responses to intercepted requests.
        clock: the clock of clients that are created while the mock is active.
        no_network: the guard that blocks other connections.
    """

    hooks: MockHooks
    clock: Clock
    no_network: NetworkGuard


_mocks: list[ActiveMock] = []
_clocks: list[Clock] = []


def activate(mock: ActiveMock) -> None:
    """Activate `mock`: it responds first, and new clients use its clock."""
    if not _mocks:
        _clocks[:] = [_defaults(client)["clock"] for client in (ApiClient, Sdk)]
        CALL_RECORDER.start()
    _mocks.append(mock)
    interception.start(mock.hooks)
    mock.no_network.start()
    _set_clocks()


def deactivate(mock: ActiveMock) -> None:
    """Deactivate `mock`; with the last one, restore everything."""
    _mocks.remove(mock)
    mock.no_network.stop()
    interception.stop(mock.hooks)
    _set_clocks()
    if not _mocks:
        CALL_RECORDER.stop()


def _set_clocks() -> None:
    for client, original in zip((ApiClient, Sdk), _clocks, strict=True):
        _defaults(client)["clock"] = _mocks[-1].clock if _mocks else original


def _defaults(client: Any) -> dict[str, Any]:
    defaults: dict[str, Any] = client.__init__.__kwdefaults__
    return defaults
