"""Validation of the configuration of stores in Redis."""

from __future__ import annotations

import math
import re

from sdk.transport.errors import InvalidInput

_NAMESPACE = re.compile(r"[A-Za-z0-9._/-]{1,100}")


def checked_namespace(namespace: object) -> str:
    """Return the namespace, the prefix of all keys.

    Raises:
        InvalidInput: it has characters other than letters, digits and ``. _ / -``.
    """
    if not isinstance(namespace, str) or not _NAMESPACE.fullmatch(namespace):
        raise InvalidInput(
            "namespace is the prefix of all keys in Redis: letters, digits and . _ / - such as "
            f'"prod", not {namespace!r}.'
        )
    return namespace


def checked_seconds(name: str, seconds: object) -> float:
    """Return a number of seconds above 0; raises InvalidInput."""
    if (
        isinstance(seconds, bool)
        or not isinstance(seconds, (int, float))
        or not math.isfinite(seconds)
        or seconds <= 0
    ):
        raise InvalidInput(f"{name} is a number of seconds above 0, not {seconds!r}.")
    return float(seconds)
