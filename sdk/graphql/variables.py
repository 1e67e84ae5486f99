"""Check the variables of an operation before it is sent.

GraphQL servers treat a misspelt variable as one that is not given, so that its value is null.
"""

from __future__ import annotations

import difflib
import enum
from collections.abc import Callable, Mapping
from typing import Any, cast

from sdk.transport.errors import InvalidInput
from sdk.transport.omit import OMIT

from .document import Definition, Variable

_SCALARS: dict[str, Callable[[object], bool]] = {
    "Int": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "Float": lambda value: isinstance(value, (int, float)) and not isinstance(value, bool),
    "String": lambda value: isinstance(value, str),
    "ID": lambda value: isinstance(value, (str, int)) and not isinstance(value, bool),
    "Boolean": lambda value: isinstance(value, bool),
}


def check_variables(
    definition: Definition, variables: Mapping[str, object] | None
) -> dict[str, Any]:
    """Return the variables to send; those that are OMIT are left out.

    Raises:
        InvalidInput: one is unknown, missing, or of the wrong JSON kind.
    """
    given = {name: value for name, value in (variables or {}).items() if value is not OMIT}
    for name in given:
        if name not in definition.variables:
            raise InvalidInput(_unknown(name, definition))
    for variable in definition.variables.values():
        if variable.name in given:
            _check(variable, given[variable.name])
        elif variable.required:
            raise InvalidInput(f"The variable ${variable.name}: {variable.type} is missing.")
    return given


def _unknown(name: str, definition: Definition) -> str:
    known = list(definition.variables)
    text = f"The operation declares no variable ${name}"
    close = difflib.get_close_matches(name, known, 1)
    if close:
        return f"{text}; did you mean ${close[0]}?"
    return f"{text}. It declares {', '.join(f'${each}' for each in known) or 'none'}."


def _check(variable: Variable, value: object) -> None:
    if not _fits(variable.type, value):
        raise InvalidInput(
            f"The variable ${variable.name} is declared as {variable.type}, but the value is "
            f"{'null' if value is None else f'of type {type(value).__name__}'}."
        )


def _fits(type_: str, value: object) -> bool:
    if type_.endswith("!"):
        return value is not None and _fits(type_[:-1], value)
    if value is None:
        return True
    if type_.startswith("["):
        inner = type_[1:-1]
        # GraphQL coerces a single value to a list of one.
        values = cast("list[object]", value) if isinstance(value, (list, tuple)) else [value]
        return all(_fits(inner, each) for each in values)
    # Enums, inputs and an API's own scalars are checked by the server.
    check = _SCALARS.get(type_)
    return check is None or check(value.value if isinstance(value, enum.Enum) else value)
