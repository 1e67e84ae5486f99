"""Labels of a repository and of its issues."""

from __future__ import annotations

from typing import Any, cast

from sdk.operations import OperationInfo

from .generic_rules import GenericRules, place_of
from .messages import Refused, Reply, Request, invalid
from .seed_data import Facts
from .state import Place

_ISSUES = ("/repos/{}/{}/issues/{}", "/repos/{}/{}/pulls/{}")


def labels_of(rules: GenericRules, request: Request, named: Any) -> list[Facts]:
    """Return the labels of a body, which names each by its name or as an object with one.

    Raises:
        Refused: 422, a label has no name.
    """
    if not isinstance(named, list):
        raise Refused(invalid("Label", "labels", "invalid"))
    found: dict[str, Facts] = {}
    for each in cast("list[Any]", named):
        name = cast("Facts", each).get("name") if isinstance(each, dict) else each
        if not isinstance(name, str) or not name:
            raise Refused(invalid("Label", "name", "invalid"))
        found.setdefault(name.lower(), _label(rules, request, name))
    return list(found.values())


def _label(rules: GenericRules, request: Request, name: str) -> Facts:
    home = f"/repos/{request.values['owner']}/{request.values['repo']}/labels"
    place = Place("/repos/{}/{}/labels/{}", f"{home}/{name}", name)
    if not rules.state.exists(place):
        # GitHub creates a label of an issue that the repository does not have.
        plain = {"name": name, "color": "ededed", "description": None, "default": False}
        rules.create(Place("/repos/{}/{}/labels", home, "labels"), plain)
    return rules.whole(place)


def change(rules: GenericRules, info: OperationInfo, request: Request) -> Reply:
    """Serve ``PATCH`` and ``DELETE`` of a label, which also change the issues that have it."""
    reply = rules.response(info, request)
    place = place_of(info, request.values)
    home, _, _ = place.path.rpartition("/labels/")
    for route in _ISSUES:
        for issue in rules.state.below(home, route):
            labels: list[Facts] = rules.state.facts(issue).get("labels", [])
            names = [label["name"].lower() for label in labels]
            if place.key.lower() not in names:
                continue
            at = names.index(place.key.lower())
            changed = [] if info.method == "DELETE" else [reply.body]
            rules.state.put(issue, {"labels": [*labels[:at], *changed, *labels[at + 1 :]]})
    return reply
