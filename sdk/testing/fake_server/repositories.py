"""Repositories: who owns them, what they are called, and which was made from which."""

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
    """Return the place of a repository."""
    return Place(_REPOSITORIES, f"/repos/{owner}/{name}", name)


def repository_of(rules: GenericRules, request: Request) -> Place:
    """Return the repository that a request is about.

    Raises:
        Refused: 404, it is not there.
    """
    values = request.values
    owner = values.get("owner") or values["template_owner"]
    place = repository(owner, values.get("repo") or values["template_repo"])
    if not rules.state.exists(place):
        raise Refused(not_found())
    return place


def listed(rules: GenericRules, owner: str = "") -> list[Place]:
    """Return every repository, or those of an owner."""
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
    """Serve ``GET /repositories``, which goes on by ``since``."""
    kind = item_type(info.operation)
    told = [(each, rules.state.facts(each)) for each in listed(rules)]
    public = [
        build_resource(kind, facts, each.address)
        for each, facts in told
        if not facts.get("private")
    ]
    return since(request, public)


def create(rules: GenericRules, info: OperationInfo, request: Request) -> Reply:
    """Serve ``POST /user/repos`` and ``POST /orgs/{org}/repos``."""
    told = body_of(info, request)
    org = request.values.get("org")
    account = organization(org) if org else user(request.login or "octocat")
    if not rules.state.exists(account):
        return not_found()
    place = _make(rules, account, _name(told["name"]), told)
    return Reply(201, build_resource(info.returns(201), rules.state.facts(place), place.address))


def generate(rules: GenericRules, info: OperationInfo, request: Request) -> Reply:
    """Serve the making of a repository from a template."""
    template = repository_of(rules, request)
    told = body_of(info, request)
    account = _account(rules, told.pop("owner", None) or request.login or "octocat", "owner")
    made_from = {"template_repository": _part(rules, template)}
    place = _make(rules, account, _name(told["name"]), {**told, **made_from})
    return Reply(201, build_resource(info.returns(201), rules.state.facts(place), place.address))


def fork(rules: GenericRules, info: OperationInfo, request: Request) -> Reply:
    """Serve the making of a fork: by the caller, or for an organization."""
    parent = repository_of(rules, request)
    told = body_of(info, request)
    owner = told.get("organization") or request.login or "octocat"
    account = _account(rules, owner, "organization")
    facts = rules.state.facts(parent)
    name = wanted = _name(told.get("name") or facts["name"])
    number = 0
    while rules.state.exists(repository(owner, name)):
        # As GitHub calls it when the name is taken.
        number += 1
        name = f"{wanted}-{number}"
    copied = {key: facts.get(key) for key in ("description", "language")}
    source = _part(rules, parent)
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
    told = body_of(info, request)
    account = _account(rules, told["new_owner"], "new_owner")
    name = _name(told.get("new_name") or rules.state.facts(place)["name"])
    moved = _move(rules, place, rules.state.facts(account), name)
    return Reply(202, build_resource(info.returns(202), rules.state.facts(moved), moved.address))


def update(rules: GenericRules, info: OperationInfo, request: Request) -> Reply:
    """Serve ``PATCH /repos/{owner}/{repo}``: a new name moves it."""
    place = repository_of(rules, request)
    told = body_of(info, request)
    if "name" in told:
        name = _name(told.pop("name"))
        place = _move(rules, place, rules.state.facts(place)["owner"], name)
    rules.state.put(place, _seen(told))
    return Reply(200, build_resource(info.returns(), rules.state.facts(place), place.address))


def _make(rules: GenericRules, account: Place, name: str, told: Facts) -> Place:
    place = repository(account.key, name)
    if rules.state.exists(place):
        raise Refused(invalid("Repository", "name", "custom"))
    owner = rules.state.facts(account)
    rest = {**told, **named(owner, name), "id": rules.state.next_id()}
    rules.state.put(place, {**NEW_REPOSITORY, **_seen(rest)})
    return place


def _move(rules: GenericRules, place: Place, owner: Facts, name: str) -> Place:
    moved = repository(owner["login"], name)
    if moved.address != place.address:
        if rules.state.exists(moved):
            raise Refused(invalid("Repository", "name", "custom"))
        rules.state.move(place, moved)
    rules.state.put(moved, named(owner, name))
    return moved


def _name(told: object) -> str:
    """Return the name that a repository gets, in which GitHub allows few signs."""
    name = re.sub(r"[^\w.-]", "-", told, flags=re.ASCII) if isinstance(told, str) else ""
    if name in ("", ".", ".."):
        raise Refused(invalid("Repository", "name", "missing_field" if not name else "invalid"))
    return name


def _seen(told: Facts) -> Facts:
    """Add to `private` the visibility that it means, and the other way round."""
    if told.get("visibility") is not None:
        return {**told, "private": told["visibility"] != "public"}
    if told.get("private") is not None:
        return {**told, "visibility": "private" if told["private"] else "public"}
    return told


def organization(login: str) -> Place:
    """Return the place of an organization."""
    return Place("/orgs/{}", f"/orgs/{login}", login)


def _account(rules: GenericRules, login: str, field: str) -> Place:
    """Return the user or the organization of a login.

    Raises:
        Refused: 422, there is none.
    """
    for place in (user(login), organization(login)):
        if rules.state.exists(place):
            return place
    raise Refused(invalid("Repository", field, "invalid"))


def _part(rules: GenericRules, place: Place) -> Facts:
    """Return what a repository tells of another one."""
    facts = rules.state.facts(place)
    return {name: value for name, value in facts.items() if name not in ("parent", "source")}
