"""Repositories: owners, names, templates and forks."""

from __future__ import annotations

import re

from sdk.operations import OperationInfo
from sdk.testing.synthesis.item_types import item_type

from .accounts import user
from .generic_rules import GenericRules, body_of, build_resource
from .messages import Refused, Reply, Request, invalid, not_found
from .pagination import since
from .seed_data import NEW_REPOSITORY, Facts, named
from .state import Place

_REPOSITORIES = "/repos/{}/{}"


def repository(owner: str, name: str) -> Place:
    """Return the location of a repository."""
    return Place(_REPOSITORIES, f"/repos/{owner}/{name}", name)


def repository_of(rules: GenericRules, request: Request) -> Place:
    """Return the repository of a request.

    Raises:
        Refused: 404, it does not exist.
    """
    values = request.values
    owner = values.get("owner") or values["template_owner"]
    place = repository(owner, values.get("repo") or values["template_repo"])
    if not rules.state.exists(place):
        raise Refused(not_found())
    return place


def listed(rules: GenericRules, owner: str = "") -> list[Place]:
    """Return all repositories, or those of an owner."""
    return rules.state.below(f"/repos/{owner}".rstrip("/"), _REPOSITORIES)


def list_of_owner(rules: GenericRules, info: OperationInfo, request: Request) -> Reply:
    """Serve the repositories of a user, of an organization, or of the caller."""
    values = request.values
    owner = values.get("username") or values.get("org") or request.login or "octocat"
    account = organization(owner) if "org" in values else user(owner)
    if not rules.state.exists(account):
        return not_found()
    return rules.page_of(info, request, listed(rules, owner))


def list_public(rules: GenericRules, info: OperationInfo, request: Request) -> Reply:
    """Serve ``GET /repositories``, which is paginated by ``since``."""
    kind = item_type(info.operation)
    given = [(each, rules.state.facts(each)) for each in listed(rules)]
    public = [
        build_resource(kind, facts, each.address)
        for each, facts in given
        if not facts.get("private")
    ]
    return since(request, public)


def create(rules: GenericRules, info: OperationInfo, request: Request) -> Reply:
    """Serve ``POST /user/repos`` and ``POST /orgs/{org}/repos``."""
    given = body_of(info, request)
    org = request.values.get("org")
    account = organization(org) if org else user(request.login or "octocat")
    if not rules.state.exists(account):
        return not_found()
    place = _make(rules, account, _name(given["name"]), given)
    return Reply(201, build_resource(info.returns(201), rules.state.facts(place), place.address))


def generate(rules: GenericRules, info: OperationInfo, request: Request) -> Reply:
    """Serve the creation of a repository from a template."""
    template = repository_of(rules, request)
    given = body_of(info, request)
    account = _account(rules, given.pop("owner", None) or request.login or "octocat", "owner")
    link = {"template_repository": _embedded(rules, template)}
    place = _make(rules, account, _name(given["name"]), {**given, **link})
    return Reply(201, build_resource(info.returns(201), rules.state.facts(place), place.address))


def fork(rules: GenericRules, info: OperationInfo, request: Request) -> Reply:
    """Serve the creation of a fork, for the caller or for an organization."""
    parent = repository_of(rules, request)
    given = body_of(info, request)
    owner = given.get("organization") or request.login or "octocat"
    account = _account(rules, owner, "organization")
    facts = rules.state.facts(parent)
    name = wanted = _name(given.get("name") or facts["name"])
    number = 0
    while rules.state.exists(repository(owner, name)):
        # GitHub's name if the name is taken.
        number += 1
        name = f"{wanted}-{number}"
    copied = {key: facts.get(key) for key in ("description", "language")}
    source = _embedded(rules, parent)
    relations = {"fork": True, "parent": source, "source": source, "_parent": facts["id"]}
    place = _make(rules, account, name, {**copied, **relations})
    return Reply(202, build_resource(info.returns(202), rules.state.facts(place), place.address))


def list_forks(rules: GenericRules, info: OperationInfo, request: Request) -> Reply:
    """Serve the forks of a repository."""
    parent = rules.state.facts(repository_of(rules, request))["id"]
    forks = [each for each in listed(rules) if rules.state.facts(each).get("_parent") == parent]
    return rules.page_of(info, request, forks)


def transfer(rules: GenericRules, info: OperationInfo, request: Request) -> Reply:
    """Serve the transfer of a repository to another owner."""
    place = repository_of(rules, request)
    given = body_of(info, request)
    account = _account(rules, given["new_owner"], "new_owner")
    name = _name(given.get("new_name") or rules.state.facts(place)["name"])
    moved = _move(rules, place, rules.state.facts(account), name)
    return Reply(202, build_resource(info.returns(202), rules.state.facts(moved), moved.address))


def update(rules: GenericRules, info: OperationInfo, request: Request) -> Reply:
    """Serve ``PATCH /repos/{owner}/{repo}``; a new name moves the repository."""
    place = repository_of(rules, request)
    given = body_of(info, request)
    if "name" in given:
        name = _name(given.pop("name"))
        place = _move(rules, place, rules.state.facts(place)["owner"], name)
    rules.state.put(place, _with_visibility(given))
    return Reply(200, build_resource(info.returns(), rules.state.facts(place), place.address))


def _make(rules: GenericRules, account: Place, name: str, given: Facts) -> Place:
    place = repository(account.key, name)
    if rules.state.exists(place):
        raise Refused(invalid("Repository", "name", "custom"))
    owner = rules.state.facts(account)
    rest = {**given, **named(owner, name), "id": rules.state.next_id()}
    rules.state.put(place, {**NEW_REPOSITORY, **_with_visibility(rest)})
    return place


def _move(rules: GenericRules, place: Place, owner: Facts, name: str) -> Place:
    moved = repository(owner["login"], name)
    if moved.address != place.address:
        if rules.state.exists(moved):
            raise Refused(invalid("Repository", "name", "custom"))
        rules.state.move(place, moved)
    rules.state.put(moved, named(owner, name))
    return moved


def _name(given: object) -> str:
    """Return the name of a new repository; GitHub replaces characters that it does not allow."""
    name = re.sub(r"[^\w.-]", "-", given, flags=re.ASCII) if isinstance(given, str) else ""
    if name in ("", ".", ".."):
        raise Refused(invalid("Repository", "name", "missing_field" if not name else "invalid"))
    return name


def _with_visibility(given: Facts) -> Facts:
    """Set `visibility` from `private`, or `private` from `visibility`."""
    if given.get("visibility") is not None:
        return {**given, "private": given["visibility"] != "public"}
    if given.get("private") is not None:
        return {**given, "visibility": "private" if given["private"] else "public"}
    return given


def organization(login: str) -> Place:
    """Return the location of an organization."""
    return Place("/orgs/{}", f"/orgs/{login}", login)


def _account(rules: GenericRules, login: str, field: str) -> Place:
    """Return the user or the organization with a login.

    Raises:
        Refused: 422, there is none.
    """
    for place in (user(login), organization(login)):
        if rules.state.exists(place):
            return place
    raise Refused(invalid("Repository", field, "invalid"))


def _embedded(rules: GenericRules, place: Place) -> Facts:
    """Return the description of a repository that is embedded in another."""
    facts = rules.state.facts(place)
    return {name: value for name, value in facts.items() if name not in ("parent", "source")}
