"""Create the client of a test, of any class."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, TypeVar

from sdk import ApiClient

C = TypeVar("C", bound=ApiClient)

# Where a client is said to be whose class has no address: no name of the network.
NOWHERE = "http://api.test"


def make_client(factory: Callable[..., C], base_url: str | None, **options: Any) -> C:
    """Return a client; `base_url` is passed on if it is given, or if the client needs one."""
    if base_url is None and _needs_address(factory):
        base_url = NOWHERE
    if base_url is not None:
        options["base_url"] = base_url
    return factory(**options)


def _needs_address(factory: Callable[..., Any]) -> bool:
    try:
        given = inspect.signature(factory).parameters.get("base_url")
    except (TypeError, ValueError):
        return False
    if given is not None and given.default is inspect.Parameter.empty:
        return True
    return given is not None and getattr(factory, "base_url", None) == ""
