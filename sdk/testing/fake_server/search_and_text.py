"""Rules of single operations: searches, Markdown, changes as texts."""

from __future__ import annotations

import html

from sdk.operations import OperationInfo

from .accounts import user
from .generic_rules import GenericRules, body_of
from .messages import Reply, Request, invalid
from .repositories import listed
from .seed_data import KEYS, Facts
from .state import Place

_DIFF = """diff --git a/README.md b/README.md
--- a/README.md
+++ b/README.md
@@ -1 +1 @@
-# Stand in
+# Stand-in
"""
_PATCH = f"""From: octocat <octocat@example.com>
Date: Thu, 1 Jan 2026 12:00:00 +0000
Subject: [PATCH] Say what it is

---
{_DIFF}"""

# By the name in the media type; ``sha`` is also in the JSON.
_FORMS = {"diff": _DIFF, "patch": _PATCH, "sha": ""}


def search(rules: GenericRules, info: OperationInfo, request: Request) -> Reply:
    """Serve the searches: all words of ``q`` must be in the name or title of a result.

    Qualifiers such as ``is:open`` are ignored.
    """
    if not request.query.get("q"):
        return invalid("Search", "q", "missing")
    words = [word.lower() for word in request.query["q"].split() if ":" not in word]
    places = [place for place in _searched(rules, info) if _has(rules.state.facts(place), words)]
    reply = rules.page_of(info, request, places)
    reply.body["incomplete_results"] = False
    return reply


def _searched(rules: GenericRules, info: OperationInfo) -> list[Place]:
    match info.id.partition("/")[2]:
        case "users":
            return [user(login) for login in KEYS["/users/{}"]]
        case "repos":
            return listed(rules)
        case "issues-and-pull-requests":
            # Without a title of its own, a resource would match every word.
            routes = ("/repos/{}/{}/issues/{}", "/repos/{}/{}/pulls/{}")
            return [each for route in routes for each in rules.state.below("/repos", route)]
        case _:
            return rules.state.listed(f"/{info.id}", f"/{info.id}")


def _has(facts: Facts, words: list[str]) -> bool:
    title = " ".join(
        str(facts.get(name) or "") for name in ("login", "name", "full_name", "title", "body")
    )
    return all(word in title.lower() for word in words) or not title.strip()


def as_text(rules: GenericRules, info: OperationInfo, request: Request) -> Reply:
    """Serve a commit, comparison or pull request as JSON, or as the text that Accept asks for."""
    reply = rules.response(info, request)
    accept = request.headers.get("accept", "")
    text = next((text for form, text in _FORMS.items() if f".{form}" in accept), None)
    if reply.status != 200 or text is None:
        return reply
    if not text:
        text = str(reply.body.get("sha", ""))
    return Reply(200, text.encode(), {"content-type": "text/plain; charset=utf-8"})


def render(rules: GenericRules, info: OperationInfo, request: Request) -> Reply:
    """Serve ``POST /markdown``: the text in a paragraph, without rendering."""
    del rules
    text = body_of(info, request).get("text") or request.body.decode("utf-8", "replace")
    page = f"<p>{html.escape(text)}</p>\n"
    return Reply(200, page.encode(), {"content-type": "text/html; charset=utf-8"})
