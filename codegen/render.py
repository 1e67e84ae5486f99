"""Writes types as Python annotations, in the three dialects of the output."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from codegen.registry import Registry
from codegen.types import Choice, Component, Either, ListOf, MapOf, Object, Scalar, Type


@dataclass(frozen=True)
class Renderer:
    """How one kind of file spells types; `name` says how it refers to a named one."""

    registry: Registry
    scalars: dict[str, str]
    list_of: str = "list[{}]"
    map_of: str = "dict[str, {}]"
    name: Callable[[str], str] = str

    def __call__(self, type_: Type) -> str:
        """Spell a type."""
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
                # A number is spelled with int already.
                number = Scalar("float") in options and "int" in self.scalars["float"]
                spelled = (option for option in options if not (number and option == Scalar("int")))
                return " | ".join(self(option) for option in spelled)
            case Component() | Object():
                return self.name(self.registry.name_of(type_))


_PLAIN = {"str": "str", "int": "int", "float": "float", "bool": "bool", "bytes": "bytes"}


def literal(values: tuple[object, ...]) -> str:
    """Spell a choice of values."""
    return f"Literal[{', '.join(_quoted(value) for value in values)}]"


def _quoted(value: object) -> str:
    if isinstance(value, str):
        # As ruff format would write it, so that counts of a line's length are right.
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return repr(value)


def for_models(registry: Registry) -> Renderer:
    """Annotations inside model modules, which exist at run time."""
    scalars = {
        **_PLAIN,
        # JSON has one kind of number: a float would turn 5 into 5.0, and round what is large.
        "float": "int | float",
        "datetime": "Timestamp",
        "date": "dt.date",
        "any": "Any",
        "none": "None",
    }
    return Renderer(registry, scalars)


def for_answers(registry: Registry, builtin_list: str = "list") -> Renderer:
    """What methods return: models are reached through the lazy package `m`."""
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
    """What methods take: any sequence or mapping, and times as text too."""
    scalars = {
        **_PLAIN,
        "bytes": "UploadData",
        "datetime": "datetime | str",
        "date": "date | str",
        "any": "Any",
        "none": "None",
    }
    return Renderer(registry, scalars, "Sequence[{}]", "Mapping[str, {}]", (prefix + "{}").format)
