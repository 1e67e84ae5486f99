"""Releases: by id, by tag, the latest one, and their assets."""

from __future__ import annotations

from sdk.operations import OperationInfo

from .generic_rules import GenericRules, body_of, build_resource
from .messages import Refused, Reply, Request, invalid, not_found
from .repositories import repository_of
from .seed_data import NAMES, Facts
from .state import Place

_RELEASES = "/repos/{}/{}/releases"
_ASSETS = "/repos/{}/{}/releases/assets/{}"


def create(rules: GenericRules, info: OperationInfo, request: Request) -> Reply:
    """Serve ``POST releases``; tags are unique."""
    home = repository_of(rules, request)
    given = body_of(info, request)
    if any(_tag(rules, each) == given["tag_name"] for each in _listed(rules, home)):
        raise Refused(invalid("Release", "tag_name", "already_exists"))
    place = rules.create(Place(_RELEASES, f"{home.path}/releases", "releases"), given)
    return Reply(201, build_resource(info.returns(201), _facts(rules, place), place.address))


def get(rules: GenericRules, info: OperationInfo, request: Request) -> Reply:
    """Serve a release by its id or by its tag, or the latest one."""
    home = repository_of(rules, request)
    values = request.values
    for each in reversed(_listed(rules, home)):
        facts = rules.state.facts(each)
        if "release_id" in values:
            is_it = each.key == values["release_id"]
        elif "tag" in values:
            is_it = _tag(rules, each) == values["tag"]
        else:
            is_it = not facts.get("draft") and not facts.get("prerelease")
        if is_it:
            return Reply(200, build_resource(info.returns(), _facts(rules, each), each.address))
    return not_found()


def list_all(rules: GenericRules, info: OperationInfo, request: Request) -> Reply:
    """Serve the releases of a repository."""
    home = repository_of(rules, request)
    for each in _listed(rules, home):
        rules.state.put(each, _facts(rules, each))
    return rules.page_of(info, request, _listed(rules, home))


def upload(rules: GenericRules, info: OperationInfo, request: Request) -> Reply:
    """Serve the upload of an asset, and store its bytes."""
    home = repository_of(rules, request)
    key, name = request.values["release_id"], request.query.get("name", "")
    release = Place(f"{_RELEASES}/{{}}", f"{home.path}/releases/{key}", key)
    if not rules.state.exists(release):
        return not_found()
    if not name:
        raise Refused(invalid("ReleaseAsset", "name", "missing_field"))
    present: list[Facts] = _facts(rules, release)["assets"]
    if any(each["name"] == name for each in present):
        raise Refused(invalid("ReleaseAsset", "name", "already_exists"))
    given: Facts = {
        "name": name,
        "label": request.query.get("label"),
        "state": "uploaded",
        "size": len(request.body),
        "content_type": request.headers.get("content-type", "application/octet-stream"),
        "_content": request.body,
    }
    assets = Place(f"{_RELEASES}/{{}}/assets", f"{release.path}/assets", "assets")
    place = rules.create(assets, given)
    return Reply(201, build_resource(info.returns(201), rules.state.facts(place), place.address))


def get_asset(rules: GenericRules, info: OperationInfo, request: Request) -> Reply:
    """Serve an asset: its description, or its bytes if the Accept header asks for them."""
    home, key = repository_of(rules, request), request.values["asset_id"]
    place = Place(_ASSETS, f"{home.path}/releases/assets/{key}", key)
    if not rules.state.exists(place):
        return not_found()
    facts = _asset(rules, place)
    if "octet-stream" in request.headers.get("accept", ""):
        return Reply(200, facts["_content"], {"content-type": facts["content_type"]})
    return Reply(200, build_resource(info.returns(), facts, place.address))


def _listed(rules: GenericRules, home: Place) -> list[Place]:
    return rules.state.listed(_RELEASES, f"{home.path}/releases")


def _tag(rules: GenericRules, place: Place) -> str:
    """Return the tag of a release; seeded releases use the names of other seeded resources."""
    given: str | None = rules.state.facts(place).get("tag_name")
    return given or NAMES[int(place.key) - 1]


def _facts(rules: GenericRules, place: Place) -> Facts:
    from sdk.models import ReleaseAsset

    path = f"{place.path}/assets"
    assets = [
        build_resource(ReleaseAsset, _asset(rules, each), each.address)
        for each in rules.state.listed(f"{_RELEASES}/{{}}/assets", path)
    ]
    return {**rules.state.facts(place), "tag_name": _tag(rules, place), "assets": assets}


def _asset(rules: GenericRules, place: Place) -> Facts:
    content = b"The stand-in's asset.\n"
    start: Facts = {
        "name": f"asset-{place.key}.txt",
        "state": "uploaded",
        "size": len(content),
        "content_type": "text/plain",
        "_content": content,
        "url": f"https://api.github.com{place.path}",
    }
    return {**start, **rules.state.facts(place)}
