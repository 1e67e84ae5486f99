"""What is known of each thing, by its path, and which things there are.

Nothing here has a type: each answer is made up around these facts, in the type that its operation
declares. So a user is the same one in a list, in an issue and alone.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from .catalogue import CREATED_AT, Catalogue
from .seeds import KEYS, KEYS_BY_PARAMETER, NAMES, NUMBERS, Facts, facts


@dataclass(frozen=True, slots=True)
class Place:
    """Where a thing is.

    Attributes:
        route: the plain route that leads to it.
        path: its path, decoded.
        key: the last part of its path.
    """

    route: str
    path: str
    key: str

    @property
    def address(self) -> str:
        """The path as facts are kept by: names are the same in any case."""
        return self.path.lower()

    @property
    def collection(self) -> str:
        """The path of the collection that it is in, as facts are kept by."""
        return self.address.removesuffix(f"/{self.key.lower()}")


class State:
    """The things, and what is known of them."""

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

    def next_id(self) -> int:
        """Give an id that no other thing has."""
        return next(self._ids)

    def exists(self, place: Place) -> bool:
        """Whether the thing is there."""
        if place.address in self._gone:
            return False
        if place.address in self._facts or not self._catalogue.is_made(place.route):
            return True
        return self._is_seeded(place)

    def known(self, place: Place) -> bool:
        """Whether anything was said of the thing, at the start or since."""
        return place.address in self._facts

    def facts(self, place: Place) -> Facts:
        """Give what is known of the thing: at the least, what it is called."""
        found = self._facts.get(place.address)
        if found is not None:
            return found
        if not place.route.endswith("}"):
            return {}
        account = self._facts.get(f"/users/{place.key.lower()}")
        name = self._catalogue.key_of(place.route)
        if name == "login" and account is not None:
            return account
        numbered = self._catalogue.is_numbered(place.route) and place.key.isdecimal()
        return {name: int(place.key) if numbered else place.key}

    def put(self, place: Place, told: Facts) -> bool:
        """Add to what is known of a thing; make it if it is not there. Says whether it is new."""
        is_item = place.route.endswith("/{}")
        new = is_item and place.address not in self._facts and not self._is_seeded(place)
        self._facts[place.address] = {**self.facts(place), **told}
        self._gone.discard(place.address)
        if new:
            self._fresh.add(place.address)
            self.list_too(place.collection, place)
        return new

    def list_too(self, collection: str, place: Place) -> None:
        """Let a thing be listed in another collection besides its own."""
        listed = self._made.setdefault(collection.lower(), [])
        if place not in listed:
            listed.append(place)

    def remove(self, place: Place) -> None:
        """Let a thing be gone, with all that is known below it."""
        self._gone.add(place.address)
        self._facts.pop(place.address, None)
        for below in [each for each in self._facts if each.startswith(f"{place.address}/")]:
            del self._facts[below]

    def move(self, old: Place, new: Place) -> None:
        """Give a thing another name, with all that is below it."""
        told, size = self.facts(old), len(old.address)

        def moved(address: str) -> str:
            return new.address + address[size:]

        below = [each for each in self._facts if each.startswith(f"{old.address}/")]
        kept = {moved(each): self._facts[each] for each in below}
        lists = [each for each in self._made if each.startswith(f"{old.address}/")]
        listed = {
            moved(each): [
                Place(place.route, new.path + place.path[size:], place.key)
                for place in self._made.pop(each)
            ]
            for each in lists
        }
        self.remove(old)
        self.put(new, told)
        self._facts |= kept
        self._made |= listed

    def listed(self, route: str, path: str) -> list[Place]:
        """List the things of a collection: those from the start, then those made since."""
        collection, item = path.lower(), f"{route}/{{}}"
        seeded = (Place(item, f"{path}/{key}", key) for key in self._seeded(item, collection))
        made = self._made.get(collection, [])
        places = {place.address: place for place in (*seeded, *made)}
        return [place for place in places.values() if place.address not in self._gone]

    def below(self, path: str, route: str) -> list[Place]:
        """List every thing below a path that a plain route leads to, in any collection."""
        prefix = f"{path.lower()}/"
        depth = route.count("/")
        return [
            Place(route, address, address.rpartition("/")[2])
            for address in self._facts
            if address.startswith(prefix) and address.count("/") == depth
        ]

    def next_key(self, route: str, path: str) -> int:
        """Give the number after the highest one in a collection."""
        keys = [place.key for place in self.listed(route, path)]
        return max((int(key) for key in keys if key.isdecimal()), default=0) + 1

    def _is_seeded(self, place: Place) -> bool:
        if place.address in self._gone:
            return False
        return place.key.lower() in map(str.lower, self._seeded(place.route, place.collection))

    def _seeded(self, item: str, collection: str) -> Sequence[str]:
        """Give the keys of what is in a collection from the start: nothing, if that is new."""
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
