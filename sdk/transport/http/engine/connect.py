"""Make TCP connections: resolve the host name and race its addresses (RFC 8305).

The sockets are our own. asyncio's happy eyeballs leave sockets open when the caller is cancelled,
and uvloop has none.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket

# RFC 8305, 8: the recommended delay before an attempt at the next address.
_ATTEMPT_DELAY = 0.25

_Address = tuple[int, tuple[object, ...]]


async def connect(host: str, port: int) -> socket.socket:
    """Return a connected, non-blocking socket; the caller closes it.

    Raises:
        OSError: no address of the host accepts a connection, or it has none.
    """
    addresses = await _resolve(host, port)
    if len(addresses) == 1:
        return await _connect(addresses[0])
    return await _race(_interleave(addresses))


async def _resolve(host: str, port: int) -> list[_Address]:
    for family, address in ((socket.AF_INET, (host, port)), (socket.AF_INET6, (host, port, 0, 0))):
        # An IP address needs no lookup in a thread, unless it has a zone.
        with contextlib.suppress(OSError, ValueError):
            socket.inet_pton(family, host)
            return [(family, address)]
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    if not found:
        raise OSError("the host has no address")
    return [(family, address) for family, _, _, _, address in found]


def _interleave(addresses: list[_Address]) -> list[_Address]:
    """Alternate between the address families, beginning with the system's first choice."""
    first = [each for each in addresses if each[0] == addresses[0][0]]
    others = [each for each in addresses if each[0] != addresses[0][0]]
    mixed: list[_Address] = []
    while first or others:
        mixed += [*first[:1], *others[:1]]
        first, others = first[1:], others[1:]
    return mixed


async def _connect(address: _Address) -> socket.socket:
    family, where = address
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.setblocking(False)
        await asyncio.get_running_loop().sock_connect(sock, where)
    except BaseException:
        sock.close()
        raise
    return sock


async def _race(addresses: list[_Address]) -> socket.socket:
    """Try each address a moment after the previous one, or when that failed; the first wins."""
    attempts: set[asyncio.Task[socket.socket]] = set()
    waiting = addresses[::-1]
    failure: BaseException = OSError("no address was tried")
    winner: socket.socket | None = None
    try:
        while waiting or attempts:
            if waiting:
                attempts.add(asyncio.ensure_future(_connect(waiting.pop())))
            done, attempts = await asyncio.wait(
                attempts,
                timeout=_ATTEMPT_DELAY if waiting else None,
                return_when=asyncio.FIRST_COMPLETED,
            )
            for attempt in done:
                error = attempt.exception()
                if error is not None:
                    failure = error
                elif winner is None:
                    winner = attempt.result()
                else:
                    attempt.result().close()
            if winner is not None:
                return winner
    finally:
        for attempt in attempts:
            _abandon(attempt)
    raise failure


def _abandon(attempt: asyncio.Task[socket.socket]) -> None:
    """Cancel an attempt, and close its socket if it has one by then."""
    attempt.add_done_callback(_close_result)
    attempt.cancel()


def _close_result(attempt: asyncio.Task[socket.socket]) -> None:
    if not attempt.cancelled() and attempt.exception() is None:
        attempt.result().close()
