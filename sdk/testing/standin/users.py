"""The handlers of users: the ones invented in ``world``."""

from __future__ import annotations

from typing import Any

from .messages import Refused, Reply, Request, not_found, problem
from .pages import page, since
from .world import World, simple


def get_by_username(world: World, request: Request) -> Reply:
    """Serve ``GET /users/{username}``."""
    return Reply(200, _user(world, request.values["username"]))


def get_by_id(world: World, request: Request) -> Reply:
    """Serve ``GET /user/{account_id}``."""
    for user in world.users.values():
        if str(user["id"]) == request.values["account_id"]:
            return Reply(200, user)
    return not_found()


def get_authenticated(world: World, request: Request) -> Reply:
    """Serve ``GET /user``."""
    if request.login is None:
        return problem(401, "Requires authentication")
    user = _user(world, request.login)
    private = {
        "private_gists": 0,
        "total_private_repos": 0,
        "owned_private_repos": 0,
        "disk_usage": 0,
        "collaborators": 0,
        "two_factor_authentication": True,
    }
    return Reply(200, {**user, **private})


def list_users(world: World, request: Request) -> Reply:
    """Serve ``GET /users``."""
    return since(request, [simple(user) for user in world.users.values()])


def list_followers(world: World, request: Request) -> Reply:
    """Serve ``GET /users/{username}/followers``."""
    user = _user(world, request.values["username"])
    return page(request, [simple(follower) for follower in world.followers_of(user["login"])])


def _user(world: World, login: str) -> dict[str, Any]:
    try:
        return world.users[login.lower()]
    except KeyError:
        raise Refused(not_found()) from None
