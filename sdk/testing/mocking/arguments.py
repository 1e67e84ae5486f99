"""Convert sent values to the types of the method's signature."""

from __future__ import annotations

import builtins
import collections.abc
import datetime as dt
import inspect
import types
from collections.abc import Callable, Mapping
from functools import cache
from typing import Annotated, Any, Union, get_origin

from pydantic import Field, TypeAdapter, ValidationError

import sdk.types
from sdk.transport import OMIT, Operation


def arguments_of(
    operation: Operation[Any], method: Callable[..., Any], sent: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the sent values by our names, converted to the types of the signature.

    Values that cannot be converted are returned as sent, fields of a JSON body as JSON values.
    """
    function = _function(operation, method)
    return {
        name: _read(function, name, value, several=name in operation.query)
        if name in (*operation.parameters, *operation.query, *operation.headers)
        else value
        for name, value in sent.items()
    }


def parameters_of(function: Any) -> list[inspect.Parameter]:
    """Return the parameters of a method that are sent."""
    parameters = inspect.signature(function).parameters.values()
    return [each for each in parameters if each.name not in {"self", "options", "progress"}]


def _read(function: Any, name: str, sent: Any, *, several: bool) -> Any:
    adapter = _adapter(function, name)
    candidates = [sent[0], sent] if several and len(sent) == 1 else [sent]
    for candidate in candidates:
        if adapter is not None:
            try:
                return adapter.validate_python(candidate)
            except ValidationError:
                continue
    return candidates[0]


def _function(operation: Operation[Any], method: Callable[..., Any]) -> Any:
    function = getattr(method, "__func__", method)
    if operation.known <= inspect.signature(function).parameters.keys():
        return function
    # A method for several operations, such as `users.get`, has its own parameter names.
    from sdk.operations import OPERATIONS

    info = OPERATIONS.get(operation.id)
    return function if info is None else info.function


@cache
def _adapter(function: Any, name: str) -> TypeAdapter[Any] | None:
    parameter = inspect.signature(function).parameters.get(name)
    if parameter is None or parameter.annotation is parameter.empty:
        return None
    hint: Any = parameter.annotation
    if isinstance(hint, str):
        if parameter.default is OMIT:
            hint = hint.removesuffix(" | Omit")
        try:
            hint = eval(hint, {**_NAMES, **function.__globals__})  # noqa: S307  a signature in code
        except NameError:
            return None
    if _is_union(hint):
        # In the order of the union: "2026-01-01T00:00:00Z" for `datetime | str` is a datetime.
        annotated: Any = Annotated
        hint = annotated[hint, Field(union_mode="left_to_right")]
    return TypeAdapter(hint)


def _is_union(hint: Any) -> bool:
    return get_origin(hint) in (Union, types.UnionType)


# Names in signatures that modules import for type checkers only.
_NAMES = {**vars(collections.abc), **vars(dt), "builtins": builtins, "t": sdk.types}
