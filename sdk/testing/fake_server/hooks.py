"""Webhooks of repositories and GitHub Apps: delivery, list and redelivery of events."""

from __future__ import annotations

import asyncio
import itertools
from collections import deque
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, replace
from typing import Any, cast
from uuid import uuid4

from sdk.operations import OperationInfo

from .auth import GitHubAuth, RegisteredApp
from .generic_rules import GenericRules, build_resource
from .messages import Reply, Request
from .pagination import by_cursor
from .seed_data import Facts
from .state import Place
from .timestamps import timestamp_now

_HOOKS = "/repos/{}/{}/hooks"
_MASKED = "********"
_SECONDS = 10.0
# The last deliveries of all webhooks: a server may run for long.
_MOST_KEPT = 1000


@dataclass(slots=True)
class SentDelivery:
    """One attempt to deliver an event to a webhook.

    Attributes:
        id: the id of the attempt.
        guid: the id of the event.
        hook: the path of the webhook.
        event: the event's name.
        action: its action, or None.
        payload: the payload, as JSON values.
        redelivery: whether it repeats an earlier attempt.
        status_code: the status of the response; 0 before there is one, or if there was none.
        delivered_at: the time of the attempt, as ISO 8601.
    """

    id: int
    guid: str
    hook: Place
    event: str
    action: str | None
    payload: Facts
    redelivery: bool
    status_code: int = 0
    delivered_at: str = ""


@dataclass(frozen=True, slots=True)
class AppDelivery:
    """One attempt to deliver an event to the webhook of a GitHub App.

    Attributes:
        app: the App.
        event: the event's name.
        payload: the payload, as JSON values.
        guid: the id of the event.
        redelivery: whether it repeats an earlier attempt.
    """

    app: RegisteredApp
    event: str
    payload: Facts
    guid: str
    redelivery: bool = False


Occurrence = tuple[str, str | None, Facts]
"""The event, its action, and fields of its payload."""


class Hooks:
    """Deliverer of events to the webhooks of repositories and of GitHub Apps."""

    def __init__(self, rules: GenericRules, auth: GitHubAuth) -> None:
        self._rules = rules
        self._auth = auth
        auth.deliveries.resend = self._queue_again
        self._waiting_for_apps: list[AppDelivery] = []
        self._sent: deque[SentDelivery] = deque(maxlen=_MOST_KEPT)
        self._waiting: list[SentDelivery] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._ids = itertools.count(500_001)

    def response(self, info: OperationInfo, request: Request) -> Reply | None:
        """Return the response of an operation on created webhooks; None for any other."""
        serve = _SERVED.get(info.id)
        return serve(self, info, request) if serve else None

    def note(self, info: OperationInfo, request: Request, reply: Reply) -> None:
        """Queue the event of an operation for the webhooks that subscribe to it."""
        if reply.status // 100 != 2:
            return
        if info.id == "repos/create-webhook":
            created = _hook_place(request, reply.body)
            about = {"hook_id": reply.body["id"], "hook": reply.body}
            self._queue(created, "ping", None, self._payload("ping", None, about, request))
        elif info.id in _OCCURRENCES and "repo" in request.values:
            occurrence = _OCCURRENCES[info.id](reply.body or {}, request)
            if occurrence is not None:
                self._publish(occurrence, request)

    def _publish(self, occurrence: Occurrence, request: Request) -> None:
        event, action, about = occurrence
        home = f"/repos/{request.values['owner']}/{request.values['repo']}"
        for hook in self._rules.state.listed(_HOOKS, f"{home}/hooks"):
            facts = self._rules.state.facts(hook)
            if "_secret" in facts and {event, "*"} & set(facts.get("events", ["push"])):
                self._queue(hook, event, action, self._payload(event, action, about, request))
        for installation in self._auth.apps.installations.values():
            app = installation.app
            covered = installation.covers(request.values["owner"], request.values["repo"])
            if app.webhook_url and covered and event in app.seed.events:
                payload = self._payload(event, action, about, request)
                payload["installation"] = {"id": installation.id, "node_id": "made up"}
                self._waiting_for_apps.append(AppDelivery(app, event, payload, str(uuid4())))

    def _queue_again(
        self, app: RegisteredApp, event: str, payload: Mapping[str, Any], guid: str
    ) -> None:
        again = AppDelivery(app, event, dict(payload), guid, redelivery=True)
        self._waiting_for_apps.append(again)

    def _payload(self, event: str, action: str | None, about: Facts, request: Request) -> Facts:
        from sdk.testing.deliveries import payload_of

        repository = self._rules.whole(_repository(request))
        sender = _sender(self._rules, request)
        made = payload_of(
            event,
            action,
            repository={name: repository[name] for name in ("id", "name", "full_name")},
            sender={name: sender[name] for name in ("id", "login")},
        )
        made["repository"]["owner"]["login"] = request.values["owner"]
        for name, value in about.items():
            made[name] = {**made.get(name, {}), **value} if isinstance(value, dict) else value
        return made

    def _queue(self, hook: Place, event: str, action: str | None, payload: Facts) -> None:
        guid = str(uuid4())
        self._waiting.append(
            SentDelivery(next(self._ids), guid, hook, event, action, payload, redelivery=False)
        )

    def send_waiting(self) -> None:
        """Send the queued deliveries, each in a task of its own, on the running event loop."""
        waiting, self._waiting = self._waiting, []
        for delivery in waiting:
            self._sent.append(delivery)
            self._start(self._send(delivery))
        waiting_for_apps, self._waiting_for_apps = self._waiting_for_apps, []
        for to_app in waiting_for_apps:
            self._start(self._send_to_app(to_app))

    def _start(self, sending: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(sending)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def settled(self) -> None:
        """Wait until every delivery was sent."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))

    async def _send(self, delivery: SentDelivery) -> None:
        facts = self._rules.state.facts(delivery.hook)
        delivery.delivered_at = timestamp_now()
        delivery.status_code = await _post(
            str(_object(facts.get("config")).get("url")),
            facts.get("_secret") or "no secret",
            delivery.event,
            delivery.payload,
            guid=delivery.guid,
            hook_id=int(delivery.hook.key),
        )

    async def _send_to_app(self, delivery: AppDelivery) -> None:
        app = delivery.app
        status = await _post(
            str(app.webhook_url),
            app.webhook_secret,
            delivery.event,
            delivery.payload,
            guid=delivery.guid,
            hook_id=app.app_id,
        )
        self._auth.deliveries.record(
            app,
            delivery.event,
            delivery.payload,
            status,
            guid=delivery.guid,
            redelivery=delivery.redelivery,
        )

    def save(self, info: OperationInfo, request: Request) -> Reply:
        """Serve the creation or update of a webhook; its secret is stored and never returned."""
        config = _object(_object(request.json()).get("config"))
        secret = config.get("secret")
        reply = self._rules.response(info, request)
        if reply.status // 100 == 2:
            body = _object(reply.body)
            shown = {**_object(body.get("config")), **({"secret": _MASKED} if secret else {})}
            given = {"_secret": secret or "", "config": shown, "name": "web"}
            self._rules.state.put(_hook_place(request, body), given)
            body |= {"config": shown, "name": "web"}
        return reply

    def list_deliveries(self, _: OperationInfo, request: Request) -> Reply | None:
        """Serve the list of a webhook's deliveries, the newest first."""
        hook = _hook_place(request, {"id": request.values["hook_id"]})
        if "_secret" not in self._rules.state.facts(hook):
            return None
        found = [each for each in reversed(self._sent) if each.hook.address == hook.address]
        reply = by_cursor(request, found)
        reply.body = [_item(each) for each in reply.body]
        return reply

    def get_delivery(self, info: OperationInfo, request: Request) -> Reply | None:
        """Serve one delivery."""
        found = self._find(request)
        if found is None:
            return None
        given = {**_item(found), "request": {"headers": {}, "payload": found.payload}}
        return Reply(200, build_resource(info.returns(), given, request.path))

    def redeliver(self, _: OperationInfo, request: Request) -> Reply | None:
        """Serve a redelivery: a new attempt with the same GUID."""
        found = self._find(request)
        if found is None:
            return None
        again = replace(found, id=next(self._ids), redelivery=True, status_code=0, delivered_at="")
        self._waiting.append(again)
        return Reply(202, {})

    def _find(self, request: Request) -> SentDelivery | None:
        wanted = request.values["delivery_id"]
        return next((each for each in self._sent if str(each.id) == wanted), None)


_SERVED: dict[str, Callable[[Hooks, OperationInfo, Request], Reply | None]] = {
    "repos/create-webhook": Hooks.save,
    "repos/get-webhook-delivery": Hooks.get_delivery,
    "repos/list-webhook-deliveries": Hooks.list_deliveries,
    "repos/redeliver-webhook-delivery": Hooks.redeliver,
    "repos/update-webhook": Hooks.save,
}


async def _post(
    url: str, secret: str, event: str, payload: Facts, *, guid: str, hook_id: int
) -> int:
    """Send a delivery, and return the status of the response; like GitHub's, 0 if there is none."""
    import httpx

    from sdk.testing.deliveries import signed

    headers, body = signed(event, payload, secret=secret, guid=guid, hook_id=hook_id)
    try:
        async with httpx.AsyncClient(timeout=_SECONDS, trust_env=False) as client:
            return (await client.post(url, content=body, headers=headers)).status_code
    except (httpx.HTTPError, httpx.InvalidURL):
        return 0


def _item(delivery: SentDelivery) -> Facts:
    return {
        "id": delivery.id,
        "guid": delivery.guid,
        "delivered_at": delivery.delivered_at,
        "redelivery": delivery.redelivery,
        "duration": 0.01,
        "status": "OK" if 200 <= delivery.status_code < 300 else "Invalid HTTP Response",
        "status_code": delivery.status_code,
        "event": delivery.event,
        "action": delivery.action,
        "installation_id": None,
        "repository_id": None,
    }


def _hook_place(request: Request, hook: Facts) -> Place:
    return Place(f"{_HOOKS}/{{}}", f"{_home(request)}/hooks/{hook['id']}", str(hook["id"]))


def _object(value: object) -> Facts:
    return cast("Facts", value) if isinstance(value, dict) else {}


def _home(request: Request) -> str:
    return f"/repos/{request.values['owner']}/{request.values['repo']}"


def _repository(request: Request) -> Place:
    return Place("/repos/{}/{}", _home(request), request.values["repo"])


def _sender(rules: GenericRules, request: Request) -> Facts:
    login = request.login or "octocat"
    return rules.whole(Place("/users/{}", f"/users/{login}", login))


def _issue_updated(body: Facts, request: Request) -> Occurrence:
    given: Facts = request.json()
    action = {"closed": "closed", "open": "reopened"}.get(str(given.get("state")), "edited")
    return "issues", action, {"issue": body}


def _commented(body: Facts, request: Request) -> Occurrence:
    number = int(request.values["issue_number"])
    return "issue_comment", "created", {"comment": body, "issue": {"number": number}}


_OCCURRENCES: dict[str, Callable[[Facts, Request], Occurrence | None]] = {
    "activity/star-repo-for-authenticated-user": lambda _, __: ("star", "created", {}),
    "activity/unstar-repo-for-authenticated-user": lambda _, __: ("star", "deleted", {}),
    "issues/create": lambda body, _: ("issues", "opened", {"issue": body}),
    "issues/create-comment": _commented,
    "issues/create-label": lambda body, _: ("label", "created", {"label": body}),
    "issues/update": _issue_updated,
    "pulls/create": lambda body, _: ("pull_request", "opened", {"pull_request": body}),
    "repos/create-release": lambda body, _: ("release", "published", {"release": body}),
}
