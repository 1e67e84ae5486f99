"""Issues and pull requests: author, assignees, labels, state, merge and lock."""

from __future__ import annotations

from typing import Any, cast

from sdk.operations import OperationInfo
from sdk.testing.synthesis.item_types import item_type

from .accounts import user
from .generic_rules import GenericRules, body_of, build_resource, place_of
from .labels import labels_of
from .messages import Refused, Reply, Request, invalid, not_found
from .seed_data import Facts
from .state import Place
from .timestamps import timestamp_now

_PULL = "/repos/{}/{}/pulls/{}"


def create(rules: GenericRules, info: OperationInfo, request: Request) -> Reply:
    """Serve the creation of an issue, a pull request or a comment, with its author and time."""
    place = place_of(info, request.values)
    rules.check_path(info, request, place)
    now = timestamp_now()
    author = rules.state.facts(user(request.login or "octocat"))
    facts: Facts = {"state": "open", "created_at": now, "updated_at": now, "user": author}
    if info.id in ("issues/create", "pulls/create"):
        facts |= assigned([])
    facts |= _facts_of_body(rules, info, request)
    if "issue_number" in request.values:
        facts["_issue"] = int(request.values["issue_number"])
    created = rules.create(place, facts)
    if created.route == _PULL:
        # A pull request is also an issue, which has its comments.
        rules.state.put(created, {"_pull": True})
        home = place.path.removesuffix("/pulls")
        issue = Place("/repos/{}/{}/issues/{}", f"{home}/issues/{created.key}", created.key)
        rules.state.list_too(f"{home}/issues", issue)
    made_of = rules.state.facts(created)
    return Reply(201, build_resource(info.returns(201), made_of, created.address))


def update(rules: GenericRules, info: OperationInfo, request: Request) -> Reply:
    """Serve the update of an issue, a pull request or a comment; closing sets the time."""
    place = place_of(info, request.values)
    rules.check_path(info, request, place)
    given = _facts_of_body(rules, info, request)
    given["updated_at"] = timestamp_now()
    if given.get("state") == "closed":
        given["closed_at"] = given["updated_at"]
    elif given.get("state") == "open":
        given["closed_at"] = None
    rules.state.put(place, given)
    return Reply(200, build_resource(info.returns(), rules.state.facts(place), place.address))


def _facts_of_body(rules: GenericRules, info: OperationInfo, request: Request) -> Facts:
    """Return the facts of a body, with users, labels and milestones as objects."""
    given = body_of(info, request)
    if given.get("title", "x") in (None, ""):
        raise Refused(invalid("Issue", "title", "missing_field"))
    if "labels" in given:
        given["labels"] = labels_of(rules, request, given["labels"] or [])
    if isinstance(given.get("assignee"), str) and "assignees" not in given:
        given["assignees"] = [given["assignee"]]
    if "assignees" in given:
        given |= assigned(_users(rules, given["assignees"], "assignees"))
    if given.get("milestone") is not None and "milestone" in given:
        given["milestone"] = _milestone(rules, request, given["milestone"])
    for name in ("head", "base"):
        if isinstance(given.get(name), str):
            owner, _, branch = given[name].rpartition(":")
            label = f"{owner or request.values['owner']}:{branch}"
            given[name] = {"ref": branch, "label": label}
    return given


def assigned(people: list[Facts]) -> Facts:
    """Return the facts of an issue with these assignees."""
    return {"assignees": people, "assignee": people[0] if people else None}


def _users(
    rules: GenericRules, named: Any, field: str, *, skip_unknown: bool = False
) -> list[Facts]:
    """Return the users with these logins; with `skip_unknown`, skip unknown ones.

    Raises:
        Refused: 422, a login is unknown.
    """
    found: list[Facts] = []
    for each in cast("list[Any]", named or []):
        login = cast("Facts", each).get("login") if isinstance(each, dict) else each
        if not isinstance(login, str) or not rules.state.exists(user(login)):
            if skip_unknown and isinstance(login, str):
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
    # GitHub ignores users who cannot be assigned.
    named = body_of(info, request).get("assignees")
    given = _users(rules, named, "assignees", skip_unknown=True)
    facts = rules.state.facts(issue)
    people = _changed(info, facts.get("assignees", []), given, "login")
    rules.state.put(issue, {**assigned(people), "updated_at": timestamp_now()})
    return Reply(200, build_resource(info.returns(), rules.state.facts(issue), issue.address))


def reviewers(rules: GenericRules, info: OperationInfo, request: Request) -> Reply:
    """Serve the requested reviewers of a pull request, users and teams."""
    place = _pull(request)
    rules.check_path(info, request, place)
    facts = rules.state.facts(place)
    people, teams = facts.get("requested_reviewers", []), facts.get("requested_teams", [])
    if info.method == "GET":
        asked = {"users": people, "teams": teams}
        return Reply(
            200, build_resource(info.returns(), asked, f"{place.address}/requested_reviewers")
        )
    given = body_of(info, request)
    removes = info.method == "DELETE"
    asked_people = _users(rules, given.get("reviewers"), "reviewers", skip_unknown=removes)
    slugs = cast("list[Any]", given.get("team_reviewers") or [])
    asked_teams: list[Facts] = [{"slug": str(slug), "name": str(slug)} for slug in slugs]
    rules.state.put(
        place,
        {
            "requested_reviewers": _changed(info, people, asked_people, "login"),
            "requested_teams": _changed(info, teams, asked_teams, "slug"),
            "updated_at": timestamp_now(),
        },
    )
    return Reply(200, build_resource(info.returns(), rules.state.facts(place), place.address))


def _changed(info: OperationInfo, before: list[Facts], given: list[Facts], key: str) -> list[Facts]:
    """Add items to a list, or remove them for DELETE."""
    keys = [each[key] for each in given]
    kept = [each for each in before if each[key] not in keys]
    return kept if info.method == "DELETE" else kept + given


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
    """Serve ``PUT`` (merge) and ``GET`` (check) of a pull request's merge."""
    place = _pull(request)
    if not rules.state.exists(place):
        return not_found()
    if info.method == "GET":
        return Reply(204) if rules.state.facts(place).get("merged") else not_found()
    now = timestamp_now()
    rules.state.put(place, {"merged": True, "state": "closed", "merged_at": now, "closed_at": now})
    given = {"merged": True, "message": "Pull Request successfully merged"}
    return Reply(200, build_resource(info.returns(), given, f"{place.address}/merge"))


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
