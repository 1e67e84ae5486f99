"""Git references of branches and tags: ``refs/heads/main`` is at ``git/ref/heads/main``."""

from __future__ import annotations

from sdk.operations import OperationInfo
from sdk.testing.synthesis.scalars import hash_of

from .generic_rules import GenericRules, body_of, build_resource
from .messages import Refused, Reply, Request, invalid, not_found
from .repositories import repository_of
from .seed_data import Facts
from .state import Place

_REFS = "/repos/{}/{}/git/refs"


def create(rules: GenericRules, info: OperationInfo, request: Request) -> Reply:
    """Serve ``POST git/refs``."""
    given = body_of(info, request)
    start, _, name = str(given["ref"]).partition("/")
    if start != "refs" or "/" not in name.strip("/"):
        raise Refused(invalid("Reference", "ref", "invalid"))
    place = _place(repository_of(rules, request), name)
    if rules.state.exists(place):
        raise Refused(invalid("Reference", "ref", "already_exists"))
    rules.state.put(place, _facts(name, given["sha"]))
    return Reply(201, _made(rules, info, place))


def serve(rules: GenericRules, info: OperationInfo, request: Request) -> Reply:
    """Serve ``GET git/ref/{ref}``, and ``PATCH`` and ``DELETE git/refs/{ref}``."""
    place = _place(repository_of(rules, request), request.values["ref"])
    if not rules.state.exists(place):
        return not_found()
    if info.method == "DELETE":
        rules.state.remove(place)
        return Reply(204)
    if info.method == "PATCH":
        rules.state.put(place, _facts(place.key, body_of(info, request)["sha"]))
    return Reply(200, _made(rules, info, place))


def list_matching(rules: GenericRules, info: OperationInfo, request: Request) -> Reply:
    """Serve ``GET git/matching-refs/{ref}``: the references with this prefix."""
    home = repository_of(rules, request)
    start = request.values["ref"]
    found = [
        each
        for each in rules.state.listed(_REFS, f"{home.path}/git/refs")
        if each.key.startswith(start)
    ]
    return Reply(200, [_made(rules, info, each) for each in found])


def _place(home: Place, name: str) -> Place:
    return Place(f"{_REFS}/{{}}", f"{home.path}/git/refs/{name}", name)


def _facts(name: str, sha: str) -> Facts:
    return {"ref": f"refs/{name}", "object": {"type": "commit", "sha": sha}}


def _made(rules: GenericRules, info: OperationInfo, place: Place) -> object:
    from sdk.models import GitRef

    del info
    facts = {**_facts(place.key, hash_of(place.address)), **rules.state.facts(place)}
    home = place.path.partition("/git/refs/")[0]
    sha = facts["object"]["sha"]
    target = {**facts["object"], "url": f"https://api.github.com{home}/git/commits/{sha}"}
    url = f"https://api.github.com{home}/git/ref/{place.key}"
    return build_resource(GitRef, {**facts, "object": target, "url": url}, place.address)
