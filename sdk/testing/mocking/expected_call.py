"""Get the call that a method would make from its arguments, without making it."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn
from unittest.mock import ANY

from sdk.transport import OMIT, Operation, Resource


@dataclass(frozen=True, slots=True)
class ExpectedCall:
    """The call that a method would make.

    Attributes:
        operation: the operation that it would call.
        values: the values by our names, without omitted ones.
        base_url: the base URL of the call.
        paged: whether it returns a paginated list.
        method: the method.
    """

    operation: Operation[Any]
    values: Mapping[str, object]
    base_url: str
    paged: bool
    method: Callable[..., Any]


def capture(
    method: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any]
) -> ExpectedCall:
    """Run `method` until it would make its call, and return that call.

    Raises:
        TypeError: it is not a method of a client's resource, or does not take these arguments.
    """
    resource = getattr(method, "__self__", None)
    if not isinstance(resource, Resource):
        raise TypeError(
            f"Pass a method of a client's resource, such as sdk.users.get, not {method!r}."
        )
    double = copy.copy(resource)
    double.__class__ = _recording(type(resource))
    try:
        result = getattr(double, method.__name__)(*args, **kwargs)
        if inspect.iscoroutine(result):
            _run(result)
    except _Stopped as stopped:
        operation, values, paged = stopped.call
        settings = resource._caller.settings
        base_url = settings.base_url
        if operation.server is not None:
            base_url = settings.dialect.server(operation.server, base_url)
        return ExpectedCall(operation, values, base_url, paged, method)
    raise TypeError(f"{method.__qualname__} makes no call.")


def capture_any(method: Callable[..., Any]) -> ExpectedCall:
    """Return the call with ANY for every required argument."""
    args: list[Any] = []
    kwargs: dict[str, Any] = {}
    for parameter in inspect.signature(method).parameters.values():
        if parameter.default is not parameter.empty:
            continue
        if parameter.kind is parameter.KEYWORD_ONLY:
            kwargs[parameter.name] = ANY
        elif parameter.kind in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD):
            args.append(ANY)
    return capture(method, tuple(args), kwargs)


class _Stopped(BaseException):
    """Raised instead of making the call."""

    def __init__(
        self, operation: Operation[Any], values: Mapping[str, object], *, paged: bool
    ) -> None:
        super().__init__()
        given = {name: value for name, value in values.items() if value is not OMIT}
        self.call = (operation, given, paged)


class _Recording(Resource):
    """A mixin for a resource's class that raises `_Stopped` instead of making calls."""

    def _call(
        self, operation: Operation[Any], _options: object = None, /, **values: object
    ) -> NoReturn:
        raise _Stopped(operation, values, paged=False)

    def _paginate(
        self, operation: Operation[Any], _options: object = None, /, **values: object
    ) -> NoReturn:
        raise _Stopped(operation, values, paged=True)

    def _download(
        self, operation: Operation[Any], _options: object = None, /, **values: object
    ) -> NoReturn:
        raise _Stopped(operation, values, paged=False)

    def _upload(
        self,
        operation: Operation[Any],
        _options: object = None,
        _progress: object = None,
        /,
        **values: object,
    ) -> NoReturn:
        raise _Stopped(operation, values, paged=False)


def _recording(resource: type[Resource]) -> type[Resource]:
    return type(resource.__name__, (_Recording, resource), {})


def _run(coroutine: Coroutine[Any, Any, Any]) -> None:
    try:
        coroutine.send(None)
    except StopIteration:
        return
    finally:
        coroutine.close()
