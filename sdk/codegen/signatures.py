"""The order and the names of a method's arguments."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import replace
from typing import Any, Protocol, TypeVar, cast

from sdk.codegen import names


class _Argument(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def wire(self) -> str: ...
    @property
    def place(self) -> str: ...
    @property
    def required(self) -> bool: ...


A = TypeVar("A", bound=_Argument)


def signature_order(argument: _Argument) -> tuple[bool, bool]:
    """Sort arguments of the path first, then required ones, then the rest."""
    return (argument.place != "path", not argument.required)


def without_clashes(arguments: Iterable[A]) -> list[A]:
    """Rename the second argument of a name.

    One of the body often sets a new value of what the path names: `name`, `new_name`. Others are
    told apart by their places, such as `name_header`, or by numbers. An argument that is called
    like the API's own name of it keeps it.
    """
    listed = list(arguments)
    exact = {each.name for each in listed if each.name == each.wire}
    taken: set[str] = set()
    result: list[A] = []
    for argument in listed:
        name = argument.name
        if name in taken or (name in exact and name != argument.wire):
            name = _other_name(argument, taken | exact)
        taken.add(name)
        result.append(cast("A", replace(cast("Any", argument), name=name)))
    return result


def _other_name(argument: _Argument, taken: Container[str]) -> str:
    if argument.place in {"query", "header", "cookie"}:
        plain = argument.name.rstrip("_")
        return names.free(f"{plain}_{argument.place}", taken)
    name = f"new_{argument.name}"
    return name if name not in taken else names.free(argument.name, taken)
