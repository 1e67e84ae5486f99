"""Users and who follows whom; repositories and who owns them."""

from __future__ import annotations

from sdk.operations import OperationInfo
from sdk.testing.synthesis import fit
from sdk.testing.synthesis.items import item_type

from .generic import Generic, body_of, made
from .messages import Refused, Reply, Request, invalid, not_found
from .pages import since
from .seeds import KEYS, Facts, named
from .state import Place

_USERS = "/users/{}"
_REPOSITORIES = "/repos/{}/{}"


def user(login: str) -> Place:
    """Give the place of a user."""
    return Place(_USERS, f"/users/{login}", login)


def repository(owner: str, name: str) -> Place:
    """Give the place of a repository."""
    return Place(_REPOSITORIES, f"/repos/{owner}/{name}", name)


def get_by_id(rules: Generic, info: OperationInfo, request: Request) -> Reply:
    """Serve ``GET /user/{account_id}``."""
    for login in KEYS[_USERS]:
        facts = rules.state.facts(user(login))
        if str(facts["id"]) == request.values["account_id"]:
            return Reply(200, made(info.returns(), facts, f"/users/{login}"))
    return not_found()


def get_authenticated(rules: Generic, info: OperationInfo, request: Request) -> Reply:
    """Serve ``GET /user`` and ``PATCH /user``."""
    place = user(request.login or "octocat")
    if info.method == "PATCH":
        rules.state.put(place, body_of(info, request))
    facts = {**rules.state.facts(place), "two_factor_authentication": True}
    # Both forms of a user are declared; the private one is what its owner sees.
    kind = item_type(info.operation)
    return Reply(200, made(kind, facts, place.address))


def list_users(rules: Generic, info: OperationInfo, request: Request) -> Reply:
    """Serve ``GET /users``, which goes on by ``since``."""
    kind = item_type(info.operation)
    everyone = [
        made(kind, rules.state.facts(user(login)), f"/users/{login}") for login in KEYS[_USERS]
    ]
    return since(request, everyone)


def list_followers(rules: Generic, info: OperationInfo, request: Request) -> Reply:
    """Serve the followers of a user: everyone follows octocat."""
    whom = request.values.get("username", request.login or "octocat")
    others = KEYS[_USERS][1:] if whom.lower() == "octocat" else ()
    return rules.page_of(info, request, [user(login) for login in others])


def list_following(rules: Generic, info: OperationInfo, request: Request) -> Reply:
    """Serve whom a user follows; the caller follows whom it was told to."""
    who = request.values.get("username", request.login or "octocat")
    if who.lower() == "octocat":
        followed = rules.state.listed("/user/following", "/user/following")
        return rules.page_of(info, request, [user(place.key) for place in followed])
    return rules.page_of(info, request, [user("octocat")])


def star(rules: Generic, info: OperationInfo, request: Request) -> Reply:
    """Serve ``PUT`` and ``DELETE /user/starred/{owner}/{repo}``."""
    starred = repository(request.values["owner"], request.values["repo"])
    if not rules.state.exists(starred):
        return not_found()
    if info.method == "DELETE":
        rules.state.remove(_star(request))
    else:
        rules.state.put(_star(request), {})
    return Reply(204)


def is_starred(rules: Generic, info: OperationInfo, request: Request) -> Reply:
    """Serve ``GET /user/starred/{owner}/{repo}``."""
    del info
    return Reply(204) if rules.state.known(_star(request)) else not_found()


def _star(request: Request) -> Place:
    owner, name = request.values["owner"], request.values["repo"]
    return Place("/user/starred/{}", f"/user/starred/{owner}/{name}", f"{owner}/{name}")


def list_starred(rules: Generic, info: OperationInfo, request: Request) -> Reply:
    """Serve ``GET /user/starred`` and ``GET /users/{username}/starred``."""
    who = request.values.get("username", request.login or "octocat")
    if who.lower() == "octocat":
        starred = rules.state.listed("/user/starred", "/user/starred")
        places = [repository(*place.key.split("/", 1)) for place in starred if place.key]
        reply = rules.page_of(info, request, places)
    else:
        reply = rules.answer(info, request)
    return _dated(info, request, reply, "repo")


def list_stargazers(rules: Generic, info: OperationInfo, request: Request) -> Reply:
    """Serve ``GET /repos/{owner}/{repo}/stargazers``: some from the start, and who is calling."""
    home = repository(request.values["owner"], request.values["repo"])
    if not rules.state.exists(home):
        return not_found()
    listed = rules.state.listed("/repos/{}/{}/stargazers", f"{home.path}/stargazers")
    fans = [user(place.key) for place in listed]
    if rules.state.known(_star(request)):
        fans.append(user("octocat"))
    return _dated(info, request, rules.page_of(info, request, fans), "user")


def _dated(info: OperationInfo, request: Request, reply: Reply, name: str) -> Reply:
    """Say of each thing in a list when it was starred, if that is what was asked for."""
    if reply.status == 200 and "star+json" in request.headers.get("accept", ""):
        (form,) = info.forms.values()
        kind = item_type(form.operation)
        reply.body = [
            fit(kind, {name: each}, seed=number) for number, each in enumerate(reply.body, 1)
        ]
    return reply


def list_repositories(rules: Generic, info: OperationInfo, request: Request) -> Reply:
    """Serve the repositories of a user, of an organization, or of the caller."""
    values = request.values
    owner = values.get("username") or values.get("org") or request.login or "octocat"
    account = "/orgs/{}" if "org" in values else _USERS
    if not rules.state.exists(Place(account, f"{account[:-2]}{owner}", owner)):
        return not_found()
    return rules.page_of(info, request, rules.state.below(f"/repos/{owner}", _REPOSITORIES))


def create_repository(rules: Generic, info: OperationInfo, request: Request) -> Reply:
    """Serve ``POST /user/repos`` and ``POST /orgs/{org}/repos``."""
    told = body_of(info, request)
    org = request.values.get("org")
    owner = org or request.login or "octocat"
    account = Place("/orgs/{}", f"/orgs/{owner}", owner) if org else user(owner)
    if not rules.state.exists(account):
        return not_found()
    place = repository(owner, str(told["name"]))
    facts = {**named(rules.state.facts(account), place.key), "id": rules.state.next_id(), **told}
    if told.get("private"):
        facts["visibility"] = "private"
    if not rules.state.put(place, facts):
        raise Refused(invalid("Repository", "name", "custom"))
    return Reply(201, made(info.returns(201), facts, place.address))


def update_repository(rules: Generic, info: OperationInfo, request: Request) -> Reply:
    """Serve ``PATCH /repos/{owner}/{repo}``: a new name moves it."""
    owner, name = request.values["owner"], request.values["repo"]
    place = repository(owner, name)
    if not rules.state.exists(place):
        return not_found()
    told = body_of(info, request)
    rules.state.put(place, told)
    if str(told.get("name", name)).lower() != name.lower():
        renamed = repository(owner, str(told["name"]))
        rules.state.move(place, renamed)
        facts: Facts = rules.state.facts(renamed)
        rules.state.put(renamed, named(facts["owner"], renamed.key))
        place = renamed
    return Reply(200, made(info.returns(), rules.state.facts(place), place.address))
