"""URLs of the parts of a resource."""

from __future__ import annotations

import re
from typing import Any, cast
from urllib.parse import quote

from .seed_data import Facts

_API = "https://api.github.com"
_WEB = "https://github.com"

_CONVERSATION = re.compile(r"(/repos/[^/]+/[^/]+)/(issues|pulls)/(\d+)")
_RELEASE = re.compile(r"/repos/[^/]+/[^/]+/releases/\d+")
_GIST = re.compile(r"/gists/[^/]+")
_COMMENT = re.compile(r"(/repos/[^/]+/[^/]+)/issues/comments/(\d+)")


def api_urls(address: str, facts: Facts) -> Facts:
    """Return the URLs below a resource's own URL, which change when the resource is renamed."""
    found: Facts = {"url": f"{_API}{quote(address)}"}
    if match := _CONVERSATION.fullmatch(address):
        home, kind, number = match.groups()
        page = "pull" if facts.get("_pull") or kind == "pulls" else "issues"
        found |= {
            "html_url": f"{_WEB}{home.removeprefix('/repos')}/{page}/{number}",
            "repository_url": f"{_API}{home}",
            "comments_url": f"{_API}{home}/issues/{number}/comments",
            "labels_url": f"{_API}{home}/issues/{number}/labels{{/name}}",
            "events_url": f"{_API}{home}/issues/{number}/events",
            "issue_url": f"{_API}{home}/issues/{number}",
            "commits_url": f"{_API}{home}/pulls/{number}/commits",
            "review_comments_url": f"{_API}{home}/pulls/{number}/comments",
            "review_comment_url": f"{_API}{home}/pulls/comments{{/number}}",
        }
        if page == "pull":
            found |= {f"{form}_url": f"{found['html_url']}.{form}" for form in ("diff", "patch")}
            found["pull_request"] = {
                "url": f"{_API}{home}/pulls/{number}",
                "html_url": found["html_url"],
                "diff_url": found["diff_url"],
                "patch_url": found["patch_url"],
            }
    elif _RELEASE.fullmatch(address):
        found |= {
            "assets_url": f"{_API}{address}/assets",
            "upload_url": f"{_API}{address}/assets{{?name,label}}",
        }
    elif _GIST.fullmatch(address):
        found |= {
            f"{part}_url": f"{_API}{address}/{part}" for part in ("comments", "commits", "forks")
        }
    elif match := _COMMENT.fullmatch(address):
        found["issue_url"] = f"{_API}{match[1]}/issues/{facts.get('_issue', 1)}"
    return found


def with_moved_urls(value: Any, old: str, new: str) -> Any:
    """Return a value in which each URL at or below the old one is at or below the new one."""
    if isinstance(value, str):
        start = f"{_API}{quote(old)}"
        rest = value.removeprefix(start)
        below = value.startswith(start) and rest[:1] in ("", "/", "{", "?")
        return f"{_API}{quote(new)}{rest}" if below else value
    if isinstance(value, list):
        return [with_moved_urls(each, old, new) for each in cast("list[Any]", value)]
    if isinstance(value, dict):
        items = cast("Facts", value).items()
        return {name: with_moved_urls(each, old, new) for name, each in items}
    return value
