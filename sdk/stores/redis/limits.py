"""Sharing of rate limits between processes, in the background: calls do not wait for it."""

from __future__ import annotations

import asyncio
import hashlib
import json
import secrets
from collections import OrderedDict
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, cast

from sdk.transport.errors import StoreUnavailable
from sdk.transport.shared_state import LeaseGrant, LeaseReport, Limits, LimitsState

from .guard import Guard
from .leases import Holder, Leases
from .limit_messages import (
    decode_message,
    decode_state,
    encode_message,
    encode_state,
    is_worth_keeping,
    longest,
)
from .workers import BEAT_SECONDS, Workers

# The minimum interval between publications.
_PUBLISH_SECONDS = 0.05

# Credentials that are published at once, and those whose hash is known.
_MOST_AT_ONCE = 256
_MOST_KNOWN = 4096

# The longest value that is read.
_MOST_BYTES = 64 * 1024


class _Client:
    """One client of this process: the listener of its limits.

    Attributes:
        name: identifies it among the clients of all processes.
    """

    def __init__(self, exchange: LimitExchange, limits: Limits, scope: str) -> None:
        self._exchange = exchange
        self._scope = scope
        self.name = secrets.token_hex(8)
        self.limits = limits
        # The identities of its credentials, by their hashes.
        self.names: OrderedDict[str, str] = OrderedDict()

    def began(self, identity: str) -> None:
        self._exchange.ask_for(self._key(identity))

    def learned(self, identity: str) -> None:
        self._exchange.publish_soon(self._key(identity))

    def ran_short(self, identity: str) -> None:
        self._exchange.leases.ask(self._key(identity))

    def state_of(self, key: str) -> LimitsState | None:
        identity = self.names.get(key)
        return None if identity is None else self.limits.state_of(identity)

    def settle(self, key: str) -> None:
        identity = self.names.get(key)
        if identity is not None:
            self.limits.settle(identity)

    def leases_of(self, key: str, *, wanted: bool) -> list[LeaseReport]:
        identity = self.names.get(key)
        return [] if identity is None else list(self.limits.leases_of(identity, wanted=wanted))

    def grant(self, key: str, resource: str, grant: LeaseGrant, age: float) -> bool:
        identity = self.names.get(key)
        return identity is not None and self.limits.grant(identity, resource, grant, age)

    def give_back(self, key: str) -> None:
        identity = self.names.get(key)
        if identity is not None:
            self.limits.give_back(identity)

    def _key(self, identity: str) -> str:
        text = f"{self._scope}\0{identity}".encode()
        key = hashlib.blake2b(text, digest_size=12).hexdigest()
        self.names[key] = identity
        if len(self.names) > _MOST_KNOWN:
            self.names.popitem(last=False)
        return key


class LimitExchange:
    """Publishes the rate limits that this process observes, and merges those of the others.

    Each process counts itself in a sorted set; with `n` of them each uses 1/n of what GitHub allows
    at once and per second.

    Args:
        guard: runs the commands.
        prefix: the prefix of all keys.
        seconds: how long to wait for Redis.
    """

    def __init__(self, guard: Guard, prefix: str, seconds: float) -> None:
        self._guard = guard
        self._prefix = prefix
        self._channel = f"{prefix}:limits"
        self._seconds = seconds
        self._name = ""
        self._others = Workers(guard, prefix, seconds)
        self._clients: dict[int, _Client] = {}
        self._learned: dict[str, None] = {}
        self._wanted: dict[str, None] = {}
        self._news = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self.leases = Leases(guard, prefix, self._holders, self._tell_of_shortage, self._set_shares)
        self.workers = 1

    async def attach(self, limits: Limits, scope: str) -> None:
        """Begin to share the limits of a client."""
        client = self._clients[id(limits)] = _Client(self, limits, scope)
        limits.listener = client
        loop = asyncio.get_running_loop()
        if not self._tasks or self._tasks[0].get_loop() is not loop:
            await self._start()
        limits.take_share(self.workers, reserved=self.leases.works)

    async def _start(self) -> None:
        # Made here: processes that were forked after the constructor have different names.
        self._name = secrets.token_hex(8)
        self._news, subscribed = asyncio.Event(), asyncio.Event()
        self.leases.start()
        self._tasks = [
            asyncio.create_task(work, name=f"sdk {name}")
            for name, work in (
                ("limits listener", self._listen(subscribed)),
                ("limits publisher", self._publish()),
                ("limits leases", self.leases.rounds(_goes_on)),
                ("limits heartbeat", self._beats()),
            )
        ]
        if await self._beat():
            with suppress(TimeoutError):
                async with asyncio.timeout(self._seconds):
                    await subscribed.wait()

    async def detach(self, limits: Limits) -> None:
        """Stop sharing the limits of a client; with the last one, leave the other processes."""
        client = self._clients.pop(id(limits), None)
        if client is None:
            return
        limits.listener = None
        with suppress(StoreUnavailable):
            await self.leases.leave(client)
            # The remaining process may be the only one, and needs to know what was used.
            states = {key: client.state_of(key) for key in self.leases.held}
            await self._publish_states(
                {key: state for key, state in states.items() if state is not None}
            )
        limits.take_share(self.workers, reserved=False)
        if not self._clients:
            await self._stop()

    async def _stop(self) -> None:
        tasks, self._tasks = self._tasks, []
        # Tasks of an event loop that has ended have ended with it.
        own = [task for task in tasks if task.get_loop() is asyncio.get_running_loop()]
        for task in own:
            task.cancel()
        await asyncio.gather(*own, return_exceptions=True)
        self._learned.clear()
        self._wanted.clear()
        with suppress(StoreUnavailable):
            await self._tell_of_workers(await self._others.leave(self._name))

    def publish_soon(self, key: str) -> None:
        """Publish the state of a credential within 50 ms."""
        self._learned[key] = None
        self._news.set()

    def ask_for(self, key: str) -> None:
        """Schedule a read of the state that other processes have of a credential."""
        if len(self._wanted) < _MOST_AT_ONCE:
            # So many new credentials at once are rarely the busy ones.
            self._wanted[key] = None
            self._news.set()

    async def _publish(self) -> None:
        while _goes_on():
            await self._news.wait()
            self._news.clear()
            try:
                await self._fetch_wanted()
                await self._publish_learned()
            except StoreUnavailable:
                self.leases.switch(on=False)
            if self._learned or self._wanted:
                self._news.set()
            await self._guard.clock.sleep(_PUBLISH_SECONDS)

    async def _publish_learned(self) -> None:
        keys = list(self._learned)[:_MOST_AT_ONCE]
        for key in keys:
            del self._learned[key]
        states = {key: state for key in keys if (state := self._state_of(key)) is not None}
        await self._publish_states(states)

    async def _publish_states(self, states: Mapping[str, LimitsState]) -> None:
        if not states:
            return
        commands: list[tuple[str | bytes | float, ...]] = [
            ("PUBLISH", self._channel, encode_message(self._name, states))
        ]
        for key, state in states.items():
            if is_worth_keeping(state):
                milliseconds = max(1, int(longest(state) * 1000))
                content = json.dumps([milliseconds, *encode_state(state)])
                commands.append(("SET", self._key(key), content, "PX", milliseconds))
        replies = await self._commands(*commands, writes=True)
        for reply in replies:
            self._guard.check_reply(reply, writes=True)

    async def _fetch_wanted(self) -> None:
        keys = list(self._wanted)
        self._wanted.clear()
        if not keys:
            return
        commands: list[tuple[str | bytes | float, ...]] = []
        for key in keys:
            name = self._key(key)
            commands += [("GETRANGE", name, 0, _MOST_BYTES), ("PTTL", name)]
        replies = await self._commands(*commands, writes=False)
        for key, content, left in zip(keys, replies[::2], replies[1::2], strict=True):
            state = _stored(content, left)
            if state is not None:
                self._merge(key, state)
            for client in self._clients.values():
                client.settle(key)

    def _state_of(self, key: str) -> LimitsState | None:
        states = (client.state_of(key) for client in self._clients.values())
        return next((state for state in states if state is not None), None)

    def _merge(self, key: str, state: LimitsState) -> None:
        for client in self._clients.values():
            identity = client.names.get(key)
            if identity is not None:
                client.limits.merge(identity, state)

    async def _listen(self, subscribed: asyncio.Event) -> None:
        while _goes_on():
            subscription = self._guard.connection.subscription()
            try:
                await subscription.subscribe(self._channel)
                subscribed.set()
                # Fetch what was published while this process did not listen.
                for client in self._clients.values():
                    for key in client.names:
                        self.ask_for(key)
                while _goes_on():
                    message = await subscription.get_message(timeout=BEAT_SECONDS)
                    if message is not None:
                        self._take_in(message)
            except asyncio.CancelledError:
                raise
            except Exception as error:  # noqa: BLE001  whatever it is, listening goes on
                self._guard.note_failure(error)
            finally:
                with suppress(Exception):
                    await subscription.aclose()
            if _goes_on():
                await self._guard.clock.sleep(BEAT_SECONDS)

    def _take_in(self, message: dict[str, Any]) -> None:
        news = decode_message(message.get("data"), self._name)
        for key, state in news.states.items():
            self._merge(key, state)
        for key in news.short:
            self.leases.give_back(key)
        if news.workers is not None:
            self._share(news.workers)

    async def _beats(self) -> None:
        while _goes_on():
            await self._guard.clock.sleep(BEAT_SECONDS)
            await self._beat()
            self.leases.refresh()

    async def _beat(self) -> bool:
        """Count the processes, this one included; return whether Redis responded."""
        before = self.workers
        try:
            self._share(await self._others.report(self._name))
            if self.workers != before:
                await self._tell_of_workers(self.workers)
        except StoreUnavailable:
            self.leases.switch(on=False)
            return False
        self.leases.switch(on=True)
        return True

    async def _tell_of_workers(self, workers: int) -> None:
        message = encode_message(self._name, {}, workers)
        await self._commands(("PUBLISH", self._channel, message), writes=True)

    async def _tell_of_shortage(self, keys: list[str]) -> None:
        message = encode_message(self._name, {}, short=keys)
        await self._commands(("PUBLISH", self._channel, message), writes=True)

    def _holders(self) -> list[Holder]:
        return list(self._clients.values())

    def _share(self, workers: int) -> None:
        self.workers = self.leases.workers = max(1, workers)
        self._set_shares()

    def _set_shares(self) -> None:
        for client in self._clients.values():
            client.limits.take_share(self.workers, reserved=self.leases.works)

    def _key(self, key: str) -> str:
        return f"{self._prefix}:limits:{key}"

    async def _commands(self, *several: tuple[str | bytes | float, ...], writes: bool) -> list[Any]:
        return await self._guard.run(
            self._guard.connection.commands(*several), seconds=self._seconds, writes=writes
        )


def _goes_on() -> bool:
    """Return whether the task was not cancelled: the redis package may lose a cancellation."""
    task = asyncio.current_task()
    return task is not None and not task.cancelling()


def _stored(content: object, left: object) -> LimitsState | None:
    if not isinstance(content, bytes) or not isinstance(left, int):
        return None
    try:
        milliseconds, *state = cast("list[Any]", json.loads(content))
        age = (milliseconds - left) / 1000
    except (ValueError, TypeError, OverflowError, RecursionError):
        return None
    return decode_state(state, max(0.0, age))
