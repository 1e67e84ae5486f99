"""What the API offers: its routes, and what lives where, read from the table of operations.

A route that ends in a parameter leads to a thing: ``/repos/{owner}/{repo}/issues/{issue_number}``.
What the API can create there has to be created before it is there; of anything else, of which the
API only tells, there is one by every name.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache

from sdk.operations import OPERATIONS, OperationInfo, Parameter
from sdk.testing.synthesis.item_types import item_shape
from sdk.testing.synthesis.type_shapes import Object

# What is listed, made or named elsewhere than right above the thing itself.
CREATED_AT = {
    "/repos/{}/{}/issues/{}/comments": "/repos/{owner}/{repo}/issues/comments/{}",
    "/repos/{}/{}/pulls/{}/comments": "/repos/{owner}/{repo}/pulls/comments/{}",
    "/repos/{}/{}/commits/{}/comments": "/repos/{owner}/{repo}/comments/{}",
    "/repos/{}/{}/releases/{}/assets": "/repos/{owner}/{repo}/releases/assets/{}",
}

# What is made although the API does not do it right above, or at all.
_MADE_ELSEWHERE = frozenset(
    {
        "/orgs/{}",
        "/repos/{}/{}",
        "/users/{}",
        *(re.sub(r"\{\w*\}", "{}", path) for path in CREATED_AT.values()),
    }
)

# Objects of git are there by every hash.
_ALWAYS_THERE = re.compile(r".*/(git/(blobs|commits|tags|trees)|attestations)/\{\}")


class Catalogue:
    """The operations by route."""

    def __init__(self) -> None:
        self._by_route: dict[str, dict[str, OperationInfo]] = defaultdict(dict)
        self._keys: dict[str, str] = {}
        for info in OPERATIONS.values():
            self._by_route[plain(info.operation.path)][info.method] = info

    def load(self) -> None:
        """Import the models of every operation."""
        for info in OPERATIONS.values():
            info.returns()

    def at(self, route: str) -> dict[str, OperationInfo]:
        """Return the operations of a plain route by their methods."""
        return self._by_route.get(route, {})

    def is_made(self, route: str) -> bool:
        """Whether the API can create the things that this plain route leads to."""
        if not route.endswith("/{}") or _ALWAYS_THERE.fullmatch(route) or not self.at(route):
            return False
        if route in _MADE_ELSEWHERE:
            return True
        return "PUT" in self.at(route) or "POST" in self.at(route.removesuffix("/{}"))

    def is_collection(self, route: str) -> bool:
        """Whether things are created or listed at this plain route."""
        return route in CREATED_AT or bool(self.at(f"{route}/{{}}"))

    def key_of(self, route: str) -> str:
        """Return the name, in JSON, of what tells the things at this plain route apart."""
        if route not in self._keys:
            self._keys[route] = self._find_key(route)
        return self._keys[route]

    def is_numbered(self, route: str) -> bool:
        """Whether the things at this plain route go by numbers."""
        last = self.last_parameter(route)
        return last is None or last.type.startswith("int")

    def last_parameter(self, route: str) -> Parameter | None:
        """Return the last parameter of a plain route's path; None when nothing is there."""
        for info in self.at(route).values():
            name = info.operation.parameters[-1]
            return next(each for each in info.parameters if each.name == name)
        return None

    def _find_key(self, route: str) -> str:
        operations = self.at(route)
        parameter = self.last_parameter(route)
        if parameter is None:
            return "id"
        shape = item_shape((operations.get("GET") or next(iter(operations.values()))).operation)
        fields = shape.fields if isinstance(shape, Object) else {}
        if parameter.name in ("assignee", "username"):
            return "user" if "user" in fields and "login" not in fields else "login"
        if isinstance(shape, Object):
            last = parameter.name.rpartition("_")[2]
            for name in (parameter.name, last, "login", "name", "id"):
                if name in shape.fields:
                    return shape.fields[name].key
        return "id" if parameter.type == "int" else "name"


@cache
def catalogue() -> Catalogue:
    """Return the one catalogue: it never changes, and to make it reads every operation."""
    return Catalogue()


def plain(template: str) -> str:
    """Return a route without the names of its parameters: ``/users/{}``."""
    return re.sub(r"\{\w*\}", "{}", template)
