"""Reads an operation into a method: its arguments and its response."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from codegen import media_types, names, overrides
from codegen.description import Description, Operation
from codegen.responses import ResponseShape, read_response
from codegen.schemas import Reader
from codegen.versions import removed_in
from sdk.codegen import methods
from sdk.codegen.document import Schema, properties
from sdk.codegen.places import Place
from sdk.codegen.signatures import signature_order, without_clashes
from sdk.codegen.types import Field, Scalar, without_null

JSON = "application/json"


@dataclass(frozen=True)
class Argument(methods.Argument):
    """One argument of a method; of GitHub's text about it (`said`) only facts are used."""

    empty: str | None = None
    """The meaning of the empty string, where a path accepts it."""
    removed: str = ""
    """The API version that does not accept it any more."""


@dataclass(frozen=True, eq=False)
class Method:
    """An operation as the emitters need it to write a method."""

    name: str
    operation: Operation
    arguments: tuple[Argument, ...]
    response: ResponseShape
    media: str | None
    """The media type of the body, where it is not JSON."""
    accept: str | None = None
    """The media type to request, if it is not the usual one."""
    summary: str | None = None
    """One sentence, if it is not the summary of the operation."""
    variants: tuple[str, ...] = ()
    """The methods that request another media type of the same operation."""

    @property
    def is_upload(self) -> bool:
        """Whether the body is a file."""
        return any(argument.type == Scalar("bytes") for argument in self.placed("body"))

    @property
    def is_computed(self) -> bool:
        """Whether GitHub responds with 202 while it computes the response."""
        return self.operation.id in overrides.COMPUTED

    def placed(self, *places: str) -> list[Argument]:
        """Return the arguments that are sent in any of these places."""
        return [argument for argument in self.arguments if argument.place in places]


def owner_name(operation: Operation) -> str:
    """Return the prefix of the types that only this operation uses."""
    return names.pascal(f"{operation.tag} {names.method(operation.id)}")


def method_names(operations: Iterable[Operation]) -> dict[str, str]:
    """Return the method of each operation, with the group's name if two would be the same."""
    found: dict[tuple[str, str], list[Operation]] = defaultdict(list)
    for operation in operations:
        name = overrides.NAMES.get(operation.id) or names.method(operation.id)
        found[operation.tag, name].append(operation)
    return {
        operation.id: name if _at_home(operation) or len(rivals) == 1 else names.snake(operation.id)
        for (_, name), rivals in found.items()
        for operation in rivals
    }


def _at_home(operation: Operation) -> bool:
    return operation.id.partition("/")[0] == operation.tag


class MethodReader:
    """Reads operations, with one reader for types of responses and one for types of arguments."""

    def __init__(self, description: Description, received: Reader, sent: Reader) -> None:
        self._description = description
        self._received = received
        self._sent = sent
        self._names = method_names(description.operations)

    def read(self, operation: Operation) -> Method:
        """Read one operation."""
        operation = media_types.split_by_media_type(operation)
        media = _preferred(operation.body)
        arguments = [self._parameter(operation, parameter) for parameter in operation.parameters]
        order = {name: index for index, name in enumerate(re.findall(r"\{(.+?)\}", operation.path))}
        path = sorted(
            (argument for argument in arguments if argument.place == "path"),
            key=lambda argument: order[argument.wire],
        )
        others = [argument for argument in arguments if argument.place != "path"]
        sent = self._body(operation, media) if media else []
        ordered = without_clashes([*path, *sent, *others])
        return Method(
            name=self._names[operation.id],
            operation=operation,
            arguments=tuple(sorted(ordered, key=signature_order)),
            response=read_response(self._received, operation, Place(owner_name(operation))),
            media=None if media == JSON else media,
            variants=tuple(media_types.variant_names(operation)),
        )

    def read_variant(self, method: Method, variant: overrides.Variant) -> Method:
        """Return the method that requests another media type of the same operation."""
        operation = method.operation
        if variant.returns == "declared":
            response = read_response(
                self._received, operation, Place(owner_name(operation)), variant.accept
            )
        else:
            kind = "file" if variant.returns == "bytes" else "value"
            response = ResponseShape(kind, Scalar(variant.returns), body=Scalar(variant.returns))
        return replace(
            method,
            name=variant.name,
            # Recorded traffic has a response to an empty value for the usual media type only.
            arguments=tuple(replace(argument, empty=None) for argument in method.arguments),
            response=response,
            accept=variant.accept,
            summary=variant.summary,
            variants=(),
        )

    def _parameter(self, operation: Operation, parameter: Any) -> Argument:
        schema = self._description.resolve(parameter.schema)
        place = Place(owner_name(operation)).at(parameter.name)
        type_ = self._sent.read(parameter.schema, place)
        return Argument(
            name=names.argument(parameter.name),
            wire=parameter.name,
            place=parameter.place,
            # Neither a query string nor a path can hold null.
            type=without_null(type_),
            required=parameter.required,
            schema=schema,
            multi_segment=parameter.multi_segment,
            empty=overrides.EMPTY.get((operation.id, parameter.name)),
            said=parameter.description,
        )

    def _body(self, operation: Operation, media: str) -> list[Argument]:
        schema = operation.body[media]
        place = Place(owner_name(operation))
        if not self._sent.is_object(schema):
            whole = self._whole_body(operation, media, place)
            return [whole, _MEDIA_TYPE] if whole.type == Scalar("bytes") else [whole]
        # A bare list or string as the body is a shorthand for its only field.
        declared = properties(self._description.resolve(schema))
        return [
            self._field(wire, found, declared.get(wire, {}))
            for wire, found in self._sent.fields(schema, place).items()
        ]

    def _field(self, wire: str, found: Field, declared: Schema) -> Argument:
        schema = self._description.resolve(declared)
        return Argument(
            name=names.argument(wire),
            wire=wire,
            place="field",
            type=found.type,
            required=found.required,
            schema=schema,
            removed=removed_in(found),
            said=declared.get("description") or schema.get("description") or "",
        )

    def _whole_body(self, operation: Operation, media: str, place: Place) -> Argument:
        name = operation.body_name or "data"
        schema = operation.body[media]
        type_ = self._sent.read(schema, place.at(name))
        # The description does not require bodies that are text or a file.
        required = operation.body_required or media != JSON
        return Argument(names.argument(name), name, "body", type_, required, schema)


# The description does not declare the header that names the media type of an upload.
_MEDIA_TYPE = Argument(
    name="content_type",
    wire="content-type",
    place="header",
    type=Scalar("str"),
    required=False,
)


def _preferred(body: dict[str, Schema]) -> str | None:
    if JSON in body or not body:
        return JSON if body else None
    return next(iter(body))
