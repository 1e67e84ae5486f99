"""The routes of the API and the kinds of resource behind them, from the table of operations.

A route that ends in a parameter is the route of a resource, such as
``/repos/{owner}/{repo}/issues/{issue_number}``. A resource that the API can create exists only once
it was created; of any other, which the API can only read, one exists for every name.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache

from sdk.operations import OPERATIONS, OperationInfo, Parameter
from sdk.testing.synthesis.item_types import item_shape
from sdk.testing.synthesis.type_shapes import Object

# Resources whose collection is not directly above them.
CREATED_AT = {
    "/repos/{}/{}/issues/{}/comments": "/repos/{owner}/{repo}/issues/comments/{}",
    "/repos/{}/{}/pulls/{}/comments": "/repos/{owner}/{repo}/pulls/comments/{}",
    "/repos/{}/{}/commits/{}/comments": "/repos/{owner}/{repo}/comments/{}",
    "/repos/{}/{}/releases/{}/assets": "/repos/{owner}/{repo}/releases/assets/{}",
}

# Resources that can be created, though the API has no POST directly above them, or none at all.
_MADE_ELSEWHERE = frozenset(
    {
        "/orgs/{}",
        "/repos/{}/{}",
        "/users/{}",
        *(re.sub(r"\{\w*\}", "{}", path) for path in CREATED_AT.values()),
    }
)

# Git objects exist for every hash.
_ALWAYS_THERE = re.compile(r".*/(git/(blobs|commits|tags|trees)|attestations)/\{\}")


class Catalogue:
    """The operations by route."""

    def __init__(self) -> None:
        self._by_route: dict[str, dict[str, OperationInfo]] = defaultdict(dict)
        self._keys: dict[str, str] = {}
        for info in OPERATIONS.values():
            self._by_route[plain(info.operation.path)][info.method] = info

    def load(self) -> None:
        """Import the models of all operations."""
        for info in OPERATIONS.values():
            info.returns()

    def at(self, route: str) -> dict[str, OperationInfo]:
        """Return the operations of a plain route, by HTTP method."""
        return self._by_route.get(route, {})

    def is_made(self, route: str) -> bool:
        """Return whether the API can create the resources of this plain route."""
        if not route.endswith("/{}") or _ALWAYS_THERE.fullmatch(route) or not self.at(route):
            return False
        if route in _MADE_ELSEWHERE:
            return True
        return "PUT" in self.at(route) or "POST" in self.at(route.removesuffix("/{}"))

    def is_collection(self, route: str) -> bool:
        """Return whether resources are created or listed at this plain route."""
        return route in CREATED_AT or bool(self.at(f"{route}/{{}}"))

    def key_of(self, route: str) -> str:
        """Return the JSON name of the field that identifies the resources of this plain route."""
        if route not in self._keys:
            self._keys[route] = self._find_key(route)
        return self._keys[route]

    def is_numbered(self, route: str) -> bool:
        """Return whether the resources of this plain route are identified by numbers."""
        last = self.last_parameter(route)
        return last is None or last.type.startswith("int")

    def last_parameter(self, route: str) -> Parameter | None:
        """Return the last parameter of a plain route's path; None if there is no operation."""
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
    """Return the catalogue, built once: building it reads every operation."""
    return Catalogue()


def plain(template: str) -> str:
    """Return a route without the names of its parameters: ``/users/{}``."""
    return re.sub(r"\{\w*\}", "{}", template)
