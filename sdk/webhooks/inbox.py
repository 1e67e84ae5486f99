"""The inbox: the queue of deliveries, with recognition of duplicates."""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from sdk.transport import Clock
from sdk.transport.errors import InvalidInput

from .delivery import Delivery

Added = Literal["accepted", "duplicate", "full"]

# A handler that takes longer is treated as failed: the same delivery is then accepted again.
_TAKEN_SECONDS = 15 * 60.0


@dataclass(frozen=True, slots=True)
class Message:
    """A verified delivery as it waits in an inbox; its fields can be stored.

    Attributes:
        key: what identifies the delivery: webhook and GUID.
        headers: the headers that describe it, names in lower case.
        body: the JSON of the payload.
        received_at: when it was received, in UTC.
        decoded: the delivery, if this process has decoded it already. It is not stored.
    """

    key: str
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    received_at: datetime
    decoded: Delivery[Any] | None = field(default=None, repr=False, compare=False)


class Inbox(Protocol):
    """Keeps deliveries until they are handled, and remembers which ones were."""

    async def add(self, message: Message) -> Added:
        """Queue a message, unless it was added before or the inbox is full."""
        ...

    async def claim(self, message: Message) -> bool:
        """Mark a message as taken without queueing it; False if it was added before."""
        ...

    async def next(self) -> Message:
        """Wait for the next message."""
        ...

    async def done(self, message: Message) -> None:
        """Remember that a message was handled, so that it counts as a duplicate from now on."""
        ...

    async def failed(self, message: Message) -> None:
        """Forget a message, so that a redelivery of it is accepted."""
        ...

    async def release(self, message: Message) -> None:
        """Give up a message whose handlers were cancelled at the shutdown of this process."""
        ...

    def local(self) -> int:
        """Return the number of waiting messages that would be lost if this process ended."""
        ...

    async def abandon(self) -> list[Message]:
        """Remove the messages that would be lost if this process ended, and return them."""
        ...


class MemoryInbox:
    """An inbox in the memory of this process: waiting messages are lost when the process ends.

    Args:
        size: how many messages may wait; further ones are answered 503.
        redelivery_days: how long a handled delivery is remembered, in days. GitHub redelivers for
            3 days; GitHub Enterprise Server for 7.
        remembered: how many deliveries are remembered; the oldest are forgotten first.
        clock: the source of time, for tests.

    Raises:
        InvalidInput: a number is out of range.
    """

    def __init__(
        self,
        *,
        size: int = 1000,
        redelivery_days: float = 3,
        remembered: int = 10_000,
        clock: Clock = Clock(),  # noqa: B008  immutable
    ) -> None:
        if size < 1 or remembered < size or redelivery_days <= 0:
            raise InvalidInput(
                "MemoryInbox needs size >= 1, remembered >= size and redelivery_days > 0."
            )
        self._size = size
        self._seconds = redelivery_days * 86_400
        self._remembered = remembered
        self._waiting: deque[Message] = deque()
        # Created for each wait: the inbox may be used on several event loops.
        self._waiter: asyncio.Future[None] | None = None
        self._monotonic = clock.monotonic
        # By key: the end of its retention, on the monotonic clock.
        self._marks: OrderedDict[str, float] = OrderedDict()

    async def add(self, message: Message) -> Added:
        """Queue a message, unless it was added before or `size` messages wait."""
        if self._is_marked(message.key):
            return "duplicate"
        if len(self._waiting) >= self._size:
            return "full"
        self._mark(message.key, _TAKEN_SECONDS)
        self._waiting.append(message)
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)
        return "accepted"

    async def claim(self, message: Message) -> bool:
        """Mark a message as taken; False if it was added before."""
        if self._is_marked(message.key):
            return False
        self._mark(message.key, _TAKEN_SECONDS)
        return True

    async def next(self) -> Message:
        """Wait for the next message, oldest first."""
        while not self._waiting:
            self._waiter = asyncio.get_running_loop().create_future()
            try:
                await self._waiter
            finally:
                self._waiter = None
        return self._waiting.popleft()

    async def done(self, message: Message) -> None:
        """Remember the message for as long as GitHub can redeliver it."""
        self._mark(message.key, self._seconds)

    async def failed(self, message: Message) -> None:
        """Forget the message."""
        self._marks.pop(message.key, None)

    async def release(self, message: Message) -> None:
        """Forget the message."""
        await self.failed(message)

    def knows(self, message: Message) -> bool:
        """Return whether a message was added and is still remembered."""
        return self._is_marked(message.key)

    def local(self) -> int:
        """Return the number of waiting messages."""
        return len(self._waiting)

    async def abandon(self) -> list[Message]:
        """Remove all waiting messages, and return them."""
        abandoned = list(self._waiting)
        self._waiting.clear()
        for message in abandoned:
            await self.failed(message)
        return abandoned

    def _is_marked(self, key: str) -> bool:
        until = self._marks.get(key)
        return until is not None and until > self._monotonic()

    def _mark(self, key: str, seconds: float) -> None:
        self._marks[key] = self._monotonic() + seconds
        self._marks.move_to_end(key)
        while len(self._marks) > self._remembered:
            self._marks.popitem(last=False)
