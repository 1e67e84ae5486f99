"""Run handlers in order of arrival, with bounded concurrency and a graceful shutdown."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Hashable
from typing import Any
from weakref import WeakValueDictionary

from sdk.transport import Clock

from .delivery import Delivery, DeliveryFinished
from .errors import WebhookError
from .inbox import Added, Inbox, Message
from .registry import HandlerRegistry, Registered

_log = logging.getLogger("sdk.webhooks")

# The dispatcher needs a few turns of the event loop to start the handlers of a message that waits,
# and longer if its inbox has to ask a server.
_TURNS = 10
_POLL_SECONDS = 0.01


class Worker:
    """Takes messages from an inbox and runs the handlers of each in its own task.

    Args:
        inbox: the source of messages; it is notified when one is done.
        handlers: the handlers.
        decode: returns the delivery of a message.
        observers: called after each delivery.
        concurrency: how many deliveries are handled at the same time.
        clock: the source of time.
    """

    def __init__(
        self,
        inbox: Inbox,
        handlers: HandlerRegistry,
        decode: Callable[[Message], Delivery[Any]],
        observers: tuple[Callable[[DeliveryFinished], object], ...],
        concurrency: int,
        clock: Clock,
    ) -> None:
        self._inbox = inbox
        self._handlers = handlers
        self._decode = decode
        self._observers = observers
        self._concurrency = concurrency
        self._clock = clock
        self._dispatcher: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._locks: WeakValueDictionary[tuple[int, Hashable], asyncio.Lock] = WeakValueDictionary()
        self.is_stopping = False

    @property
    def is_running(self) -> bool:
        """Whether messages are taken out of the inbox."""
        return self._dispatcher is not None

    def start(self) -> None:
        """Begin to take messages, on the running event loop."""
        self.is_stopping = False
        self._dispatcher = asyncio.create_task(self._dispatch(), name="webhooks")

    async def stop(self, seconds: float) -> None:
        """Refuse new messages, wait for the accepted ones, then cancel the remaining handlers."""
        self.is_stopping = True
        try:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self._drained()
        finally:
            dispatcher, self._dispatcher = self._dispatcher, None
            if dispatcher is not None:
                dispatcher.cancel()
            running = list(self._tasks)
            for task in running:
                task.cancel()
            await asyncio.gather(*filter(None, [dispatcher, *running]), return_exceptions=True)
            for message in await self._inbox.abandon():
                _log.error("Shut down before delivery %s was handled.", _name(message))

    async def _drained(self) -> None:
        idle = 0
        while self._inbox.local() or self._tasks:
            if self._tasks:
                idle = 0
                await asyncio.wait(set(self._tasks), return_when=asyncio.FIRST_COMPLETED)
            else:
                idle += 1
                await asyncio.sleep(0 if idle < _TURNS else _POLL_SECONDS)

    async def submit(self, message: Message) -> Added:
        """Start the handlers of a message if none waits and there is capacity; else queue it."""
        # One place is kept for the dispatcher, which may be waiting for a message to run in it.
        if self._inbox.local() or len(self._tasks) >= self._concurrency - 1:
            return await self._inbox.add(message)
        if not await self._inbox.claim(message):
            return "duplicate"
        self.spawn(message)
        return "accepted"

    async def _dispatch(self) -> None:
        # One task takes the messages and starts theirs, so that handlers with a key get them in
        # the order in which they were received.
        while True:
            while len(self._tasks) >= self._concurrency:
                await asyncio.wait(set(self._tasks), return_when=asyncio.FIRST_COMPLETED)
            self.spawn(await self._next())

    async def _next(self) -> Message:
        while True:
            try:
                return await self._inbox.next()
            except Exception:  # noqa: BLE001 - it must not reach the others
                # An inbox whose server is unavailable must not end the dispatcher.
                _log.exception("The inbox of the webhooks failed; trying again in a second.")
                await self._clock.sleep(1)

    def spawn(self, message: Message) -> asyncio.Task[None]:
        """Run the handlers of a message in a task of its own."""
        task = asyncio.create_task(self._handle(message), name=f"webhook {message.key}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _handle(self, message: Message) -> None:
        try:
            delivery = self._decode(message)
        except WebhookError:
            _log.exception("Delivery %s cannot be decoded.", _name(message))
            await self._inbox.failed(message)
            return
        handlers = self._handlers.find(delivery.event, delivery.action)
        started = self._clock.monotonic()
        try:
            if len(handlers) == 1:
                results = [await self._run(handlers[0], delivery)]
            else:
                results = await asyncio.gather(*(self._run(each, delivery) for each in handlers))
        except BaseException:
            # Cancelled at shutdown. Another process must be able to claim it.
            await asyncio.shield(self._inbox.release(message))
            raise
        succeeded = all(results)
        await (self._inbox.done(message) if succeeded else self._inbox.failed(message))
        self._notify(delivery, results, self._clock.monotonic() - started)

    async def _run(self, handler: Registered, delivery: Delivery[Any]) -> bool:
        """Run one handler; return whether it succeeded."""
        try:
            if handler.key is None:
                await handler.function(delivery)
            else:
                async with self._lock(handler, delivery):
                    await handler.function(delivery)
        except asyncio.CancelledError:
            current = asyncio.current_task()
            if current is not None and current.cancelling():
                raise
            _log.exception("A handler of %s was cancelled.", _describe(delivery))
            return False
        except Exception:  # noqa: BLE001 - it must not reach the others
            _log.exception("A handler of %s failed.", _describe(delivery))
            return False
        return True

    def _lock(self, handler: Registered, delivery: Delivery[Any]) -> asyncio.Lock:
        key = (id(handler), handler.key(delivery) if handler.key else None)
        lock = self._locks.get(key)
        if lock is None:
            lock = self._locks[key] = asyncio.Lock()
        return lock

    def _notify(self, delivery: Delivery[Any], results: list[bool], seconds: float) -> None:
        if not self._observers:
            return
        event = DeliveryFinished(
            event=delivery.event,
            action=delivery.action,
            id=delivery.id,
            hook_id=delivery.hook_id,
            handlers=len(results),
            failed=results.count(False),
            seconds=seconds,
        )
        for observer in self._observers:
            try:
                observer(event)
            except Exception:  # noqa: BLE001 - it must not reach the others
                _log.exception("An observer of the webhooks failed.")


def _describe(delivery: Delivery[Any]) -> str:
    action = f".{delivery.action}" if delivery.action else ""
    return f"{delivery.event}{action}, delivery {delivery.id},"[:300]


def _name(message: Message) -> str:
    return f"{message.key} ({message.headers.get('x-github-event')})"[:300]
