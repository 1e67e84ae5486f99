"""Stars, which are stored with the repository, so that they move with it."""

from __future__ import annotations

from typing import Any

from sdk.operations import OperationInfo

from .accounts import user
from .generic_rules import GenericRules, build_resource
from .messages import Refused, Reply, Request, not_found
from .pagination import page
from .repositories import listed, repository_of
from .state import Place
from .timestamps import timestamp_now

_DATED = "star+json"


def star(rules: GenericRules, info: OperationInfo, request: Request) -> Reply:
    """Serve ``PUT``, ``DELETE`` and ``GET /user/starred/{owner}/{repo}``."""
    place = repository_of(rules, request)
    me, stars = request.login or "octocat", _stars(rules, place)
    match info.method:
        case "GET":
            return Reply(204) if me in stars else not_found()
        case "PUT":
            stars = {me: timestamp_now(), **stars}
        case _:
            stars = {login: when for login, when in stars.items() if login != me}
    rules.state.put(place, {"_stars": stars})
    return Reply(204)


def list_starred(rules: GenericRules, info: OperationInfo, request: Request) -> Reply:
    """Serve a user's starred repositories, with the times if the Accept header asks for them."""
    del info
    from sdk.models import Repository, StarredRepository

    who = user(request.values.get("username") or request.login or "octocat")
    if not rules.state.exists(who):
        return not_found()
    places = [(each, _stars(rules, each).get(who.key.lower())) for each in listed(rules)]
    starred = [(each, when) for each, when in places if when is not None]
    return _page(rules, request, starred, "repo", (Repository, StarredRepository))


def list_stargazers(rules: GenericRules, info: OperationInfo, request: Request) -> Reply:
    """Serve the stargazers of a repository, with the times if the Accept header asks for them."""
    del info
    from sdk.models import SimpleUser, Stargazer

    stars = _stars(rules, repository_of(rules, request))
    people = [(user(login), when) for login, when in stars.items()]
    return _page(rules, request, people, "user", (SimpleUser, Stargazer))


def _page(
    rules: GenericRules,
    request: Request,
    things: list[tuple[Place, str]],
    name: str,
    kinds: tuple[Any, Any],
) -> Reply:
    reply = page(request, things)
    plain, dated = kinds
    if _DATED in request.headers.get("accept", ""):
        reply.body = [
            build_resource(dated, {"starred_at": when, name: rules.state.facts(each)}, each.address)
            for each, when in reply.body
        ]
    else:
        reply.body = [
            build_resource(plain, rules.state.facts(each), each.address) for each, _ in reply.body
        ]
    return reply


def _stars(rules: GenericRules, place: Place) -> dict[str, str]:
    """Return the time of each star of a repository, by login."""
    if not rules.state.exists(place):
        raise Refused(not_found())
    stars: dict[str, str] = rules.state.facts(place).get("_stars", {})
    return stars
