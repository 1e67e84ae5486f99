"""Read an operation into a method: its arguments and its result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sdk.codegen import names
from sdk.codegen.answers import Answer, is_json, read_answer
from sdk.codegen.document import Operation, Parameter, Schema, alternatives
from sdk.codegen.notes import Notes
from sdk.codegen.operation_names import Named
from sdk.codegen.paging import guess
from sdk.codegen.places import Place
from sdk.codegen.request_media import as_sent, is_file, preferred
from sdk.codegen.schemas import Reader
from sdk.codegen.shapes import Shapes
from sdk.codegen.signatures import signature_order, without_clashes
from sdk.codegen.stated_paging import from_extensions, from_settings
from sdk.codegen.types import Either, Field, ListOf, MapOf, Object, Scalar, Type, without_null


@dataclass(frozen=True)
class Argument:
    """One argument of a method; `wire` is the API's name of it."""

    name: str
    wire: str
    place: str
    """path, query, header, cookie, field (of the body) or body (all of it)."""
    type: Type
    required: bool
    schema: Schema = field(default_factory=Schema, compare=False)
    style: str = ""
    multi_segment: bool = False
    said: str = field(default="", compare=False)
    """Its text in the description."""


_CONTENT_TYPE = Argument(
    "content_type", "content-type", "header", Scalar("str"), True, said="The media type of `data`."
)


@dataclass(frozen=True, eq=False)
class Method:
    """An operation as the emitters need it to write a method."""

    key: str
    named: Named
    operation: Operation
    arguments: tuple[Argument, ...]
    answer: Answer
    media: str | None = None
    """The media type of the body, where it is not JSON."""
    parts: Mapping[str, str] = field(default_factory=dict[str, str])
    """Media types of the parts of a multipart body, by argument."""
    idempotency: str | None = None
    """The header that carries a key made once per call."""

    @property
    def name(self) -> str:
        """The method's name."""
        return self.named.method

    @property
    def is_upload(self) -> bool:
        """Whether the body is a file, whose progress can be reported."""
        whole = self.answer.kind not in {"pages", "file", "events"}
        return whole and any(each.type == Scalar("bytes") for each in self.placed("body"))

    def placed(self, *places: str) -> list[Argument]:
        """Return the arguments that are sent in any of these places."""
        return [argument for argument in self.arguments if argument.place in places]


class MethodReader:
    """Reads operations, with one reader for response types and one for request types."""

    def __init__(
        self,
        answered: Reader,
        sent: Reader,
        notes: Notes,
        *,
        keyed: Sequence[str] = (),
        header: str = "",
    ) -> None:
        """Create a reader; operations in `keyed` are sent with the idempotency `header`."""
        self._notes = notes
        self._answered = answered
        self._sent = sent
        self._shapes = Shapes(answered.definition)
        self._keyed = keyed
        self._header = header

    def read(self, key: str, operation: Operation, named: Named) -> Method:
        """Read one operation; its pages are yet to be found."""
        root = names.pascal(f"{named.resource} {named.method}")
        place = Place(root)
        media = preferred(operation.body)
        parameters = [self._parameter(each, place) for each in operation.parameters]
        key_header, parameters = self._idempotency(operation, named, parameters)
        path = [each for each in parameters if each.place == "path"]
        others = [each for each in parameters if each.place != "path"]
        sent = self._body(operation, media, place) if media else []
        if media is not None and "*" in media and not is_json(media):
            others.append(_CONTENT_TYPE)
        ordered = without_clashes([*path, *sent, *others])
        parts = dict(operation.body[media].parts) if media and "multipart" in media else {}
        if media is not None and "form" in media:
            styles = operation.body[media].styles
            ordered = [
                replace(each, style=styles.get(each.wire, "")) if each.place == "field" else each
                for each in ordered
            ]
        return Method(
            key=key,
            named=named,
            operation=operation,
            arguments=tuple(sorted(ordered, key=signature_order)),
            answer=read_answer(self._answered, operation, place),
            media=as_sent(media),
            parts={each.name: parts[each.wire] for each in ordered if each.wire in parts},
            idempotency=next(
                (
                    each.name
                    for each in ordered
                    if each.place == "header" and each.wire == key_header
                ),
                None,
            ),
        )

    def paged(self, method: Method, setting: object = None) -> Method:
        """Return the method as a list in pages, if it is one by some rule."""
        answer, operation = method.answer, method.operation
        same = answer.kind == "value" and not answer.others
        if setting is False or not same or operation.method not in {"GET", "POST", "QUERY"}:
            return method
        wanted = names.snake(operation.path.rstrip("/").rpartition("/")[2])
        found = self._shapes.listed(answer.body, wanted)
        linked = any(each.links for each in operation.succeeded())
        if setting is not None:
            rule, key = from_settings(method.named.dotted, setting)
        elif (stated := from_extensions(operation)) is not None:
            rule, key = stated
        elif found is not None and operation.method == "GET":
            rule, key = guess(operation, found, self._shapes, linked), None
        else:
            return method
        if found is None or rule is None or not self._can_ask(method, rule.arguments):
            return method
        key = key or found.key
        item = found.item
        if key != found.key:
            held = {**found.fields}.get(key or "")
            item = (self._shapes.item(held) if held else None) or item
        return replace(
            method, answer=replace(answer, kind="pages", type=item, items=key, rule=rule)
        )

    def is_list(self, method: Method) -> bool:
        """Return whether a GET returns a list, paginated or not."""
        known = method.answer.kind == "value" and method.operation.method == "GET"
        return known and self._shapes.item(method.answer.body) is not None

    @staticmethod
    def _can_ask(method: Method, arguments: Mapping[str, object]) -> bool:
        parameter = arguments.get("parameter")
        return parameter is None or any(each.wire == parameter for each in method.placed("query"))

    def _idempotency(
        self, operation: Operation, named: Named, parameters: list[Argument]
    ) -> tuple[str | None, list[Argument]]:
        for each in parameters:
            if each.place == "header" and names.snake(each.wire) in {
                "idempotency_key",
                "x_idempotency_key",
            }:
                kept = replace(each, required=False)
                return each.wire, [kept if other is each else other for other in parameters]
        if self._header and {named.dotted, operation.id} & set(self._keyed):
            name = names.argument(self._header)
            added = Argument(name, self._header, "header", Scalar("str"), required=False)
            return self._header, [*parameters, added]
        return None, parameters

    def _parameter(self, parameter: Parameter, place: Place) -> Argument:
        schema = self._sent.resolve(parameter.schema)
        # A query string and a path have no null.
        type_ = without_null(self._sent.read(parameter.schema, place.at(parameter.name)))
        return Argument(
            name=names.argument(parameter.name),
            wire=parameter.name,
            place=parameter.place,
            type=type_,
            required=parameter.required,
            schema={**schema, **parameter.schema},
            style=self._style(parameter, type_),
            multi_segment=parameter.multi_segment,
            said=parameter.description,
        )

    def _style(self, parameter: Parameter, type_: Type) -> str:
        """Return the style of a parameter; for lists of objects, OpenAPI defines none."""
        if parameter.place == "path" or parameter.style:
            return parameter.style
        shapes = Shapes(self._sent.definition)
        listed = shapes.expanded(type_)
        items = shapes.expanded(without_null(listed.item)) if isinstance(listed, ListOf) else None
        options = items.options if isinstance(items, Either) else (items,)
        if not any(isinstance(shapes.expanded(each), Object | MapOf) for each in options if each):
            return ""
        self._notes.add(f"lists of objects in a {parameter.place} are sent as JSON", parameter.name)
        return "json"

    def _body(self, operation: Operation, media: str, place: Place) -> list[Argument]:
        schema = operation.body[media].schema
        if schema is None or is_file(media, schema):
            kind = "str" if media.startswith("text/") else "any" if is_json(media) else "bytes"
            type_: Type = Scalar(kind)
            return [self._whole(operation, type_, {}, required=True)]
        fields = self._spread(schema, media, place)
        if fields is None:
            type_ = self._sent.read(schema, place.at("data"))
            if not is_json(media) and "form" not in media:
                type_ = Scalar("str" if media.startswith("text/") else "bytes")
            if not operation.body_required and self._is_empty(schema):
                return []
            # A file that an operation is for is often not declared as required.
            required = operation.body_required or not (is_json(media) or "form" in media)
            return [self._whole(operation, type_, schema, required=required)]
        return [self._field(wire, found) for wire, found in fields.items()]

    def _spread(self, schema: Schema, media: str, place: Place) -> dict[str, Field] | None:
        """Return the fields of a body that become arguments; None if the body is one argument."""
        if not is_json(media) and "form" not in media:
            return None
        if schema.get("nullable") or not self._sent.is_object(schema):
            return None
        type_ = self._sent.read(schema, place)
        whole = self._sent.resolve(schema)
        while "$ref" in whole:
            whole = self._sent.resolve(whole)
        if (
            alternatives(whole)
            and len([each for each in alternatives(whole) if self._sent.is_object(each)]) > 1
        ):
            return None
        if not isinstance(Shapes(self._sent.definition).expanded(type_), Object):
            return None
        return self._sent.fields(schema, place)

    def _is_empty(self, schema: Schema) -> bool:
        """Return whether a body is declared as an object without fields, as Stripe's of a GET."""
        whole = self._sent.resolve(schema)
        return whole.get("type") == "object" and whole.get("properties") == {}

    @staticmethod
    def _whole(operation: Operation, type_: Type, schema: Schema, *, required: bool) -> Argument:
        return Argument(
            "data", "data", "body", type_, required, schema, said=operation.body_description
        )

    @staticmethod
    def _field(wire: str, found: Field) -> Argument:
        said = found.schema.get("description")
        return Argument(
            name=names.argument(wire),
            wire=wire,
            place="field",
            type=found.type,
            required=found.required,
            schema=found.schema,
            said=said if isinstance(said, str) else "",
        )
