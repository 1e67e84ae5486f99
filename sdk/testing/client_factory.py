"""Create the client of a test, of any class."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

from sdk import ApiClient, InvalidInput

C = TypeVar("C", bound=ApiClient)

# The address of a client whose class has none; names in .test do not exist (RFC 2606).
NOWHERE = "http://api.test"


def make_client(factory: Callable[..., C], base_url: str | None, **options: Any) -> C:
    """Return a client; `base_url` is passed on if it is given, or if the client needs one."""
    given: object = factory
    if isinstance(given, ApiClient) or not callable(given):
        raise TypeError(
            "Pass the client's class, or a function that makes a client, not a "
            f"{type(given).__name__}."
        )
    if base_url is None and _takes_address(factory):
        with suppress(InvalidInput, TypeError):
            # It may find its address in the environment, as the app's own client does.
            return factory(**options)
        base_url = NOWHERE
    if base_url is not None:
        options["base_url"] = base_url
    return factory(**options)


def _takes_address(factory: Callable[..., Any]) -> bool:
    try:
        return "base_url" in inspect.signature(factory).parameters
    except (TypeError, ValueError):
        return False
