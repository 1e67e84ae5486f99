"""Reads an operation into a method: its arguments and what it answers."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from codegen import forms, names, touches
from codegen.answers import Answer, read_answer
from codegen.description import Description, Operation, Schema, properties
from codegen.schemas import Place, Reader
from codegen.types import Field, Scalar, Type, without_null

JSON = "application/json"


@dataclass(frozen=True)
class Argument:
    """One argument of a method; `wire` is what the API calls it."""

    name: str
    wire: str
    place: str
    """path, query, header, field (of the body) or body (all of it)."""
    type: Type
    required: bool
    schema: Schema = field(default_factory=Schema, compare=False)
    multi_segment: bool = False
    empty: str | None = None
    """What the empty text stands for, where it may be given in a path."""
    said: str = field(default="", compare=False)
    """What GitHub says about it, of which only facts are taken."""


@dataclass(frozen=True, eq=False)
class Method:
    """An operation, read; what the emitters write a method from."""

    name: str
    operation: Operation
    arguments: tuple[Argument, ...]
    answer: Answer
    media: str | None
    """The media type of the body, where it is not JSON."""
    accept: str | None = None
    """The media type to ask for, where it is not the usual one."""
    summary: str | None = None
    """What it does, where the operation's name does not say."""
    others: tuple[str, ...] = ()
    """The methods that ask the same operation for another form of its answer."""

    @property
    def is_upload(self) -> bool:
        """Whether what is sent is a file."""
        return any(argument.type == Scalar("bytes") for argument in self.placed("body"))

    def placed(self, *places: str) -> list[Argument]:
        """The arguments that are sent in any of these places."""
        return [argument for argument in self.arguments if argument.place in places]


def owner_name(operation: Operation) -> str:
    """What types that only this operation uses are named after."""
    return names.pascal(f"{operation.tag} {names.method(operation.id)}")


def method_names(operations: Iterable[Operation]) -> dict[str, str]:
    """The method of each operation; two of one class that end alike bear their group's name too."""
    found: dict[tuple[str, str], list[Operation]] = defaultdict(list)
    for operation in operations:
        name = touches.NAMES.get(operation.id) or names.method(operation.id)
        found[operation.tag, name].append(operation)
    return {
        operation.id: name if _at_home(operation) or len(rivals) == 1 else names.snake(operation.id)
        for (_, name), rivals in found.items()
        for operation in rivals
    }


def _at_home(operation: Operation) -> bool:
    return operation.id.partition("/")[0] == operation.tag


class MethodReader:
    """Reads operations; answers go to one registry of types, what is sent to another."""

    def __init__(self, description: Description, answered: Reader, sent: Reader) -> None:
        self._description = description
        self._answered = answered
        self._sent = sent
        self._names = method_names(description.operations)

    def read(self, operation: Operation) -> Method:
        """Read one operation."""
        operation = forms.told_apart(operation)
        media = _preferred(operation.body)
        arguments = [self._parameter(operation, parameter) for parameter in operation.parameters]
        order = {name: index for index, name in enumerate(re.findall(r"\{(.+?)\}", operation.path))}
        path = sorted(
            (argument for argument in arguments if argument.place == "path"),
            key=lambda argument: order[argument.wire],
        )
        others = [argument for argument in arguments if argument.place != "path"]
        sent = self._body(operation, media) if media else []
        ordered = _without_clashes([*path, *sent, *others])
        return Method(
            name=self._names[operation.id],
            operation=operation,
            arguments=tuple(sorted(ordered, key=_signature_order)),
            answer=read_answer(self._answered, operation, Place(owner_name(operation))),
            media=None if media == JSON else media,
            others=tuple(forms.names_of(operation)),
        )

    def read_variant(self, method: Method, variant: touches.Variant) -> Method:
        """The same operation with an answer of another media type."""
        operation = method.operation
        if variant.returns == "declared":
            answer = read_answer(
                self._answered, operation, Place(owner_name(operation)), variant.accept
            )
        else:
            kind = "file" if variant.returns == "bytes" else "value"
            answer = Answer(kind, Scalar(variant.returns), body=Scalar(variant.returns))
        return replace(
            method,
            name=variant.name,
            # GitHub was seen to answer an empty value in the usual form only.
            arguments=tuple(replace(argument, empty=None) for argument in method.arguments),
            answer=answer,
            accept=variant.accept,
            summary=variant.summary,
            others=(),
        )

    def _parameter(self, operation: Operation, parameter: Any) -> Argument:
        schema = self._description.resolve(parameter.schema)
        place = Place(owner_name(operation)).at(parameter.name)
        type_ = self._sent.read(parameter.schema, place)
        return Argument(
            name=names.argument(parameter.name),
            wire=parameter.name,
            place=parameter.place,
            # A query string and a path have no null.
            type=without_null(type_),
            required=parameter.required,
            schema=schema,
            multi_segment=parameter.multi_segment,
            empty=touches.EMPTY.get((operation.id, parameter.name)),
            said=parameter.description,
        )

    def _body(self, operation: Operation, media: str) -> list[Argument]:
        schema = operation.body[media]
        place = Place(owner_name(operation))
        if not self._sent.is_object(schema):
            whole = self._whole_body(operation, media, place)
            return [whole, _MEDIA_TYPE] if whole.type == Scalar("bytes") else [whole]
        # Where the body may also be a bare list or text, that is a shorthand for its one field.
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
            said=declared.get("description") or schema.get("description") or "",
        )

    def _whole_body(self, operation: Operation, media: str, place: Place) -> Argument:
        name = operation.body_name or "data"
        schema = operation.body[media]
        type_ = self._sent.read(schema, place.at(name))
        # The description forgets to require bodies that are a text or a file.
        required = operation.body_required or media != JSON
        return Argument(names.argument(name), name, "body", type_, required, schema)


# Of a file the description knows only that it is one; what it is, GitHub wants to hear.
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


def _signature_order(argument: Argument) -> tuple[bool, bool]:
    """Path arguments first, then what is required."""
    return (argument.place != "path", not argument.required)


def _without_clashes(arguments: list[Argument]) -> list[Argument]:
    """Who comes first keeps a name; a later one is what it is to become: `name`, `new_name`."""
    taken: set[str] = set()
    result: list[Argument] = []
    for argument in arguments:
        name = argument.name
        while name in taken:
            name = f"new_{name}"
        taken.add(name)
        result.append(replace(argument, name=name))
    return result
