"""Users and followers."""

from __future__ import annotations

from sdk.operations import OperationInfo
from sdk.testing.synthesis.item_types import item_type

from .generic_rules import GenericRules, body_of, build_resource
from .messages import Reply, Request, not_found
from .pagination import since
from .seed_data import KEYS
from .state import Place

_USERS = "/users/{}"
_ORGANIZATIONS = "/orgs/{}"


def user(login: str) -> Place:
    """Return the location of a user."""
    return Place(_USERS, f"/users/{login}", login)


def get_by_id(rules: GenericRules, info: OperationInfo, request: Request) -> Reply:
    """Serve ``GET /user/{account_id}``."""
    for login in KEYS[_USERS]:
        facts = rules.state.facts(user(login))
        if str(facts["id"]) == request.values["account_id"]:
            return Reply(200, build_resource(info.returns(), facts, f"/users/{login}"))
    return not_found()


def get_authenticated(rules: GenericRules, info: OperationInfo, request: Request) -> Reply:
    """Serve ``GET /user`` and ``PATCH /user``."""
    place = user(request.login or "octocat")
    if info.method == "PATCH":
        rules.state.put(place, body_of(info, request))
    facts = {**rules.state.facts(place), "two_factor_authentication": True}
    # The operation declares both forms of a user; users see the private form of themselves.
    kind = item_type(info.operation)
    return Reply(200, build_resource(kind, facts, place.address))


def list_users(rules: GenericRules, info: OperationInfo, request: Request) -> Reply:
    """Serve ``GET /users``, which is paginated by ``since``."""
    kind = item_type(info.operation)
    everyone = [
        build_resource(kind, rules.state.facts(user(login)), f"/users/{login}")
        for login in KEYS[_USERS]
    ]
    return since(request, everyone)


def list_organizations(rules: GenericRules, info: OperationInfo, request: Request) -> Reply:
    """Serve ``GET /organizations``, which is paginated by ``since``."""
    kind = item_type(info.operation)
    places = [Place(_ORGANIZATIONS, f"/orgs/{login}", login) for login in KEYS[_ORGANIZATIONS]]
    every = [build_resource(kind, rules.state.facts(each), each.address) for each in places]
    return since(request, every)


def _follows(rules: GenericRules, who: str) -> list[str]:
    """Return the users that a user follows; everyone follows octocat from the start."""
    if who.lower() != "octocat":
        return ["octocat"]
    followed = rules.state.listed("/user/following", "/user/following")
    return [place.key for place in followed]


def list_followers(rules: GenericRules, info: OperationInfo, request: Request) -> Reply:
    """Serve the followers of a user."""
    whom = request.values.get("username", request.login or "octocat")
    if not rules.state.exists(user(whom)):
        return not_found()
    followers = [
        user(login)
        for login in KEYS[_USERS]
        if login != whom.lower() and whom.lower() in map(str.lower, _follows(rules, login))
    ]
    return rules.page_of(info, request, followers)


def list_following(rules: GenericRules, info: OperationInfo, request: Request) -> Reply:
    """Serve the users that a user follows."""
    who = request.values.get("username", request.login or "octocat")
    if not rules.state.exists(user(who)):
        return not_found()
    return rules.page_of(info, request, [user(login) for login in _follows(rules, who)])


def is_following(rules: GenericRules, info: OperationInfo, request: Request) -> Reply:
    """Serve ``GET /users/{username}/following/{target_user}``."""
    del info
    who, whom = request.values["username"], request.values["target_user"].lower()
    known = rules.state.exists(user(who))
    follows = known and whom in map(str.lower, _follows(rules, who))
    return Reply(204) if follows else not_found()
