"""The time to decode a page of 100 issues, with and without drift.

    python -m benchmarks.drift [--rounds 60]

Every round decodes each page once, so that all of them see the same noise; the table gives medians
and their ratio to what pydantic alone takes for the page that fits. A drifted issue differs in
three places: a required field is missing, another is null, a third has an unknown enum member.
"""

from __future__ import annotations

import argparse
import gc
import json
from statistics import median
from time import process_time
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from sdk.models import Issue, TimelineIssueEvents
from sdk.transport.decoding import Decoder

if TYPE_CHECKING:
    from collections.abc import Callable

ITEMS = 100
API = "https://api.github.com"
# The number of responses of one kind after which the latch is saturated.
ENOUGH = 4
# Events of a timeline, each with the fields of its kind.
EVENTS: tuple[dict[str, Any], ...] = (
    {"event": "labeled", "label": {"name": "bug", "color": "d73a4a"}},
    {"event": "unlabeled", "label": {"name": "bug", "color": "d73a4a"}},
    {"event": "renamed", "rename": {"from": "Crash", "to": "Crash on start"}},
    {"event": "milestoned", "milestone": {"title": "2.0"}},
    {"event": "closed", "state_reason": "completed"},
)


def user(number: int) -> dict[str, Any]:
    """Return a user as it is embedded in every issue."""
    url = f"{API}/users/user-{number}"
    links = ("followers", "gists", "starred", "subscriptions", "orgs", "repos", "events")
    return {
        "login": f"user-{number}",
        "id": number,
        "node_id": f"MDQ6VXNlcj{number}",
        "avatar_url": f"https://avatars.githubusercontent.com/u/{number}?v=4",
        "gravatar_id": "",
        "url": url,
        "html_url": f"https://github.com/user-{number}",
        "following_url": f"{url}/following{{/other_user}}",
        "organizations_url": f"{url}/orgs",
        "received_events_url": f"{url}/received_events",
        "type": "User",
        "user_view_type": "public",
        "site_admin": False,
        **{f"{link}_url": f"{url}/{link}" for link in links if link != "orgs"},
    }


def issue(number: int) -> dict[str, Any]:
    """Return an issue of about 4 KB."""
    repository = f"{API}/repos/octo-org/octo-repo"
    url = f"{repository}/issues/{number}"
    counts = ("+1", "-1", "laugh", "hooray", "confused", "heart", "rocket", "eyes", "total_count")
    return {
        "id": 1_000_000_000 + number,
        "node_id": f"I_{number}",
        "url": url,
        "repository_url": repository,
        "labels_url": f"{url}/labels{{/name}}",
        "comments_url": f"{url}/comments",
        "events_url": f"{url}/events",
        "html_url": f"https://github.com/octo-org/octo-repo/issues/{number}",
        "timeline_url": f"{url}/timeline",
        "number": number,
        "title": "Crash when a file name has an é in it",
        "body": "It happens on each start. Steps to see it:\n" * 8,
        "user": user(number),
        "assignee": user(number + 1),
        "assignees": [user(number + 1)],
        "labels": [
            {
                "id": label,
                "node_id": f"LA_{label}",
                "url": f"{repository}/labels/bug",
                "name": "bug",
                "color": "d73a4a",
                "default": True,
                "description": "Something isn't working",
            }
            for label in range(2)
        ],
        "milestone": None,
        "state": "open",
        "state_reason": None,
        "locked": False,
        "active_lock_reason": None,
        "comments": 3,
        "created_at": "2026-03-01T10:00:00Z",
        "updated_at": "2026-03-02T10:00:00Z",
        "closed_at": None,
        "closed_by": None,
        "author_association": "CONTRIBUTOR",
        "performed_via_github_app": None,
        "reactions": {"url": f"{url}/reactions", **dict.fromkeys(counts, 1)},
    }


def drifted(number: int) -> dict[str, Any]:
    """Return an issue that differs from its description in three places."""
    changed = issue(number) | {"title": None, "author_association": "SPONSOR"}
    del changed["node_id"]
    return changed


def page(drifting: int) -> bytes:
    """Return a page whose first issues drift."""
    items = [drifted(n) if n < drifting else issue(n) for n in range(ITEMS)]
    return json.dumps(items).encode()


def event(number: int) -> dict[str, Any]:
    """Return an event of an issue's timeline."""
    return {
        "id": number,
        "node_id": f"LE_{number}",
        "url": f"{API}/repos/octo-org/octo-repo/issues/events/{number}",
        "actor": user(number),
        "commit_id": None,
        "commit_url": None,
        "created_at": "2026-03-01T10:00:00Z",
        "performed_via_github_app": None,
        **EVENTS[number % len(EVENTS)],
    }


def timed(action: Callable[[], object]) -> float:
    """Return the CPU time of `action` in ms."""
    start = process_time()
    action()
    return (process_time() - start) * 1e3


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=60)
    rounds = parser.parse_args().rounds

    clean, one, every = page(0), page(1), page(ITEMS)
    plain: TypeAdapter[list[Issue]] = TypeAdapter(list[Issue])

    def decoder() -> Callable[[bytes], object]:
        return Decoder[list[Issue]](list[Issue], operation="issues/list-for-repo").decode

    def case(read: Callable[[bytes], object], earlier: bytes, body: bytes) -> Callable[[], float]:
        def measure() -> float:
            for _ in range(ENOUGH):
                read(earlier)
            return timed(lambda: read(body))

        return measure

    cases: dict[str, Callable[[], float]] = {
        "pydantic alone, fits": case(plain.validate_json, clean, clean),
        "json.loads alone": case(json.loads, clean, clean),
        "fits": case(decoder(), clean, clean),
        "1 of 100 drifts": case(decoder(), clean, one),
        "all drift": case(decoder(), clean, every),
        "all drift, as before": case(decoder(), every, every),
        "fits, after drift": case(decoder(), every, clean),
    }
    timeline = json.dumps([event(number) for number in range(ITEMS)]).encode()
    events = Decoder[Any](list[TimelineIssueEvents], operation="issues/list-events-for-timeline")
    cases["timeline, json.loads alone"] = case(json.loads, timeline, timeline)
    cases["timeline, fits"] = case(events.decode, timeline, timeline)
    results: dict[str, list[float]] = {name: [] for name in cases}
    for number in range(rounds + 3):
        gc.collect()
        for name, measure in cases.items():
            taken = measure()
            # The first rounds build the validators and warm up.
            if number >= 3:
                results[name].append(taken)

    base = median(results["pydantic alone, fits"])
    plainest = median(results["json.loads alone"])
    print(f"{ITEMS} issues, {len(clean) / 1000:.0f} KB, {rounds} rounds, medians")
    for name, times in results.items():
        taken = median(times)
        if name.startswith("timeline"):
            parsing = median(results["timeline, json.loads alone"])
            print(f"{name:28}{taken:8.2f} ms{'':10}{taken / parsing:8.2f} x json.loads")
            continue
        print(f"{name:28}{taken:8.2f} ms{taken / base:8.2f} x{taken / plainest:8.2f} x json.loads")


if __name__ == "__main__":
    main()
