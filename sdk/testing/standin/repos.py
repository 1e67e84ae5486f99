"""The handlers of repositories: the ones invented in ``world``."""

from __future__ import annotations

from .messages import Reply, Request, not_found
from .pages import page
from .world import World


def get(world: World, request: Request) -> Reply:
    """Serve ``GET /repos/{owner}/{repo}``."""
    full_name = f"{request.values['owner']}/{request.values['repo']}"
    repository = world.repositories.get(full_name.lower())
    return not_found() if repository is None else Reply(200, repository)


def list_for_user(world: World, request: Request) -> Reply:
    """Serve ``GET /users/{username}/repos``."""
    login = request.values["username"]
    if login.lower() not in world.users:
        return not_found()
    return page(request, world.repositories_of(login))
