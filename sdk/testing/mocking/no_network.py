"""Closes the way to the network: a socket reaches this machine only."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Collection
from typing import Any
from unittest import mock


class NetworkBlocked(AssertionError):
    """Something tried to reach the network while no network is possible."""


class NoNetwork:
    """While it is started, only loopback addresses and the hosts in `allow` are reached.

    Args:
        allow: names or addresses of hosts that may be reached, such as a test database's.
        tell: told of every attempt that was refused.
    """

    def __init__(self, allow: Collection[str], tell: Callable[[NetworkBlocked], None]) -> None:
        self._allowed = {"localhost", *allow}
        self._tell = tell
        self._patches: list[Any] = []

    def start(self) -> None:
        """Close the way."""
        for name in ("connect", "connect_ex", "sendto"):
            guarded = self._guard(getattr(socket.socket, name))
            self._patches.append(mock.patch.object(socket.socket, name, guarded))
        resolve = self._guard_names(socket.getaddrinfo)
        self._patches.append(mock.patch.object(socket, "getaddrinfo", resolve))
        for patch in self._patches:
            patch.start()

    def stop(self) -> None:
        """Open it again."""
        while self._patches:
            self._patches.pop().stop()

    def _guard(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def guarded(sock: socket.socket, *args: Any) -> Any:
            # The address comes last in all three. One of a Unix socket is a path.
            address = args[-1]
            if isinstance(address, tuple):
                self._check(str(address[0]))  # pyright: ignore[reportUnknownArgumentType]
            return original(sock, *args)

        return guarded

    def _guard_names(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def guarded(host: Any, *args: Any, **kwargs: Any) -> Any:
            name = host.decode() if isinstance(host, bytes) else host
            if name is None:
                return original(host, *args, **kwargs)
            self._check(name)
            found = original(host, *args, **kwargs)
            # What an allowed name stands for may be connected to.
            self._allowed.update(entry[4][0] for entry in found)
            return found

        return guarded

    def _check(self, host: str) -> None:
        if host in self._allowed or host == "" or _is_loopback(host):
            return
        blocked = NetworkBlocked(
            f"A connection to {host} was about to be made, by a client that is not caught here. "
            "Mock that call too, or pass allow_hosts=[...] if the test needs that host."
        )
        self._tell(blocked)
        raise blocked


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False
