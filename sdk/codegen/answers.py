"""The result of an operation: nothing, a bool, a value, a paginated list, a file, or events."""

from __future__ import annotations

from dataclasses import dataclass, field

from sdk.codegen.document import Media, Operation, Response, Schema
from sdk.codegen.paging import Rule
from sdk.codegen.places import Place
from sdk.codegen.schemas import Reader
from sdk.codegen.types import ANY, NONE, Component, Object, Scalar, Type, either

_TEXT = {"application/xml", "application/yaml", "application/x-yaml", "application/javascript"}
_EVENTS = {
    "text/event-stream",
    "application/x-ndjson",
    "application/jsonl",
    "application/json-seq",
    "application/x-jsonlines",
    "application/ndjson",
    "application/stream+json",
}
_WORDS = {201: "Created", 202: "Accepted", 207: "MultiStatus"}


@dataclass(frozen=True)
class Answer:
    """The result of a call of one operation."""

    kind: str
    """"none", "check" (a bool), "value", "pages", "file" or "events"."""
    type: Type
    """The return type; for pages and events: the type of an item."""
    body: Type = NONE
    """The type of the body of the usual success."""
    others: dict[int, Type] = field(default_factory=dict[int, Type])
    """The types of the body at other statuses, where they differ."""
    items: str | None = None
    """The key of the list, where it is wrapped in an object."""
    rule: Rule | None = None
    """The pagination rule."""
    accept: str | None = None
    """The media type to request, if it is not JSON."""
    errors: dict[int, Type] = field(default_factory=dict[int, Type])
    """The types of error bodies, by status; by 4 and 5 for ranges, 0 for a default."""


def is_json(media: str) -> bool:
    """Return whether a media type is JSON, judged by its name."""
    plain = media.partition(";")[0].strip()
    return plain.endswith(("/json", "+json")) or plain in {"*/*", "application/*", "text/json"}


def read_answer(reader: Reader, operation: Operation, place: Place) -> Answer:
    """Return the result of `operation`, without pagination."""
    if operation.method == "HEAD":
        return Answer("check", Scalar("bool"))
    errors = _errors(reader, operation, place)
    declared = operation.succeeded()
    for response in declared:
        for media, content in response.content.items():
            if media.partition(";")[0] in _EVENTS and not _json_schema(response.content):
                schema = content.item_schema or content.schema
                item = reader.read(schema, place.at("event")) if schema else ANY
                item = Scalar("str") if item == Scalar("bytes") else item
                return Answer("events", item, item, accept=media, errors=errors)
    kinds = {
        response.code: _content(reader, response, _at(place, response, declared))
        for response in declared
    }
    if any(type_ == Scalar("bytes") for type_ in kinds.values()):
        return Answer(
            "file", Scalar("bytes"), Scalar("bytes"), accept=_accept(declared), errors=errors
        )
    contents = {status: type_ for status, type_ in kinds.items() if type_ != NONE}
    if not contents:
        return _without_content(operation, declared, errors)
    usual = next(iter(contents.values()))
    others = {status: type_ for status, type_ in kinds.items() if type_ != usual and status >= 200}
    accept = _accept(declared) if usual == Scalar("str") else _odd_json(declared)
    return Answer("value", either(*kinds.values()), usual, others, accept=accept, errors=errors)


def _without_content(
    operation: Operation, declared: tuple[Response, ...], errors: dict[int, Type]
) -> Answer:
    if operation.method == "GET" and {response.code for response in declared} != {204}:
        if any(300 <= each.code < 304 or each.code == 307 for each in operation.responses):
            return Answer("file", Scalar("bytes"), Scalar("bytes"), errors=errors)
        if operation.id.endswith("_get") and "_" in operation.id.removesuffix("_get"):
            # FastAPI declares content for all classes of responses but those of files.
            return Answer("file", Scalar("bytes"), Scalar("bytes"), errors=errors)
        # A GET that declares no response still returns a body.
        return Answer("value", ANY, ANY, errors=errors)
    return Answer("none", NONE, errors=errors)


def _at(place: Place, response: Response, declared: tuple[Response, ...]) -> Place:
    """Return the place of an inline type; several statuses are distinguished by the status."""
    first = next((other for other in declared if other.content), response)
    if response is first:
        return place
    return Place(place.root + _WORDS.get(response.code, response.status.capitalize()))


def _content(reader: Reader, response: Response, place: Place) -> Type:
    """Return the type of a successful body; bytes for a file."""
    if not response.content or response.code in {204, 205, 304}:
        return NONE
    found = _json_schema(response.content)
    if found is not None:
        type_ = reader.read(found, place)
        return NONE if _says_nothing(reader, type_) else type_
    if any(is_json(media) for media in response.content):
        return ANY
    if all(_is_text(media) for media in response.content):
        return Scalar("str")
    return Scalar("bytes")


def _says_nothing(reader: Reader, type_: Type) -> bool:
    definition = reader.definition(type_.key) if isinstance(type_, Component) else type_
    return type_ == NONE or (isinstance(definition, Object) and definition == Object(()))


def _json_schema(content: dict[str, Media] | object) -> Schema | None:
    """Return the schema of the JSON form; plain JSON comes before types of vendors."""
    known: dict[str, Media] = content  # type: ignore[assignment]
    ordered = sorted(known, key=lambda media: (media != "application/json", "*" in media))
    for media in ordered:
        schema = known[media].schema
        if is_json(media) and schema is not None:
            binary = schema.get("format") == "binary" and media != "application/json"
            return None if binary else schema
    return None


def _errors(reader: Reader, operation: Operation, place: Place) -> dict[int, Type]:
    found: dict[int, Type] = {}
    for response in operation.responses:
        if response.status == "default" and response in operation.succeeded():
            continue
        if response.code >= 400 or response.status == "default":
            schema = _json_schema(response.content)
            if schema is not None:
                type_ = reader.read(
                    schema, Place(f"{place.root}Error{response.status.capitalize()}")
                )
                if type_ not in (ANY, NONE):
                    whole = response.status.isdecimal() or response.status == "default"
                    found[response.code if whole else response.code // 100] = type_
    return found


def _accept(declared: tuple[Response, ...]) -> str | None:
    return next((media for each in declared for media in each.content if "*" not in media), None)


def _odd_json(declared: tuple[Response, ...]) -> str | None:
    """Return the JSON type to request by name, if ``application/json`` is not declared."""
    for response in declared:
        if response.content and not any(_is_plain(media) for media in response.content):
            return next((m for m in response.content if is_json(m) and "*" not in m), None)
        if response.content:
            return None
    return None


def _is_plain(media: str) -> bool:
    return media.partition(";")[0].strip() == "application/json"


def _is_text(media: str) -> bool:
    plain = media.partition(";")[0].strip()
    return plain.startswith("text/") or plain in _TEXT or plain.endswith("+xml")
