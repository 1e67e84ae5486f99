"""Gists: files, owners and stars."""

from __future__ import annotations

from typing import Any

from sdk.operations import OperationInfo

from .accounts import user
from .generic_rules import GenericRules, body_of, build_resource
from .messages import Refused, Reply, Request, invalid, not_found
from .seed_data import Facts
from .state import Place

_GISTS = "/gists"


def create(rules: GenericRules, info: OperationInfo, request: Request) -> Reply:
    """Serve ``POST /gists``: each file is given its name."""
    given = {**body_of(info, request), "owner": rules.state.facts(user("octocat"))}
    given["files"] = _merged_files({}, given.get("files"))
    place = rules.create(Place(_GISTS, _GISTS, "gists"), given)
    return Reply(201, build_resource(info.returns(201), rules.state.facts(place), place.address))


def update(rules: GenericRules, info: OperationInfo, request: Request) -> Reply:
    """Serve ``PATCH /gists/{gist_id}``: a file that is null is removed."""
    key = request.values["gist_id"]
    place = Place("/gists/{}", f"/gists/{key}", key)
    rules.check_path(info, request, place)
    given = body_of(info, request)
    given["files"] = _merged_files(rules.state.facts(place).get("files", {}), given.get("files"))
    rules.state.put(place, given)
    return Reply(200, build_resource(info.returns(), rules.state.facts(place), place.address))


def _merged_files(before: dict[str, Facts], given: dict[str, Any] | None) -> dict[str, Facts]:
    """Return the files of a gist after an update, which merges the fields of each file."""
    after = dict(before)
    for name, change in (given or {}).items():
        if change is None:
            after.pop(name, None)
            continue
        if not isinstance(change, dict):
            raise Refused(invalid("Gist", "files", "invalid"))
        file: Facts = {"filename": name, **after.pop(name, {}), **change}
        file["filename"] = file["filename"] or name
        content = file.get("content")
        file["size"] = len(content.encode()) if isinstance(content, str) else 0
        after[str(file["filename"])] = file
    return after


def list_own(rules: GenericRules, info: OperationInfo, request: Request) -> Reply:
    """Serve the caller's gists, a user's, the public and the starred ones.

    All gists belong to octocat.
    """
    who = request.values.get("username", "octocat")
    if not rules.state.exists(user(who)):
        return not_found()
    gists = rules.state.listed(_GISTS, _GISTS) if who.lower() == "octocat" else []
    if info.id == "gists/list-starred":
        gists = [
            each for each in gists if rules.state.known(Place("", f"{each.path}/star", "star"))
        ]
    elif info.id != "gists/list":
        # Gists are secret by default.
        secret = [each for each in gists if rules.state.facts(each).get("public") is False]
        gists = [each for each in gists if each not in secret]
    return rules.page_of(info, request, gists)
