"""Checks of what an operation declares."""

from __future__ import annotations

from collections.abc import Mapping
from string import ascii_letters, digits
from typing import Any, get_origin

from .errors import InvalidInput

# The characters of a header name (RFC 9110, 5.6.2).
_HEADER_CHARACTERS = frozenset("!#$%&'*+-.^_`|~" + ascii_letters + digits)


def checked_headers(headers: Mapping[str, str]) -> Mapping[str, str]:
    """Return the header names of an operation's arguments; raise InvalidInput."""
    for name, header in headers.items():
        if not name.isidentifier():
            raise InvalidInput(
                f"headers= maps names of arguments to header names: {name!r} is not the name of an "
                'argument. Write headers={"api_key": "x-api-key"} and pass api_key=... to the '
                "call; headers of every call go to the client, ApiClient(headers=...)."
            )
        if not header or not set(header) <= _HEADER_CHARACTERS:
            # Not shown: it may be a value, and thus a secret.
            raise InvalidInput(
                f"headers= maps names of arguments to header names: that of {name!r} is not a "
                'header name, such as "x-api-key".'
            )
    return headers


def check_items(items: str, returns: object) -> None:
    """Raise InvalidInput if a returned type has no such key for the items of a list."""
    # A lazy type is a function and has neither; what it gives is not looked at here.
    fields: Mapping[str, Any] | None = getattr(returns, "model_fields", None)
    if get_origin(returns) is list:
        wrong = "a list"
    elif (
        fields is not None
        and "." not in items
        and not any(items == (details.alias or name) for name, details in fields.items())
    ):
        wrong = f"{getattr(returns, '__name__', returns)}, which has no such field"
    else:
        return
    raise InvalidInput(
        f"items={items!r} is a key of the object that comes back, but returns= is {wrong}. Pass a "
        f"model of the whole object, with the list as its field {items!r}."
    )
