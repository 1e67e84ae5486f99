"""What a generated module consists of: operations, models, enums and inputs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from sdk.graphql.document import Connection


@dataclass
class Field:
    """A field of a model or an input."""

    name: str
    key: str
    type: str
    optional: bool
    """Whether it may be absent."""


@dataclass
class Model:
    """A class of the module."""

    name: str
    doc: str
    fields: list[Field] = field(default_factory=list[Field])


@dataclass
class Argument:
    """An argument of a function: a variable of the operation."""

    name: str
    variable: str
    type: str
    required: bool


@dataclass
class Pages:
    """A function that pages through a connection of an operation."""

    function: str
    connection: Connection
    item: str
    """The type of the connection's items."""


@dataclass
class Operation:
    """One operation: a function, the text that it sends, and the model that it returns."""

    name: str
    kind: str
    function: str
    constant: str
    """The name of the text."""
    model: str
    text: str
    arguments: list[Argument]
    pages: list[Pages]


@dataclass
class Plan:
    """A whole module."""

    operations: list[Operation] = field(default_factory=list[Operation])
    models: dict[str, Model] = field(default_factory=dict[str, Model])
    enums: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    inputs: dict[str, Model] = field(default_factory=dict[str, Model])


class PlanError(Exception):
    """The document cannot be written as Python; the text says why."""


def used(plan: Plan) -> Iterable[str]:
    """Yield every type that the module refers to."""
    for model in (*plan.models.values(), *plan.inputs.values()):
        yield from (each.type for each in model.fields)
    for operation in plan.operations:
        yield from (each.type for each in operation.arguments)
