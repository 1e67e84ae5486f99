"""Rules of single operations: searches, gists, Markdown, and what is known of the API itself."""

from __future__ import annotations

import html
from typing import Any

from sdk.operations import OperationInfo

from .accounts import repository, user
from .generic import Generic, body_of, made
from .messages import Refused, Reply, Request, invalid, not_found
from .seeds import KEYS, Facts
from .state import Place


def search(rules: Generic, info: OperationInfo, request: Request) -> Reply:
    """Serve the searches: the words of ``q`` must all be in a thing's name or title.

    Qualifiers such as ``is:open`` are not understood and left out.
    """
    if not request.query.get("q"):
        return invalid("Search", "q", "missing")
    words = [word.lower() for word in request.query["q"].split() if ":" not in word]
    places = [place for place in _searched(rules, info) if _has(rules.state.facts(place), words)]
    reply = rules.page_of(info, request, places)
    reply.body["incomplete_results"] = False
    return reply


def _searched(rules: Generic, info: OperationInfo) -> list[Place]:
    match info.id.partition("/")[2]:
        case "users":
            return [user(login) for login in KEYS["/users/{}"]]
        case "repos":
            return rules.state.below("/repos", "/repos/{}/{}")
        case "issues-and-pull-requests":
            home = "/repos/octocat/hello-world/issues"
            return rules.state.listed("/repos/{}/{}/issues", home)
        case _:
            return rules.state.listed(f"/{info.id}", f"/{info.id}")


def _has(facts: Facts, words: list[str]) -> bool:
    told = " ".join(
        str(facts.get(name) or "") for name in ("login", "name", "full_name", "title", "body")
    )
    return all(word in told.lower() for word in words) or not told.strip()


def create_gist(rules: Generic, info: OperationInfo, request: Request) -> Reply:
    """Serve ``POST /gists``: its files get the names by which they are listed."""
    told = body_of(info, request)
    place = rules.create(Place("/gists", "/gists", "gists"), _with_files(rules, told))
    return Reply(201, made(info.returns(201), rules.state.facts(place), place.address))


def update_gist(rules: Generic, info: OperationInfo, request: Request) -> Reply:
    """Serve ``PATCH /gists/{gist_id}``: a file that is null is taken out."""
    key = request.values["gist_id"]
    place = Place("/gists/{}", f"/gists/{key}", key)
    rules.check_path(info, request, place)
    told = body_of(info, request)
    before: Facts = rules.state.facts(place).get("files", {})
    after = {**before, **_with_files(rules, told).get("files", {})}
    told["files"] = {name: file for name, file in after.items() if file is not None}
    rules.state.put(place, told)
    return Reply(200, made(info.returns(), rules.state.facts(place), place.address))


def _with_files(rules: Generic, told: Facts) -> Facts:
    files: dict[str, Any] = told.get("files") or {}
    if not all(file is None or isinstance(file, dict) for file in files.values()):
        raise Refused(invalid("Gist", "files", "invalid"))
    return {
        **told,
        "owner": rules.state.facts(user("octocat")),
        "files": {name: file and {"filename": name, **file} for name, file in files.items()},
    }


def render(rules: Generic, info: OperationInfo, request: Request) -> Reply:
    """Serve ``POST /markdown``: the text in a paragraph, not really rendered."""
    del rules
    text = body_of(info, request).get("text") or request.body.decode("utf-8", "replace")
    page = f"<p>{html.escape(text)}</p>\n"
    return Reply(200, page.encode(), {"content-type": "text/html; charset=utf-8"})


def list_public(rules: Generic, info: OperationInfo, request: Request) -> Reply:
    """Serve ``GET /repositories``."""
    return rules.page_of(info, request, rules.state.below("/repos", "/repos/{}/{}"))


def get_contents(rules: Generic, info: OperationInfo, request: Request) -> Reply:
    """Serve ``GET /repos/{owner}/{repo}/contents/{path}``: files that were put there, or a README.

    A directory, the root among them, is there as soon as something is in it.
    """
    values = request.values
    home = repository(values["owner"], values["repo"])
    if not rules.state.exists(home):
        return not_found()
    if entries := _entries(rules, home, values["path"]):
        return Reply(200, entries)
    place = _content(home, values["path"])
    rules.check_path(info, request, place)
    from sdk.models import ContentFile

    return Reply(200, made(ContentFile, _file(rules, place), place.address))


def _entries(rules: Generic, home: Place, directory: str) -> list[Any]:
    """List what is right below a directory, "" for the root, in the order of the names."""
    from sdk.models import ContentDirectoryItem

    start = f"{directory}/" if directory else ""
    files = rules.state.listed("/repos/{}/{}/contents", f"{home.path}/contents")
    below = [each.key.removeprefix(start) for each in files if each.key.startswith(start)]
    entries: list[Any] = []
    for name in sorted({key.partition("/")[0] for key in below}):
        place = _content(home, start + name)
        directory_facts = {"type": "dir", "name": name, "path": place.key, "size": 0}
        facts = _file(rules, place) if name in below else directory_facts
        # What is in a file is told of the file alone.
        entries.append(made(ContentDirectoryItem, {**facts, "content": None}, place.address))
    return entries


def _content(home: Place, path: str) -> Place:
    return Place("/repos/{}/{}/contents/{}", f"{home.path}/contents/{path}", path)


def _file(rules: Generic, place: Place) -> Facts:
    return {
        "type": "file",
        "encoding": "base64",
        "name": place.key.rpartition("/")[2],
        "path": place.key,
        "content": "IyBTdGFuZC1pbgo=",
        "size": 11,
        **rules.state.facts(place),
    }
