"""Block the network: sockets can connect to this machine only."""

from __future__ import annotations

import ipaddress
import socket
import sys
from collections.abc import Callable, Collection
from typing import Any, ClassVar, cast
from unittest import mock


class NetworkBlocked(AssertionError):
    """A connection to another machine was attempted while the network is blocked."""


class NetworkGuard:
    """A guard that allows connections to this machine and to the hosts in `allow` only.

    Of several active guards, each allows its own hosts; the last one started reports the rest.

    Args:
        allow: names or addresses of allowed hosts, such as a test database's.
        on_blocked: called with the error of every blocked attempt.
    """

    _active: ClassVar[list[NetworkGuard]] = []
    _patches: ClassVar[list[Any]] = []

    def __init__(
        self, allow: Collection[str], on_blocked: Callable[[NetworkBlocked], None]
    ) -> None:
        if isinstance(allow, str):
            raise TypeError(f"allow_hosts is a list of names: write allow_hosts=[{allow!r}].")
        self._allowed = {host.lower() for host in allow}
        self._on_blocked = on_blocked

    def start(self) -> None:
        """Block the network."""
        NetworkGuard._active.append(self)
        if len(NetworkGuard._active) == 1:
            NetworkGuard._patches = _patches()
            for patch in NetworkGuard._patches:
                patch.start()

    def stop(self) -> None:
        """Unblock the network, unless another guard is active."""
        NetworkGuard._active.remove(self)
        while not NetworkGuard._active and NetworkGuard._patches:
            NetworkGuard._patches.pop().stop()

    def allows(self, host: str) -> bool:
        """Return whether connections to a host are allowed."""
        return host.lower() in self._allowed or is_local(host)

    @classmethod
    def check(cls, host: str) -> None:
        """Raise and report NetworkBlocked if guards are active, and none of them allows a host."""
        # A module that was imported while one was active may have kept a guarded function.
        if not cls._active or any(each.allows(host) for each in cls._active):
            return
        blocked = NetworkBlocked(
            f"A connection to {host} was attempted by a client that the mock does not intercept. "
            "Mock that call too, or pass allow_hosts=[...] if the test needs that host."
        )
        cls._active[-1]._on_blocked(blocked)
        raise blocked

    @classmethod
    def allow_resolved(cls, addresses: Collection[str]) -> None:
        """Allow the addresses that an allowed name resolves to."""
        for guard in cls._active[-1:]:
            guard._allowed.update(addresses)


def is_local(host: str) -> bool:
    """Return whether a name or an address, in any notation, is this machine's own."""
    host = host.lower().strip("[]").rstrip(".")
    if host in ("", "localhost", socket.gethostname().lower()) or host.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        try:
            # As the system parses it: "127.1", "0x7f000001".
            address = ipaddress.ip_address(socket.inet_aton(host))
        except (OSError, UnicodeError):
            return False
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    address = mapped or address
    # A connection to 0.0.0.0 goes to this machine.
    return address.is_loopback or address.is_unspecified


def _patches() -> list[Any]:
    guards: list[tuple[Any, str, Callable[..., Any]]] = [
        *((socket.socket, name, _guard) for name in ("connect", "connect_ex", "sendto")),
        (socket.socket, "sendmsg", _guard_message),
        *((socket, name, _guard_name) for name in ("gethostbyname", "gethostbyname_ex")),
        (socket, "gethostbyaddr", _guard_name),
        (socket, "getnameinfo", _guard_reverse),
        (socket, "getaddrinfo", _guard_addresses),
    ]
    # uvloop does not use Python's sockets.
    loop: Any = getattr(sys.modules.get("uvloop"), "Loop", None)
    guards += [(loop, name, _guard_loop) for name in _OF_LOOPS]
    return [
        mock.patch.object(place, name, guard(getattr(place, name)))
        for place, name, guard in guards
        if hasattr(place, name)
    ]


def _host(address: Any) -> str | None:
    """Return the host of a socket's address; None for a Unix socket, whose address is a path."""
    if not isinstance(address, tuple):
        return None
    host = cast("tuple[Any, ...]", address)[0]
    return host.decode() if isinstance(host, bytes) else str(host)


def _guard(original: Callable[..., Any]) -> Callable[..., Any]:
    def guarded(sock: socket.socket, *args: Any) -> Any:
        # The address is the last argument of all three.
        _check(_host(args[-1]))
        return original(sock, *args)

    return guarded


def _guard_message(original: Callable[..., Any]) -> Callable[..., Any]:
    def guarded(sock: socket.socket, *args: Any) -> Any:
        _check(_host(args[3] if len(args) > 3 else None))
        return original(sock, *args)

    return guarded


def _guard_name(original: Callable[..., Any]) -> Callable[..., Any]:
    def guarded(name: Any, *args: Any) -> Any:
        _check(name)
        found = original(name, *args)
        NetworkGuard.allow_resolved([found] if isinstance(found, str) else found[2])
        return found

    return guarded


def _guard_reverse(original: Callable[..., Any]) -> Callable[..., Any]:
    def guarded(address: Any, *args: Any) -> Any:
        _check(_host(address))
        return original(address, *args)

    return guarded


def _guard_addresses(original: Callable[..., Any]) -> Callable[..., Any]:
    def guarded(host: Any, *args: Any, **kwargs: Any) -> Any:
        _check(host)
        found = original(host, *args, **kwargs)
        if host is not None:
            # Connections to the addresses of an allowed name are allowed.
            NetworkGuard.allow_resolved([entry[4][0] for entry in found])
        return found

    return guarded


# The position and the name of each method's argument with the host or the address.
_OF_LOOPS = {
    "create_connection": (1, "host"),
    "create_datagram_endpoint": (2, "remote_addr"),
    "getaddrinfo": (0, "host"),
    "sock_connect": (1, "address"),
}


def _guard_loop(original: Callable[..., Any]) -> Callable[..., Any]:
    position, keyword = _OF_LOOPS[original.__name__]

    async def guarded(loop: Any, *args: Any, **kwargs: Any) -> Any:
        place = args[position] if len(args) > position else kwargs.get(keyword)
        _check(_host(place) or (None if isinstance(place, tuple) else place))
        return await original(loop, *args, **kwargs)

    return guarded


def _check(host: Any) -> None:
    if host is not None:
        NetworkGuard.check(host.decode() if isinstance(host, bytes) else str(host))
