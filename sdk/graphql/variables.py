"""Check the variables of an operation before it is sent.

GraphQL servers treat a misspelt variable as one that is not given, so that its value is null.
"""

from __future__ import annotations

import difflib
import enum
from collections.abc import Callable, Iterable, Mapping
from typing import Any, cast

from sdk.transport.errors import InvalidInput
from sdk.transport.omit import OMIT

from .document import Definition, Variable

Fits = Callable[[Any], bool]
"""Returns whether a value fits the type of a variable."""


# What a scalar accepts. A bool is an int in Python, and not in GraphQL: exact types are compared.
_SCALARS: dict[str, tuple[type, ...]] = {
    "Int": (int,),
    "Float": (int, float),
    "String": (str,),
    "ID": (str, int),
    "Boolean": (bool,),
}


def check_variables(
    definition: Definition, variables: Mapping[str, object] | None
) -> dict[str, Any]:
    """Return the variables to send; those that are OMIT are left out.

    Raises:
        InvalidInput: one is unknown, missing, or of the wrong JSON kind.
    """
    return VariableChecks(definition.variables.values()).checked(variables)


class VariableChecks:
    """Checks the variables of one operation; made once for each.

    Args:
        variables: the variables that the operation declares.
    """

    __slots__ = ("_declared", "_kinds", "_required")

    def __init__(self, variables: Iterable[Variable]) -> None:
        self._declared = {variable.name: variable for variable in variables}
        self._kinds = {
            name: (_SCALARS.get(each.type.removesuffix("!"), ()), _fits(each.type))
            for name, each in self._declared.items()
        }
        self._required = frozenset(name for name, each in self._declared.items() if each.required)

    def checked(self, variables: Mapping[str, object] | None) -> dict[str, Any]:
        """Return the variables to send; those that are OMIT are left out.

        Raises:
            InvalidInput: one is unknown, missing, or of the wrong JSON kind.
        """
        given: dict[str, Any] = {}
        if variables:
            # A dict is recognised without the check for a Mapping, which takes a microsecond.
            if variables.__class__ is not dict and not _is_mapping(variables):
                raise InvalidInput(
                    "variables must be a mapping of names to values, "
                    f"not {type(variables).__name__}."
                )
            for name, value in variables.items():
                if value is OMIT:
                    continue
                kind = self._kinds.get(name)
                if kind is None:
                    raise InvalidInput(self._unknown(name))
                types, fits = kind
                if type(value) not in types and not fits(value):
                    raise InvalidInput(_misfit(self._declared[name], value))
                given[name] = value
        if not self._required <= given.keys():
            missing = next(name for name in self._declared if name in self._required - given.keys())
            raise InvalidInput(
                f"The variable ${missing}: {self._declared[missing].type} is missing."
            )
        return given

    def _unknown(self, name: object) -> str:
        known = list(self._declared)
        text = f"The operation declares no variable ${name}"
        bare = str(name).removeprefix("$")
        if bare in known:
            return f"{text}: write {bare!r}, without the $."
        close = difflib.get_close_matches(bare, known, 1)
        if close:
            return f"{text}; did you mean ${close[0]}?"
        return f"{text}. It declares {', '.join(f'${each}' for each in known) or 'none'}."


def _fits(type_: str) -> Fits:
    """Return the check of a type, as written in a document."""
    if type_.endswith("!"):
        inner = _nullable(type_[:-1])
        return lambda value: value is not None and inner(value)
    return _nullable(type_)


def _nullable(type_: str) -> Fits:
    if type_.startswith("["):
        return _list_of(_fits(type_[1:-1]))
    # Enums, inputs and an API's own scalars are checked by the server.
    return _scalar(_SCALARS[type_]) if type_ in _SCALARS else lambda _: True


def _scalar(types: tuple[type, ...]) -> Fits:
    def check(value: object) -> bool:
        if isinstance(value, enum.Enum):
            value = value.value
        if value is None or type(value) in types:
            return True
        return isinstance(value, types) and not isinstance(value, bool)

    return check


def _list_of(item: Fits) -> Fits:
    def check(value: object) -> bool:
        if value is None:
            return True
        # GraphQL coerces a single value to a list of one.
        if not isinstance(value, (list, tuple)):
            return item(value)
        return all(map(item, cast("list[object]", value)))

    return check


def _is_mapping(value: object) -> bool:
    return isinstance(value, Mapping)


def _misfit(variable: Variable, value: Any) -> str:
    place, type_ = "the value", variable.type
    while type_.startswith("[") and isinstance(value, (list, tuple)):
        inner = type_.removesuffix("!")[1:-1]
        items = cast("list[Any]", value)
        at = next(index for index, item in enumerate(items) if not _fits(inner)(item))
        place, type_, value = f"item {at} of {place}", inner, items[at]
    kind = "null" if value is None else f"of type {type(cast('object', value)).__name__}"
    return f"The variable ${variable.name} is declared as {variable.type}, but {place} is {kind}."
