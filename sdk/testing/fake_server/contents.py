"""Files of a repository: uploaded ones and a README, as a list, as JSON or as bytes."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from sdk.operations import OperationInfo

from .generic_rules import GenericRules, body_of, build_resource, place_of
from .messages import Refused, Reply, Request, invalid, not_found
from .repositories import repository_of
from .seed_data import Facts
from .state import Place

_CONTENTS = "/repos/{}/{}/contents"
_README = b"# Stand-in\n"


def get(rules: GenericRules, info: OperationInfo, request: Request) -> Reply:
    """Serve ``GET contents/{path}``: a file, or a directory that is not empty."""
    del info
    home, path = repository_of(rules, request), request.values["path"]
    if entries := _entries(rules, home, path):
        return Reply(200, entries)
    return _file(rules, request, _place(home, path))


def get_readme(rules: GenericRules, info: OperationInfo, request: Request) -> Reply:
    """Serve the README of a repository or of one of its directories."""
    del info
    home, directory = repository_of(rules, request), request.values.get("dir", "")
    path = f"{directory}/README.md" if directory else "README.md"
    return _file(rules, request, _place(home, path))


def put(rules: GenericRules, info: OperationInfo, request: Request) -> Reply:
    """Serve ``PUT contents/{path}``."""
    repository_of(rules, request)
    given = body_of(info, request)
    data = decoded(given["content"])
    place = place_of(info, request.values)
    file = {"content": given["content"], "size": len(data), "sha": blob_sha(data)}
    new = rules.state.put(place, file)
    commit = {"message": given["message"]}
    kept = {"content": {**_facts(rules, place), "content": None}, "commit": commit}
    return Reply(201 if new else 200, build_resource(info.returns(201), kept, place.address))


def get_blob(rules: GenericRules, info: OperationInfo, request: Request) -> Reply:
    """Serve a blob: a created one, or a generated one for any other hash."""
    home, sha = repository_of(rules, request), request.values["file_sha"]
    place = Place("/repos/{}/{}/git/blobs/{}", f"{home.path}/git/blobs/{sha}", sha)
    data: bytes = rules.state.facts(place).get("_content", _README)
    if ".raw" in request.headers.get("accept", ""):
        return Reply(200, data, {"content-type": "application/octet-stream"})
    content = base64.b64encode(data).decode()
    facts = {"sha": sha, "encoding": "base64", "content": content, "size": len(data)}
    return Reply(200, build_resource(info.returns(), facts, place.address))


def create_blob(rules: GenericRules, info: OperationInfo, request: Request) -> Reply:
    """Serve ``POST git/blobs``."""
    home = repository_of(rules, request)
    given = body_of(info, request)
    is_coded = given.get("encoding") == "base64"
    data = decoded(given["content"]) if is_coded else given["content"].encode()
    sha = blob_sha(data)
    place = Place("/repos/{}/{}/git/blobs/{}", f"{home.path}/git/blobs/{sha}", sha)
    rules.state.put(place, {"sha": sha, "_content": data})
    return Reply(201, build_resource(info.returns(201), {"sha": sha}, place.address))


def get_license(rules: GenericRules, info: OperationInfo, request: Request) -> Reply:
    """Serve the license of a repository, a fixed text."""
    home = repository_of(rules, request)
    data = b"Do as you please.\n"
    if ".raw" in request.headers.get("accept", ""):
        return Reply(200, data, {"content-type": "text/plain; charset=utf-8"})
    facts = {**_coded("LICENSE", data), "name": "LICENSE"}
    return Reply(200, build_resource(info.returns(), facts, f"{home.address}/license"))


def decoded(text: Any) -> bytes:
    """Decode a base64 text.

    Raises:
        Refused: 422, it is not base64.
    """
    try:
        return base64.b64decode("".join(str(text).split()), validate=True)
    except ValueError:
        raise Refused(invalid("Content", "content", "invalid")) from None


def blob_sha(data: bytes) -> str:
    """Return the git hash of a file."""
    head = f"blob {len(data)}\0".encode()
    return hashlib.sha1(head + data, usedforsecurity=False).hexdigest()


def _file(rules: GenericRules, request: Request, place: Place) -> Reply:
    from sdk.models import ContentFile

    if not rules.state.exists(place):
        return not_found()
    facts = _facts(rules, place)
    if ".raw" in request.headers.get("accept", ""):
        return Reply(200, decoded(facts["content"]), {"content-type": "text/plain; charset=utf-8"})
    return Reply(200, build_resource(ContentFile, facts, place.address))


def _entries(rules: GenericRules, home: Place, directory: str) -> list[Any]:
    """List the entries of a directory ("" for the root), sorted by name."""
    from sdk.models import ContentDirectoryItem

    start = f"{directory}/" if directory else ""
    files = rules.state.listed(_CONTENTS, f"{home.path}/contents")
    below = [each.key.removeprefix(start) for each in files if each.key.startswith(start)]
    entries: list[Any] = []
    for name in sorted({key.partition("/")[0] for key in below}):
        place = _place(home, start + name)
        directory_facts = {"type": "dir", "name": name, "path": place.key, "size": 0}
        facts = _facts(rules, place) if name in below else directory_facts
        # Lists do not contain the content of files.
        entries.append(
            build_resource(ContentDirectoryItem, {**facts, "content": None}, place.address)
        )
    return entries


def _place(home: Place, path: str) -> Place:
    return Place(f"{_CONTENTS}/{{}}", f"{home.path}/contents/{path}", path)


def _facts(rules: GenericRules, place: Place) -> Facts:
    return {**_coded(place.key, _README), **rules.state.facts(place)}


def _coded(path: str, data: bytes) -> Facts:
    return {
        "type": "file",
        "encoding": "base64",
        "name": path.rpartition("/")[2],
        "path": path,
        "content": base64.b64encode(data).decode(),
        "size": len(data),
        "sha": blob_sha(data),
    }
