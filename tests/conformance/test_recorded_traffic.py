"""What GitHub really answered, through the SDK: requests as recorded, answers whole."""

from __future__ import annotations

import json
from collections import Counter
from urllib.parse import unquote

from codegen import overrides
from sdk import ApiError, Page
from tests.conformance.fidelity import losses, plain
from tests.conformance.recorded import Routes, scenarios
from tests.conformance.upstream import Upstream

URL = "https://api.github.com"

# Recorded when GitHub named the raw text of a file otherwise.
MEDIA = {"application/vnd.github.v3.raw": "application/vnd.github.raw+json"}

# Operations that GitHub has taken back since.
GONE = {
    "DELETE /projects/columns/cards/1000",
    "GET /projects/columns/1000/cards",
    "GET /projects/columns/cards/1000",
    "GET /repos/octokit-fixture-org/git-refs/git/refs/",
    "PATCH /projects/columns/cards/1000",
    "POST /projects/columns/1000/cards",
    "POST /projects/columns/cards/1000/moves",
    "POST /projects/columns/cards/1001/moves",
}


class Replay:
    """Answers requests as recorded, in order, and refuses any that differs."""

    def __init__(self, exchanges):
        self.left = list(exchanges)
        self.last = None

    def response(self, request):
        self.last = recorded = self.left.pop(0)
        assert request.method == recorded.method
        assert unquote(str(request.url)) == unquote(recorded.url)
        assert _body(request) == recorded.body
        return recorded.response()

    def lost(self, value):
        """What the value lacks of the last response."""
        if not self.last.headers.get("content-type", "").startswith("application/json"):
            return []
        return [f"{self.last.method} {self.last.url}: {each}" for each in self._losses(value)]

    def _losses(self, value):
        return losses(self.last.answered, plain(value))


def _body(request):
    if request.headers.get("content-type") == "application/json":
        return json.loads(request.content)
    return request.content.decode() or None


async def losses_of(call, replay):
    """Make a call, and of a list fetch every page; give all that was lost on the way."""
    value = await call
    lost = replay.lost(value)
    while isinstance(value, Page) and value.has_next:
        value = await value.next()
        lost += replay.lost(value)
    return lost


async def test_recorded_traffic_passes_through_whole(described, methods, package, report):
    routes, upstream, counts = Routes(described), Upstream(), Counter()
    gone, emptied, lost, errors = set(), set(), [], []
    async with upstream.sdk() as sdk:
        for exchanges in scenarios(package("unpacked", "@octokit/fixtures")).values():
            replay = Replay(exchanges)
            upstream.response = replay.response
            while replay.left:
                recorded, before = replay.left[0], len(replay.left)
                line = f"{recorded.method} {recorded.url.removeprefix(URL)}"
                found = routes.find(recorded)
                if found is None:
                    gone.add(line)
                    replay.left.pop(0)
                    continue
                operation, values = found
                method = methods.answering(operation.id, MEDIA.get(recorded.accept, ""))
                emptied |= {
                    (operation.id, name) for name, text in values.path.items() if text == ""
                }
                upstream.drifts.clear()
                try:
                    lost += await losses_of(method.call(sdk, operation, values), replay)
                except ApiError as error:
                    errors.append(((error.status, error.message), recorded))
                counts["exchanges"] += before - len(replay.left)
                counts["drifted"] += bool(upstream.drifts)
    report(
        f"recorded: {counts['exchanges']} exchanges, {len(errors)} of them typed errors, "
        f"calls that drifted {counts['drifted']}, places lost {len(lost)}"
    )
    assert lost == []
    assert [raised for raised, _ in errors] == [
        (e.status, e.answered["message"]) for _, e in errors
    ]
    assert gone == GONE
    # A path value may be empty where GitHub was seen to answer one, and nowhere else.
    assert emptied == overrides.EMPTY.keys()
    assert counts["exchanges"] > 50


def test_where_a_path_value_may_be_empty_github_says_what_that_means(document):
    described = {
        raw["operationId"]: raw["description"]
        for item in document["paths"].values()
        for raw in item.values()
    }
    for operation, parameter in overrides.EMPTY:
        assert f"If you omit the `{parameter}` parameter" in described[operation]
