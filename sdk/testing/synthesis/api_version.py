"""Fields that some API versions send and others do not."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, get_args

from sdk.resources._changes import REMOVED

_requested: ContextVar[str | None] = ContextVar("requested_api_version", default=None)


@contextmanager
def api_version(requested: str) -> Generator[None]:
    """Generate responses of the API version `requested` within this block."""
    token = _requested.set(requested)
    try:
        yield
    finally:
        _requested.reset(token)


def sends(model: type, key: str) -> bool | None:
    """Return whether the requested version sends a field; None if its model alone decides."""
    requested = _requested.get()
    if requested is None or not model.__module__.startswith("sdk.models."):
        return None
    for owner in model.__mro__:
        version, *keys = REMOVED.get(owner.__name__, "-").split()
        if key in keys:
            return requested < version
    return None


def required_type(type_: Any) -> Any:
    """Return the type of a field in the API versions that send it."""
    options: list[Any] = [each for each in get_args(type_) if each is not type(None)]
    if type(None) not in get_args(type_) or not options:
        return type_
    required = options[0]
    for each in options[1:]:
        required = required | each
    return required
