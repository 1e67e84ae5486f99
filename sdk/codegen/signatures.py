"""The order and the names of a method's arguments."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Protocol, TypeVar, cast


class _Argument(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def place(self) -> str: ...
    @property
    def required(self) -> bool: ...


A = TypeVar("A", bound=_Argument)


def signature_order(argument: _Argument) -> tuple[bool, bool]:
    """Sort arguments of the path first, then required ones, then the rest."""
    return (argument.place != "path", not argument.required)


def without_clashes(arguments: Iterable[A]) -> list[A]:
    """Rename the second argument of a name, which often sets a new value: `name`, `new_name`."""
    taken: set[str] = set()
    result: list[A] = []
    for argument in arguments:
        name = argument.name
        while name in taken:
            name = f"new_{name}"
        taken.add(name)
        result.append(cast("A", replace(cast("Any", argument), name=name)))
    return result
