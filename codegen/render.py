"""Writes types as Python annotations: for models, for responses, for arguments."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from codegen.registry import Registry
from codegen.types import Choice, Component, Either, ListOf, MapOf, Object, Scalar, Type


@dataclass(frozen=True)
class Renderer:
    """How one kind of file writes types; `name` returns the reference to a named type."""

    registry: Registry
    scalars: dict[str, str]
    list_of: str = "list[{}]"
    map_of: str = "dict[str, {}]"
    name: Callable[[str], str] = str

    def __call__(self, type_: Type) -> str:
        """Return a type as an annotation."""
        match type_:
            case Scalar(kind):
                return self.scalars[kind]
            case Choice(values):
                given = tuple(value for value in values if value is not None)
                null = [] if len(given) == len(values) else ["None"]
                return " | ".join([literal(given), *null] if given else null)
            case ListOf(item):
                return self.list_of.format(self(item))
            case MapOf(value):
                return self.map_of.format(self(value))
            case Either(options):
                # The annotation of a number includes int.
                number = Scalar("float") in options and "int" in self.scalars["float"]
                spelled = (option for option in options if not (number and option == Scalar("int")))
                return " | ".join(self(option) for option in spelled)
            case Component() | Object():
                return self.name(self.registry.name_of(type_))


_PLAIN = {"str": "str", "int": "int", "float": "float", "bool": "bool", "bytes": "bytes"}


def literal(values: tuple[object, ...]) -> str:
    """Return a choice of values as an annotation."""
    return f"Literal[{', '.join(_quoted(value) for value in values)}]"


def _quoted(value: object) -> str:
    if isinstance(value, str):
        # Quote as ruff does, so that the length of a line is right.
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return repr(value)


def for_models(registry: Registry) -> Renderer:
    """Return the renderer for model modules, whose annotations are evaluated."""
    scalars = {
        **_PLAIN,
        # JSON has one kind of number: float would turn 5 into 5.0 and round large integers.
        "float": "int | float",
        "datetime": "Timestamp",
        "date": "dt.date",
        "any": "Any",
        "none": "None",
    }
    return Renderer(registry, scalars)


def for_responses(registry: Registry, builtin_list: str = "list") -> Renderer:
    """Return the renderer for what methods return; models are in the lazy package `m`."""
    scalars = {
        **_PLAIN,
        "float": "int | float",
        "datetime": "datetime",
        "date": "date",
        "any": "Any",
        "none": "None",
    }
    return Renderer(registry, scalars, builtin_list + "[{}]", name="m.{}".format)


def for_arguments(registry: Registry, prefix: str = "") -> Renderer:
    """Return the renderer for arguments: any sequence or mapping, and times as strings too."""
    scalars = {
        **_PLAIN,
        "bytes": "UploadData",
        "datetime": "datetime | str",
        "date": "date | str",
        "any": "Any",
        "none": "None",
    }
    return Renderer(registry, scalars, "Sequence[{}]", "Mapping[str, {}]", (prefix + "{}").format)
