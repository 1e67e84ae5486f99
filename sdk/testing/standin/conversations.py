"""Issues and pull requests: who wrote them, their labels, whether they are open, merged, locked."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, cast

from sdk.operations import OperationInfo
from sdk.testing.synthesis.items import item_type

from .accounts import user
from .generic import Generic, body_of, made, place_of
from .messages import Reply, Request, not_found
from .seeds import Facts
from .state import Place


def create(rules: Generic, info: OperationInfo, request: Request) -> Reply:
    """Serve the creation of an issue, a pull request, a comment: with its author and its time."""
    place = place_of(info, request.values)
    rules.check_path(info, request, place)
    told = body_of(info, request)
    now = _now()
    author = rules.state.facts(user(request.login or "octocat"))
    facts: Facts = {"state": "open", "created_at": now, "updated_at": now, "user": author, **told}
    if "labels" in told:
        facts["labels"] = [_label(rules, request, label) for label in told["labels"]]
    created = rules.create(place, facts)
    made_of = rules.state.facts(created)
    return Reply(201, made(info.returns(201), made_of, created.address))


def update(rules: Generic, info: OperationInfo, request: Request) -> Reply:
    """Serve the update of an issue or a pull request: closing it says when."""
    place = place_of(info, request.values)
    rules.check_path(info, request, place)
    told = body_of(info, request)
    told["updated_at"] = _now()
    if "labels" in told:
        told["labels"] = [_label(rules, request, label) for label in told["labels"]]
    if told.get("state") == "closed":
        told["closed_at"] = told["updated_at"]
    elif told.get("state") == "open":
        told["closed_at"] = None
    rules.state.put(place, told)
    return Reply(200, made(info.returns(), rules.state.facts(place), place.address))


def labels(rules: Generic, info: OperationInfo, request: Request) -> Reply:
    """Serve the labels of an issue: list, add, set, and remove one or all."""
    issue = _issue(rules, request)
    if issue is None:
        return not_found()
    present: list[Any] = list(rules.state.facts(issue).get("labels", []))
    body = request.json()
    # GitHub takes both {"labels": [...]} and the bare list.
    named = cast("Facts", body).get("labels") if isinstance(body, dict) else body
    given = [_label(rules, request, label) for label in cast("list[Any]", named or [])]
    match info.method, request.values.get("name"):
        case "POST", _:
            present += [label for label in given if label not in present]
        case "PUT", _:
            present = given
        case "DELETE", None:
            present = []
        case "DELETE", name:
            kept = [label for label in present if label["name"] != name]
            if len(kept) == len(present):
                return not_found()
            present = kept
        case _:
            pass
    rules.state.put(issue, {"labels": present})
    if info.returns() is None:
        return Reply(204)
    kind = item_type(info.operation)
    home = issue.path.partition("/issues/")[0].lower()
    return Reply(200, [made(kind, each, f"{home}/labels/{each['name']}") for each in present])


def lock(rules: Generic, info: OperationInfo, request: Request) -> Reply:
    """Serve ``PUT`` and ``DELETE`` of an issue's lock."""
    issue = _issue(rules, request)
    if issue is None:
        return not_found()
    reason = body_of(info, request).get("lock_reason") if info.method == "PUT" else None
    rules.state.put(issue, {"locked": info.method == "PUT", "active_lock_reason": reason})
    return Reply(204)


def merge(rules: Generic, info: OperationInfo, request: Request) -> Reply:
    """Serve ``PUT`` (merge) and ``GET`` (is it merged) of a pull request."""
    values = request.values
    number = values["pull_number"]
    route = "/repos/{}/{}/pulls/{}"
    place = Place(route, f"/repos/{values['owner']}/{values['repo']}/pulls/{number}", number)
    if not rules.state.exists(place):
        return not_found()
    if info.method == "GET":
        return Reply(204) if rules.state.facts(place).get("merged") else not_found()
    now = _now()
    rules.state.put(place, {"merged": True, "state": "closed", "merged_at": now, "closed_at": now})
    told = {"merged": True, "message": "Pull Request successfully merged"}
    return Reply(200, made(info.returns(), told, f"{place.address}/merge"))


def _issue(rules: Generic, request: Request) -> Place | None:
    values = request.values
    number = values["issue_number"]
    home = f"/repos/{values['owner']}/{values['repo']}"
    place = Place("/repos/{}/{}/issues/{}", f"{home}/issues/{number}", number)
    above = Place("/repos/{}/{}", home, values["repo"])
    return place if rules.state.exists(above) and rules.state.exists(place) else None


def _label(rules: Generic, request: Request, label: Any) -> Facts:
    name = str(cast("Facts", label).get("name", "") if isinstance(label, dict) else label)
    home = f"/repos/{request.values['owner']}/{request.values['repo']}"
    return rules.state.facts(Place("/repos/{}/{}/labels/{}", f"{home}/labels/{name}", name))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
