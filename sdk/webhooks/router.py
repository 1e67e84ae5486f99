"""Receive deliveries: verify, decode, recognize duplicates, run handlers."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal, cast

from sdk.transport import Clock, DriftReporter
from sdk.transport.errors import InvalidInput
from sdk.transport.headers import whole_number
from sdk.transport.refusals import hides_arguments

from ._types import Handler, Key
from .delivery import Delivery, DeliveryFinished, Receipt
from .errors import WebhookError
from .inbox import Inbox, MemoryInbox, Message
from .payloads import check_object, decode
from .reading import Headers, described_by, read_body, read_headers
from .registry import HandlerRegistry
from .signature import secret_keys
from .worker import Worker

if TYPE_CHECKING:
    from sdk.client import Sdk
    from sdk.transport import Drift, DriftKey

    from ._on import On

_log = logging.getLogger("sdk.webhooks")

# Verifying and decoding larger bodies, in bytes, would block the event loop for too long.
_LARGE = 1 << 20
# GitHub waits 10 seconds for the response.
_INLINE_SECONDS = 9.0
_RETRY_AFTER = 30


class Webhooks:
    """A receiver of GitHub's webhooks, with its handlers.

    Args:
        secret: the webhook's secret; several while it is being changed.
        sdk: the client for ``delivery.sdk``; in FastAPI, ``webhooks_lifespan`` sets it.
        run: ``"background"`` answers at once and runs the handlers in tasks of ``running()``;
            ``"inline"`` runs them before it answers, for at most 9 seconds, for platforms that
            stop a process after its response.
        inbox: where deliveries wait and duplicates are recognized; in memory by default.
        concurrency: how many deliveries are handled at the same time.
        drain: how long the end of ``running()`` waits for handlers, in seconds; then it cancels
            them.
        strict: refuse a payload that differs from its description with 400, instead of keeping
            what differs as it was sent.
        on_drift: called with each such difference.
        observers: called with a ``DeliveryFinished`` after each delivery, on the event loop. They
            must not block.
        clock: the source of time, for tests.

    Raises:
        InvalidInput: there is no secret, or an option is not valid; the text names the fix.
    """

    @hides_arguments
    def __init__(
        self,
        *,
        secret: str | bytes | Iterable[str | bytes],
        sdk: Sdk | None = None,
        run: Literal["background", "inline"] = "background",
        inbox: Inbox | None = None,
        concurrency: int = 100,
        drain: float = 10.0,
        strict: bool = False,
        on_drift: Callable[[Drift], object] | None = None,
        observers: Iterable[Callable[[DeliveryFinished], object]] = (),
        clock: Clock = Clock(),  # noqa: B008  immutable
    ) -> None:
        if run not in ("background", "inline"):
            raise InvalidInput('run must be "background" or "inline".')
        if concurrency < 1 or drain < 0:
            raise InvalidInput("concurrency must be at least 1, and drain at least 0 seconds.")
        self._keys = secret_keys(secret)
        self._sdk = sdk
        self._inline = run == "inline"
        self._inbox: Inbox = MemoryInbox(clock=clock) if inbox is None else inbox
        self._reporter = DriftReporter(on_drift, strict=strict)
        self._handlers = HandlerRegistry()
        self._drain = drain
        self._worker = Worker(
            self._inbox, self._handlers, self._decoded, tuple(observers), concurrency, clock
        )

    if TYPE_CHECKING:
        on: On
    else:

        def on(
            self, event: str, action: str | None = None, /, *, key: Key[Any] | None = None
        ) -> Callable[[Handler[Any]], Handler[Any]]:
            """Register an async function as a handler: ``@hooks.on("issues", "opened")``.

            Args:
                event: the event's name, or ``"*"`` for every event.
                action: the action, or None for every action.
                key: takes the delivery and returns what identifies the deliveries that this
                    handler takes one after another, in the order in which they were received.

            Raises:
                InvalidInput: there is no such event or action (the text has the nearest ones), or
                    the handler is not async or is annotated with another payload.
            """
            return self._handlers.decorator(event, action, key)

    @property
    def drift_counts(self) -> Mapping[DriftKey, int]:
        """The number of differences from the description, by event and by place in the payload."""
        return self._reporter.counts

    @asynccontextmanager
    async def running(self, sdk: Sdk | None = None) -> AsyncGenerator[None]:
        """Run the handlers of received deliveries during the block; wait for them at its end.

        Args:
            sdk: the client for ``delivery.sdk``, instead of the one from the constructor.

        Raises:
            InvalidInput: they are running already.
        """
        if self._worker.is_running:
            raise InvalidInput("These webhooks are running already: enter running() once.")
        before = self._sdk
        self._sdk = sdk or before
        self._worker.start()
        try:
            yield
        finally:
            await self._worker.stop(self._drain)
            self._sdk = before

    async def receive(self, headers: Headers, body: bytes) -> Receipt:
        """Receive a delivery, and return a receipt to respond with.

        A delivery that is refused does not raise: its receipt says so.

        Args:
            headers: the request's headers, as a mapping or as pairs; names in any case.
            body: the bytes of the request's body.

        Raises:
            InvalidInput: the handlers do not run, because ``running()`` was not entered.
        """
        if not self._inline and not self._worker.is_running:
            raise InvalidInput(
                "Handlers run only inside `async with hooks.running():`; in FastAPI, "
                "webhooks_lifespan(hooks) does that. Without either, use "
                'Webhooks(secret=..., run="inline").'
            )
        try:
            return await self._take(headers, body)
        except WebhookError as error:
            _log.info("Refused a webhook delivery with %d: %s", error.status, error)
            return Receipt(error.status, "refused", str(error))

    async def _take(self, headers: Headers, body: bytes) -> Receipt:
        described = read_headers(headers)
        if len(body) > _LARGE:
            message, delivery = await asyncio.to_thread(self._read, described, body)
        else:
            message, delivery = self._read(described, body)
        event = message.headers["x-github-event"]
        if event == "ping":
            self._compare_events(delivery)
        if delivery is None or not self._handlers.find(event, delivery.action):
            return _PONG if event == "ping" else _IGNORED
        if self._inline:
            receipt = await self._handle_inline(message)
        else:
            receipt = await self._queue(message)
        return _PONG if event == "ping" else receipt

    def _read(self, headers: dict[str, str], body: bytes) -> tuple[Message, Delivery[Any] | None]:
        payload = read_body(headers, body, self._keys)
        event, guid = headers["x-github-event"], headers["x-github-delivery"]
        message = Message(
            key=f"{headers.get('x-github-hook-id', '')}:{guid}",
            headers=described_by(headers),
            body=payload,
            received_at=datetime.now(UTC),
        )
        if event != "ping" and not self._handlers.listens_to(event):
            check_object(payload)
            return message, None
        delivery = self._decoded(message)
        # Keep the decoded delivery, so that the inbox of this process does not decode it again.
        object.__setattr__(message, "decoded", delivery)
        return message, delivery

    def _decoded(self, message: Message) -> Delivery[Any]:
        """Return the delivery of a message; raises InvalidDelivery."""
        if message.decoded is not None:
            return message.decoded
        headers = message.headers
        payload = decode(headers["x-github-event"], message.body, self._reporter)
        action = getattr(payload, "action", None)
        return Delivery(
            event=headers["x-github-event"],
            action=action if isinstance(action, str) else None,
            id=headers["x-github-delivery"],
            hook_id=_number(headers.get("x-github-hook-id")),
            target_type=headers.get("x-github-hook-installation-target-type"),
            target_id=_number(headers.get("x-github-hook-installation-target-id")),
            installation_id=_installation_id(payload),
            received_at=message.received_at,
            payload=payload,
            raw=message.body,
            _client=self._client if self._sdk is not None else None,
        )

    def _client(self, installation_id: int | None) -> Sdk:
        sdk = cast("Sdk", self._sdk)
        if installation_id is None or sdk.app is None:
            return sdk
        return sdk.as_installation(installation_id)

    async def _queue(self, message: Message) -> Receipt:
        if self._worker.is_stopping:
            return _STOPPED
        match await self._worker.submit(message):
            case "accepted":
                return _ACCEPTED
            case "duplicate":
                return _DUPLICATE
            case "full":
                return _FULL

    async def _handle_inline(self, message: Message) -> Receipt:
        if not await self._inbox.claim(message):
            return _DUPLICATE
        task = self._worker.spawn(message)
        done, _ = await asyncio.wait({task}, timeout=_INLINE_SECONDS)
        return _HANDLED if done else _ACCEPTED

    def _compare_events(self, delivery: Delivery[Any] | None) -> None:
        """Log the events that have a handler but that the pinging webhook does not send."""
        hook = getattr(getattr(delivery, "payload", None), "hook", None)
        sent = getattr(hook, "events", None)
        if not isinstance(sent, list) or "*" in sent:
            return
        names = {str(name) for name in cast("list[object]", sent)}
        missing = sorted(self._handlers.events - _ALWAYS_SENT - names)
        if missing:
            _log.warning(
                "The webhook does not send %s, for which handlers are registered: subscribe to "
                "them in its settings.",
                ", ".join(missing),
            )


# These are sent whether or not the webhook subscribes to them.
_ALWAYS_SENT = {
    "*",
    "github_app_authorization",
    "installation",
    "installation_repositories",
    "meta",
    "ping",
}

_ACCEPTED = Receipt(202, "accepted", "Accepted.")
_HANDLED = Receipt(200, "handled", "Handled.")
_DUPLICATE = Receipt(202, "duplicate", "Received before.")
_IGNORED = Receipt(202, "ignored", "No handler is registered for this event.")
_PONG = Receipt(200, "pong", "pong")
_FULL = Receipt(503, "full", "Too many deliveries are waiting.", _RETRY_AFTER)
_STOPPED = Receipt(503, "stopped", "The app is shutting down.", _RETRY_AFTER)


def _number(text: str | None) -> int | None:
    return None if text is None else whole_number(text)


def _installation_id(payload: object) -> int | None:
    found = getattr(getattr(payload, "installation", None), "id", None)
    return found if isinstance(found, int) else None
