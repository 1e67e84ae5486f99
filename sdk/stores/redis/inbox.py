"""An inbox for all workers: no delivery is lost with a worker, and duplicates are recognized."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from contextlib import suppress
from typing import Any, cast

from sdk.transport.errors import InvalidInput, StoreUnavailable
from sdk.webhooks.inbox import Added, MemoryInbox, Message

from . import inbox_scripts as scripts
from .guard import ForeignValue, Guard
from .stored_message import decode_message, encode_message
from .values import SealedValues

_log = logging.getLogger("sdk.webhooks")

# A process renews its leases this often, and counts as dead if it has not for the lease time.
_RENEW_SECONDS = 5.0
_LEASE_SECONDS = 15.0

# A handler that takes longer is treated as failed.
_LONGEST_HANDLER = 15 * 60.0

# A delivery whose process dies each time is given up after this many attempts.
_MOST_RUNS = 3

# The interval at which an idle worker polls for messages of others.
_POLL_SECONDS = 0.25

_BYTES_PER_SECOND = 50e6
_MOST_UNREPORTED = 10_000

# Deliveries that this process recognizes by itself while Redis does not respond.
_MOST_REMEMBERED = 10_000


class RedisInbox:
    """An inbox in Redis: what waits, and what a dead worker had taken, is handled by the others.

    Made by ``RedisShared.inbox(secret=...)``. A handler may run twice for one delivery: if its
    process dies before the end, or if Redis fails meanwhile. While Redis does not respond,
    deliveries are kept and recognized in the memory of each process.

    Args:
        guard: runs the commands.
        prefix: the prefix of all keys.
        values: encrypts the messages.
        size: how many messages may wait; further ones are answered 503.
        redelivery_days: how long a handled delivery is remembered, in days.
        seconds: how long to wait for Redis.

    Raises:
        InvalidInput: a number is out of range.
    """

    def __init__(
        self,
        guard: Guard,
        prefix: str,
        values: SealedValues,
        *,
        size: int,
        redelivery_days: float,
        seconds: float,
    ) -> None:
        if size < 1 or redelivery_days <= 0:
            raise InvalidInput("An inbox needs size >= 1 and redelivery_days > 0.")
        self._guard = guard
        self._values = values
        self._size = size
        self._keep = int(redelivery_days * 86_400_000)
        self._seconds = seconds
        self._queue = f"{prefix}:inbox:queue"
        self._taken = f"{prefix}:inbox:taken"
        self._mark = f"{prefix}:inbox:mark:"
        self._message = f"{prefix}:inbox:message:"
        self._local = MemoryInbox(
            size=size,
            redelivery_days=redelivery_days,
            remembered=max(size, _MOST_REMEMBERED),
            clock=guard.clock,
        )
        self._wake = asyncio.Event()
        # When each message was taken by this process, and completions not yet recorded in Redis.
        self._held: dict[str, float] = {}
        self._unreported: dict[str, str] = {}
        self._renewals: asyncio.Task[None] | None = None

    async def add(self, message: Message) -> Added:
        """Queue a message for any worker, unless it was added before or `size` messages wait."""
        if self._local.knows(message):
            return "duplicate"
        key = _id(message)
        try:
            reply: bytes = await self._store(
                scripts.ADD,
                (self._mark + key, self._message + key, self._queue),
                (key, self._sealed(message, key), self._size, self._keep),
                message,
            )
            added = cast("Added", reply.decode())
        except StoreUnavailable:
            added = await self._local.add(message)
        self._wake.set()
        return added

    async def claim(self, message: Message) -> bool:
        """Mark a message as taken by this worker; False if it was added before."""
        if self._local.knows(message):
            return False
        key = _id(message)
        try:
            claimed = await self._store(
                scripts.CLAIM,
                (self._mark + key, self._message + key, self._taken),
                (key, self._sealed(message, key), int(_LEASE_SECONDS * 1000), self._keep),
                message,
            )
        except StoreUnavailable:
            return await self._local.claim(message)
        if claimed:
            self._hold(key)
        return bool(claimed)

    async def next(self) -> Message:
        """Wait for the next message: of this process, of a dead one, or the oldest that waits."""
        while True:
            # Created for each wait: the inbox may be used on several event loops.
            self._wake = asyncio.Event()
            if self._local.local():
                return await self._local.next()
            found = await self._taken_whole()
            if found is not None:
                return found
            with suppress(TimeoutError):
                async with asyncio.timeout(_POLL_SECONDS):
                    await self._wake.wait()

    async def done(self, message: Message) -> None:
        """Remember the message for as long as GitHub can redeliver it."""
        if self._local.knows(message):
            await self._local.done(message)
        await self._end(_id(message), "done")

    async def failed(self, message: Message) -> None:
        """Forget the message."""
        await self._local.failed(message)
        await self._end(_id(message), "failed")

    async def release(self, message: Message) -> None:
        """Return the message to the queue for another worker, because this one stops."""
        await self._local.failed(message)
        await self._end(_id(message), "released")

    def local(self) -> int:
        """Return the number of messages that wait in this process because Redis did not respond."""
        return self._local.local()

    async def abandon(self) -> list[Message]:
        """Remove and return the messages that wait in this process; those in Redis stay."""
        task, self._renewals = self._renewals, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        await self._report()
        return await self._local.abandon()

    async def _taken_whole(self) -> Message | None:
        """Take a message; return it to the queue if this task is cancelled meanwhile."""
        taking = asyncio.ensure_future(self._take())
        try:
            return await asyncio.shield(taking)
        except ForeignValue:
            with suppress(StoreUnavailable):
                await self._run(scripts.REPAIR, (self._queue, self._taken), ())
            return None
        except StoreUnavailable:
            return None
        except asyncio.CancelledError:
            with suppress(StoreUnavailable):
                message = await taking
                if message is not None:
                    await self.release(message)
            raise

    async def _take(self) -> Message | None:
        reply: list[Any] | None = await self._run(
            scripts.TAKE,
            (self._queue, self._taken),
            (self._message, int(_LEASE_SECONDS * 1000), _MOST_RUNS),
        )
        if reply is None:
            return None
        key, sealed, may_run = reply[0].decode(errors="replace"), reply[1], reply[2]
        content = self._values.open(key, sealed)
        message = None if content is None else decode_message(content)
        if message is None or not may_run:
            _log.error(
                "Gave up a webhook delivery (%s): %s.",
                key if message is None else message.key[:300],
                "it cannot be read; is the secret another one?"
                if message is None
                else f"{_MOST_RUNS} processes died while they handled it",
            )
            await self._end(key, "failed")
            return None
        self._hold(key)
        return message

    def _hold(self, key: str) -> None:
        self._held[key] = self._guard.clock.monotonic()
        self._renew_from_now_on()

    def _renew_from_now_on(self) -> None:
        task = self._renewals
        if task is None or task.done() or task.get_loop() is not asyncio.get_running_loop():
            self._renewals = asyncio.create_task(self._renew(), name="sdk webhook leases")

    async def _renew(self) -> None:
        while self._held or self._unreported:
            await self._guard.clock.sleep(_RENEW_SECONDS)
            oldest = self._guard.clock.monotonic() - _LONGEST_HANDLER
            self._held = {key: since for key, since in self._held.items() if since > oldest}
            await self._report()
            if self._held:
                with suppress(StoreUnavailable):
                    lease = int(_LEASE_SECONDS * 1000)
                    await self._run(scripts.RENEW, (self._taken,), (lease, *self._held))

    async def _end(self, key: str, how: str) -> None:
        self._held.pop(key, None)
        try:
            await self._tell_end(key, how)
        except StoreUnavailable:
            self._unreported[key] = how
            if len(self._unreported) > _MOST_UNREPORTED:
                del self._unreported[next(iter(self._unreported))]
            self._renew_from_now_on()

    async def _report(self) -> None:
        with suppress(StoreUnavailable):
            for key, how in list(self._unreported.items()):
                await self._tell_end(key, how)
                self._unreported.pop(key, None)

    async def _tell_end(self, key: str, how: str) -> None:
        if how == "released":
            await self._run(scripts.RELEASE, (self._queue, self._taken), (key,))
            return
        script = scripts.DONE if how == "done" else scripts.FAILED
        keys = self._mark + key, self._message + key, self._taken
        await self._run(script, keys, (key, self._keep))

    def _sealed(self, message: Message, key: str) -> bytes:
        return self._values.seal(key, encode_message(message))

    async def _store(
        self,
        script: str,
        keys: tuple[str, ...],
        arguments: tuple[str | bytes | float, ...],
        message: Message,
    ) -> Any:
        more = len(message.body) / _BYTES_PER_SECOND
        return await self._run(script, keys, arguments, seconds=self._seconds + more)

    async def _run(
        self,
        script: str,
        keys: tuple[str, ...],
        arguments: tuple[str | bytes | float, ...],
        *,
        seconds: float | None = None,
    ) -> Any:
        command = self._guard.connection.command("EVAL", script, len(keys), *keys, *arguments)
        return await self._guard.run(command, seconds=seconds or self._seconds, writes=True)


def _id(message: Message) -> str:
    return hashlib.blake2b(message.key.encode(), digest_size=16).hexdigest()
