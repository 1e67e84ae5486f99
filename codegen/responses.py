"""The result of an operation: nothing, a bool, a value, a paginated list, or a file."""

from __future__ import annotations

from dataclasses import dataclass, field

from codegen.description import Operation, Response
from codegen.overrides import COMPUTED, PAGED_OBJECTS
from codegen.schemas import Reader
from sdk.codegen.document import Schema
from sdk.codegen.places import Place
from sdk.codegen.shapes import Shapes
from sdk.codegen.types import NONE, Component, MapOf, Object, Scalar, Type, either

# A list that takes one of these parameters is paged.
_PAGE_PARAMETERS = {"page", "per_page", "cursor", "before", "after"}

# Media types whose bodies are JSON; the first one that is declared counts.
_JSON = ("application/json", "application/scim+json")


@dataclass(frozen=True)
class ResponseShape:
    """The result of a call of one operation."""

    kind: str
    """"none", "check" (a bool), "value", "pages", "object" (with a paged list) or "file"."""
    type: Type
    """The return type; for pages and objects: the type of an item."""
    items: str | None = None
    """The key of the list, if it is in an object."""
    body: Type = NONE
    """The type of the body for the first declared success; for wrapped pages: the object."""
    others: dict[int, Type] = field(default_factory=dict[int, Type])
    """The type of the body for the other statuses, where it differs."""
    complete: bool = False
    """Whether the method returns the object with the items of all pages."""


def read_response(
    reader: Reader, operation: Operation, place: Place, media: str | None = None
) -> ResponseShape:
    """Return what `operation` returns, for JSON or for the media type `media`."""
    declared = operation.succeeded()
    if operation.id in COMPUTED and not operation.declares(202):
        declared = (*declared, Response(202, {}, links=False))
    types = {
        response.status: _response_type(
            reader, response, _at_status(place, response, declared), media
        )
        for response in declared
    }
    contents = {status: type_ for status, type_ in types.items() if type_ != NONE}
    if not contents:
        return _without_content(operation, declared)
    usual = next(iter(contents.values()))
    others = {status: type_ for status, type_ in types.items() if type_ != usual}
    if media is None and operation.id in PAGED_OBJECTS:
        return _paged_object(reader, operation, usual)
    if operation.method == "GET" and set(contents.values()) == {usual}:
        listed = _pages(reader, operation, declared, usual)
        if listed:
            item, key = listed
            return ResponseShape("pages", item, key, usual, others)
    return ResponseShape("value", either(*types.values()), None, usual, others)


def _paged_object(reader: Reader, operation: Operation, body: Type) -> ResponseShape:
    key, complete = PAGED_OBJECTS[operation.id]
    shapes = Shapes(reader.definition)
    type_ = shapes.expanded(body)
    fields = type_.fields if isinstance(type_, Object) else ()
    listed = next(field.type for field in fields if field.wire == key)
    item = shapes.item(listed) or NONE
    return ResponseShape("object", item, key, body, complete=complete)


def _without_content(operation: Operation, declared: tuple[Response, ...]) -> ResponseShape:
    redirects = operation.declares(302)
    exists = {response.status for response in declared} == {204}
    if operation.method == "GET" and exists and operation.declares(404):
        return ResponseShape("check", Scalar("bool"))
    if operation.method == "GET" and redirects:
        return ResponseShape("file", Scalar("bytes"))
    return ResponseShape("none", NONE)


def _at_status(place: Place, response: Response, declared: tuple[Response, ...]) -> Place:
    """Return the place of a response's inline types; the status distinguishes several responses."""
    first = next((other for other in declared if other.content), response)
    words = {201: "Created", 202: "Accepted", 207: "MultiStatus"}
    if response is first:
        return place
    return Place(place.root + words.get(response.status, str(response.status)))


def _response_type(reader: Reader, response: Response, place: Place, media: str | None) -> Type:
    schema = response.content.get(media) if media else _body_schema(response.content)
    if schema is None:
        return NONE if not response.content else Scalar("str")
    type_ = reader.read(schema, place)
    if _is_empty(reader, type_) or (type_ == MapOf(Scalar("any")) and response.status == 202):
        return NONE
    return type_


def _body_schema(content: dict[str, Schema]) -> Schema | None:
    return next((content[media] for media in _JSON if media in content), None)


def _is_empty(reader: Reader, type_: Type) -> bool:
    """Return whether a type is an object without fields, as an empty body is described."""
    definition = reader.definition(type_.key) if isinstance(type_, Component) else type_
    return isinstance(definition, Object) and not definition.fields and definition.base is None


def _pages(
    reader: Reader, operation: Operation, declared: tuple[Response, ...], body: Type
) -> tuple[Type, str | None] | None:
    """Return the type of an item and the key of the list, if `body` is a paged list."""
    shapes = Shapes(reader.definition)
    type_ = shapes.expanded(body)
    queried = {parameter.name for parameter in operation.parameters if parameter.place == "query"}
    paged = bool(queried & _PAGE_PARAMETERS)
    linked = any(response.links for response in declared)
    if (item := shapes.item(type_)) is not None:
        return (item, None) if paged or linked else None
    if not isinstance(type_, Object) or type_.base:
        return None
    lists = {
        member.wire: found
        for member in type_.fields
        if (found := shapes.item(member.type)) is not None
    }
    key = "items" if "items" in lists else next(iter(lists), None)
    if key is None or (len(lists) > 1 and key != "items"):
        return None
    others = {member.wire for member in type_.fields} - {key}
    return (lists[key], key) if paged or others == {"total_count"} else None
