"""Reservations of calls: what each process may use of a rate limit, so that none is refused."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, Protocol

from sdk.transport.errors import StoreUnavailable
from sdk.transport.shared_state import LeaseGrant, LeaseReport

from .guard import ForeignValue, Guard
from .lease_script import lease_command, read_grant

# The shortest interval between two rounds of commands.
_ROUND_SECONDS = 0.005
# The first and the longest interval between two rounds for calls for which nothing was left: other
# processes have to use, or give back, what they hold.
_WAIT_SECONDS = 0.025
_LONGEST_WAIT_SECONDS = 0.4

# Credentials in one round, and those whose calls are reported again.
_MOST_AT_ONCE = 256


class Holder(Protocol):
    """The rate limits of one client, by the keys of its credentials."""

    name: str

    def leases_of(self, key: str, *, wanted: bool) -> list[LeaseReport]:
        """Return what is held of the limits of a credential."""
        ...

    def grant(self, key: str, resource: str, grant: LeaseGrant, age: float) -> bool:
        """Apply the reply to a report; return whether calls still wait."""
        ...

    def give_back(self, key: str) -> None:
        """Give up the reserved calls that no call waits for."""
        ...


class Leases:
    """Reserves calls for the clients of this process, in the background.

    Args:
        guard: runs the commands.
        prefix: the prefix of all keys.
        holders: returns the clients.
        publish_short: tells other processes of credentials that have no reserved calls left.
        changed: called when `works` has changed.

    Attributes:
        works: whether calls are reserved; False while Redis fails.
        workers: how many processes there are.
        held: the credentials of which calls were reserved.
    """

    def __init__(
        self,
        guard: Guard,
        prefix: str,
        holders: Callable[[], list[Holder]],
        publish_short: Callable[[list[str]], Awaitable[None]],
        changed: Callable[[], None],
    ) -> None:
        self._guard = guard
        self._prefix = prefix
        self._holders = holders
        self._publish_short = publish_short
        self._changed = changed
        # Credentials to report, and whether calls are wanted.
        self._due: dict[str, bool] = {}
        self._news = asyncio.Event()
        self.works = False
        self.workers = 1
        self.held: OrderedDict[str, None] = OrderedDict()

    def start(self) -> None:
        """Begin on the running event loop."""
        self._news = asyncio.Event()
        self._due.clear()
        self.held.clear()
        self.works = False

    def ask(self, key: str) -> None:
        """Ask for calls of a credential soon."""
        if len(self._due) < _MOST_AT_ONCE or key in self._due:
            self._due[key] = True
            self._news.set()

    def give_back(self, key: str) -> None:
        """Give up the calls that no call waits for."""
        if key not in self.held:
            return
        for holder in self._holders():
            holder.give_back(key)
        self._due.setdefault(key, False)
        self._news.set()

    def refresh(self) -> None:
        """Schedule another report of all that is held: Redis forgets it otherwise."""
        for key in self.held:
            self._due.setdefault(key, False)
        if self._due:
            self._news.set()

    async def leave(self, holder: Holder) -> None:
        """Report for the last time, so that other processes can use what this client holds.

        Raises:
            StoreUnavailable: Redis failed.
        """
        if not self.works:
            return
        commands = [
            lease_command(self._key(key, report), holder.name, report._replace(held=0), 0)
            for key in self.held
            for report in holder.leases_of(key, wanted=False)
        ]
        if commands:
            await self._guard.run(
                self._guard.connection.commands(*commands),
                seconds=self._guard.call_seconds,
                writes=True,
            )

    def switch(self, *, on: bool) -> None:
        """Begin or stop to reserve calls; without it, each process acts on its own."""
        if not on:
            self.held.clear()
        if self.works != on:
            self.works = on
            self._changed()

    async def rounds(self, goes_on: Callable[[], bool]) -> None:
        """Send what is due, again and again."""
        wait = _WAIT_SECONDS
        while goes_on():
            await self._news.wait()
            self._news.clear()
            due, self._due = self._due, {}
            if self.workers == 1 or not self.works:
                continue
            try:
                starved = await self._round(due)
            except Exception as error:  # noqa: BLE001  calls would wait for ever
                if not isinstance(error, StoreUnavailable):
                    self._guard.note_failure(error)
                self.switch(on=False)
                continue
            if starved:
                with suppress(StoreUnavailable):
                    await self._publish_short(starved)
                await self._guard.clock.sleep(wait)
                wait = min(wait * 2, _LONGEST_WAIT_SECONDS)
                for key in starved:
                    self.ask(key)
            else:
                wait = _WAIT_SECONDS
                await self._guard.clock.sleep(_ROUND_SECONDS)

    async def _round(self, due: dict[str, bool]) -> list[str]:
        """Report, apply the replies; return the credentials for which no calls were left."""
        sent: list[tuple[Holder, str, LeaseReport]] = [
            (holder, key, report)
            for key, wanted in due.items()
            for holder in self._holders()
            for report in holder.leases_of(key, wanted=wanted)
        ]
        if not sent:
            return []
        begun = self._guard.clock.monotonic()
        commands = [
            lease_command(self._key(key, report), holder.name, report, self.workers)
            for holder, key, report in sent
        ]
        replies: list[Any] = await self._guard.run(
            self._guard.connection.commands(*commands),
            seconds=self._guard.call_seconds,
            writes=True,
        )
        age = self._guard.clock.monotonic() - begun
        starved: dict[str, None] = {}
        for (holder, key, report), reply in zip(sent, replies, strict=True):
            grant = await self._checked(self._key(key, report), reply)
            if grant is None:
                continue
            self._note_held(key)
            waits = holder.grant(key, report.resource, grant, age)
            if waits and grant.remaining > 0:
                starved[key] = None
        return list(starved)

    def _note_held(self, key: str) -> None:
        self.held[key] = None
        self.held.move_to_end(key)
        if len(self.held) > _MOST_AT_ONCE:
            self.held.popitem(last=False)

    async def _checked(self, key: str, reply: object) -> LeaseGrant | None:
        try:
            self._guard.check_reply(reply, writes=True)
        except ForeignValue:
            command = self._guard.connection.command("DEL", key)
            await self._guard.run(command, seconds=self._guard.call_seconds, writes=True)
            return None
        return read_grant(reply)

    def _key(self, key: str, report: LeaseReport) -> str:
        return f"{self._prefix}:leases:{key}:{report.resource}"
