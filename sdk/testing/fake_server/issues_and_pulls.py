"""Issues and pull requests: who wrote them, their labels, whether they are open, merged, locked."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, cast

from sdk.operations import OperationInfo
from sdk.testing.synthesis.item_types import item_type

from .accounts import user
from .generic_rules import GenericRules, body_of, build_resource, place_of
from .labels import labels_of
from .messages import Refused, Reply, Request, invalid, not_found
from .seed_data import Facts
from .state import Place

_PULL = "/repos/{}/{}/pulls/{}"


def create(rules: GenericRules, info: OperationInfo, request: Request) -> Reply:
    """Serve the creation of an issue, a pull request, a comment: with its author and its time."""
    place = place_of(info, request.values)
    rules.check_path(info, request, place)
    now = _now()
    author = rules.state.facts(user(request.login or "octocat"))
    facts: Facts = {"state": "open", "created_at": now, "updated_at": now, "user": author}
    facts |= _told(rules, info, request)
    if "issue_number" in request.values:
        facts["_issue"] = int(request.values["issue_number"])
    created = rules.create(place, facts)
    if created.route == _PULL:
        # A pull request is listed among the issues too, and its conversation is there.
        rules.state.put(created, {"_pull": True})
        home = place.path.removesuffix("/pulls")
        issue = Place("/repos/{}/{}/issues/{}", f"{home}/issues/{created.key}", created.key)
        rules.state.list_too(f"{home}/issues", issue)
    made_of = rules.state.facts(created)
    return Reply(201, build_resource(info.returns(201), made_of, created.address))


def update(rules: GenericRules, info: OperationInfo, request: Request) -> Reply:
    """Serve the update of an issue, a pull request or a comment: closing it says when."""
    place = place_of(info, request.values)
    rules.check_path(info, request, place)
    told = _told(rules, info, request)
    told["updated_at"] = _now()
    if told.get("state") == "closed":
        told["closed_at"] = told["updated_at"]
    elif told.get("state") == "open":
        told["closed_at"] = None
    rules.state.put(place, told)
    return Reply(200, build_resource(info.returns(), rules.state.facts(place), place.address))


def _told(rules: GenericRules, info: OperationInfo, request: Request) -> Facts:
    """Return what the body says, with what it names by name or number in full."""
    told = body_of(info, request)
    if told.get("title", "x") in (None, ""):
        raise Refused(invalid("Issue", "title", "missing_field"))
    if "labels" in told:
        told["labels"] = labels_of(rules, request, told["labels"] or [])
    if isinstance(told.get("assignee"), str) and "assignees" not in told:
        told["assignees"] = [told["assignee"]]
    if "assignees" in told:
        told |= assigned(_people(rules, told["assignees"], "assignees"))
    if told.get("milestone") is not None and "milestone" in told:
        told["milestone"] = _milestone(rules, request, told["milestone"])
    for name in ("head", "base"):
        if isinstance(told.get(name), str):
            owner, _, branch = told[name].rpartition(":")
            label = f"{owner or request.values['owner']}:{branch}"
            told[name] = {"ref": branch, "label": label}
    return told


def assigned(people: list[Facts]) -> Facts:
    """Return the facts of an issue that these are to see to."""
    return {"assignees": people, "assignee": people[0] if people else None}


def _people(rules: GenericRules, named: Any, field: str, *, or_nobody: bool = False) -> list[Facts]:
    """Return the users of these logins; with `or_nobody` those that there are.

    Raises:
        Refused: 422, one of them is nobody's.
    """
    found: list[Facts] = []
    for each in cast("list[Any]", named or []):
        login = cast("Facts", each).get("login") if isinstance(each, dict) else each
        if not isinstance(login, str) or not rules.state.exists(user(login)):
            if or_nobody and isinstance(login, str):
                continue
            raise Refused(invalid("Issue", field, "invalid"))
        found.append(rules.state.facts(user(login)))
    return found


def _milestone(rules: GenericRules, request: Request, number: Any) -> Facts:
    home = f"/repos/{request.values['owner']}/{request.values['repo']}"
    place = Place("/repos/{}/{}/milestones/{}", f"{home}/milestones/{number}", str(number))
    if not str(number).isdecimal() or not rules.state.exists(place):
        raise Refused(invalid("Issue", "milestone", "invalid"))
    return rules.whole(place)


def assign(rules: GenericRules, info: OperationInfo, request: Request) -> Reply:
    """Serve ``POST`` and ``DELETE`` of an issue's assignees."""
    issue = _issue(rules, request)
    if issue is None:
        return not_found()
    # GitHub passes over those who cannot be assigned.
    named = body_of(info, request).get("assignees")
    told = _people(rules, named, "assignees", or_nobody=True)
    facts = rules.state.facts(issue)
    people = _changed(info, facts.get("assignees", []), told, "login")
    rules.state.put(issue, {**assigned(people), "updated_at": _now()})
    return Reply(200, build_resource(info.returns(), rules.state.facts(issue), issue.address))


def reviewers(rules: GenericRules, info: OperationInfo, request: Request) -> Reply:
    """Serve the people and teams who are asked to review a pull request."""
    place = _pull(request)
    rules.check_path(info, request, place)
    facts = rules.state.facts(place)
    people, teams = facts.get("requested_reviewers", []), facts.get("requested_teams", [])
    if info.method == "GET":
        asked = {"users": people, "teams": teams}
        return Reply(
            200, build_resource(info.returns(), asked, f"{place.address}/requested_reviewers")
        )
    told = body_of(info, request)
    removes = info.method == "DELETE"
    asked_people = _people(rules, told.get("reviewers"), "reviewers", or_nobody=removes)
    slugs = cast("list[Any]", told.get("team_reviewers") or [])
    asked_teams: list[Facts] = [{"slug": str(slug), "name": str(slug)} for slug in slugs]
    rules.state.put(
        place,
        {
            "requested_reviewers": _changed(info, people, asked_people, "login"),
            "requested_teams": _changed(info, teams, asked_teams, "slug"),
            "updated_at": _now(),
        },
    )
    return Reply(200, build_resource(info.returns(), rules.state.facts(place), place.address))


def _changed(info: OperationInfo, before: list[Facts], told: list[Facts], key: str) -> list[Facts]:
    """Add what is told, or take it away for DELETE."""
    keys = [each[key] for each in told]
    kept = [each for each in before if each[key] not in keys]
    return kept if info.method == "DELETE" else kept + told


def labels(rules: GenericRules, info: OperationInfo, request: Request) -> Reply:
    """Serve the labels of an issue: list, add, set, and remove one or all."""
    issue = _issue(rules, request)
    if issue is None:
        return not_found()
    present: list[Any] = list(rules.state.facts(issue).get("labels", []))
    name = request.values.get("name")
    if info.method in ("POST", "PUT"):
        body = request.json()
        # GitHub takes both {"labels": [...]} and the bare list.
        whole = body_of(info, request).get("labels", []) if isinstance(body, dict) else body
        given = labels_of(rules, request, whole)
        names = [label["name"].lower() for label in given]
        kept = [label for label in present if label["name"].lower() not in names]
        present = kept + given if info.method == "POST" else given
    elif info.method == "DELETE":
        kept = [] if name is None else [one for one in present if one["name"] != name]
        if name is not None and len(kept) == len(present):
            return not_found()
        present = kept
    if info.method != "GET":
        rules.state.put(issue, {"labels": present})
    if info.returns() is None:
        return Reply(204)
    kind = item_type(info.operation)
    home = issue.path.partition("/issues/")[0].lower()
    return Reply(
        200, [build_resource(kind, each, f"{home}/labels/{each['name']}") for each in present]
    )


def lock(rules: GenericRules, info: OperationInfo, request: Request) -> Reply:
    """Serve ``PUT`` and ``DELETE`` of an issue's lock."""
    issue = _issue(rules, request)
    if issue is None:
        return not_found()
    reason = body_of(info, request).get("lock_reason") if info.method == "PUT" else None
    rules.state.put(issue, {"locked": info.method == "PUT", "active_lock_reason": reason})
    return Reply(204)


def merge(rules: GenericRules, info: OperationInfo, request: Request) -> Reply:
    """Serve ``PUT`` (merge) and ``GET`` (is it merged) of a pull request."""
    place = _pull(request)
    if not rules.state.exists(place):
        return not_found()
    if info.method == "GET":
        return Reply(204) if rules.state.facts(place).get("merged") else not_found()
    now = _now()
    rules.state.put(place, {"merged": True, "state": "closed", "merged_at": now, "closed_at": now})
    told = {"merged": True, "message": "Pull Request successfully merged"}
    return Reply(200, build_resource(info.returns(), told, f"{place.address}/merge"))


def _pull(request: Request) -> Place:
    values = request.values
    number = values["pull_number"]
    return Place(_PULL, f"/repos/{values['owner']}/{values['repo']}/pulls/{number}", number)


def _issue(rules: GenericRules, request: Request) -> Place | None:
    values = request.values
    number = values["issue_number"]
    home = f"/repos/{values['owner']}/{values['repo']}"
    place = Place("/repos/{}/{}/issues/{}", f"{home}/issues/{number}", number)
    above = Place("/repos/{}/{}", home, values["repo"])
    return place if rules.state.exists(above) and rules.state.exists(place) else None


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
