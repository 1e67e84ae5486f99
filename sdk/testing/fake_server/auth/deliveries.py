"""The webhook deliveries that a GitHub App can list and redeliver."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from sdk.operations import OperationInfo
from sdk.testing.fake_server.generic_rules import build_resource
from sdk.testing.fake_server.messages import Reply, Request, not_found
from sdk.testing.fake_server.pagination import by_cursor
from sdk.testing.fake_server.seed_data import Facts
from sdk.testing.fake_server.timestamps import timestamp
from sdk.testing.synthesis.item_types import item_type

from .apps import RegisteredApp

_MOST_KEPT = 1000
_FIRST_ID = 12_345_000_001


@dataclass(frozen=True, slots=True)
class Delivery:
    """One attempt to deliver an event.

    Attributes:
        id: the delivery's id.
        guid: the event's id, the same for each attempt (``X-GitHub-Delivery``).
        app: the app whose webhook it was sent to.
        event: the event's name, such as "push".
        payload: the body.
        status_code: the status that the webhook responded with.
        delivered_at: the time of the delivery, in seconds since the epoch.
        redelivery: whether it repeats an earlier delivery.
    """

    id: int
    guid: str
    app: RegisteredApp
    event: str
    payload: Mapping[str, Any]
    status_code: int
    delivered_at: float
    redelivery: bool = False


class DeliveryLog:
    """The latest deliveries of all apps, at most a thousand.

    Attributes:
        resend: delivers an event to an app's webhook again.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self._kept: deque[Delivery] = deque(maxlen=_MOST_KEPT)
        self._last_id = _FIRST_ID
        self._now = now
        self.resend: Callable[[RegisteredApp, str, Mapping[str, Any], str], None] | None = None

    def record(
        self,
        app: RegisteredApp,
        event: str,
        payload: Mapping[str, Any],
        status_code: int,
        *,
        guid: str | None = None,
        redelivery: bool = False,
    ) -> Delivery:
        """Add a delivery; without `guid` it is the first one of a new event."""
        self._last_id += 1
        number = self._last_id
        delivery = Delivery(
            number,
            guid or str(UUID(int=number)),
            app,
            event,
            payload,
            status_code,
            self._now(),
            redelivery=redelivery,
        )
        self._kept.appendleft(delivery)
        return delivery

    def clear(self) -> None:
        """Remove every delivery."""
        self._kept.clear()

    def page(self, app: RegisteredApp, info: OperationInfo, request: Request) -> Reply:
        """Return a page of an app's deliveries, the newest first, paginated by ``cursor``."""
        found = [each for each in self._kept if each.app is app]
        if request.query.get("status") in ("success", "failure"):
            good = request.query["status"] == "success"
            found = [each for each in found if (each.status_code < 400) == good]
        reply = by_cursor(request, found)
        kind = item_type(info.operation)
        reply.body = [
            build_resource(kind, _facts(each), f"/deliveries/{each.id}") for each in reply.body
        ]
        return reply

    def get(self, app: RegisteredApp, info: OperationInfo, id: str) -> Reply:
        """Return one delivery, with its payload."""
        found = self._find(app, id)
        if found is None:
            return not_found()
        request: Facts = {
            "headers": {"X-GitHub-Delivery": found.guid, "X-GitHub-Event": found.event},
            "payload": dict(found.payload),
        }
        response: Facts = {"headers": {}, "payload": ""}
        facts: Facts = {**_facts(found), "request": request, "response": response}
        return Reply(200, build_resource(info.returns(), facts, f"/deliveries/{found.id}"))

    def redeliver(self, app: RegisteredApp, id: str) -> Reply:
        """Redeliver an event; without a webhook URL it is recorded as a success."""
        found = self._find(app, id)
        if found is None:
            return not_found()
        if app.webhook_url and self.resend is not None:
            self.resend(app, found.event, found.payload, found.guid)
        else:
            self.record(app, found.event, found.payload, 200, guid=found.guid, redelivery=True)
        return Reply(202, {})

    def _find(self, app: RegisteredApp, id: str) -> Delivery | None:
        return next((each for each in self._kept if each.app is app and str(each.id) == id), None)


def _facts(delivery: Delivery) -> Facts:
    given: Any = delivery.payload.get("installation")
    installation = cast("Facts", given) if isinstance(given, dict) else {}
    return {
        "id": delivery.id,
        "guid": delivery.guid,
        "delivered_at": timestamp(delivery.delivered_at),
        "redelivery": delivery.redelivery,
        "duration": 0.25,
        "status": "OK" if delivery.status_code < 400 else "Failed",
        "status_code": delivery.status_code,
        "event": delivery.event,
        "action": delivery.payload.get("action"),
        "installation_id": installation.get("id"),
        "repository_id": None,
    }
