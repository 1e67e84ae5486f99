"""Respond to every operation by the meaning of its HTTP method for the resource at its path."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Any, cast

from sdk.operations import OperationInfo
from sdk.testing.synthesis import build, fit
from sdk.testing.synthesis.item_types import item_type
from sdk.testing.synthesis.scalars import hash_of
from sdk.testing.synthesis.type_shapes import ListOf, Object, UnionOf, shape_of

from .api_urls import api_urls
from .api_versions import requested_version
from .body_validation import check_body, resource_at
from .catalogue import CREATED_AT, Catalogue, plain
from .file_responses import file_for
from .messages import Refused, Reply, Request, invalid, not_found
from .pagination import page
from .seed_data import Facts
from .state import Place, State

# The dates of generated resources: minutes since the start of 2026.
_SOONEST, _LATEST = 10_000, 100_000

_FILTERED_BY_DEFAULT = ("issues/list-for-repo", "pulls/list", "issues/list-milestones")


class GenericRules:
    """The rules for every operation without a rule of its own.

    Attributes:
        catalogue: the operations.
        state: the resources.
    """

    def __init__(self, catalogue: Catalogue, state: State) -> None:
        self.catalogue = catalogue
        self.state = state

    def response(self, info: OperationInfo, request: Request) -> Reply:
        """Return the response to a request.

        Raises:
            Refused: a resource on the path does not exist, or the body lacks a required field.
        """
        place = place_of(info, request.values)
        self.check_path(info, request, place)
        about = self.parent_resource(info, request, place)
        if about is not None:
            body_of(info, request)
            if info.method == "DELETE" and place.route.endswith("/{}"):
                self.state.remove(place)
            return Reply(
                200, build_resource(info.returns(), self.state.facts(about), about.address)
            )
        match info.method:
            case "GET":
                return self.read(info, request, place)
            case "POST":
                return self.act(info, request, place)
            case "DELETE":
                return self.remove(info, place)
            case _:
                return self.change(info, request, place)

    # ------------------------------------------------------------ existence

    def check_path(self, info: OperationInfo, request: Request, place: Place) -> None:
        """Raise a 404 if one of the resources on the path does not exist.

        The last one need not exist for a PUT.
        """
        above = places_above(info, request.values)
        if info.method == "PUT":
            above = [each for each in above if each != place]
        for each in above:
            if not self.state.exists(each):
                raise Refused(not_found())
        if info.method == "PUT" and info.path.endswith("/{username}"):
            person = Place("/users/{}", f"/users/{place.key}", place.key)
            if not self.state.exists(person):
                raise Refused(not_found())

    def parent_resource(self, info: OperationInfo, request: Request, place: Place) -> Place | None:
        """Return the resource above the path that the operation changes and returns.

        For example, adding assignees to an issue returns the issue.
        """
        declared = info.returns()
        if info.method == "GET" or not isinstance(shape_of(declared), Object):
            return None
        for each in reversed(places_above(info, request.values)):
            getter = self.catalogue.at(each.route).get("GET")
            if each != place and getter is not None and getter.returns() == declared:
                # A resource created in a collection is new, and not a part of the resource above.
                creates = info.method == "POST" and self.catalogue.is_collection(place.route)
                return None if creates else each
        return None

    def whole(self, place: Place) -> Facts:
        """Return a resource as its own GET returns it, to be embedded in another."""
        declared = self.catalogue.at(place.route)["GET"].returns()
        return cast("Facts", build_resource(declared, self.state.facts(place), place.address))

    # ------------------------------------------------------------ methods

    def read(self, info: OperationInfo, request: Request, place: Place) -> Reply:
        """Serve a GET: a resource, a list, a file, or a check by status."""
        declared = info.returns()
        if declared is bool:
            return Reply(204) if self.state.known(place) else not_found()
        if declared in (bytes, str):
            return file_for(info)
        if info.is_paged or isinstance(shape_of(declared), ListOf):
            return self.read_list(info, request, place)
        if not self.state.exists(place):
            return not_found()
        if declared is None:
            return Reply(204)
        return Reply(200, build_resource(declared, self.state.facts(place), place.address))

    def read_list(self, info: OperationInfo, request: Request, place: Place) -> Reply:
        """Return a page of a collection, or of a list that was set as a whole."""
        given = self.state.facts(place).get(info.operation.items or "")
        if isinstance(given, list):
            values = cast("Sequence[Any]", given)
            reply = page(request, values)
            part = [fit(item_type(info.operation), value) for value in reply.body]
            return _framed(info, part, len(values), reply.headers)
        places = self.state.listed(place.route, place.path)
        wanted = request.query.get("state", "open" if info.id in _FILTERED_BY_DEFAULT else "all")
        if wanted != "all":
            kind, allowed = item_type(info.operation), (None, *wanted.split(","))
            places = [each for each in places if self._state_of(kind, each) in allowed]
        return self.page_of(info, request, places)

    def _state_of(self, kind: Any, place: Place) -> str | None:
        facts = self.state.facts(place)
        # The state field of seeded resources is generated, like their other fields.
        thing = facts if "state" in facts else build_resource(kind, facts, place.address)
        return cast("Facts", thing).get("state") if isinstance(thing, dict) else None

    def page_of(self, info: OperationInfo, request: Request, places: list[Place]) -> Reply:
        """Return the requested page of resources, in the type of the operation's items."""
        kind = item_type(info.operation)

        def thing(place: Place) -> Any:
            return build_resource(kind, self.state.facts(place), place.address)

        if not info.is_paged:
            # GitHub returns these lists whole, without a Link header.
            return Reply(200, [thing(each) for each in places])
        # Only the items of the page are generated.
        reply = page(request, places)
        return _framed(info, [thing(each) for each in reply.body], len(places), reply.headers)

    def act(self, info: OperationInfo, request: Request, place: Place) -> Reply:
        """Serve a POST: create a resource in a collection, or perform an action."""
        given = body_of(info, request)
        declared = info.returns()
        if isinstance(shape_of(declared), ListOf):
            return Reply(200, self.listed_in_body(info, given))
        if not self.catalogue.is_collection(place.route):
            return self.success(info, {**given, **self.state.facts(place)}, place.address)
        created = self.create(place, given)
        facts = self.state.facts(created)
        if declared is None:
            return self.success(info, facts, created.address)
        return Reply(201, build_resource(declared, facts, created.address))

    def create(self, place: Place, given: Facts) -> Place:
        """Create a resource with these facts in the collection at `place`."""
        home = CREATED_AT.get(place.route)
        if home is not None:
            owner, repo = place.path.split("/")[2:4]
            route = plain(home)
            collection = home.removesuffix("/{}").format(owner=owner, repo=repo)
        else:
            route, collection = f"{place.route}/{{}}", place.path
        name = self.catalogue.key_of(route)
        facts = dict(given)
        if name == "number" or name.endswith("_number"):
            facts[name] = self.state.next_key(place.route, collection)
        elif name not in facts:
            facts[name] = self._new_key(route, name, facts)
        if "id" not in facts:
            facts["id"] = self.state.next_id()
        key = str(facts[name])
        created = Place(route, f"{collection}/{key}", key)
        if self.catalogue.is_made(route) and self.state.exists(created):
            raise Refused(invalid(resource_at(route), name, "already_exists"))
        self.state.put(created, facts)
        if home is not None:
            self.state.list_too(place.path, created)
        return created

    def _new_key(self, route: str, name: str, given: Facts) -> object:
        number = self.state.next_id()
        if self.catalogue.is_numbered(route):
            return number
        if name.endswith("sha"):
            return hash_of(str(number))
        if name in ("name", "slug"):
            title = str(given.get("name") or given.get("title") or f"made-{number}")
            return title.lower().replace(" ", "-")
        return hash_of(str(number))[:20]

    def change(self, info: OperationInfo, request: Request, place: Place) -> Reply:
        """Update a resource, or create it by PUT."""
        given = body_of(info, request)
        name = self.catalogue.key_of(place.route) if place.route.endswith("/{}") else ""
        new_name = given.get("new_name", given.get(name, place.key))
        given = {key: value for key, value in given.items() if key not in (name, "new_name")}
        if name and info.method == "PATCH" and new_name != place.key:
            place = self.rename(place, name, new_name)
        new = self.state.put(place, given)
        status = 201 if new and info.returns(201) is not None else None
        return self.success(info, self.state.facts(place), place.address, status)

    def rename(self, place: Place, name: str, new_name: Any) -> Place:
        """Rename a resource, which moves it to another path.

        Raises:
            Refused: 422, the name is not a string, or is taken.
        """
        resource = resource_at(place.route)
        if not isinstance(new_name, str) or not new_name:
            raise Refused(invalid(resource, name, "invalid"))
        renamed = Place(place.route, f"{place.path.removesuffix(place.key)}{new_name}", new_name)
        if renamed.address != place.address:
            if self.state.exists(renamed):
                raise Refused(invalid(resource, name, "already_exists"))
            # The generated fields of the old name are kept for the new one.
            made_as = self.state.facts(place).get("_made_as", place.address)
            self.state.move(place, renamed)
            self.state.put(renamed, {"_made_as": made_as})
        self.state.put(renamed, {name: new_name})
        return renamed

    def remove(self, info: OperationInfo, place: Place) -> Reply:
        """Serve a DELETE."""
        facts = self.state.facts(place)
        self.state.remove(place)
        return self.success(info, facts, place.address)

    # ------------------------------------------------------------ bodies

    def success(
        self, info: OperationInfo, facts: Facts, address: str, status: int | None = None
    ) -> Reply:
        """Return the successful response that the operation declares, built around facts."""
        declared = info.returns(status or 200)
        if declared in (None, bool):
            # Some operations declare a body for 204, and none for 200.
            return Reply(204) if info.returns(204) in (None, bool) else Reply(200, {})
        if declared in (bytes, str):
            return file_for(info)
        if isinstance(shape_of(declared), ListOf):
            return Reply(200, self.listed_in_body(info, facts))
        return Reply(status or 200, build_resource(declared, facts, address))

    def listed_in_body(self, info: OperationInfo, given: Facts) -> list[Any]:
        """Return as objects what the caller listed by name, such as e-mail addresses or labels."""
        kind = item_type(info.operation)
        lists: list[list[Any]] = [value for value in given.values() if isinstance(value, list)]
        named = lists[0] if lists else []
        return [fit(kind, value, seed=number) for number, value in enumerate(named, 1)]


def _framed(info: OperationInfo, part: list[Any], total: int, headers: dict[str, str]) -> Reply:
    key = info.operation.items
    if key is None:
        return Reply(200, part, headers)
    return Reply(200, {**build(info.returns()), "total_count": total, key: part}, headers)


def build_resource(declared: Any, facts: Facts, address: str) -> Any:
    """Generate a resource around its facts; the same path gives the same resource."""
    given = {name: value for name, value in facts.items() if not name.startswith("_")}
    number = zlib.crc32(facts.get("_made_as", address).encode())
    known = {**api_urls(address, facts), **given}
    if isinstance(shape_of(declared), (Object, UnionOf)):
        known = {"id": 1_000_000 + number % 100_000_000, "node_id": f"N_{number}", **known}
    return fit(declared, known, seed=_SOONEST + number % (_LATEST - _SOONEST))


def body_of(info: OperationInfo, request: Request) -> Facts:
    """Return the fields of the body.

    Raises:
        Refused: it is not JSON, or its fields are not valid for the operation.
    """
    if info.operation.media is not None:
        return {}
    given, removed = check_body(info, request.json()), info.operation.removed
    if removed:
        version, names = requested_version(request), info.operation.names
        ignored = {names.get(name, name) for name, since in removed.items() if version >= since}
        given = {name: value for name, value in given.items() if name not in ignored}
    return given


def place_of(info: OperationInfo, values: dict[str, str]) -> Place:
    """Return the location of the resource of a request."""
    template = info.operation.path
    last = template.rpartition("/")[2]
    name = last.strip("{}")
    key = values.get(name, last)
    return Place(plain(template), _path(template, values), key)


def places_above(info: OperationInfo, values: dict[str, str]) -> list[Place]:
    """Return the locations of every resource on a request's path, the last one included."""
    found: list[Place] = []
    parts = info.operation.path.split("/")
    for size in range(2, len(parts) + 1):
        part = parts[size - 1]
        if part.startswith("{") and part.endswith("}"):
            template = "/".join(parts[:size])
            found.append(Place(plain(template), _path(template, values), values[part[1:-1]]))
    return found


def _path(template: str, values: dict[str, str]) -> str:
    return "/".join(
        values.get(part.strip("{}"), part) if part.startswith("{") else part
        for part in template.split("/")
    )
