"""A delivery, and the response to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Generic, Literal, TypeVar

if TYPE_CHECKING:
    from sdk.client import Sdk

T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Delivery(Generic[T_co]):
    """One verified delivery of a webhook.

    Attributes:
        event: the event's name, such as ``"issues"``.
        action: what happened, such as ``"opened"``; None for an event without actions.
        id: GitHub's id of the event (``X-GitHub-Delivery``, a GUID). Two webhooks that subscribe
            to the event receive the same one, and a redelivery has it again.
        hook_id: the webhook that sent it, or None if the header is missing.
        target_type: what the webhook belongs to: ``"repository"``, ``"organization"`` or
            ``"integration"`` (a GitHub App); None if the header is missing.
        target_id: the id of that.
        installation_id: the installation of the GitHub App that it is about, or None.
        received_at: when it was received, in UTC.
        payload: the body, decoded.
        raw: the JSON of the body, as it was sent.
    """

    event: str
    action: str | None
    id: str
    hook_id: int | None
    target_type: str | None
    target_id: int | None
    installation_id: int | None
    received_at: datetime
    payload: T_co = field(repr=False)
    raw: bytes = field(repr=False)
    _client: Callable[[int | None], Sdk] | None = field(default=None, repr=False, compare=False)

    @property
    def sdk(self) -> Sdk:
        """A client that acts as the delivery's installation.

        Without an installation, or without a GitHub App configured, it is the client that the
        ``Webhooks`` were given.

        Raises:
            InvalidInput: the ``Webhooks`` have no client; the text says how to pass one.
        """
        if self._client is None:
            from sdk.transport.errors import InvalidInput

            raise InvalidInput(
                "These webhooks have no client. Write Webhooks(secret=..., sdk=sdk), or in FastAPI "
                "webhooks_lifespan(hooks, on=shared_sdk)."
            )
        return self._client(self.installation_id)


Reason = Literal[
    "accepted", "handled", "duplicate", "ignored", "pong", "full", "stopped", "refused"
]


@dataclass(frozen=True, slots=True)
class Receipt:
    """The outcome of ``receive``, to be sent as the response.

    Attributes:
        status: the HTTP status to answer with: 200 or 202; 400, 401, 413 or 415 for a delivery
            that was refused; 503 if it cannot be taken now.
        reason: ``"accepted"``: queued; ``"handled"``: its handlers have finished;
            ``"duplicate"``: received before; ``"ignored"``: no handler is registered for it;
            ``"pong"``: a ping; ``"full"``: the queue is full; ``"stopped"``: the app is
            shutting down; ``"refused"``: see `message`.
        message: a constant text for the response. It has no text from the delivery.
        retry_after: seconds after which to try again, with 503.
    """

    status: int
    reason: Reason
    message: str
    retry_after: int | None = None


@dataclass(frozen=True, slots=True)
class DeliveryFinished:
    """All handlers of a delivery have finished; for observers.

    Attributes:
        event: the event's name.
        action: the event's action, or None.
        id: GitHub's id of the event.
        hook_id: the webhook that sent it, or None.
        handlers: how many handlers ran.
        failed: how many of them raised.
        seconds: the duration in seconds, from the first handler to the end of the last one.
    """

    event: str
    action: str | None
    id: str
    hook_id: int | None
    handlers: int
    failed: int
    seconds: float
