"""Warns of values that the requested version of an API does not accept."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING

from sdk.transport.omit import OMIT

if TYPE_CHECKING:
    from sdk.transport.dialect import Dialect
    from sdk.transport.request.request import Request

_log = logging.getLogger("sdk")


def warn_of_removed_values(
    request: Request, values: Mapping[str, object], dialect: Dialect, warned: set[str]
) -> None:
    """Log each value of a call that the API does not accept, once per client.

    It is sent nevertheless: what becomes of it is for the API to decide.
    """
    operation = request.operation
    for name, version in operation.removed.items():
        key = f"{operation.id} {name}"
        if values.get(name, OMIT) is OMIT or key in warned:
            continue
        if dialect.accepts(version, request.headers):
            continue
        warned.add(key)
        _log.warning(
            "%s: %r is not accepted since version %s of the API, which is free to ignore it. Leave "
            "it out, or request an older version. The reference of API versions names what to use "
            "in its place.",
            operation.id,
            name,
            version,
        )
