"""The state: the existing resources, and the facts of each by its path.

The facts are not typed: each response is generated around them, in the type that its operation
declares. So a user is the same in a list, in an issue and alone. A fact whose name begins with an
underscore is internal and never sent.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from .api_urls import with_moved_urls
from .catalogue import CREATED_AT, Catalogue
from .seed_data import KEYS, KEYS_BY_PARAMETER, NAMES, NUMBERS, Facts, facts

_ISSUE = "/repos/{}/{}/issues/{}"
_PULL = "/repos/{}/{}/pulls/{}"

# Resources with two paths: a user with a membership is a member.
_SAME = {
    "/orgs/{}/members/{}": "memberships",
    "/orgs/{}/teams/{}/members/{}": "memberships",
    "/teams/{}/members/{}": "memberships",
}


@dataclass(frozen=True, slots=True)
class Place:
    """The location of a resource.

    Attributes:
        route: its plain route.
        path: its path, decoded.
        key: the last segment of its path.
    """

    route: str
    path: str
    key: str

    @property
    def address(self) -> str:
        """The key of its facts: the path in lower case, as names are case-insensitive."""
        return self.path.lower()

    @property
    def collection(self) -> str:
        """The path of its collection, in lower case."""
        return self.address.removesuffix(f"/{self.key.lower()}")


class State:
    """The resources and their facts."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._facts = facts()
        self._made: dict[str, list[Place]] = {}
        self._gone: set[str] = set()
        self._fresh: set[str] = set()
        self._ids = itertools.count(100_001)
        home = "/repos/octocat/hello-world/issues"
        comment = Place("/repos/{}/{}/issues/comments/{}", f"{home}/comments/1", "1")
        self.list_too(f"{home}/1/comments", comment)
        releases = "/repos/octocat/hello-world/releases"
        asset = Place("/repos/{}/{}/releases/assets/{}", f"{releases}/assets/1", "1")
        self.list_too(f"{releases}/1/assets", asset)

    def next_id(self) -> int:
        """Return an unused id."""
        return next(self._ids)

    def exists(self, place: Place) -> bool:
        """Return whether the resource exists."""
        place = self._main_place(place)
        if place.address in self._gone:
            return False
        if place.address in self._facts or not self._catalogue.is_made(place.route):
            return True
        return self._is_seeded(place)

    def known(self, place: Place) -> bool:
        """Return whether the resource is seeded or has facts."""
        place = self._main_place(place)
        return place.address in self._facts or self._is_seeded(place)

    def facts(self, place: Place) -> Facts:
        """Return the facts of the resource, which include at least its name."""
        place = self._main_place(place)
        found = self._facts.get(place.address)
        if found is not None:
            return found
        if not place.route.endswith("}"):
            return {}
        name = self._catalogue.key_of(place.route)
        if name in ("login", "user"):
            account = self._facts.get(f"/users/{place.key.lower()}", {"login": place.key})
            if name == "login":
                return account
            home = self._facts.get("/".join(place.address.split("/")[:3]), {})
            return {"user": account, "organization": home}
        numbered = self._catalogue.is_numbered(place.route) and place.key.isdecimal()
        given: Facts = {name: int(place.key) if numbered else place.key}
        return {**given, "_pull": True} if place.route == _PULL else given

    def put(self, place: Place, given: Facts) -> bool:
        """Add facts to a resource, and create it if needed; return whether it is new."""
        place = self._main_place(place)
        is_item = place.route.endswith("/{}")
        new = is_item and place.address not in self._facts and not self._is_seeded(place)
        self._facts[place.address] = {**self.facts(place), **given}
        self._gone.discard(place.address)
        if new:
            self._fresh.add(place.address)
            self.list_too(place.collection, place)
        return new

    def list_too(self, collection: str, place: Place) -> None:
        """List a resource in another collection besides its own."""
        listed = self._made.setdefault(collection.lower(), [])
        if place not in listed:
            listed.append(place)

    def remove(self, place: Place) -> None:
        """Delete a resource, with everything below it."""
        place = self._main_place(place)
        prefix = f"{place.address}/"
        self._gone = {each for each in self._gone if not each.startswith(prefix)}
        self._gone.add(place.address)
        self._facts.pop(place.address, None)
        for below in [each for each in self._facts if each.startswith(prefix)]:
            del self._facts[below]
        for below in [each for each in self._made if each.startswith(prefix)]:
            del self._made[below]

    def move(self, old: Place, new: Place) -> None:
        """Move a resource, with everything below it, to another path."""
        given = with_moved_urls(self.facts(old), old.address, new.address)
        was_fresh = old.address in self._fresh
        size, prefix = len(old.address), f"{old.address}/"

        def moved(address: str) -> str:
            return new.address + address[size:]

        kept = {
            moved(each): with_moved_urls(facts, old.address, new.address)
            for each, facts in self._facts.items()
            if each.startswith(prefix)
        }
        gone = {moved(each) for each in self._gone if each.startswith(prefix)}
        fresh = {moved(each) for each in self._fresh if each.startswith(prefix)}
        listed = {
            moved(each): [
                Place(place.route, new.path + place.path[size:], place.key) for place in places
            ]
            for each, places in self._made.items()
            if each.startswith(prefix)
        }
        self.remove(old)
        self.put(new, given)
        if not was_fresh:
            # Its seeded parts are kept.
            self._fresh.discard(new.address)
        self._facts |= kept
        self._gone |= gone
        self._fresh |= fresh
        self._made |= listed

    def listed(self, route: str, path: str) -> list[Place]:
        """List the resources of a collection: the seeded ones, then the created ones."""
        item, collection = f"{route}/{{}}", path.lower()
        if item in _SAME:
            head, _, _ = path.rpartition("/")
            memberships = f"{route.rpartition('/')[0]}/{_SAME[item]}"
            people = [each.key for each in self.listed(memberships, f"{head}/{_SAME[item]}")]
            return [Place("/users/{}", f"/users/{login}", login) for login in people]
        seeded = (Place(item, f"{path}/{key}", key) for key in self._seeded(item, collection))
        made = self._made.get(collection, [])
        places = {place.address: place for place in (*seeded, *made)}
        return [place for place in places.values() if place.address not in self._gone]

    def below(self, path: str, route: str) -> list[Place]:
        """List every resource below a path with this plain route, in any collection."""
        prefix = f"{path.lower()}/"
        pattern = re.compile(re.escape(route).replace(r"\{\}", "[^/]+"))
        return [
            Place(route, address, address.rpartition("/")[2])
            for address in self._facts
            if address.startswith(prefix) and pattern.fullmatch(address)
        ]

    def next_key(self, route: str, path: str) -> int:
        """Return the next free number in a collection; issues and pull requests share theirs."""
        keys = [place.key for place in self.listed(route, path)]
        head, _, last = path.rpartition("/")
        if route in (_ISSUE.removesuffix("/{}"), _PULL.removesuffix("/{}")):
            other = {"issues": "pulls", "pulls": "issues"}[last]
            keys += [
                each.key for each in self.listed(f"/repos/{{}}/{{}}/{other}", f"{head}/{other}")
            ]
        return max((int(key) for key in keys if key.isdecimal()), default=0) + 1

    def _main_place(self, place: Place) -> Place:
        """Return the main location of a resource that has two."""
        if place.route == _ISSUE:
            home = place.path.removesuffix(f"/issues/{place.key}")
            pull = Place(_PULL, f"{home}/pulls/{place.key}", place.key)
            is_pull = pull.address in self._facts or self._is_seeded(pull)
            return pull if is_pull else place
        if place.route in _SAME:
            last = _SAME[place.route]
            home = place.path.removesuffix(f"/members/{place.key}")
            route = f"{place.route.removesuffix('/members/{}')}/{last}/{{}}"
            return Place(route, f"{home}/{last}/{place.key}", place.key)
        return place

    def _is_seeded(self, place: Place) -> bool:
        if place.address in self._gone:
            return False
        return place.key.lower() in map(str.lower, self._seeded(place.route, place.collection))

    def _seeded(self, item: str, collection: str) -> Sequence[str]:
        """Return the keys of the seeded resources of a collection; none if it was created."""
        parts = collection.split("/")
        if any("/".join(parts[:size]) in self._fresh for size in range(2, len(parts) + 1)):
            return ()
        if item.removesuffix("/{}") in CREATED_AT:
            return ()
        if item in KEYS:
            return KEYS[item]
        parameter = self._catalogue.last_parameter(item)
        if parameter is not None and parameter.name in KEYS_BY_PARAMETER:
            return KEYS_BY_PARAMETER[parameter.name]
        return NUMBERS if self._catalogue.is_numbered(item) else NAMES
